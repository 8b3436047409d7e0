"""Who belongs where, what they may do and how far it reaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bihuan.people import queries
from bihuan.people.actions import UnknownParent, create_units, end_appointment, hire_all, issue_token
from bihuan.people.models import Actor, Membership, Staff, Unit
from bihuan.people.rules import Hire, NewUnit, Scope
from tests.cast import FOUNDED, Cast, appoint, gather, moment

pytestmark = pytest.mark.django_db

NOW = moment("2007-06-05 09:00")


@pytest.fixture
def cast() -> Cast:
    return gather()


def test_memberships_come_in_one_query_with_all_that_decisions_need(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        held = queries.memberships(cast.crew.actor_id, NOW)

    assert [
        (one.unit_code, one.unit_path, one.bureau_id, one.bureau_path, one.post, one.scope, one.wing)
        for one in held
    ] == [("YJP-Q1", "CQ/YJP/YJP-Q1/", cast.yang.pk, "CQ/YJP/", "crew", "own", "execution")]
    assert {"case.read", "visit.do", "case.handle"} <= held[0].permissions


def test_nobody_held_anything_before_being_appointed(cast: Cast) -> None:
    assert queries.memberships(cast.crew.actor_id, FOUNDED - timedelta(seconds=1)) == []
    assert len(queries.memberships(cast.crew.actor_id, FOUNDED)) == 1


def test_the_roster_says_the_same_as_single_questions(cast: Cast) -> None:
    appoint(cast.handler.actor, cast.nan, "leader")

    roster = queries.roster()

    for person in Staff.objects.order_by("number"):
        assert roster.at(person.actor_id, NOW) == queries.memberships(person.actor_id, NOW)


def test_a_token_says_the_same_as_its_holders_memberships(cast: Cast, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    appoint(cast.handler.actor, cast.nan, "leader")
    left = Membership.objects.get(actor=cast.dispatcher.actor)
    end_appointment(membership=left, ends_at=now, recorded_at=now)
    machine = Actor.objects.create(kind="machine", label="nobody's")
    known = [person.actor for person in Staff.objects.order_by("number")] + [machine]
    for actor in known:
        token = issue_token(actor=actor, label="test", created_at=FOUNDED)
        for at in (FOUNDED - timedelta(days=1), now - timedelta(seconds=1), now):
            with django_assert_num_queries(1):
                found = queries.token_holder(token, at)

            assert found == (actor, queries.memberships(actor.pk, at))

    assert queries.token_holder("bh_never-issued", now) is None


def test_who_may_do_what(cast: Cast) -> None:
    held = queries.may(cast.caller.actor_id, "callback.do", NOW)

    assert held is not None
    assert held.unit_code == "KF"
    assert queries.may(cast.crew.actor_id, "callback.do", NOW) is None


def test_a_scope_reaches_the_company_a_subtree_or_the_bureau_one_works_in(cast: Cast) -> None:
    def scope(person: Staff) -> Scope:
        return queries.scope_of(person.actor_id, NOW, "case.read")

    assert scope(cast.agent) == Scope(company=True, paths=())
    assert scope(cast.dispatcher) == Scope(company=False, paths=("CQ/YJP/",))
    assert scope(cast.crew) == Scope(company=False, paths=("CQ/YJP/",))
    assert queries.scope_of(cast.crew.actor_id, NOW, "figures.read") == Scope(company=False, paths=())


def test_a_scope_shows_its_units_from_the_top_down(cast: Cast) -> None:
    def seen(scope: Scope) -> list[str]:
        return [unit.code for unit in queries.units_within(scope)]

    assert seen(Scope(company=True, paths=())) == ["CQ", "KF", "NA", "YJP", "YJP-Q1"]
    assert seen(Scope(company=False, paths=("CQ/YJP/",))) == ["YJP", "YJP-Q1"]
    assert seen(Scope(company=False, paths=())) == []


def test_a_code_that_begins_like_another_is_no_part_of_its_subtree(cast: Cast) -> None:
    create_units(units=[NewUnit("YJP2", "二局", "bureau", "execution", "CQ")])

    assert [unit.code for unit in queries.units_within(Scope(company=False, paths=("CQ/YJP/",)))] == [
        "YJP",
        "YJP-Q1",
    ]


def test_many_units_and_people_are_written_in_a_handful_of_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    stations = [NewUnit(f"YJP-S{n}", f"{n}号供电所", "station", "execution", "YJP") for n in range(1, 61)]
    crews = [NewUnit(f"YJP-S{n}-Q", f"{n}号班", "crew", "execution", f"YJP-S{n}") for n in range(1, 61)]

    with django_assert_max_num_queries(10):
        units = create_units(units=[*crews, *stations])
        people = hire_all(
            hires=[
                Hire(f"T{n}", f"张{n}", units[f"YJP-S{n}-Q"].pk, "crew", FOUNDED, password_hash="!")
                for n in range(1, 61)
            ],
            recorded_at=FOUNDED,
        )

    assert units["YJP-S60-Q"].path == "CQ/YJP/YJP-S60/YJP-S60-Q/"
    assert Unit.objects.filter(bureau=cast.yang).count() == 122
    held = queries.home_post(people["T60"].actor_id, NOW)
    assert held is not None
    assert (held.unit_code, held.post, held.bureau_id) == ("YJP-S60-Q", "crew", cast.yang.pk)
    assert list(queries.staff_of(units["YJP-S60-Q"].pk, NOW)) == [people["T60"]]


def test_units_below_nothing_are_refused_and_none_is_written(cast: Cast) -> None:
    lost = [NewUnit("A", "甲", "crew", "execution", "YJP"), NewUnit("B", "乙", "crew", "execution", "ZZ")]

    with pytest.raises(UnknownParent, match="B → ZZ"):
        create_units(units=lost)

    assert not Unit.objects.filter(code="A").exists()
