"""An edited history is found out; erased text is told from altered text."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from bihuan.flow import actions as flow
from bihuan.flow.queries import Checked, verify
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told() -> Any:
    """A repair that was closed, and another with a text; sealed."""
    cast = gather()
    case = cast.opens("repair", notes={"description": "楼道没电"})
    cast.restores(case)
    cast.confirms(case)
    flow.seal(at=cast.now)
    return cast, case


def differences() -> list[str]:
    return [f"{found.where}: {found.what.en}" for found in verify(Checked())]


def test_an_untouched_history_is_as_it_says(told: tuple[Cast, Any]) -> None:
    checked = Checked()

    assert list(verify(checked)) == []
    assert (checked.cases, checked.entries, checked.seals) == (1, 6, 1)


def test_a_moved_arrival_is_named(told: tuple[Cast, Any], owner: psycopg.Connection) -> None:
    _, case = told
    owner.execute("UPDATE cases_entry SET at = at - interval '5 minutes' WHERE step = 'arrive'")

    assert differences() == [f"{case.number} 4: the entry was altered: its digest doesn't fit"]


def test_an_entry_with_a_digest_made_to_fit_is_found_by_the_seal(
    told: tuple[Cast, Any], owner: psycopg.Connection
) -> None:
    """Somebody who recomputes the digests of a case still can't recompute the chain of seals unseen."""
    owner.execute("DELETE FROM cases_note")
    owner.execute("UPDATE cases_entry SET digest = sha256(digest) WHERE seq = 6")
    owner.execute("UPDATE cases_case SET digest = sha256(digest)")

    assert "#1: the seal doesn't fit what it covers" in differences()


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("DELETE FROM cases_entry WHERE seq = 6", "the end of the timeline is missing or altered"),
        ("UPDATE cases_cycle SET satisfaction = 'very_satisfied'", "satisfaction should be satisfied"),
        ("UPDATE cases_cycle SET arrived_at = accepted_at", "arrived_at should be"),
        (
            "UPDATE promises_clock SET due_at = due_at + interval '1 hour' WHERE promise = 'repair-arrival'",
            "due moment",
        ),
        ("UPDATE promises_verdict SET verdict = 'broken'", "the verdict isn't what the timeline says"),
        ("DELETE FROM promises_verdict", "the verdict isn't what the timeline says"),
        ("UPDATE cases_case SET state = 'restored'", "state should be closed"),
        ("UPDATE cases_note SET text = '别的话'", "text “description” was altered"),
        ("UPDATE cases_note SET text = NULL", "gone without being erased"),
        ("UPDATE cases_cycle SET repeated_at = accepted_at", "mark of a repeated matter"),
    ],
)
def test_one_change_behind_the_applications_back_is_named(
    told: tuple[Cast, Any], owner: psycopg.Connection, attack: str, said: str
) -> None:
    owner.execute(attack)

    assert any(said in line for line in differences()), differences()


def test_erased_text_is_no_difference(told: tuple[Cast, Any]) -> None:
    cast, case = told

    flow.erase(case_id=case.pk, seq=1, field="description", at=cast.now)

    checked = Checked()
    assert list(verify(checked)) == []
    assert checked.erased == 1
