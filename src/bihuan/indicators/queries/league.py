"""One indicator of one period: the company and its bureaus, against the period before and the same of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from bihuan.indicators.queries.figures import figures
from bihuan.indicators.rules import Figure, Period
from bihuan.indicators.rules.league import League, league
from bihuan.indicators.rules.moved import Change, change_of_count, change_of_mean, change_of_rate

A_YEAR = 52
"""Weeks back, so that weekdays meet weekdays."""
UNSAID = Change((0, 0), (0, 0), None, None, None)
"""A change from a time of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit (None: the company) in the period, in the one before (环比), and in the same a year ago (同比)."""

    unit: str | None
    now: Figure
    before: Figure
    year: Figure
    blank: frozenset[str] = frozenset()
    """Of `before` and `year`, those in which the whole company counted nothing: most likely nothing was kept yet."""

    @property
    def against_before(self) -> Change:
        """What changed since the period before."""
        return UNSAID if "before" in self.blank else change(self.before, self.now)

    @property
    def against_year(self) -> Change:
        """What changed since the same days of the year before."""
        return UNSAID if "year" in self.blank else change(self.year, self.now)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a league is made of. `league` is None where the measure has no rate of cases to hold against chance."""

    period: Period
    before: Period
    year: Period
    company: Row
    units: tuple[Row, ...]
    league: League | None


def read(*, code: str, period: Period, at: datetime, known: datetime | None = None) -> Reading:
    """An indicator's league in a period of any length. Raises `IndicatorUnknown`."""
    before, year = earlier(period), period.weeks_before(A_YEAR)
    was, now = figures(periods=[before, period], at=at, known=known, codes=[code])
    (ago,) = figures(periods=[year], at=at, known=known, codes=[code])
    past, lost = ({row.unit: row for row in side} for side in (was, ago))
    sides = {"before": past, "year": lost}
    blank = frozenset(name for name, side in sides.items() if not _anything(side.get(None)))
    rows = [Row(one.unit, one, past[one.unit], lost.get(one.unit) or nothing(one), blank) for one in now]
    company = next(row for row in rows if row.unit is None)
    units = tuple(row for row in rows if row.unit is not None)
    return Reading(period, before, year, company, units, league_of([row.now for row in units]))


def heat(
    *, period: Period, at: datetime, known: datetime | None = None
) -> list[tuple[Figure, League, dict[str, Figure]]]:
    """Every rate of the catalogue in which anything was counted: the company's figure, the league, the bureaus' figures."""
    (told,) = figures(periods=[period], at=at, known=known)
    found = []
    for code in dict.fromkeys(one.indicator.code for one in told):
        rows = [one for one in told if one.indicator.code == code]
        made = league_of([one for one in rows if one.unit is not None])
        company = next(one for one in rows if one.unit is None)
        if made is not None and company.denominator:
            found.append((company, made, {one.unit: one for one in rows if one.unit is not None}))
    return found


def league_of(units: Sequence[Figure]) -> League | None:
    """The bureaus' league where the figure is a rate of cases; None for counts, means and ratios of sums."""
    if not units or units[0].indicator.measure != "percent":
        return None
    pairs = {one.unit: (one.numerator, one.denominator or 0) for one in units if one.unit is not None}
    return league(pairs, units[0].indicator.direction)


def earlier(period: Period) -> Period:
    """As many days, directly before."""
    days = (period.last - period.first).days + 1
    return Period(period.first - timedelta(days=days), period.first - timedelta(days=1), period.zone)


def change(before: Figure, now: Figure) -> Change:
    """From one figure to another: points for rates, a number for counts, the measure's own unit for means and ratios."""
    one = now.indicator
    if one.measure == "count":
        return change_of_count(before.numerator, now.numerator)
    was, is_ = (before.numerator, before.denominator or 0), (now.numerator, now.denominator or 0)
    match one.measure:
        case "percent":
            return change_of_rate(was, is_)
        case "sum":
            return change_of_mean((before.numerator, 1), (now.numerator, 1), one.scale)
        case "ratio":
            return change_of_mean(was, is_, one.scale)
    return change_of_mean(was, is_, Fraction(1))


def _anything(company: Figure | None) -> bool:
    return company is not None and bool(company.numerator or company.denominator)


def nothing(like: Figure) -> Figure:
    """The same figure where nothing was counted."""
    return Figure(like.indicator, like.unit, 0, None if like.denominator is None else 0)
