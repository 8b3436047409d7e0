"""The kinds of report: of a week, a month, a year. One set of parts; here is only what differs: the period and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bihuan.indicators.rules import LINE, Period, PeriodRefused, week, week_name
from bihuan.kernel.words import Words

A_YEAR = 52
"""Weeks: the same days of the week a year before."""
MONTHS = 12
YEARS = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report; `length` periods make its line, `example` is how one of its periods is written."""

    code: str
    title: Words
    now: Words
    before: Words
    line: Words
    length: int
    example: str

    def period(self, name: str, zone: ZoneInfo) -> Period:
        """The period of this name, written just so, in the utility's zone; raises `PeriodRefused`."""
        found = self._period(name, zone)
        if self.name_of(found.first) != name:
            raise self._refused(name)
        return found

    def _period(self, name: str, zone: ZoneInfo) -> Period:
        if self.code == "weekly":
            return week(name, zone)
        pattern = r"(\d{4})-(\d{2})" if self.code == "monthly" else r"(\d{4})()"
        found = re.fullmatch(pattern, name)
        try:
            if found is None:
                raise ValueError(name)
            return self._from(int(found[1]), int(found[2] or 1), zone)
        except (ValueError, OverflowError):
            raise self._refused(name) from None

    def _refused(self, name: str) -> PeriodRefused:
        return PeriodRefused(
            Words(
                zh=f"没有“{name}”这一统计期；请写成 {self.example}。",
                en=f"There is no period '{name}'; write it like {self.example}.",
            ),
            field="period",
        )

    def name_of(self, day: date) -> str:
        """The name of the period in which a day lies."""
        if self.code == "weekly":
            return week_name(day)
        return f"{day:%Y-%m}" if self.code == "monthly" else f"{day:%Y}"

    def back(self, period: Period, count: int = 1) -> Period:
        """The period so many before; a negative count goes forward."""
        if self.code == "weekly":
            return period.weeks_before(count)
        months = count if self.code == "monthly" else count * MONTHS
        place = period.first.year * MONTHS + period.first.month - 1 - months
        return self._from(place // MONTHS, place % MONTHS + 1, period.zone)

    def year_before(self, period: Period) -> Period | None:
        """The same period of the year before; None where that is the period before anyway."""
        match self.code:
            case "weekly":
                return period.weeks_before(A_YEAR)
            case "monthly":
                return self.back(period, MONTHS)
        return None

    def to_date(self, period: Period) -> Period | None:
        """From the first of January to the end of the period; None where the period is the year itself."""
        if self.code == "yearly":
            return None
        return Period(date(period.last.year, 1, 1), period.last, period.zone)

    def _from(self, year: int, month: int, zone: ZoneInfo) -> Period:
        after = date(year + (month == MONTHS), month % MONTHS + 1, 1)
        if self.code == "yearly":
            after = date(year + 1, 1, 1)
        return Period(date(year, month, 1), after - timedelta(days=1), zone)


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "weekly",
            Words(zh="服务质量周报", en="Weekly service-quality report"),
            Words(zh="本周", en="This week"),
            Words(zh="上周", en="Week before"),
            Words(zh="近13周", en="13 weeks"),
            LINE,
            "2007-W23",
        ),
        Kind(
            "monthly",
            Words(zh="供电公司信息（服务质量月报）", en="Monthly bulletin of service quality"),
            Words(zh="本月", en="This month"),
            Words(zh="上月", en="Month before"),
            Words(zh="近13个月", en="13 months"),
            MONTHS + 1,
            "2007-06",
        ),
        Kind(
            "yearly",
            Words(zh="服务质量年报", en="Yearly service-quality report"),
            Words(zh="本年", en="This year"),
            Words(zh="上年", en="Year before"),
            Words(zh="近5年", en="5 years"),
            YEARS,
            "2007",
        ),
    )
}
