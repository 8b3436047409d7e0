"""Figures week by week: a year of one indicator with every bureau, or a line of every indicator. The same number of queries always."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.indicators.queries.figures import figures
from bihuan.indicators.rules import Figure, Period

YEAR = 53
"""Weeks: a year and the same week of the year before."""


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of neighbouring weeks, the oldest first, by indicator and unit (None: the company)."""

    weeks: tuple[Period, ...]
    lines: dict[tuple[str, str | None], tuple[Figure, ...]]

    def line(self, code: str, unit: str | None = None) -> tuple[Figure, ...]:
        """One indicator of one unit; empty where the unit has no figures."""
        return self.lines.get((code, unit), ())


def weekly(
    *,
    until: Period,
    at: datetime,
    known: datetime | None = None,
    codes: Sequence[str] | None = None,
    count: int = YEAR,
) -> Series:
    """The `count` weeks, Monday to Sunday, of which the last ends with the period, or before it where that week isn't over at `at`."""
    monday = until.last - timedelta(days=until.last.weekday())
    last = Period(monday, monday + timedelta(days=6), until.zone)
    if last.end > at:
        last = last.weeks_before(1)
    weeks = tuple(last.weeks_before(back) for back in range(count - 1, -1, -1))
    counted = figures(periods=weeks, at=at, known=known, codes=codes)
    lines = {(row[-1].indicator.code, row[-1].unit): row for row in zip(*counted, strict=True)}
    return Series(weeks, lines)
