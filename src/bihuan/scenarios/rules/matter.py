"""How a matter goes that is answered rather than repaired: first contact, the answer, and whether the customer agrees."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from bihuan.kernel.fact import FactValue, moment_text
from bihuan.scenarios.rules import aside
from bihuan.scenarios.rules.diary import SPARED, Diary, Event
from bihuan.scenarios.rules.joined import joined

SPAN = "matter_dispatch"
FOUND = {"true": 5, "partly": 3, "untrue": 4}


def matter(diary: Diary, at: datetime) -> None:
    """The whole history from the call at `at`."""
    agent = diary.accept(at, **aside.graded(diary, at))
    _run(diary, at, agent)


def consult(diary: Diary, at: datetime) -> None:
    """Most questions are answered in the same call; the others go the way of every matter."""
    agent = diary.accept(at)
    if diary.fate["ending"] != "replied":
        _run(diary, at, agent)
        return
    reasons = {"bill": "record", "payment": "record", "outage": "outage", "other": "elsewhere"}
    reason = reasons.get(diary.kind, "knowledge")
    replied = diary.add(
        "reply", at + diary.minutes("reply"), agent, {"reason": reason}, diary.remark("reply")
    )
    aside.put_right(diary, replied)


def tipoff(diary: Diary, at: datetime) -> None:
    """What is said of a bureau is looked into by discipline inspection, or by another bureau."""
    kind = diary.ties.kind or diary.weighted(diary.sheet["kinds"])
    about: dict[str, FactValue] = {}
    if kind in diary.scenario.volumes["inside"]:
        about["about"] = diary.place.bureau
        others = [code for code in diary.town.bureaus if code != diary.place.bureau]
        away = diary.chance.randrange(10) < 3
        diary.unit = diary.chance.choice(others) if away else diary.scenario.volumes["discipline"]
    agent = diary.accept(at, kind=kind, **about)
    _run(diary, at, agent)


def _run(diary: Diary, at: datetime, agent: UUID) -> None:
    if joined(diary, at, agent, SPAN):
        _asked_and_ended(diary)
        return
    ending = diary.fate["ending"]
    taken, handler = _taken(diary, at, agent)
    if ending in ("withdrawn", "terminated"):
        contacted = diary.work_time(taken + diary.minutes("matter_contact"))
        diary.add("contact", contacted, handler)
        if ending == "terminated":
            aside.ended_by_supervision(diary, contacted)
        else:
            aside.withdrawn(diary, contacted + diary.minutes("matter_withdraw"), agent)
        return
    _work(diary, at, taken, handler)
    _asked_and_ended(diary)


def _asked_and_ended(diary: Diary) -> None:
    """The callback; as often as the customer sends it back, the work and the callback again."""
    ended = diary.called_back(asked(diary))
    while diary.unsolved:
        taken, handler = _taken(diary, ended, diary.one_of("agent"))
        _work(diary, ended, taken, handler)
        ended = diary.called_back(asked(diary))
    kind = diary.fate.get("corrected")
    if kind == "first_day":
        diary.correct(ended, "confirm", "customer_says", contacted_first_day=True)
    elif kind == "severity":
        diary.correct(ended, "accept", "evidence", severity="general")
    aside.put_right(diary, ended)
    aside.disputed(diary, ended)


def _taken(diary: Diary, at: datetime, agent: UUID) -> tuple[datetime, UUID]:
    """Sent to the unit, and received by the one who will handle it."""
    if diary.steps[-1].step in ("accept", "send_back"):
        at = aside.sent(diary, at, agent, SPAN)
        aside.watched_from_the_start(diary, at)
    else:
        at = diary.steps[-1].at
    at = diary.work_time(at + diary.minutes("matter_receive"))
    if diary.loop != "service":
        handler = diary.one_of("handler", diary.unit)
        return diary.add("receive", at, handler), handler
    crew = diary.chance.choice(diary.town.crews[diary.unit])
    diary.add("receive", at, diary.one_of("dispatcher", diary.unit), {"crew": crew})
    return at, diary.one_of("crew", crew)


def _work(diary: Diary, start: datetime, taken: datetime, handler: UUID) -> None:
    """From the first contact to the answer and its review: within a day and within five, unless the card says otherwise."""
    again = diary.again > 0
    contacted = diary.work_time(taken + diary.minutes("matter_contact"))
    if diary.fate.get("contact") == "late" and not again:
        contacted = _after_first_working_day(diary, start)
    anonymous = diary.fate["ending"] == "anonymous"
    if not anonymous:
        diary.add("contact", contacted, handler, _booked(diary, contacted), diary.remark("contact"))
    answered = max(
        _answered(diary, start, contacted, quick=again or anonymous), contacted + timedelta(minutes=20)
    )
    diary.spread(contacted, answered, _between(diary, handler, contacted))
    if diary.fate.get("answer") == "late" and not again:
        _overdue(diary, start, contacted, answered)
    _answer(diary, answered, handler)


def _answered(diary: Diary, start: datetime, contacted: datetime, *, quick: bool) -> datetime:
    days = diary.scenario.volumes["days"]
    if diary.fate.get("answer") == "late" and not diary.again:
        return diary.day_after(start, diary.chance.randint(*_late(diary)))
    least = (
        3
        if "main" in diary.fate
        else 1
        if {"stopped", "rework", "urged", "upgraded", "appeal"} & diary.fate.keys()
        else 0
    )
    wait = 0 if quick else max(least, diary.chance.choices(range(len(days["answer"])), days["answer"])[0])
    return diary.work_time(contacted + diary.minutes("matter_answer") + timedelta(days=wait))


def _late(diary: Diary) -> tuple[int, int]:
    """After so many days, least and most, an answer is late."""
    least, most = diary.sheet.get("answer_late", diary.scenario.volumes["days"]["answer_late"])
    return least, most


def _between(diary: Diary, handler: UUID, contacted: datetime) -> list[Event]:
    found = []
    if diary.declared.step("plan"):
        found.append(Event("plan", handler, _booked(diary, contacted), diary.text("plan")))
    found += aside.on_the_way(diary, handler) if not diary.again else []
    if diary.declared.step("visit"):
        found += [Event("visit", handler), Event("carry_out", handler, {}, diary.remark("answer"))]
    return found


def _overdue(diary: Diary, start: datetime, contacted: datetime, answered: datetime) -> None:
    """A case that is late with its answer goes to supervision by itself, at the midnight that was its limit."""
    limit = diary.day_after(start, _late(diary)[0])
    at = limit.replace(hour=0, minute=diary.chance.randrange(1, 6), second=4)
    if "watched" not in diary.fate and max(contacted, diary.recorded_at) < at < answered:
        diary.add("supervise", at, diary.one_of("house"), {"reason": "overdue"})


def _answer(diary: Diary, answered: datetime, handler: UUID) -> None:
    facts: dict[str, FactValue] = {}
    if "found" in {
        fact.code for step in diary.declared.steps if step.code == "answer" for fact in step.needs
    }:
        facts["found"] = diary.weighted(FOUND)
    diary.add("answer", answered, handler, facts, diary.remark("answer"))
    if not diary.declared.step("review"):
        return
    leader = diary.one_of("leader", diary.unit)
    looked = diary.work_time(answered + diary.minutes("review"))
    if "rework" in diary.fate and not diary.again:
        diary.add("rework", looked, leader, {}, diary.text("rework"))
        answered = diary.work_time(looked + diary.minutes("matter_receive") * 2)
        diary.add("answer", answered, handler, facts, diary.text("answer"))
        looked = diary.work_time(answered + diary.minutes("review"))
    diary.add("review", looked, leader)


def _booked(diary: Diary, contacted: datetime) -> dict[str, FactValue]:
    """One contact in two ends with an appointment for one of the next days."""
    if diary.chance.randrange(2):
        return {}
    day = diary.local(contacted) + timedelta(days=diary.chance.randint(1, 3))
    at = day.replace(
        hour=diary.chance.choice((9, 10, 14, 15, 16)), minute=diary.chance.choice((0, 30)), second=0
    )
    return {"appointment": moment_text(at.replace(microsecond=0))}


def _after_first_working_day(diary: Diary, start: datetime) -> datetime:
    day: date = diary.calendar.nth_working_day_after(diary.local(start).date(), 1)
    return diary.day_after(start, (day - diary.local(start).date()).days + 1)


def asked(diary: Diary) -> dict[str, FactValue]:
    """What the customer says of the first day: sometimes that nobody rang, whatever the unit has written."""
    kept = diary.fate.get("contact") != "late" and diary.fate.get("rang") != "no"
    return {"contacted_first_day": kept} if diary.fate["ending"] not in SPARED else {}
