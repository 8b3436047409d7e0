"""Two callback agents are never offered the same case, whatever they do at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from bihuan.cases.models import Case
from bihuan.people.models import Staff
from bihuan.surveys import actions, queries
from bihuan.surveys.actions import LEASE
from bihuan.surveys.models import Claim
from tests.cast import Cast, gather, somebody


def restored(cast: Cast, count: int) -> list[Case]:
    """So many repairs that wait for the customer's word."""
    cases = []
    for _ in range(count):
        case = cast.opens("repair")
        cases.append(cast.restores(case))
    return cases


def wanted(cases: list[Case]) -> list[tuple[UUID, int]]:
    return [(case.pk, case.last_seq) for case in cases]


def second_caller(cast: Cast) -> Staff:
    return somebody("H2", "韩冰", "callback", cast.centre)


@pytest.mark.django_db
def test_the_second_agent_gets_the_second_case() -> None:
    cast = gather()
    other = second_caller(cast)
    cases = restored(cast, 2)

    first = actions.claim(wanted=wanted(cases), by=cast.caller.actor, at=cast.now)
    second = actions.claim(wanted=wanted(cases), by=other.actor, at=cast.now)
    third = actions.claim(wanted=wanted(cases), by=cast.agent.actor, at=cast.now)

    assert (first, second, third) == (cases[0].pk, cases[1].pk, None)


@pytest.mark.django_db
def test_a_claim_is_given_back_with_the_next_one() -> None:
    cast = gather()
    other = second_caller(cast)
    cases = restored(cast, 2)
    actions.claim(wanted=wanted(cases), by=cast.caller.actor, at=cast.now)

    actions.claim(wanted=wanted(cases[1:]), by=cast.caller.actor, at=cast.later(minutes=1))

    assert actions.claim(wanted=wanted(cases), by=other.actor, at=cast.now) == cases[0].pk


@pytest.mark.django_db
def test_a_lease_runs_out_unless_the_page_is_open() -> None:
    cast = gather()
    other = second_caller(cast)
    (case,) = restored(cast, 1)
    actions.claim(wanted=wanted([case]), by=cast.caller.actor, at=cast.now)

    assert actions.renew(case_id=case.pk, by=cast.caller.actor, at=cast.now + LEASE - timedelta(minutes=1))
    assert actions.claim(wanted=wanted([case]), by=other.actor, at=cast.now + LEASE) is None
    later = cast.now + 2 * LEASE
    assert actions.claim(wanted=wanted([case]), by=other.actor, at=later) == case.pk
    assert not actions.renew(case_id=case.pk, by=cast.caller.actor, at=later)


@pytest.mark.django_db
def test_a_step_ends_every_claim() -> None:
    cast = gather()
    other = second_caller(cast)
    (case,) = restored(cast, 1)
    actions.claim(wanted=wanted([case]), by=cast.caller.actor, at=cast.now)

    after = cast.takes(case, "attempt", cast.caller, facts={"reason": "no_answer"})

    assert queries.claims_of([case.pk], cast.now) == {}
    assert actions.claim(wanted=wanted([case]), by=other.actor, at=cast.now) is None  # not as it was seen
    assert actions.claim(wanted=wanted([after]), by=other.actor, at=cast.now) == case.pk


@pytest.mark.django_db
def test_a_case_given_back_is_free_at_once() -> None:
    cast = gather()
    (case,) = restored(cast, 1)
    actions.claim(wanted=wanted([case]), by=cast.caller.actor, at=cast.now)

    assert actions.release(case_id=case.pk, by=cast.caller.actor, at=cast.now)
    assert not actions.release(case_id=case.pk, by=cast.caller.actor, at=cast.now)
    other = second_caller(cast)
    assert actions.claim(wanted=wanted([case]), by=other.actor, at=cast.now) == case.pk


def at_once(*works: Callable[[], UUID | None]) -> list[UUID | None]:
    gate = threading.Barrier(len(works))
    said: list[UUID | None] = [None] * len(works)

    def run(place: int, work: Callable[[], UUID | None]) -> None:
        gate.wait()
        try:
            said[place] = work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return said


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_six_agents_at_once_get_six_cases() -> None:
    cast = gather()
    cases = restored(cast, 6)
    agents = [somebody(f"H{place}", "某人", "callback", cast.centre) for place in range(10, 16)]

    for _ in range(5):
        got = at_once(
            *[
                lambda who=who: actions.claim(wanted=wanted(cases), by=who.actor, at=cast.now)
                for who in agents
            ]
        )
        assert sorted(map(str, got)) == sorted(str(case.pk) for case in cases)
        assert Claim.objects.filter(until__gt=cast.now).values("actor").distinct().count() == 6
        cast.later(minutes=30)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_who_comes_while_another_claim_isnt_written_yet_takes_the_next_and_doesnt_wait() -> None:
    cast = gather()
    cases = restored(cast, 2)
    other = second_caller(cast)
    claimed, done = threading.Event(), threading.Event()
    got: list[UUID | None] = []

    def slowly() -> None:
        try:
            with transaction.atomic():
                got.append(actions.claim(wanted=wanted(cases), by=cast.caller.actor, at=cast.now))
                claimed.set()
                done.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    claimed.wait(20)
    second = actions.claim(wanted=wanted(cases), by=other.actor, at=cast.now)
    done.set()
    thread.join(20)

    assert got == [cases[0].pk]
    assert second == cases[1].pk
    assert {claim.actor_id for claim in Claim.objects.all()} == {cast.caller.actor_id, other.actor_id}
