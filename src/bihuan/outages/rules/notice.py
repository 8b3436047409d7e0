"""Was it told in time: which promise holds for a kind of outage, from which moment, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.limit import Limit, due, explain, explain_latest, latest
from bihuan.kernel.words import Words
from bihuan.outages.rules.story import Now

CODES: dict[str, tuple[str, ...]] = {
    "planned": ("outage-notice-planned", "outage-notice"),
    "temporary": ("outage-notice-temporary",),
    "shortage": ("outage-notice-shortage",),
    "fault": ("outage-notice-fault",),
}
"""The promises that may hold for a kind, the first one that a pack has. The customer's own outages are not announced."""

LOOP = "outage"


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """By when it must be told. `by_day`: `at` is a midnight and itself too late; else that moment is still in time."""

    at: datetime
    by_day: bool
    promise: str
    lines: tuple[Words, ...] = ()

    def kept_by(self, published_at: datetime) -> bool:
        """Whether something published then was in time."""
        return published_at < self.at if self.by_day else published_at <= self.at


def notice_due(*, now: Now, limit: Limit, before: bool, promise: str, calendar: Calendar) -> NoticeDue | None:
    """`before`: so long ahead of the plan's start; else so long after it was confirmed. None while that isn't known."""
    moment = now.planned_start_at if before else (now.confirmed_at or now.started_at)
    if moment is None:
        return None
    if before:
        told = latest(event=moment, limit=limit, calendar=calendar)
        lines = explain_latest(event=moment, limit=limit, calendar=calendar)
    else:
        told = due(start=moment, limit=limit, calendar=calendar)
        lines = explain(start=moment, limit=limit, calendar=calendar)
    return NoticeDue(told.at, told.by_day, promise, tuple(lines))


def verdict(*, due_at: datetime | None, by_day: bool, published_at: datetime | None, at: datetime) -> str:
    """kept, broken, running (not told yet, not late), or none where nothing was promised."""
    if due_at is None:
        return "none"
    if published_at is not None:
        return "kept" if NoticeDue(due_at, by_day, "").kept_by(published_at) else "broken"
    return "running" if NoticeDue(due_at, by_day, "").kept_by(at) else "broken"
