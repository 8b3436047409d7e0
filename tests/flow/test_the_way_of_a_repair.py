"""The main way: a call becomes a case, the bureau carries it out, the centre asks, it closes or goes back."""

import pytest

from bihuan.cases.models import Cycle, Entry
from bihuan.promises.models import Clock, Verdict
from tests.cast import gather, moment

pytestmark = pytest.mark.django_db


def test_a_repair_closes_when_the_customer_says_it_is_solved() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)

    closed = cast.confirms(case, facts={"rang_on_arrival": True})

    assert (closed.state, closed.cycle, closed.last_seq) == ("closed", 1, 6)
    cycle = Cycle.objects.get(case=case)
    assert cycle.ending == "confirmed"
    assert cycle.rang_on_arrival is True
    assert cycle.arrived_at == moment("2007-06-05 09:25")
    assert [entry.step for entry in Entry.objects.filter(case=case)] == [
        "accept", "dispatch", "receive", "arrive", "restore", "confirm",
    ]  # fmt: skip


def test_the_clocks_of_a_repair_run_from_acceptance_and_from_the_end_of_the_work() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)

    clocks = {clock.promise: clock for clock in Clock.objects.filter(case=case)}

    assert clocks.keys() == {"repair-arrival", "callback-owed"}
    assert clocks["repair-arrival"].due_at == moment("2007-06-05 09:45")
    assert clocks["repair-arrival"].ended_at == moment("2007-06-05 09:25")
    assert clocks["repair-arrival"].unit == cast.yang
    assert clocks["callback-owed"].due_at == moment("2007-06-06 09:40")
    assert Verdict.objects.get(clock=clocks["repair-arrival"]).verdict == "kept"


def test_sending_back_opens_a_second_cycle_with_its_own_clocks() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)
    cast.takes(
        case,
        "send_back",
        cast.caller,
        at=cast.later(hours=1),
        facts={"reason": "not_solved", "solved": False},
    )

    case.refresh_from_db()
    assert (case.state, case.cycle, case.unit) == ("accepted", 2, cast.yang)
    second = Clock.objects.get(case=case, promise="repair-arrival", cycle=2)
    assert second.started_at == moment("2007-06-05 10:40")
    assert Cycle.objects.get(case=case, cycle=1).ending == "sent_back"


def test_a_complaint_has_its_three_clocks() -> None:
    cast = gather()
    case = cast.opens("complaint", at=moment("2007-06-05 09:00"))
    cast.answers(case)
    cast.confirms(case)

    due = dict(Clock.objects.filter(case=case).values_list("promise", "due_at"))

    assert due == {
        "first-contact": moment("2007-06-07 00:00"),
        "matter-answer": moment("2007-06-11 00:00"),
        "callback-owed": moment("2007-06-07 00:00"),
    }
