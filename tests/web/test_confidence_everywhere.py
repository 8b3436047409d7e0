"""What is told in confidence stays out of lists, reports and the cases behind figures; and nothing beside it says who told it."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.flow.rules.refusals import InConfidence, UnknownCase
from bihuan.people.actions import issue_token
from bihuan.people.models import Staff
from bihuan.reports.queries.counted import named_breaches
from bihuan.reports.rules import KINDS
from tests.cast import CHONGQING, Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db

MONTH = "2007-06"


@pytest.fixture
def cast() -> Cast:
    return gather()


def tipped(cast: Cast, **facts: object) -> Case:
    """Somebody tells of Yang, from its own quarter."""
    return cast.opens("tipoff", facts={"kind": "abuse", "about": "YJP", **facts})


def page(person: Staff, address: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(address).content.decode()


def test_nobody_of_the_unit_finds_it_among_what_waits_for_his_post(cast: Cast) -> None:
    case = tipped(cast)
    inside = somebody("A9", "钱内", "agent", cast.yang)

    assert case.number in page(cast.agent, "/")
    for address in ("/", "/cases/?which=mine"):
        assert case.number not in page(inside, address)


def test_until_it_is_given_to_somebody_it_is_with_no_unit_and_counted_by_none(cast: Cast) -> None:
    case = tipped(cast)
    other = cast.opens("tipoff", facts={"kind": "theft"}, at=cast.later(minutes=5))

    assert case.unit is None
    assert case.had == []
    assert list(case.cycles.values_list("unit", flat=True)) == [None]
    assert other.unit == cast.yang
    given = cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "NA"})
    assert given.unit == cast.nan


def test_a_report_names_no_confidential_case_among_the_broken_promises(cast: Cast) -> None:
    tipped(cast)
    ordinary = cast.opens("complaint", at=cast.later(minutes=5))
    late = moment("2007-06-30 09:00")
    flow.judge(at=late)

    named, _ = named_breaches(KINDS["monthly"].period(MONTH, CHONGQING), None, late)

    assert {one.case for one in named} == {ordinary.number}


def test_the_cases_behind_a_figure_of_a_report_are_those_that_the_reader_may_see(cast: Cast) -> None:
    case = tipped(cast)
    flow.judge(at=moment("2007-06-30 09:00"))
    inside = somebody("J9", "钱内", "inspector", cast.yang)
    behind = f"/reports/monthly/{MONTH}/promise.kept/?part=missed"

    told = page(cast.inspector, behind)

    assert case.number in told
    assert "石坪村" not in told
    assert case.number not in page(inside, behind)


def test_what_else_the_customer_brought_does_not_tell_who_he_is(cast: Cast) -> None:
    ordinary = cast.opens("repair")
    case = tipped(cast)

    for reader in (cast.agent, cast.caller, cast.inspector):
        assert ordinary.number not in page(reader, f"/cases/{case.number}/")


def test_a_confidential_case_and_one_that_is_not_never_name_each_other(cast: Cast) -> None:
    ordinary = cast.opens("complaint")
    case = tipped(cast)

    with pytest.raises(InConfidence):
        tipped(cast, repeat_of=ordinary.number)
    with pytest.raises(InConfidence):
        cast.opens("complaint", facts={"repeat_of": case.number})
    with pytest.raises(InConfidence):
        cast.opens("complaint", facts={"repeat_of": ordinary.number, "confidential": True})
    assert cast.opens("complaint", facts={"repeat_of": ordinary.number}).times == 2


def test_a_case_that_is_not_within_reach_is_named_by_nobody(cast: Cast) -> None:
    case = tipped(cast)
    inside = somebody("A9", "钱内", "agent", cast.yang)

    with pytest.raises(UnknownCase):
        cast.opens("tipoff", facts={"repeat_of": case.number}, by=inside)
    assert Case.objects.count() == 1


def test_a_machine_learns_no_more_of_it_than_a_page_tells(cast: Cast) -> None:
    case = tipped(cast)
    token = issue_token(actor=cast.agent.actor, label="try", created_at=cast.now)

    answer = Client().get(f"/api/cases/{case.number}", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200
    assert not [
        secret
        for secret in ("周末", "13800000001", "500100001", "K1", "P1")
        if secret in answer.content.decode()
    ]


def test_an_ordinary_case_shows_no_more_when_identity_is_asked_for(cast: Cast) -> None:
    case = cast.opens("repair")
    cast.restores(case)
    cast.confirms(case)
    client = Client()
    client.force_login(cast.inspector)

    shown = client.post(f"/cases/{case.number}/identity/").content.decode()

    assert ("13800000001" in shown) == ("13800000001" in page(cast.inspector, f"/cases/{case.number}/"))
