"""A second opinion on due moments, slow and plain: minute by minute, or day by day. Shares no code with the kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = tuple[tuple[tuple[str, ...], time, time, int | None], ...]
"""Windows: days, from, to (not after from: on the next day), the amount for a clock that starts in it."""


@dataclass(frozen=True)
class World:
    """Where and when people work."""

    zone: ZoneInfo
    off: frozenset[date]
    worked: frozenset[date]

    def works(self, day: date) -> bool:
        """Whether this day is worked."""
        return day in self.worked or (day.weekday() < 5 and day not in self.off)


@dataclass(frozen=True)
class Question:
    """A limit and from where to count; everything on whole minutes."""

    world: World
    start: datetime
    amount: int
    unit: str
    cutoff: time | None = None
    hours: Hours = ()
    opens: Hours = ()
    pauses: tuple[tuple[datetime, datetime], ...] = ()


def ends(asked: Question) -> datetime:
    """When it is due; for days the midnight after the last one."""
    start, amount = asked.start.astimezone(UTC), asked.amount
    if asked.opens:
        while not (window := _window(asked.opens, start, asked.world)):
            start += MINUTE
        amount = window[3] or amount
    if asked.unit in ("days", "days_rolled", "working_days"):
        return _ends_with_a_day(asked, start, amount)
    left = amount * (60 if asked.unit.endswith("hours") else 1)
    while left:
        left -= _runs(asked, start)
        start += MINUTE
    return start


def begins(asked: Question) -> datetime:
    """The latest moment so long ahead of an event; for days the midnight after the latest one."""
    event = asked.start.astimezone(UTC)
    if asked.unit in ("days", "days_rolled", "working_days"):
        day, left = event.astimezone(asked.world.zone).date(), asked.amount
        while left:
            day -= DAY
            left -= asked.unit != "working_days" or asked.world.works(day)
        while asked.unit == "days_rolled" and not asked.world.works(day):
            day -= DAY
        return _midnight_after(day, asked.world.zone)
    left = asked.amount * (60 if asked.unit.endswith("hours") else 1)
    while left:
        event -= MINUTE
        left -= _runs(asked, event)
    return event


def _ends_with_a_day(asked: Question, start: datetime, amount: int) -> datetime:
    local = start.astimezone(asked.world.zone)
    day = local.date()
    if asked.cutoff and asked.world.works(day) and local.time() < asked.cutoff:
        day -= DAY
    counts: Callable[[date], bool] = asked.world.works if asked.unit == "working_days" else lambda _: True
    left = amount
    while left:
        day += DAY
        left -= counts(day) and not _paused_at_the_end_of(day, asked)
    while asked.unit == "days_rolled" and (not asked.world.works(day) or _paused_at_the_end_of(day, asked)):
        day += DAY
    return _midnight_after(day, asked.world.zone)


def _paused_at_the_end_of(day: date, asked: Question) -> bool:
    last_minute = _midnight_after(day, asked.world.zone) - MINUTE
    return any(start <= last_minute < end for start, end in asked.pauses)


def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + DAY, time(), tzinfo=zone).astimezone(UTC)


def _runs(asked: Question, minute: datetime) -> bool:
    """Whether the clock runs during the minute that begins here."""
    if any(start <= minute < end for start, end in asked.pauses):
        return False
    return not asked.hours or _window(asked.hours, minute, asked.world) is not None


def _window(
    hours: Hours, minute: datetime, world: World
) -> tuple[tuple[str, ...], time, time, int | None] | None:
    local = minute.astimezone(world.zone)
    day, clock = local.date(), local.time()
    for window in _of_day(hours, day, world):
        if window[1] <= clock and (clock < window[2] or window[2] <= window[1]):
            return window
    for window in _of_day(hours, day - DAY, world):
        if window[2] <= window[1] and clock < window[2]:
            return window
    return None


@lru_cache(maxsize=100_000)
def _of_day(hours: Hours, day: date, world: World) -> Hours:
    names = {WEEKDAYS[day.weekday()], "working" if world.works(day) else "off"}
    return tuple(window for window in hours if names & set(window[0]))
