"""Which days people work, in one zone: weekends, holidays, make-up days. Where they come from is data."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bihuan.kernel.words import Words

DayKind = Literal["working", "make_up", "holiday", "weekend"]

_MARGIN = 366
"""Days beyond the published years that the tables still cover; further away each day is asked by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """Working days of the years `first_year` to `last_year`; outside of them the weekend rule holds for now.

    `days_off` and `make_up` are ordinals (`date.toordinal`) of weekdays off and of weekend days worked;
    `names` says of an ordinal which holiday it belongs to. Compared by identity: built once and shared.
    """

    code: str
    zone: ZoneInfo
    first_year: int
    last_year: int
    days_off: frozenset[int]
    make_up: frozenset[int]
    names: Mapping[int, Words] = field(default_factory=dict)
    _base: int = field(init=False, repr=False)
    _worked: list[int] = field(init=False, repr=False)
    _counted: list[int] = field(init=False, repr=False)
    _midnights: dict[int, datetime] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        base = date(self.first_year, 1, 1).toordinal() - _MARGIN
        end = date(self.last_year, 12, 31).toordinal() + _MARGIN
        worked = [day for day in range(base, end + 1) if self._works(day)]
        counted, count, work = [], 0, set(worked)
        for day in range(base, end + 1):
            count += day in work
            counted.append(count)
        object.__setattr__(self, "_base", base)
        object.__setattr__(self, "_worked", worked)
        object.__setattr__(self, "_counted", counted)
        object.__setattr__(self, "_midnights", {})

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return self._works(day.toordinal())

    def published(self, day: date) -> bool:
        """Whether the holidays of this day's year are known."""
        return self.first_year <= day.year <= self.last_year

    def why(self, day: date) -> DayKind:
        """What makes this day a working day or a day off."""
        ordinal = day.toordinal()
        if ordinal in self.make_up:
            return "make_up"
        if ordinal in self.days_off:
            return "holiday"
        return "weekend" if day.weekday() >= 5 else "working"

    def name(self, day: date) -> Words | None:
        """The holiday that this day belongs to, or is worked for."""
        return self.names.get(day.toordinal())

    def nth_working_day_after(self, day: date, n: int) -> date:
        """The n-th working day strictly after `day`; n is 1 or more."""
        return date.fromordinal(self.nth_ordinal_after(day.toordinal(), n))

    def nth_ordinal_after(self, day: int, n: int) -> int:
        """The same for ordinals: two look-ups, however long the limit."""
        index = day - self._base
        if 0 <= index < len(self._counted):
            place = self._counted[index] + n - 1
            if place < len(self._worked):
                return self._worked[place]
        return self._walk(day, n)

    def nth_ordinal_before(self, day: int, n: int) -> int:
        """The ordinal of the n-th working day strictly before the day of this ordinal; n is 1 or more."""
        index = day - self._base
        if 0 < index <= len(self._counted) and (place := self._counted[index - 1] - n) >= 0:
            return self._worked[place]
        while n:
            day -= 1
            n -= self._works(day)
        return day

    def working_between(self, first: int, last: int) -> int:
        """How many of the days from ordinal `first` to `last`, both included, are worked; 0 if there are none."""
        if first > last:
            return 0
        before = first - 1 - self._base
        if before >= 0 and last - self._base < len(self._counted):
            return self._counted[last - self._base] - self._counted[before]
        return sum(self._works(day) for day in range(first, last + 1))

    def ordinal_or_next_working(self, day: int) -> int:
        """This day when it is worked, else the next one that is."""
        return day if self._works(day) else self.nth_ordinal_after(day, 1)

    def day_of(self, at: datetime) -> int:
        """The ordinal of the day on which a moment falls in this calendar's zone."""
        return at.astimezone(self.zone).toordinal()

    def midnight_after(self, day: int) -> datetime:
        """The moment, in UTC, at which the day of this ordinal ends."""
        found = self._midnights.get(day)
        if found is None:
            next_day = date.fromordinal(day + 1)
            local = datetime(next_day.year, next_day.month, next_day.day, tzinfo=self.zone)
            found = self._midnights[day] = local.astimezone(UTC)
        return found

    def published_ordinals(self, first: int, last: int) -> bool:
        """Whether every day from `first` to `last` lies in published years."""
        return first > self._base + _MARGIN - 1 and last < self._base + len(self._counted) - _MARGIN

    def _works(self, day: int) -> bool:
        # date.fromordinal(1) was a Monday, so that Saturdays and Sundays leave 6 and 0.
        return day in self.make_up or (day % 7 not in (6, 0) and day not in self.days_off)

    def _walk(self, day: int, n: int) -> int:
        end = self._base + len(self._counted) - 1
        if self._base <= day <= end:
            n -= len(self._worked) - bisect_left(self._worked, day + 1)
            day = end
        while n:
            day += 1
            n -= self._works(day)
        return day
