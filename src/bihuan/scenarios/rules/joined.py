"""Several callers of one fault, several customers with one matter: merged into a main case, and some split off again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.flow.rules import Past
from bihuan.loops.catalogue import loop as loop_of
from bihuan.scenarios.rules.diary import Diary
from bihuan.scenarios.rules.ties import Main


def joined(diary: Diary, at: datetime, agent: UUID, span: str) -> bool:
    """Send the case out and merge it; what was done to the main case is then done to it. False where it went its own way
    after all: it has been sent out then.
    """
    main = diary.ties.main
    if main is None:
        return False
    diary.unit = str(next(past.facts["unit"] for past in reversed(main.steps) if "unit" in past.facts))
    sent = diary.add("dispatch", at + diary.minutes(span), agent, {"unit": diary.unit})
    merged = sent + timedelta(seconds=diary.chance.randrange(20, 90))
    diary.add("merge", merged, agent, {"into": main.number}, diary.remark("merge"))
    if diary.fate["merged"] == "split":
        parted = merged + timedelta(seconds=diary.chance.randrange(40, 160))
        reason = diary.weighted({"other_fault": 3, "still_off": 1})
        diary.add("split", parted, agent, {"reason": reason}, diary.remark("split"))
        return False
    _follow(diary, main, sent)
    return True


def _follow(diary: Diary, main: Main, sent: datetime) -> None:
    """Every shared step of the main case's first round, in the states that allow it, with its actor and time."""
    declared = loop_of(diary.loop)
    state, reached = "dispatched", sent
    for seq, past in enumerate(main.steps, 1):
        step = declared.step(past.step)
        if past.step == "send_back":
            return
        if step is None or not step.shared or state not in step.leaves:
            continue
        if past.step == "answer":
            _contacted(diary, past, reached)
        facts = {code: value for code, value in past.facts.items() if step.fact(code)}
        at = max(past.at, reached)
        delay = max(past.recorded_at - at, timedelta(0))
        diary.add(past.step, at, past.actor_id, {**facts, "via": f"{main.number}#{seq}"}, {}, delay)
        if step.reaches:
            state, reached = step.reaches, at


def _contacted(diary: Diary, answer: Past, reached: datetime) -> None:
    """Each customer hears from the unit himself, whatever is answered to all."""
    at = min(diary.work_time(reached + diary.minutes("matter_contact")), answer.at - timedelta(minutes=2))
    diary.add(
        "contact", max(at, reached).replace(microsecond=0), answer.actor_id, {}, diary.remark("contact")
    )
