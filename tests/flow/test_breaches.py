"""A broken promise is a row that stays: how late, why, whether it was exempted, what was paid."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.flow import queries
from bihuan.flow.queries import Checked
from bihuan.flow.rules import Refusal
from bihuan.flow.rules.refusals import NoBreach, NotSuspended
from bihuan.promises.models import Breach, Clock, Forewarning
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db
ARRIVAL = {"promise": "repair-arrival", "round": 1}


def late(cast: Cast) -> Case:
    """A crew that arrives after 80 minutes."""
    case = cast.opens("repair")
    cast.later(minutes=55)
    return cast.restores(case)


def test_a_late_arrival_is_a_breach_with_its_seconds_and_its_step() -> None:
    cast = gather()
    case = late(cast)

    breach = Breach.objects.get()

    assert (breach.case_id, breach.promise, breach.unit) == (case.pk, "repair-arrival", cast.yang)
    assert (breach.late_seconds, breach.decided_by) == (35 * 60, 4)
    assert [difference.what.en for difference in queries.verify(Checked())] == []


def test_a_breach_that_a_tick_found_is_one_row_when_the_crew_arrives() -> None:
    cast = gather()
    cast.opens("repair")
    flow.judge(at=moment("2007-06-05 09:50"))
    flow.judge(at=moment("2007-06-05 09:51"))
    found = Breach.objects.get()
    cast.now = moment("2007-06-05 10:00")

    cast.restores(Case.objects.get())

    breach = Breach.objects.get()
    assert (breach.pk, breach.found_at) == (found.pk, moment("2007-06-05 09:50"))
    assert breach.late_seconds == 40 * 60


def test_a_step_recorded_late_that_happened_in_time_lifts_the_breach_and_the_row_stays() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    flow.judge(at=moment("2007-06-05 10:00"))
    cast.now = moment("2007-06-05 11:00")

    cast.takes(case, "arrive", cast.crew, at=moment("2007-06-05 09:40"), recorded_at=cast.now)

    assert Breach.objects.get().lifted is True
    assert [difference.what.en for difference in queries.verify(Checked())] == []


def test_the_unit_explains_and_asks_and_supervision_exempts() -> None:
    cast = gather()
    case = late(cast)
    cast.takes(
        case, "explain_breach", cast.leader, at=cast.later(hours=1), facts={**ARRIVAL, "cause": "traffic"}
    )
    cast.takes(
        case, "ask_exemption", cast.leader, at=cast.later(hours=1), facts={**ARRIVAL, "reason": "weather"}
    )

    cast.takes(case, "grant_exemption", cast.inspector, at=cast.later(hours=1), facts=ARRIVAL)

    breach = Breach.objects.get()
    assert (breach.cause, breach.exemption, breach.exemption_reason) == ("traffic", "granted", "weather")
    assert [difference.what.en for difference in queries.verify(Checked())] == []


def test_nobody_exempts_what_nobody_asked_for() -> None:
    cast = gather()
    case = late(cast)

    with pytest.raises(Refusal, match="No exemption has been asked for"):
        cast.takes(case, "grant_exemption", cast.inspector, at=cast.later(hours=1), facts=ARRIVAL)


def test_the_unit_cannot_exempt_itself() -> None:
    cast = gather()
    case = late(cast)
    cast.takes(
        case, "ask_exemption", cast.leader, at=cast.later(hours=1), facts={**ARRIVAL, "reason": "weather"}
    )

    with pytest.raises(Refusal, match="doesn't allow"):
        cast.takes(case, "grant_exemption", cast.leader, at=cast.later(hours=1), facts=ARRIVAL)


def test_of_a_kept_promise_there_is_nothing_to_explain() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)

    with pytest.raises(NoBreach):
        cast.takes(
            case, "explain_breach", cast.leader, at=cast.later(hours=1), facts={**ARRIVAL, "cause": "traffic"}
        )


def test_the_application_cannot_take_a_breach_away() -> None:
    late(gather())

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM promises_breach")


def test_an_altered_breach_is_named() -> None:
    late(gather())
    Breach.objects.update(late_seconds=60)

    assert ["late_seconds" in difference.what.en for difference in queries.verify(Checked())] == [True]


def test_a_standstill_that_the_promise_does_not_allow_stops_no_clock() -> None:
    cast = gather()
    case = cast.opens("complaint")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.handler, at=cast.later(minutes=2))
    due = Clock.objects.get(promise="matter-answer").due_at

    cast.takes(case, "suspend", cast.handler, at=cast.later(hours=1), facts={"reason": "weather"})
    cast.takes(case, "resume", cast.handler, at=cast.later(hours=50))

    assert Clock.objects.get(promise="matter-answer").due_at == due


def test_a_standstill_that_the_promise_allows_moves_its_end_by_the_nights_it_took() -> None:
    cast = gather()
    case = cast.opens("complaint")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.handler, at=cast.later(minutes=2))
    cast.takes(case, "suspend", cast.handler, at=cast.later(hours=1), facts={"reason": "customer_absent"})
    flow.judge(at=moment("2007-06-20 09:00"))
    assert set(Breach.objects.values_list("promise", flat=True)) == {"first-contact"}

    cast.takes(case, "resume", cast.handler, at=moment("2007-06-07 12:00"))

    clock = Clock.objects.get(promise="matter-answer")
    assert (clock.due_at, clock.suspended_at) == (moment("2007-06-12 00:00"), None)
    assert [difference.what.en for difference in queries.verify(Checked())] == []


def test_what_is_suspended_is_not_suspended_again_and_what_is_not_is_not_resumed() -> None:
    cast = gather()
    case = cast.opens("complaint")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    with pytest.raises(NotSuspended):
        cast.takes(case, "resume", cast.handler, at=cast.later(minutes=2))

    cast.takes(case, "suspend", cast.handler, at=cast.later(hours=1), facts={"reason": "weather"})

    with pytest.raises(NotSuspended):
        cast.takes(case, "suspend", cast.handler, at=cast.later(hours=1), facts={"reason": "weather"})
    assert Case.objects.get().suspended_at == cast.now.replace() - (cast.now - moment("2007-06-05 10:04"))


def test_a_step_that_moves_the_case_resumes_it() -> None:
    cast = gather()
    case = cast.opens("situation")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.handler, at=cast.later(minutes=2))
    cast.takes(case, "suspend", cast.handler, at=cast.later(hours=1), facts={"reason": "customer_absent"})

    cast.takes(case, "answer", cast.handler, at=cast.later(hours=3))

    assert Case.objects.get().suspended_at is None


def test_person_leader_and_department_are_warned_before_the_breach_each_once() -> None:
    cast = gather()
    cast.opens("repair")

    told = [flow.warn(at=moment(f"2007-06-05 09:{minute}")) for minute in (31, 32, 41, 41, 45)]

    assert told == [0, 1, 1, 0, 1], "70, 90 and 100 per cent of 45 minutes"
    assert [one.to for one in Forewarning.objects.order_by("rank")] == ["person", "leader", "department"]


def test_nobody_is_warned_of_what_was_done() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)

    flow.warn(at=moment("2007-06-05 09:44"))

    assert not Forewarning.objects.filter(clock__promise="repair-arrival").exists()
