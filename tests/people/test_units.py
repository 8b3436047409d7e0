"""Units renamed, closed and moved: who belonged where stays as it was, and independence goes by where somebody was then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction

from bihuan.flow import actions as flow
from bihuan.flow.rules import NotIndependent
from bihuan.flow.rules.refusals import UnknownUnit
from bihuan.people import actions as people
from bihuan.people import queries
from bihuan.people.actions import UnitRefused
from bihuan.people.models import Unit, UnitChange
from tests.cast import Cast, gather, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Iterator[Cast]:
    """The clock stands still as of now: an appointment ends now, and the database itself looks at the clock."""
    with time_machine.travel(datetime.now(UTC).replace(microsecond=0), tick=False):
        yield gather()


def now() -> datetime:
    """The moment at which the clock stands still."""
    return datetime.now(UTC)


def moved(cast: Cast, code: str = "NA-Q9") -> Unit:
    return flow.move_unit(
        unit=cast.yang_crew, parent=cast.nan, code=code, why="reorganised", by=cast.inspector.actor, at=now()
    )


def test_a_unit_is_renamed_and_its_old_name_is_kept(cast: Cast) -> None:
    old = cast.yang.name_zh

    people.rename_unit(
        unit=cast.yang,
        name_zh="杨石供电局",
        name_en="Yangshi",
        why="merged",
        by=cast.inspector.actor,
        at=now(),
    )

    change = UnitChange.objects.get()
    assert Unit.objects.get(pk=cast.yang.pk).name_zh == "杨石供电局"
    assert (change.what, change.after, change.why) == ("renamed", "杨石供电局 / Yangshi", "merged")
    assert change.before.startswith(old)


def test_a_unit_that_moves_has_a_successor_with_its_people(cast: Cast) -> None:
    before = queries.memberships(cast.crew.actor_id, now() - timedelta(seconds=1))

    made = moved(cast)

    old = Unit.objects.get(pk=cast.yang_crew.pk)
    held_now = queries.memberships(cast.crew.actor_id, now())
    assert (made.path, made.bureau_id, made.kind) == (f"{cast.nan.path}NA-Q9/", cast.nan.pk, old.kind)
    assert (old.active, old.path) == (False, cast.yang_crew.path)
    assert [(held.unit_id, held.post) for held in held_now] == [(made.pk, held.post) for held in before]
    assert [
        held.bureau_id for held in queries.memberships(cast.crew.actor_id, now() - timedelta(seconds=1))
    ] == [cast.yang.pk]
    assert UnitChange.objects.get().successor == made


def test_independence_goes_by_where_somebody_was_then(cast: Cast) -> None:
    case = cast.restores(cast.opens("repair", at=now() - timedelta(days=2)))
    asks = somebody("Y7", "姚静", "callback", cast.yang)
    elsewhere = somebody("N7", "倪敏", "callback", cast.nan)

    moved(cast)

    cast.now = now() + timedelta(minutes=5)
    facts = {"solved": True, "satisfaction": "satisfied"}
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        with pytest.raises(NotIndependent):
            cast.takes(case, "confirm", asks, facts=facts)
        cast.takes(case, "confirm", elsewhere, facts=facts)


def test_a_unit_with_open_cases_neither_moves_nor_closes(cast: Cast) -> None:
    case = cast.opens("repair", at=now() - timedelta(hours=1))
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=1), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=1), facts={"crew": "YJP-Q1"})

    with pytest.raises(flow.CasesLeft) as left:
        moved(cast)

    assert left.value.count == 1
    assert Unit.objects.get(pk=cast.yang_crew.pk).active
    assert not UnitChange.objects.exists()


def test_nothing_new_goes_to_a_closed_unit(cast: Cast) -> None:
    moved(cast)
    case = cast.opens("repair", at=now() - timedelta(minutes=30))
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=1), facts={"unit": "YJP"})

    with pytest.raises(UnknownUnit):
        cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=1), facts={"crew": "YJP-Q1"})


@pytest.mark.parametrize(
    ("code", "field"),
    [("", "code"), ("a b", "code"), ("x" * 41, "code"), ("NA", "code"), ("NA-Q9/..", "code")],
)
def test_a_code_that_cannot_be_is_refused(cast: Cast, code: str, field: str) -> None:
    with pytest.raises(UnitRefused) as refused:
        moved(cast, code)

    assert refused.value.field == field
    assert Unit.objects.get(pk=cast.yang_crew.pk).active


def test_whoever_still_belongs_to_it_keeps_a_unit_open(cast: Cast) -> None:
    with pytest.raises(UnitRefused, match="still belong"):
        flow.close_unit(unit=cast.yang_crew, why="gone", by=cast.inspector.actor, at=now())
    with pytest.raises(UnitRefused, match="below it"):
        flow.close_unit(unit=cast.yang, why="gone", by=cast.inspector.actor, at=now())
    with pytest.raises(UnitRefused, match="company itself"):
        flow.close_unit(unit=cast.company, why="gone", by=cast.inspector.actor, at=now())


def test_a_closed_unit_opens_again_but_not_one_that_moved(cast: Cast) -> None:
    empty = people.create_unit(code="YJP-Q8", name_zh="八班", kind="crew", wing="execution", parent=cast.yang)
    flow.close_unit(unit=empty, why="no crew", by=cast.inspector.actor, at=now())

    people.reopen_unit(unit=empty, why="a crew again", by=cast.inspector.actor, at=now())

    assert Unit.objects.get(pk=empty.pk).active
    moved(cast)
    with pytest.raises(UnitRefused, match="successor"):
        people.reopen_unit(unit=cast.yang_crew, why="back", by=cast.inspector.actor, at=now())


@pytest.mark.parametrize(
    "statement", ["DELETE FROM people_unitchange", "UPDATE people_unitchange SET why = ''"]
)
def test_what_was_done_to_a_unit_stays(cast: Cast, statement: str) -> None:
    moved(cast)

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
