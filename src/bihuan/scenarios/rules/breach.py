"""What is said of a broken promise afterwards: why, whether it is exempt, and what was paid for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeAlias

from bihuan.cases.rules import Timeline, Told
from bihuan.kernel.fact import FactValue
from bihuan.kernel.promise import Promise, owed
from bihuan.promises.rules import Ticking, clocks
from bihuan.scenarios.rules.diary import Diary

Promises: TypeAlias = Callable[[str, date], Sequence[Promise]]
"""The promises of a kind that hold on a day."""

CAUSES = {
    "traffic": 5,
    "crews": 4,
    "weather": 2,
    "material": 2,
    "dispatch": 2,
    "record": 2,
    "customer": 1,
    "neglect": 2,
}
EXEMPT = {"weather": 3, "customer": 3, "third_party": 2, "force_majeure": 1}


def explained(diary: Diary, ended: datetime, promises: Promises) -> None:
    """For each promise of the unit that this history broke: the cause, and as the card says, exemption asked, granted, refused."""
    if not {"late", "suspended"} & {diary.fate.get(group, "") for group in ("arrival", "contact", "answer")}:
        return
    asked = diary.fate.get("exemption")
    at = diary.day_after(ended, 1)
    for clock in _broken(diary, promises):
        worker = diary.one_of("leader", clock.unit)
        named: dict[str, FactValue] = {"promise": clock.promise, "round": clock.cycle}
        cause = diary.weighted(CAUSES)
        diary.add("explain_breach", at, worker, {**named, "cause": cause}, diary.remark("explain"))
        if asked:
            later = at + timedelta(minutes=diary.chance.randrange(3, 20))
            reason = diary.weighted(EXEMPT)
            diary.add("ask_exemption", later, worker, {**named, "reason": reason}, diary.text("ask"))
            decided = f"{asked}_exemption"
            panel = diary.one_of("inspector")
            diary.add(decided, diary.day_after(later, 1), panel, named, diary.text(asked))
            at = diary.day_after(later, 1)
        if clock.compensation is not None and asked != "grant":
            _paid(diary, at, clock, named)
        at += timedelta(minutes=30)


def _paid(diary: Diary, at: datetime, clock: Ticking, named: dict[str, FactValue]) -> None:
    amount = owed(clock.compensation, timedelta(seconds=clock.late_seconds)) if clock.compensation else 0
    if amount:
        paid = diary.day_after(at, 1)
        diary.add("compensate", paid, diary.one_of("inspector"), {**named, "compensation": amount})


def _broken(diary: Diary, promises: Promises) -> list[Ticking]:
    timeline = Timeline(diary.declared)
    for seq, past in enumerate(diary.steps, 1):
        told = Told(
            seq, timeline.round.number, past.step, past.at, past.recorded_at, past.actor_id, None, past.facts
        )
        timeline.add(told)
    found = clocks(rounds=timeline.rounds, promises_on=partial(promises, diary.loop), calendar=diary.calendar)
    day = diary.local(diary.steps[0].at).date()
    of_the_centre = {promise.code for promise in promises(diary.loop, day) if promise.keeps == "called"}
    return [
        clock
        for clock in found
        if clock.verdict == "broken" and clock.unit and clock.promise not in of_the_centre
    ]
