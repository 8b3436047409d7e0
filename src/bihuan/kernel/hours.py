"""Business hours: windows of the wall clock by day of the week or kind of day, several a day, also past midnight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.words import Words

WEEKDAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_GROUPS = (*WEEKDAY_CODES, "working", "off")
"""`working` and `off` are days on which people work or not by the calendar, make-up days and holidays included."""

Span = tuple[datetime, datetime]
"""From a moment, included, to another, excluded; both in UTC."""

_DAY = 24 * 60
_FARTHEST = 40 * 366
_GROUP_WORDS = {
    "mon": Words(zh="周一", en="Mon"),
    "tue": Words(zh="周二", en="Tue"),
    "wed": Words(zh="周三", en="Wed"),
    "thu": Words(zh="周四", en="Thu"),
    "fri": Words(zh="周五", en="Fri"),
    "sat": Words(zh="周六", en="Sat"),
    "sun": Words(zh="周日", en="Sun"),
    "working": Words(zh="工作日", en="working days"),
    "off": Words(zh="休息日", en="days off"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to `end` on these days; an end not after the start lies on the next day, 00:00 is midnight.

    `amount`, for hours in which a clock may start: how much a limit that starts here has, if not its own amount.
    """

    days: tuple[str, ...]
    start: time
    end: time
    amount: int | None = None

    def __post_init__(self) -> None:
        if not self.days or any(day not in DAY_GROUPS for day in self.days):
            raise ValueError(f"a window's days are some of {', '.join(DAY_GROUPS)}, not {self.days}")
        if any(at.second or at.microsecond or at.tzinfo for at in (self.start, self.end)):
            raise ValueError("a window starts and ends at whole minutes of the calendar's own clock")
        if self.amount is not None and self.amount < 1:
            raise ValueError(f"a limit is 1 or more, not {self.amount}")

    def holds_on(self, day: date, calendar: Calendar) -> bool:
        """Whether the window starts on this day."""
        kind = "working" if calendar.is_working_day(day) else "off"
        return kind in self.days or WEEKDAY_CODES[day.weekday()] in self.days

    @property
    def minutes(self) -> tuple[int, int]:
        """Start and end in minutes from the midnight of the day on which it starts; the end may lie beyond 1,440."""
        first = self.start.hour * 60 + self.start.minute
        last = self.end.hour * 60 + self.end.minute
        return first, last if last > first else last + _DAY


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When somebody is there: open is every moment at which the wall clock reads a time inside a window.

    So an hour that daylight saving skips isn't open, and one that it repeats is open twice.
    """

    windows: tuple[Window, ...]
    _known: dict[tuple[Calendar, int], tuple[Span, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if not self.windows:
            raise ValueError("business hours need a window")

    def spans(self, day: int, calendar: Calendar) -> tuple[Span, ...]:
        """The open spans of the day of this ordinal, in order, none touching another."""
        found = self._known.get((calendar, day))
        if found is None:
            found = self._known[calendar, day] = tuple(_in_utc(self._open(day, calendar), day, calendar))
        return found

    def after(self, at: datetime, calendar: Calendar) -> Iterator[Span]:
        """The open spans from a moment on, the first one cut at it; raises ValueError when 40 years are over."""
        first = calendar.day_of(at)
        for day in range(first, first + _FARTHEST):
            for start, end in self.spans(day, calendar):
                if end > at:
                    yield max(start, at), end
        raise ValueError(f"the 40 years after {at:%Y-%m-%d} don't hold so many of these hours")

    def before(self, at: datetime, calendar: Calendar) -> Iterator[Span]:
        """The open spans before a moment, the latest first and cut at it; raises ValueError when 40 years are over."""
        first = calendar.day_of(at)
        for day in range(first, max(1, first - _FARTHEST), -1):
            for start, end in reversed(self.spans(day, calendar)):
                if start < at:
                    yield start, min(end, at)
        raise ValueError(f"the 40 years before {at:%Y-%m-%d} don't hold so many of these hours")

    def opening(self, at: datetime, calendar: Calendar) -> datetime:
        """This moment if it is open, else the next at which it opens; in UTC."""
        return next(self.after(at.astimezone(UTC), calendar))[0]

    def amount_at(self, at: datetime, calendar: Calendar) -> int | None:
        """What the window that is open at this moment says of the amount."""
        local = at.astimezone(calendar.zone)
        minute = local.hour * 60 + local.minute
        for shift, day in ((0, local.date()), (_DAY, local.date() - timedelta(1))):
            for window in self.windows:
                first, last = window.minutes
                if first <= minute + shift < last and window.holds_on(day, calendar):
                    return window.amount
        return None

    @property
    def by_calendar(self) -> bool:
        """Whether they ask the calendar which days are worked."""
        return any(day in ("working", "off") for window in self.windows for day in window.days)

    @property
    def words(self) -> Words:
        """How people read them: Mon, Tue 09:00-12:00; Sat 22:00-02:00."""
        zh, en = [], []
        for window in self.windows:
            hours = f"{window.start:%H:%M}–{window.end:%H:%M}"
            days = _run(window.days)
            own = Words(zh=f"（时限 {window.amount}）", en=f" (limit {window.amount})")
            zh.append(f"{days.zh} {hours}{own.zh if window.amount else ''}")
            en.append(f"{days.en} {hours}{own.en if window.amount else ''}")
        return Words(zh="；".join(zh), en="; ".join(en))

    def _open(self, day: int, calendar: Calendar) -> list[tuple[int, int]]:
        """Minutes of the wall clock on this day that are open, merged, from 0 to 1,440."""
        today, yesterday = date.fromordinal(day), date.fromordinal(day - 1)
        parts = []
        for window in self.windows:
            first, last = window.minutes
            if window.holds_on(today, calendar):
                parts.append((first, min(last, _DAY)))
            if last > _DAY and window.holds_on(yesterday, calendar):
                parts.append((0, last - _DAY))
        merged: list[tuple[int, int]] = []
        for first, last in sorted(parts):
            if merged and first <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(last, merged[-1][1])
            else:
                merged.append((first, last))
        return merged


def _run(days: tuple[str, ...]) -> Words:
    """Three or more days of the week in a row are told by the first and the last."""
    first, last = _GROUP_WORDS[days[0]], _GROUP_WORDS[days[-1]]
    if len(days) > 2 and ",".join(days) in ",".join(WEEKDAY_CODES):
        return Words(zh=f"{first.zh}至{last.zh}", en=f"{first.en} to {last.en}")
    named = [_GROUP_WORDS[day] for day in days]
    return Words(zh="、".join(day.zh for day in named), en=", ".join(day.en for day in named))


def _in_utc(minutes: list[tuple[int, int]], day: int, calendar: Calendar) -> list[Span]:
    """The same spans as moments; a day on which the zone's offset changes is cut where it changes."""
    spans: list[Span] = []
    for start, end in pairwise(_pieces(day, calendar)):
        local = start.astimezone(calendar.zone).replace(tzinfo=None)
        midnight = start - (local - datetime.fromordinal(day))
        for first, last in minutes:
            opens = max(start, midnight + timedelta(minutes=first))
            closes = min(end, midnight + timedelta(minutes=last))
            if opens < closes and spans and spans[-1][1] == opens:
                spans[-1] = spans[-1][0], closes
            elif opens < closes:
                spans.append((opens, closes))
    return spans


def _pieces(day: int, calendar: Calendar) -> list[datetime]:
    """The day's two midnights and the moment between them, if any, at which the zone's offset changes."""
    start, end = calendar.midnight_after(day - 1), calendar.midnight_after(day)

    def offset(at: datetime) -> timedelta | None:
        return at.astimezone(calendar.zone).utcoffset()

    before, last = start, end - timedelta(minutes=1)
    if offset(before) == offset(last):
        return [start, end]
    while last - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(last - before) // timedelta(minutes=2))
        before, last = (middle, last) if offset(middle) == offset(start) else (before, middle)
    return [start, last, end]
