"""How a repair goes: the call, the crew on its way, light again, and whether the customer agrees."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bihuan.kernel.fact import FactValue, moment_text
from bihuan.scenarios.rules import aside
from bihuan.scenarios.rules.diary import Diary
from bihuan.scenarios.rules.joined import joined

LEAST_ON_THE_WAY = timedelta(minutes=2)


def repair(diary: Diary, at: datetime) -> None:
    """The whole history from the call at `at`."""
    urgent = diary.chance.randrange(12) == 0
    agent = diary.accept(at, urgency="urgent" if urgent else "general")
    if joined(diary, at, agent, "dispatch"):
        diary.called_back(_asked(diary))
        return
    if diary.fate["ending"] == "withdrawn":
        _withdraw(diary, at, agent)
        return
    _work(diary, at, at, agent)
    if diary.fate["ending"] == "terminated":
        return
    ended = diary.called_back(_asked(diary))
    while diary.unsolved:
        _work(diary, ended, ended, diary.one_of("agent"))
        ended = diary.called_back(_asked(diary))
    _correct(diary, ended)


def _withdraw(diary: Diary, at: datetime, agent: UUID) -> None:
    sent, _ = _sent(diary, at, agent)
    ended = max(at + diary.minutes("withdraw"), sent + timedelta(seconds=30))
    reasons = {"came_back": 6, "customer_asked": 3, "opened_in_error": 1}
    diary.add("withdraw", ended, agent, {"reason": diary.weighted(reasons)})


def _sent(diary: Diary, at: datetime, agent: UUID) -> tuple[datetime, str]:
    """Dispatched, if it isn't yet, and received; gives when, and the crew."""
    if diary.steps[-1].step in ("accept", "send_back"):
        at = aside.sent(diary, at, agent, "dispatch")
        aside.watched_from_the_start(diary, at)
    else:
        at = diary.steps[-1].at
    crew = diary.chance.choice(diary.town.crews[diary.unit])
    by = diary.one_of("dispatcher", diary.unit)
    return diary.add("receive", at + diary.minutes("receive"), by, {"crew": crew}), crew


def _work(diary: Diary, start: datetime, at: datetime, agent: UUID) -> None:
    """From dispatch to light again; the arrival counts from `start`."""
    place, fate = diary.place, diary.fate
    at, crew = _sent(diary, at, agent)
    lead = diary.one_of("crew", crew)
    at = diary.add("contact", at + diary.minutes("contact"), lead, {}, diary.remark("contact"))
    late = fate.get("arrival") == "late" and not diary.again
    arrived = max(
        start + diary.minutes("arrive_late" if late else "arrive", place.area), at + LEAST_ON_THE_WAY
    )
    if not diary.again:
        diary.spread(at, arrived, aside.on_the_way(diary, lead))
    delay = diary.minutes("no_signal") if fate.get("signal") == "none" else timedelta(0)
    diary.add("arrive", arrived, lead, {}, {}, delay)
    if fate["ending"] == "terminated":
        aside.ended_by_supervision(diary, arrived)
        return
    cause = diary.weighted(CAUSES[diary.kind])
    restored = arrived + diary.minutes("restore", diary.kind)
    diary.add("restore", restored, lead, {"cause": cause}, diary.remark("restore"))


def _asked(diary: Diary) -> dict[str, FactValue]:
    """What the customer says of the arrival: to the nearest five minutes, if at all; and sometimes quite another time."""
    facts: dict[str, FactValue] = {"rang_on_arrival": diary.fate.get("rang") != "no"}
    differs = "differs" in diary.fate
    if diary.chance.randrange(3) or differs:
        arrived = max(past.at for past in diary.steps if past.step == "arrive")
        if differs:
            arrived += timedelta(minutes=int(diary.fate["differs"]))
        told = arrived.replace(minute=arrived.minute // 5 * 5, second=0, microsecond=0)
        facts["customer_arrived_at"] = moment_text(max(told, diary.steps[0].at))
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
