"""What is told in confidence: the unit spoken of neither handles nor sees it, nobody learns who told, each look is recorded."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from bihuan.cases.models import Case, Look
from bihuan.flow.rules.refusals import UnitConcerned
from bihuan.people.models import Staff
from tests.cast import Cast, gather, somebody

pytestmark = pytest.mark.django_db


def tipped(cast: Cast) -> Case:
    """Somebody tells of a reader of Yang who sells his readings; the neighbour looks into it."""
    case = cast.opens("tipoff", facts={"kind": "abuse", "about": "YJP"})
    return cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "NA"})


def page(person: Staff, address: str) -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


def test_the_unit_spoken_of_cannot_be_given_the_case() -> None:
    cast = gather()
    case = cast.opens("tipoff", facts={"kind": "abuse", "about": "YJP"})

    for unit in ("YJP", "YJP-Q1"):
        with pytest.raises(UnitConcerned):
            cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": unit})
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "NA"})
    with pytest.raises(UnitConcerned):
        cast.takes(
            case,
            "redirect",
            cast.agent,
            at=cast.later(minutes=5),
            facts={"unit": "YJP", "reason": "wrong_unit"},
        )


@pytest.mark.parametrize("who", ["dispatcher", "handler", "leader", "crew"])
def test_the_unit_spoken_of_does_not_see_that_there_is_a_case(who: str) -> None:
    cast = gather()
    case = tipped(cast)
    person = getattr(cast, who)

    assert page(person, f"/cases/{case.number}/")[0] == 404
    assert case.number not in page(person, "/cases/")[1]
    assert f"/cases/{case.number}/" not in page(person, f"/cases/?q={case.number}")[1]


def test_somebody_of_the_unit_with_a_post_over_the_whole_company_does_not_see_it_either() -> None:
    cast = gather()
    case = tipped(cast)
    inside = somebody("J9", "钱内", "inspector", cast.yang)

    assert page(inside, f"/cases/{case.number}/")[0] == 404
    assert page(cast.inspector, f"/cases/{case.number}/")[0] == 200


@pytest.mark.parametrize("who", ["neighbour", "agent", "caller", "inspector", "editor"])
def test_who_told_is_on_no_page(who: str) -> None:
    cast = gather()
    case = tipped(cast)
    person = getattr(cast, who)
    secrets = ("周*", "13800000001", "138****0001", "500100001", "石坪村")

    for address in (f"/cases/{case.number}/", "/cases/", f"/cases/?q={case.number}"):
        status, shown = page(person, address)
        assert status == 200, address
        assert not [secret for secret in secrets if secret in shown], address


@pytest.mark.parametrize("asked", ["周末", "13800000001", "500100001", "石坪村"])
def test_a_search_for_the_person_does_not_find_what_he_told(asked: str) -> None:
    cast = gather()
    case = tipped(cast)

    assert case.number not in page(cast.neighbour, f"/cases/?q={asked}")[1]


def test_the_customer_s_history_does_not_tell_it() -> None:
    cast = gather()
    secret = tipped(cast)
    open_case = cast.opens("repair")

    assert secret.number not in page(cast.agent, f"/cases/{open_case.number}/")[1]
    assert secret.number not in page(cast.agent, f"/intake/?account={cast.account.number}")[1]


@pytest.mark.django_db(transaction=True)
def test_the_callback_agent_may_look_and_the_look_is_recorded() -> None:
    cast = gather()
    case = tipped(cast)
    client = Client()
    client.force_login(cast.caller)

    answer = client.post(f"/cases/{case.number}/identity/")

    assert "13800000001" in answer.content.decode()
    assert list(Look.objects.values_list("case_id", "actor_id")) == [(case.pk, cast.caller.actor_id)]


def test_who_may_not_look_is_refused_and_nothing_is_shown() -> None:
    cast = gather()
    case = tipped(cast)
    client = Client()
    client.force_login(cast.neighbour)

    assert client.post(f"/cases/{case.number}/identity/").status_code == 403
    assert Look.objects.count() == 0


def test_a_look_cannot_be_taken_back() -> None:
    cast = gather()
    case = tipped(cast)
    client = Client()
    client.force_login(cast.caller)
    client.post(f"/cases/{case.number}/identity/")

    for statement in ("DELETE FROM cases_look", "UPDATE cases_look SET actor_id = actor_id"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_customer_who_asks_for_it_is_kept_secret_in_any_kind() -> None:
    cast = gather()
    case = cast.opens("complaint", facts={"confidential": True})

    assert "13800000001" not in page(cast.leader, f"/cases/{case.number}/")[1]
