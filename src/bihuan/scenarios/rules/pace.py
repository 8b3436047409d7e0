"""How a year's cases fall over its days and hours. The counts of the days add up to the year's exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo


class Pace:
    """One kind of business over one year. `sheet` is its table in volumes.toml."""

    def __init__(self, *, sheet: Mapping[str, Any], year: int, zone: ZoneInfo) -> None:
        self.count: int = sheet["year"]
        self.year, self.zone = year, zone
        self._hours: list[int] = sheet["hours"]
        months, weekdays = sheet["months"], sheet["weekdays"]
        first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
        summed, self._until = 0, [0]
        weights = []
        for number in range(days):
            day = first + timedelta(days=number)
            weights.append(months[day.month - 1] * weekdays[day.weekday()])
        whole = sum(weights)
        for weight in weights:
            summed += weight
            self._until.append(self.count * summed // whole)

    def cards_of(self, day: date) -> range:
        """Which cards of the year are dealt on this day."""
        number = day.timetuple().tm_yday
        return range(self._until[number - 1], self._until[number])

    def day_of(self, card: int) -> date:
        """On which day this card of the year is dealt."""
        return date(self.year, 1, 1) + timedelta(days=bisect_right(self._until, card) - 1)

    def moment(self, day: date, chance: Random) -> datetime:
        """A time of this day, by the weight of the hours."""
        hour = chance.choices(range(24), self._hours)[0]
        at = time(hour, chance.randrange(60), chance.randrange(60))
        return datetime.combine(day, at, self.zone)
