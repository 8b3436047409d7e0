"""What lies beside the way: the wrong unit, cases that stand still, hurry, watching eyes, disputes, corrections."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kernel.fact import FactValue
from bihuan.scenarios.rules.diary import Diary, Event

ORIGINS = {
    "important": {"county": 3, "media_local": 2, "customer_threatens": 5},
    "major": {"prefecture": 3, "media_provincial": 2, "regulator": 3},
    "special": {"provincial": 3, "media_national": 1},
}
"""Who brings a complaint of this severity (domain.md 3.4)."""
HELD_BACK = ("repair", "service", "damage")
"""Kinds that stand still because nobody is at home; the others wait for papers."""


def graded(diary: Diary, at: datetime) -> dict[str, FactValue]:
    """Severity, origin and how many are affected, where the kind has a severity; and what the rules propose."""
    if diary.declared.opening.fact("severity") is None:
        return {}
    severity = diary.fate.get("severity", "general")
    facts: dict[str, FactValue] = {"severity": severity, "origin": "customer", "affected": 1}
    if severity != "general":
        facts["origin"] = diary.weighted(ORIGINS[severity])
        facts["affected"] = diary.chance.randint(5, 60) if severity == "major" else diary.chance.randint(1, 4)
    if severity == "special" and diary.chance.randrange(3) == 0:
        facts["injury"] = True
    day = diary.local(at).date()
    facts["proposed_severity"] = diary.grade({**facts, "times": diary.ties.times}, day) or severity
    return facts


def sent(diary: Diary, at: datetime, agent: UUID, span: str) -> datetime:
    """The case goes to its unit; some go to a wrong one first, which gives it back, or from which it is taken."""
    how = diary.fate.get("returned")
    if how and not diary.again:
        others = [code for code in diary.town.bureaus if code not in (diary.unit, diary.place.bureau)]
        wrong = diary.chance.choice(others)
        at = diary.add("dispatch", at + diary.minutes(span), agent, {"unit": wrong})
        if how == "redirected":
            reason = diary.weighted({"wrong_unit": 6, "joint": 3, "wrong_kind": 1})
            facts: dict[str, FactValue] = {"unit": diary.unit, "reason": reason}
            return diary.add("redirect", at + diary.minutes("returned"), agent, facts)
        by = diary.one_of("dispatcher", wrong)
        at = diary.add("return", at + diary.minutes("returned"), by, {"reason": "wrong_unit"})
    return diary.add("dispatch", at + diary.minutes(span), agent, {"unit": diary.unit})


def watched_from_the_start(diary: Diary, at: datetime) -> None:
    """What is special, major, or brought for the third time goes to supervision by itself, within minutes."""
    reason = ""
    if diary.fate.get("severity") in ("major", "special"):
        reason = "severity"
    elif diary.ties.times >= 3:
        reason = "repeated"
    if diary.again >= 2:
        reason = "dissatisfied"
    if reason and (reason == "dissatisfied" or not diary.again) and diary.declared.step("supervise"):
        found = at + timedelta(seconds=diary.chance.randrange(20, 300))
        diary.add("supervise", found, diary.one_of("house"), {"reason": reason})


def on_the_way(diary: Diary, worker: UUID) -> list[Event]:
    """What happens while the unit is at work, in its order."""
    fate, found = diary.fate, list[Event]()
    if "upgraded" in fate:
        reason = diary.weighted({"media": 2, "authority": 3, "collective": 2, "injury": 1, "graded_wrong": 2})
        found.append(
            Event("upgrade", diary.one_of("agent"), {"severity": fate["upgraded"], "reason": reason})
        )
    if "stopped" in fate:
        reasons = (
            {"customer_absent": 6, "customer_asked": 3, "third_party": 2, "weather": 1}
            if diary.loop in HELD_BACK
            else {"customer_papers": 6, "customer_asked": 2, "customer_works": 1, "authority": 1}
        )
        found.append(Event("suspend", worker, {"reason": diary.weighted(reasons)}, diary.remark("suspend")))
        found.append(Event("resume", worker))
    for _ in range({"once": 1, "twice": 2}.get(fate.get("urged", ""), 0)):
        found.append(Event("urge", diary.one_of("agent"), {}, diary.remark("urge")))
    if "watched" in fate:
        reason = "urged" if fate.get("urged") == "twice" else diary.weighted({"origin": 2, "dissatisfied": 1})
        found.append(
            Event("supervise", diary.one_of("inspector"), {"reason": reason}, diary.text("supervise"))
        )
    return found


def ended_by_supervision(diary: Diary, at: datetime) -> None:
    """What is asked lies beyond law and rules."""
    reason = diary.weighted({"beyond_law": 5, "in_court": 2, "settled": 3})
    end = diary.work_time(at + diary.minutes("terminate"))
    diary.add("terminate", end, diary.one_of("inspector"), {"reason": reason}, diary.text("terminate"))


def withdrawn(diary: Diary, at: datetime, agent: UUID) -> None:
    """The customer takes it back."""
    reasons = {"customer_asked": 5, "came_back": 2, "opened_in_error": 1}
    diary.add("withdraw", at, agent, {"reason": diary.weighted(reasons)})


def disputed(diary: Diary, ended: datetime) -> None:
    """The unit disagrees, and a panel decides: for it or against it."""
    outcome = diary.fate.get("appeal")
    if outcome is None:
        return
    at = diary.day_after(ended, 1)
    reason = (
        diary.weighted({"not_responsible": 4, "not_true": 3, "wrong_class": 2})
        if outcome == "upheld"
        else diary.weighted({"not_responsible": 4, "not_true": 2, "breach_exempt": 1})
    )
    leader = diary.one_of("leader", diary.unit)
    diary.add("appeal", at, leader, {"reason": reason}, diary.text("appeal"))
    found: dict[str, FactValue] = {"responsibility": "utility"}
    if outcome == "upheld" and reason == "wrong_class":
        others = [kind for kind in diary.sheet["kinds"] if kind != diary.kind]
        found["kind"] = kind = diary.chance.choice(others)
        if among := diary.leaves("complaint", kind, diary.local(at).date()):
            found["leaf"] = diary.chance.choice(among)
    elif outcome == "upheld":
        told = {"none": 1} if reason == "not_true" else {"customer": 1, "third_party": 2}
        found["responsibility"] = diary.weighted(told)
    panel = diary.one_of("inspector")
    diary.add("decide", diary.day_after(at, 2), panel, found, diary.text("decide"))


def put_right(diary: Diary, ended: datetime) -> None:
    """Supervision puts a class of customer right that was typed in wrong."""
    if diary.fate.get("corrected") != "class":
        return
    old = diary.place.customer_class
    new = "lv" if old == "resident" else "resident"
    diary.correct(ended, "accept", "wrong_area", customer_class=new)
