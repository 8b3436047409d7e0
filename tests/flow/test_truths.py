"""The truths that other systems fail (the issue's ten): each a sentence, each broken on purpose elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bihuan.cases.models import Case, Entry
from bihuan.flow import actions as flow
from bihuan.flow.rules import FactMissing, OutOfOrder, TimeRefused, TooFewAttempts, UnknownFact, UnknownStep
from bihuan.flow.rules.refusals import ClientIdReused, StalePage, UnknownUnit
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.packs import queries as packs
from bihuan.promises.models import Clock, Verdict
from bihuan.promises.rules import standing
from tests.cast import gather, moment

pytestmark = pytest.mark.django_db


def test_a_breach_survives_closing() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.later(minutes=60)
    cast.restores(case)
    cast.confirms(case)

    assert Case.objects.get(pk=case.pk).state == "closed"
    verdict = Verdict.objects.get(clock__case=case, clock__promise="repair-arrival")
    assert (verdict.verdict, verdict.late_seconds) == ("broken", 40 * 60)


def test_a_breach_survives_withdrawal_after_the_limit() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})

    cast.takes(case, "withdraw", cast.agent, at=cast.later(hours=2), facts={"reason": "customer_asked"})
    flow.judge(at=cast.now)

    assert Verdict.objects.get(clock__case=case).verdict == "broken"


def test_a_withdrawal_inside_the_limit_makes_the_clock_void() -> None:
    cast = gather()
    case = cast.opens("repair")

    cast.takes(case, "withdraw", cast.agent, at=cast.later(minutes=10), facts={"reason": "customer_asked"})

    assert Verdict.objects.get(clock__case=case).verdict == "void"


def test_who_is_not_to_be_called_is_owed_no_callback() -> None:
    cast = gather()
    case = cast.opens("repair", facts={"callback": "declined"})
    cast.restores(case)

    cast.takes(case, "exempt_call", cast.caller, at=cast.later(hours=3), facts={"reason": "declined"})
    cast.later(days=3)
    flow.judge(at=cast.now)

    verdict = Verdict.objects.get(clock__case=case, clock__promise="callback-owed")
    assert verdict.verdict == "void"


def test_a_pack_edited_later_leaves_old_verdicts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    edited = [
        replace(
            promise, limits=tuple(replace(row, limit=Limit(5, LimitUnit.minutes)) for row in promise.limits)
        )
        for promise in packs.promises_for(packs=packs.adopted(), loop="repair", on=date(2007, 6, 5))
        if promise.code == "repair-arrival"
    ]
    assert [promise.code for promise in edited] == ["repair-arrival"]
    monkeypatch.setattr(packs, "promises_on", lambda loop, day: tuple(edited))

    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=2))
    cast.takes(case, "arrive", cast.crew, at=cast.later(minutes=20))

    clock = Clock.objects.get(case=case, promise="repair-arrival")
    assert clock.due_at == moment("2007-06-05 09:45")
    assert [told.verdict for told in Verdict.objects.filter(clock=clock)] == ["kept"]


def test_a_step_late_between_two_ticks_is_late() -> None:
    cast = gather()
    case = cast.opens("repair")
    flow.judge(at=moment("2007-06-05 09:44"))
    cast.later(minutes=21)

    cast.restores(case)  # arrives at 09:46, before any tick saw it
    flow.judge(at=moment("2007-06-05 10:30"))

    assert [row.verdict for row in Verdict.objects.filter(clock__promise="repair-arrival")] == ["broken"]


def test_a_tick_run_twice_writes_one_breach() -> None:
    cast = gather()
    cast.opens("repair")

    flow.judge(at=moment("2007-06-05 10:00"))
    flow.judge(at=moment("2007-06-05 10:01"))

    assert Verdict.objects.count() == 1


def test_an_arrival_recorded_late_but_happened_in_time_reverses_the_breach_by_a_new_row() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    flow.judge(at=moment("2007-06-05 10:00"))
    cast.now = moment("2007-06-05 11:00")

    cast.takes(case, "arrive", cast.crew, at=moment("2007-06-05 09:40"), recorded_at=cast.now)

    assert [row.verdict for row in Verdict.objects.all()] == ["broken", "kept"]


def test_a_case_typed_in_by_staff_has_every_clock() -> None:
    cast = gather()

    case = cast.opens("complaint", facts={"source": "hall"})

    assert set(Clock.objects.filter(case=case).values_list("promise", flat=True)) == {
        "first-contact",
        "matter-answer",
    }


def test_the_verdict_belongs_to_the_moments() -> None:
    def stands(*, by_day: bool) -> str:
        return standing(
            started_at=moment("2007-06-05 09:00"),
            due_at=moment("2007-06-05 09:45"),
            by_day=by_day,
            ended_at=moment("2007-06-05 09:45"),
            void_at=None,
            at=moment("2007-07-01 00:00"),
        )

    assert (stands(by_day=False), stands(by_day=True)) == ("kept", "broken")


def test_a_stale_page_is_told_and_nothing_changes() -> None:
    cast = gather()
    case = cast.opens("repair")
    seen = case.last_seq
    cast.takes(case, "urge", cast.agent, at=cast.later(minutes=1))

    with pytest.raises(StalePage):
        cast.takes(case, "dispatch", cast.agent, facts={"unit": "YJP"}, expected_seq=seen)

    assert Entry.objects.filter(case=case).count() == 2


def test_a_repeated_client_id_is_done_once_and_answered_twice() -> None:
    cast = gather()
    case = cast.opens("repair", client_id="c-1")

    again = cast.opens("repair", client_id="c-1")

    assert again.pk == case.pk
    assert Case.objects.count() == 1


def test_a_repeated_client_id_with_other_content_is_refused() -> None:
    cast = gather()
    cast.opens("repair", client_id="c-1")

    with pytest.raises(ClientIdReused):
        cast.opens("repair", client_id="c-1", facts={"area": "rural"})

    assert Case.objects.count() == 1


def test_what_cannot_be_is_a_named_error_and_changes_nothing() -> None:
    cast = gather()
    case = cast.opens("repair")
    early, future = moment("2007-06-05 08:00"), moment("2007-06-06 09:00")

    with pytest.raises(UnknownStep):
        cast.takes(case, "fly", cast.agent)
    with pytest.raises(OutOfOrder):
        cast.takes(case, "restore", cast.crew, facts={"cause": "fuse"})
    with pytest.raises(FactMissing):
        cast.takes(case, "dispatch", cast.agent)
    with pytest.raises(UnknownUnit):
        cast.takes(case, "dispatch", cast.agent, facts={"unit": "NOWHERE"})
    with pytest.raises(UnknownFact):
        cast.takes(case, "dispatch", cast.agent, facts={"unit": "YJP", "colour": "red"})
    with pytest.raises(TimeRefused):
        cast.takes(case, "dispatch", cast.agent, at=early, facts={"unit": "YJP"})
    with pytest.raises(TimeRefused):
        cast.takes(case, "dispatch", cast.agent, at=future, recorded_at=cast.now, facts={"unit": "YJP"})

    case.refresh_from_db()
    assert (case.state, case.last_seq) == ("accepted", 1)
    assert Entry.objects.count() == 1


def test_an_unreached_ending_needs_three_attempts() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)
    for _ in range(2):
        cast.takes(case, "attempt", cast.caller, at=cast.later(hours=2), facts={"reason": "no_answer"})

    with pytest.raises(TooFewAttempts):
        cast.takes(case, "unreached", cast.caller, facts={"reason": "no_answer"})

    cast.takes(case, "attempt", cast.caller, at=cast.later(hours=2), facts={"reason": "no_answer"})
    ended = cast.takes(case, "unreached", cast.caller, facts={"reason": "no_answer"})
    assert ended.state == "closed"


def test_a_repeat_within_thirty_days_marks_the_earlier_case() -> None:
    cast = gather()
    case = cast.opens("complaint")
    cast.answers(case)
    cast.confirms(case)

    cast.opens("complaint", at=cast.later(days=10), facts={"repeat_of": case.number})

    assert case.cycles.get().repeated_at == cast.now


def test_a_crew_may_have_rung_before_the_dispatcher_clicked_but_not_before_the_dispatch() -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=5), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=5))

    with pytest.raises(TimeRefused):
        cast.takes(case, "contact", cast.crew, at=moment("2007-06-05 09:04"))

    cast.takes(case, "contact", cast.crew, at=moment("2007-06-05 09:07"))
    assert case.cycles.get().contacted_at == moment("2007-06-05 09:07")
