"""How a complaint or a situation report goes: first contact, the answer, and whether the customer agrees."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from bihuan.kernel.fact import FactValue
from bihuan.loops.catalogue import loop as loop_of
from bihuan.scenarios.rules.diary import Diary


def matter(diary: Diary, at: datetime) -> None:
    """The whole history from the call at `at`."""
    agent = diary.accept(at)
    at = diary.stray(at, agent, "matter_dispatch") if "returned" in diary.fate else at
    if diary.fate["ending"] == "withdrawn":
        _withdraw(diary, at, agent)
        return
    _work(diary, at, agent)
    ended = diary.called_back(_asked(diary))
    if diary.fate["ending"] == "sent_back":
        _work(diary, ended, diary.one_of("agent"), again=True)
        ended = diary.called_back(_asked(diary))
    if "corrected" in diary.fate:
        diary.correct(ended, "confirm", "customer_says", contacted_first_day=True)


def _withdraw(diary: Diary, at: datetime, agent: UUID) -> None:
    taken, handler = _taken(diary, at, agent)
    contacted = diary.work_time(taken + diary.minutes("matter_contact"))
    diary.add("contact", contacted, handler)
    reasons = {"customer_asked": 5, "came_back": 2, "opened_in_error": 1}
    ended = contacted + diary.minutes("matter_withdraw")
    diary.add("withdraw", ended, agent, {"reason": diary.weighted(reasons)})


def _taken(diary: Diary, at: datetime, agent: UUID) -> tuple[datetime, UUID]:
    bureau = diary.place.bureau
    at = diary.add("dispatch", at + diary.minutes("matter_dispatch"), agent, {"unit": bureau})
    handler = diary.one_of("handler", bureau)
    return diary.add("receive", diary.work_time(at + diary.minutes("matter_receive")), handler), handler


def _work(diary: Diary, at: datetime, agent: UUID, *, again: bool = False) -> None:
    """From dispatch to the answer: contact within a day, the answer within five, unless the card says otherwise."""
    start = at
    taken, handler = _taken(diary, at, agent)
    contacted = diary.work_time(taken + diary.minutes("matter_contact"))
    if diary.fate.get("contact") == "late" and not again:
        contacted = _after_first_working_day(diary, start)
    diary.add("contact", contacted, handler, {}, diary.remark("contact"))
    days = diary.scenario.volumes["days"]
    if diary.fate.get("answer") == "late" and not again:
        answered = diary.day_after(start, diary.chance.randint(*days["answer_late"]))
    else:
        wait = 0 if again else diary.chance.choices(range(len(days["answer"])), days["answer"])[0]
        answered = diary.work_time(contacted + diary.minutes("matter_answer") + timedelta(days=wait))
    answered = max(answered, contacted + timedelta(minutes=20))
    if "urged" in diary.fate and not again:
        asked = contacted + (answered - contacted) / 2
        diary.add("urge", asked.replace(microsecond=0), diary.one_of("agent"), {}, diary.remark("urge"))
    diary.add("answer", answered, handler, {}, diary.remark("answer"))
    if loop_of(diary.loop).step("review"):
        looked = diary.work_time(answered + diary.minutes("review"))
        diary.add("review", looked, diary.one_of("leader", diary.place.bureau))


def _after_first_working_day(diary: Diary, start: datetime) -> datetime:
    day: date = diary.calendar.nth_working_day_after(diary.local(start).date(), 1)
    return diary.day_after(start, (day - diary.local(start).date()).days + 1)


def _asked(diary: Diary) -> dict[str, FactValue]:
    return {"contacted_first_day": diary.fate.get("contact") != "late"}
