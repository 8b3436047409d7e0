"""Replay and step by step are one: the same rules, and rows identical but for keys."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from bihuan.cases.models import Case, Cycle, Entry
from bihuan.flow import actions as flow
from bihuan.flow.rules import History, NotIndependent, OutOfOrder, Past
from bihuan.promises.models import Clock, Verdict
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db

KEYS = {"id", "pk", "case", "case_id", "clock", "clock_id", "_state", "number", "digest"}


def test_replay_and_step_by_step_leave_identical_rows() -> None:
    cast = gather()
    past = _eventful(cast)

    flow.replay(histories=[_history(cast, past, number="R-1")])
    _one_by_one(cast, past, number="S-1")

    assert _rows("R-1") == _rows("S-1")


def test_replay_and_step_by_step_agree_on_a_corrected_arrival() -> None:
    cast = gather()
    past = _eventful(cast)
    past.append(
        Past(
            "correct",
            moment("2007-06-06 15:00"),
            moment("2007-06-06 15:00"),
            cast.inspector.actor_id,
            {"seq": 4, "reason": "evidence", "new_at": "2007-06-05T02:00:00.000000Z"},
        )
    )

    flow.replay(histories=[_history(cast, past, number="R-1")])
    _one_by_one(cast, past, number="S-1")

    assert _rows("R-1") == _rows("S-1")
    verdicts = Verdict.objects.filter(
        clock__case__number="R-1", clock__promise="repair-arrival", clock__cycle=1
    )
    assert [row.verdict for row in verdicts] == ["kept", "broken"]


def test_digests_of_replay_and_steps_are_the_same_when_the_number_is() -> None:
    cast = gather()
    past = _eventful(cast)
    flow.replay(histories=[_history(cast, past, number="R-1")])
    replayed = [bytes(entry.digest) for entry in Entry.objects.filter(case__number="R-1")]
    Case.objects.filter(number="R-1").update(number="R-1-moved")

    _one_by_one(cast, past, number="R-1")

    assert [bytes(entry.digest) for entry in Entry.objects.filter(case__number="R-1")] == replayed


def test_a_history_that_could_not_have_happened_is_refused_whole() -> None:
    cast = gather()
    past = [step for step in _eventful(cast) if step.step != "dispatch"]

    with pytest.raises(OutOfOrder):
        flow.replay(histories=[_history(cast, past, number="R-1")])

    assert not Case.objects.exists()


def test_a_history_verified_by_the_bureau_that_did_the_work_is_refused() -> None:
    cast = gather()
    from tests.cast import appoint

    appoint(cast.dispatcher.actor, cast.centre, "callback")
    past = [
        step
        if step.step != "confirm"
        else Past(step.step, step.at, step.recorded_at, cast.dispatcher.actor_id, step.facts)
        for step in _eventful(cast)
    ]

    with pytest.raises(NotIndependent):
        flow.replay(histories=[_history(cast, past, number="R-1")])

    assert not Case.objects.exists()


def _eventful(cast: Cast) -> list[Past]:
    """A repair that is returned, sent back, tried in vain, recorded late, and closed in its second cycle."""
    told: list[tuple[str, str, Any, dict[str, Any]]] = [
        ("accept", "2007-06-05 09:00", cast.agent, {"kind": "lv", "area": "urban", "source": "call"}),
        ("dispatch", "2007-06-05 09:02", cast.agent, {"unit": "YJP"}),
        ("receive", "2007-06-05 09:04", cast.dispatcher, {"crew": "YJP-Q1"}),
        ("arrive", "2007-06-05 09:30", cast.crew, {}),
        ("restore", "2007-06-05 09:50", cast.crew, {"cause": "fuse"}),
        ("attempt", "2007-06-05 10:10", cast.caller, {"reason": "busy"}),
        ("send_back", "2007-06-05 14:20", cast.caller, {"reason": "not_solved", "solved": False, "satisfaction": "fair"}),
        ("dispatch", "2007-06-05 14:25", cast.agent, {"unit": "YJP"}),
        ("receive", "2007-06-05 14:30", cast.dispatcher, {"crew": "YJP-Q1"}),
        ("arrive", "2007-06-05 15:40", cast.crew, {}),
        ("restore", "2007-06-05 16:00", cast.crew, {"cause": "equipment"}),
        ("confirm", "2007-06-06 10:00", cast.caller, {"solved": True, "satisfaction": "satisfied", "rang_on_arrival": True}),
    ]  # fmt: skip
    return [
        Past(step, moment(at), moment(at) + timedelta(seconds=40), person.actor_id, facts)
        for step, at, person, facts in told
    ]


def _history(cast: Cast, past: Iterable[Past], *, number: str) -> History:
    return History(
        loop="repair",
        steps=tuple(past),
        number=number,
        premises_id=cast.account.premises_id,
        customer_id=cast.account.customer_id,
        account_id=cast.account.pk,
        unit="YJP",
    )


def _one_by_one(cast: Cast, past: list[Past], *, number: str) -> None:
    people = {
        person.actor_id: person.actor
        for person in (cast.agent, cast.dispatcher, cast.crew, cast.caller, cast.inspector)
    }
    first, *others = past
    case = flow.begin(
        loop="repair",
        by=people[first.actor_id],
        at=first.at,
        recorded_at=first.recorded_at,
        facts=first.facts,
        premises=cast.account.premises,
        customer=cast.account.customer,
        account=cast.account,
        number=number,
    )
    for step in others:
        flow.take(
            case_id=case.pk,
            step=step.step,
            by=people[step.actor_id],
            at=step.at,
            recorded_at=step.recorded_at,
            facts=step.facts,
        )


def _rows(number: str) -> dict[str, list[dict[str, Any]]]:
    case = Case.objects.get(number=number)
    found: dict[str, Any] = {
        "case": [case],
        "entries": Entry.objects.filter(case=case).order_by("seq"),
        "cycles": Cycle.objects.filter(case=case).order_by("cycle"),
        "clocks": Clock.objects.filter(case=case).order_by("cycle", "promise"),
        "verdicts": Verdict.objects.filter(clock__case=case).order_by(
            "recorded_at", "clock__promise", "clock__cycle"
        ),
    }
    return {
        name: [{key: value for key, value in vars(row).items() if key not in KEYS} for row in rows]
        for name, rows in found.items()
    }
