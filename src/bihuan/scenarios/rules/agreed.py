"""How an agreed action goes: given on Monday to a department or bureau, done by a day, looked at by the centre."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kernel.fact import FactValue, moment_text
from bihuan.scenarios.rules.diary import Diary

POSTS = ("department", "leader")
"""Who answers for a unit, the first that it has."""


def agreed(diary: Diary, at: datetime) -> None:
    """The whole history from the meeting at `at`."""
    editor, kind = diary.one_of("editor"), diary.weighted(diary.sheet["kinds"])
    day = diary.local(at) + timedelta(days=diary.chance.choice((7, 10, 14)))
    week = (diary.local(at) - timedelta(days=7)).isocalendar()
    facts: dict[str, FactValue] = {
        "kind": kind,
        "by_when": moment_text(day.replace(hour=18, minute=0, second=0, microsecond=0)),
        "week": f"{week.year}-W{week.week:02}",
    }
    diary.add("accept", at, editor, facts, {"description": diary.said(kind)})
    worker = _given(diary, at, editor)
    taken = diary.work_time(diary.steps[-1].at + diary.minutes("matter_contact") * 3)
    diary.add("take_on", taken, worker)
    if diary.fate["ending"] == "withdrawn":
        dropped = diary.day_after(taken, diary.chance.randint(2, 5))
        diary.add("withdraw", dropped, editor, {"reason": diary.weighted({"overtaken": 2, "merged": 1})})
        return
    due = 16 if "late" in diary.fate else diary.chance.randint(4, 7)
    ended = _worked(diary, worker, taken, due)
    if diary.unsolved:
        diary.add("take_on", diary.work_time(ended + diary.minutes("matter_contact")), worker)
        ended = _worked(diary, worker, ended, diary.chance.randint(2, 3))
    if "corrected" in diary.fate:
        diary.correct(ended, "accept", "mistyped", new_at=moment_text(at + timedelta(minutes=5)))


def _given(diary: Diary, at: datetime, editor: UUID) -> UUID:
    """To the department that answers for the aspect, or to the bureau; sometimes to the other one after all."""
    departments = diary.scenario.volumes["answers_for"][diary.kind]
    unit = diary.place.bureau if diary.chance.randrange(5) < 2 else diary.chance.choice(departments)
    at = diary.add("assign", at + diary.minutes("matter_dispatch"), editor, {"unit": unit})
    if "returned" in diary.fate:
        unit = departments[0] if unit == diary.place.bureau else diary.place.bureau
        diary.add("assign", at + diary.minutes("matter_dispatch"), editor, {"unit": unit})
    return next(diary.one_of(post, unit) for post in POSTS if diary.town.people.get((post, unit)))


def _worked(diary: Diary, worker: UUID, start: datetime, days: int) -> datetime:
    """Progress, done, and checked by somebody who didn't do it; gives when."""
    half = diary.day_after(start, days // 2)
    diary.add("report_progress", max(half, start), worker, {}, {"result": diary.text("progress")["remark"]})
    done = diary.day_after(start, days)
    diary.add("finish", done, worker, {}, {"result": diary.text("finish")["remark"]})
    seen = diary.day_after(done, diary.chance.randint(1, 2))
    checker = diary.one_of("inspector")
    found = {"found": diary.text("check")["remark"]}
    if diary.fate["ending"] == "sent_back" and not diary.again:
        reason = diary.weighted({"not_done": 3, "no_effect": 2, "no_evidence": 2})
        return diary.add("send_back", seen, checker, {"reason": reason}, found)
    return diary.add("check", seen, checker, {}, found)
