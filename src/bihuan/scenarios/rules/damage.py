"""How a claim for damaged appliances goes: looked at within the day, paid first, recovered from whoever did it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kernel.fact import FactValue
from bihuan.scenarios.rules import aside
from bihuan.scenarios.rules.diary import Diary
from bihuan.scenarios.rules.joined import joined
from bihuan.scenarios.rules.matter import SPAN, asked

OUTSIDE = ("theft", "outside")
"""Damage that somebody else has done."""
DECLINED = {"customer": 4, "late_claim": 2, "no_damage": 2, "not_ours": 2}


def damage(diary: Diary, at: datetime) -> None:
    """The whole history from the call at `at`."""
    kind = diary.chance.choice(OUTSIDE) if "recovered" in diary.fate else ""
    agent = diary.accept(at, **({"kind": kind} if kind else {}))
    joined(diary, at, agent, SPAN)
    handler = _taken(diary, at, agent)
    ending = diary.fate["ending"]
    contacted = diary.work_time(diary.steps[-1].at + diary.minutes("matter_contact"))
    if ending != "anonymous":
        diary.add("contact", contacted, handler, {}, diary.remark("contact"))
    if ending == "withdrawn":
        aside.withdrawn(diary, contacted + diary.minutes("matter_withdraw"), agent)
        return
    late = diary.fate.get("answer") == "late"
    looked = (
        diary.day_after(at, diary.chance.randint(2, 3))
        if late
        else diary.work_time(contacted + diary.minutes("inspect"))
    )
    diary.spread(contacted, looked, aside.on_the_way(diary, handler))
    diary.add("inspect", looked, handler, {}, diary.text("inspect"))
    if ending == "terminated":
        aside.ended_by_supervision(diary, looked)
        return
    owed = _settled(diary, looked, handler)
    ended = diary.called_back(asked(diary))
    while diary.unsolved:
        handler = _taken(diary, ended, diary.one_of("agent"))
        looked = diary.work_time(diary.steps[-1].at + diary.minutes("inspect"))
        diary.add("inspect", looked, handler, {}, diary.text("inspect"))
        _refused(diary, diary.work_time(looked + diary.minutes("assess")), handler, "no_damage")
        ended = diary.called_back(asked(diary))
    aside.put_right(diary, ended)
    if owed:
        _recovered(diary, ended, handler, owed)


def _taken(diary: Diary, at: datetime, agent: UUID) -> UUID:
    if diary.steps[-1].step in ("accept", "send_back"):
        at = aside.sent(diary, at, agent, SPAN)
        aside.watched_from_the_start(diary, at)
    elif diary.steps[-1].step == "receive":
        return diary.steps[-1].actor_id
    else:
        at = diary.steps[-1].at
    handler = diary.one_of("handler", diary.unit)
    diary.add("receive", diary.work_time(at + diary.minutes("matter_receive")), handler)
    return handler


def _settled(diary: Diary, looked: datetime, handler: UUID) -> int:
    """Assessed and paid, or declined; gives what a third party owes the utility now, in fen."""
    wait = timedelta(days=2) if "main" in diary.fate else timedelta(0)
    at = diary.work_time(looked + diary.minutes("assess") + wait)
    if "refused" in diary.fate:
        _refused(diary, at, handler, diary.weighted(DECLINED))
        return 0
    due = diary.chance.randint(120, 4_800) * 100
    liable = "third_party" if diary.kind in OUTSIDE else "utility"
    diary.add("assess", at, handler, {"responsibility": liable, "due": due}, diary.remark("assess"))
    first = due // 2 // 100 * 100 if "parts" in diary.fate else 0
    if first:
        at = diary.work_time(at + diary.minutes("pay"))
        diary.add("pay_part", at, handler, {"paid": first}, diary.remark("pay"))
    at = diary.work_time(at + diary.minutes("pay"))
    diary.add("pay", at, handler, {"paid": due - first}, diary.remark("pay"))
    return due if liable == "third_party" else 0


def _refused(diary: Diary, at: datetime, handler: UUID, reason: str) -> None:
    diary.add("decline", at, handler, {"reason": reason}, diary.text("decline"))


def _recovered(diary: Diary, ended: datetime, handler: UUID, owed: int) -> None:
    """All of it, a part, a part and the rest written off, or nothing yet."""
    how = diary.fate.get("recovered", "nothing")
    if how == "nothing":
        return
    at = diary.day_after(ended, diary.chance.randint(2, 5))
    share = 100 if how == "all" else diary.chance.randint(20, 70)
    facts: dict[str, FactValue] = {"recovered": owed * share // 100}
    diary.add("recover", at, handler, facts, diary.remark("recover"))
    if how == "written_off":
        later = diary.day_after(at, diary.chance.randint(1, 3)) + timedelta(minutes=30)
        reason = diary.weighted({"unknown": 2, "insolvent": 1})
        told = diary.text("write_off")
        diary.add("write_off", later, diary.one_of("inspector"), {"reason": reason}, told)
