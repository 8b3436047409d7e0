"""A period, a figure of two integers, and how it is rounded and told. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.indicator import Declared, Index
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import indicator

LINE = 13
"""Weeks in a line."""


class PeriodRefused(BihuanError):
    """Not a period: the last day lies before the first, or the week doesn't exist."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, in the utility's zone."""

    first: date
    last: date
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodRefused(
                Words(
                    zh=f"统计期末（{self.last}）早于期初（{self.first}）。",
                    en=f"The period ends on {self.last}, before it begins on {self.first}.",
                ),
                field="to",
            )

    @property
    def start(self) -> datetime:
        """Midnight at which the first day begins."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """Midnight at which the last day is over."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def weeks_before(self, count: int) -> Period:
        """The same days so many weeks earlier."""
        return Period(self.first - timedelta(weeks=count), self.last - timedelta(weeks=count), self.zone)


def week(name: str, zone: ZoneInfo) -> Period:
    """Monday to Sunday of an ISO week such as `2007-W23`."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", name.strip())
    try:
        if found is None:
            raise ValueError(name)
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period(monday, monday + timedelta(days=6), zone)
    except (ValueError, OverflowError):
        raise PeriodRefused(
            Words(
                zh=f"没有“{name}”这一周；请写成 2007-W23。",
                en=f"There is no week '{name}'; write it like 2007-W23.",
            ),
            field="week",
        ) from None


def week_name(day: date) -> str:
    """The ISO week of a day."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's two integers for one unit (None: the whole) and one period.

    Of an index they are its exact value as a fraction in lowest terms; 0 over 0 where it is unknown. `aim` is what this
    unit is to reach in this period.
    """

    indicator: Declared
    unit: str | None
    numerator: int
    denominator: int | None
    aim: Decimal | None = None

    @property
    def value(self) -> str | None:
        """Rounded half-even from the two integers; None where there is nothing to divide by."""
        return value(self.indicator, self.numerator, self.denominator)

    @property
    def exact(self) -> Fraction | None:
        """The unrounded value, in percent where it is a rate; None where there is nothing to divide by."""
        if self.denominator is None:
            return self.numerator * _scale(self.indicator)
        return self.numerator * _scale(self.indicator) / self.denominator if self.denominator else None

    @property
    def target(self) -> str | None:
        """What is aimed at, with the indicator's decimals."""
        aim = self.aim
        return None if aim is None else str(aim.quantize(_step(self.indicator.decimals)))

    @property
    def met(self) -> bool | None:
        """Whether the exact ratio reaches the target; None where there is no target or nothing counted."""
        aim, exact = self.aim, self.exact
        if aim is None or exact is None:
            return None
        return exact <= Fraction(aim) if self.indicator.direction == "lower" else exact >= Fraction(aim)

    @property
    def missed(self) -> int | None:
        """How many of those counted fell short."""
        if self.indicator.measure != "percent" or self.denominator is None:
            return None
        return self.denominator - self.numerator

    def told(self, language: str) -> dict[str, object]:
        """As it stands in JSON."""
        one = self.indicator
        # What an index is made of stands in its own rows; the parts of its fraction tell nobody anything.
        counted = not isinstance(one, Index)
        return {
            "code": one.code,
            "title": one.title.in_language(language),
            "unit": self.unit,
            "measure": one.measure,
            "decimals": one.decimals,
            "numerator": self.numerator if counted else None,
            "denominator": self.denominator if counted else None,
            "value": self.value,
            "target": self.target,
        }


def counted_of(figures: Iterable[Figure]) -> frozenset[str]:
    """Of which kinds of rows anything was counted: `cases`, `outage`, `supply_day`, `voltage`."""
    return frozenset(
        kind
        for figure in figures
        if figure.numerator or figure.denominator
        for kind in rows_of(figure.indicator)
    )


def rows_of(one: Declared) -> frozenset[str]:
    """The kinds of rows from which a figure comes; rounds and clocks are both the cases'."""
    if isinstance(one, Index):
        return frozenset().union(*(rows_of(indicator(code)) for code in one.parts))
    return frozenset({"cases" if one.table in ("cycle", "clock") else one.table})


def value(one: Declared, numerator: int, denominator: int | None) -> str | None:
    """A figure as text, from its two integers alone."""
    if denominator == 0:
        return None
    scale = _scale(one)
    if denominator is None:
        if one.measure == "count":
            return str(numerator)
        denominator = 1
    # Enough digits that the quotient is cut nowhere near the rounding place.
    exact = _EXACT.divide(Decimal(numerator * scale.numerator), Decimal(denominator * scale.denominator))
    return str(exact.quantize(_step(one.decimals), rounding=ROUND_HALF_EVEN, context=_EXACT))


_EXACT = Context(prec=60)


def _scale(indicator: Declared) -> Fraction:
    if isinstance(indicator, Index):
        return Fraction(1)
    return Fraction(100) if indicator.measure == "percent" else indicator.scale


def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)
