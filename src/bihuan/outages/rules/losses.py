"""What an outage costs: users and customers off, step by step until all are back, in whole seconds, split by days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

SUSTAINED = timedelta(minutes=5)
"""IEEE 1366: an interruption is sustained when it lasts longer than this. Chinese statistics count every outage."""

Whom = Literal["users", "customers"]


@dataclass(frozen=True, slots=True)
class Stage:
    """From `at` on so many are off, until the next stage. `users`: medium-voltage users; `customers`: contracts."""

    at: datetime
    users: int
    customers: int


def pieces(stages: Sequence[Stage], until: datetime) -> Iterator[tuple[datetime, datetime, Stage]]:
    """From when until when each stage held; the last one until `until`."""
    for stage, after in zip(stages, [*(stage.at for stage in stages[1:]), until], strict=True):
        if stage.at < min(after, until):
            yield stage.at, min(after, until), stage


def seconds_lost(stages: Sequence[Stage], until: datetime, whom: Whom) -> int:
    """Seconds of supply lost, added up over all who were off."""
    return sum(getattr(stage, whom) * _seconds(end - start) for start, end, stage in pieces(stages, until))


def lost_by_day(stages: Sequence[Stage], until: datetime, zone: ZoneInfo) -> dict[date, int]:
    """User-seconds by the days in which they were lost; they add up to `seconds_lost` of users."""
    found: dict[date, int] = {}
    for start, end, stage in pieces(stages, until):
        day = start.astimezone(zone).date()
        while start < end:
            stop = min(end, midnight(day + timedelta(days=1), zone))
            found[day] = found.get(day, 0) + stage.users * _seconds(stop - start)
            start, day = stop, day + timedelta(days=1)
    return found


def sustained(stages: Sequence[Stage], until: datetime) -> tuple[int, int]:
    """Customers of a sustained interruption and the seconds they were off, after IEEE 1366: who is back within five
    minutes is left out, and so are his seconds.
    """
    if not stages:
        return 0, 0
    first = stages[0]
    back_soon = [stage for stage in stages[1:] if stage.at - first.at <= SUSTAINED]
    if until - first.at <= SUSTAINED:
        return 0, 0
    off = back_soon[-1].customers if back_soon else first.customers
    kept = [Stage(first.at, 0, off), *(stage for stage in stages[1:] if stage not in back_soon)]
    return off, seconds_lost(kept, until, "customers")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), zone)


def _seconds(span: timedelta) -> int:
    return span // timedelta(seconds=1)
