"""Who is owed a call, and in which hours nobody is rung: dated, sourced data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bihuan.kernel.words import Words
from bihuan.surveys.rules.sheet import Certainty

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the utility's day in which nobody is rung: `start` included, `end` not; it may pass midnight."""

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Whether this wall-clock time lies in it."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def over(self, local: datetime) -> datetime:
        """When it ends, for a local time that lies in it."""
        end = datetime.combine(local.date(), self.end, local.tzinfo)
        return end if end > local else datetime.combine(local.date() + DAY, self.end, local.tzinfo)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Duty:
    """For some kinds, from some day on: how many of a hundred are called back, how often one tries, and when not.

    `share` is 100 where everybody is called, 0 where nobody is. `own_time` is how long after the moment that the
    customer asked for one may still ring although it is a quiet hour.
    """

    loops: tuple[str, ...]
    title: Words
    share: int
    attempts: int
    spacing: timedelta
    quiet: tuple[Quiet, ...]
    own_time: timedelta
    valid_from: date
    valid_to: date | None
    source: Words
    certainty: Certainty

    def valid_on(self, day: date) -> bool:
        """Whether the duty holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def by_sample(self) -> bool:
        """Whether a draw decides who is called."""
        return 0 < self.share < 100

    def is_quiet(self, at: datetime, zone: tzinfo) -> bool:
        """Whether nobody is rung at this moment."""
        wall = at.astimezone(zone).time()
        return any(one.holds(wall) for one in self.quiet)

    def rings_from(self, at: datetime, zone: tzinfo) -> datetime:
        """`at`, or the end of the quiet hours in which it lies."""
        for _ in range(len(self.quiet) + 1):
            local = at.astimezone(zone)
            held = next((one for one in self.quiet if one.holds(local.time())), None)
            if held is None:
                return at
            at = held.over(local).astimezone(at.tzinfo)
        return at


def duty_on(duties: Iterable[Duty], loop: str, day: date) -> Duty | None:
    """The first duty for this kind that holds on the day; None where nobody said anything."""
    return next((duty for duty in duties if loop in duty.loops and duty.valid_on(day)), None)


def parse_quiet(text: str) -> Quiet:
    """`21:00-08:00`. Raises ValueError."""
    start, sign, end = text.partition("-")
    if not sign:
        raise ValueError("two times")
    first, last = time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
    if first == last or first.tzinfo or last.tzinfo:
        raise ValueError("two different times of the day")
    return Quiet(first, last)


def leaves_no_hour(quiet: Iterable[Quiet]) -> bool:
    """Whether these hours together leave no minute in which somebody may be rung."""
    spans = list(quiet)
    return all(any(one.holds(time(minute // 60, minute % 60)) for one in spans) for minute in range(24 * 60))
