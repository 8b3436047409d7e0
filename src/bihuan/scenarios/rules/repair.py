"""How a repair goes: the call, the crew on its way, light again, and whether the customer agrees."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kernel.fact import FactValue, moment_text
from bihuan.scenarios.rules.diary import Diary

LEAST_ON_THE_WAY = timedelta(minutes=2)


def repair(diary: Diary, at: datetime) -> None:
    """The whole history from the call at `at`."""
    urgent = diary.chance.randrange(12) == 0
    agent = diary.accept(at, urgency="urgent" if urgent else "general")
    at = diary.stray(at, agent, "dispatch") if "returned" in diary.fate else at
    if diary.fate["ending"] == "withdrawn":
        _withdraw(diary, at, agent)
        return
    _work(diary, diary.steps[0].at, at, agent)
    ended = diary.called_back(_asked(diary))
    if diary.fate["ending"] == "sent_back":
        _work(diary, ended, ended, diary.one_of("agent"))
        ended = diary.called_back(_asked(diary))
    _correct(diary, ended)


def _withdraw(diary: Diary, at: datetime, agent: UUID) -> None:
    bureau = diary.place.bureau
    sent = diary.add("dispatch", at + diary.minutes("dispatch"), agent, {"unit": bureau})
    crew = diary.chance.choice(diary.town.crews[bureau])
    taken = sent + diary.minutes("receive")
    diary.add("receive", taken, diary.one_of("dispatcher", bureau), {"crew": crew})
    reasons = {"came_back": 6, "customer_asked": 3, "opened_in_error": 1}
    ended = max(at + diary.minutes("withdraw"), taken + timedelta(seconds=30))
    diary.add("withdraw", ended, agent, {"reason": diary.weighted(reasons)})


def _work(diary: Diary, start: datetime, at: datetime, agent: UUID) -> None:
    """From dispatch to light again; the arrival counts from `start`."""
    place, fate = diary.place, diary.fate
    at = diary.add("dispatch", at + diary.minutes("dispatch"), agent, {"unit": place.bureau})
    crew = diary.chance.choice(diary.town.crews[place.bureau])
    by = diary.one_of("dispatcher", place.bureau)
    at = diary.add("receive", at + diary.minutes("receive"), by, {"crew": crew})
    lead = diary.one_of("crew", crew)
    at = diary.add("contact", at + diary.minutes("contact"), lead, {}, diary.remark("contact"))
    late = fate.get("arrival") == "late" and start == diary.steps[0].at
    arrived = max(
        start + diary.minutes("arrive_late" if late else "arrive", place.area), at + LEAST_ON_THE_WAY
    )
    if "urged" in fate and arrived - at > timedelta(minutes=6):
        diary.add("urge", at + (arrived - at) / 2, agent, {}, diary.remark("urge"))
    delay = diary.minutes("no_signal") if fate.get("signal") == "none" else timedelta(0)
    diary.add("arrive", arrived, lead, {}, {}, delay)
    cause = diary.weighted(CAUSES[diary.kind])
    restored = arrived + diary.minutes("restore", diary.kind)
    diary.add("restore", restored, lead, {"cause": cause}, diary.remark("restore"))


def _asked(diary: Diary) -> dict[str, FactValue]:
    """What the customer says of the arrival: to the nearest five minutes, if at all."""
    facts: dict[str, FactValue] = {"rang_on_arrival": diary.fate.get("rang") != "no"}
    if diary.chance.randrange(3):
        arrived = max(past.at for past in diary.steps if past.step == "arrive")
        told = arrived.replace(minute=arrived.minute // 5 * 5, second=0, microsecond=0)
        facts["customer_arrived_at"] = moment_text(told)
    return facts


def _correct(diary: Diary, ended: datetime) -> None:
    kind = diary.fate.get("corrected")
    if kind == "rang":
        diary.correct(ended, "confirm", "customer_says", rang_on_arrival=False)
    elif kind == "arrival" and "arrival" not in diary.fate:
        # The crew's position says that it was there a little earlier than it typed in.
        contacted, arrived = (diary.steps[diary.seq_of(step) - 1].at for step in ("contact", "arrive"))
        earlier = arrived - (arrived - contacted) / 4
        diary.correct(ended, "arrive", "evidence", new_at=moment_text(earlier.replace(microsecond=0)))


CAUSES: dict[str, dict[str, int]] = {
    "hv": {"equipment": 4, "weather": 3, "third_party": 2, "overload": 1},
    "lv": {"fuse": 5, "equipment": 3, "overload": 3, "third_party": 1, "none": 1},
    "quality": {"overload": 4, "equipment": 2, "none": 1},
    "customer": {"installation": 9, "none": 1},
    "metering": {"meter": 8, "equipment": 1},
    "other": {"third_party": 2, "none": 1},
}
"""What turns out to be the cause of a fault so classified, by weight."""
