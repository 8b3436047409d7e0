"""How praise goes: to the unit, to the person praised, and the centre sees that it arrived."""

from __future__ import annotations

from datetime import datetime

from bihuan.scenarios.rules import aside
from bihuan.scenarios.rules.diary import Diary
from bihuan.scenarios.rules.matter import SPAN


def praise(diary: Diary, at: datetime) -> None:
    """The whole history from the call at `at`."""
    agent = diary.accept(at)
    sent = aside.sent(diary, at, agent, SPAN)
    handler = diary.one_of("handler", diary.unit)
    taken = diary.add("receive", diary.work_time(sent + diary.minutes("matter_receive")), handler)
    if diary.fate["ending"] == "withdrawn":
        aside.withdrawn(diary, taken + diary.minutes("matter_contact"), agent)
        return
    told = diary.work_time(taken + diary.minutes("matter_answer"))
    diary.add("pass_on", told, handler, {}, diary.remark("pass_on"))
    noted = diary.call_time(told + diary.minutes("callback"))
    diary.add("acknowledge", noted, diary.one_of("callback"))
    aside.put_right(diary, noted)
