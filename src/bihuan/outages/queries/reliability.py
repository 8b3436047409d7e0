"""Reliability over a period: sums of days of supply, per bureau and area, and the major event days of IEEE 1366."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce

from django.db.models import Q, QuerySet, Sum

from bihuan.outages.models import SupplyDay
from bihuan.outages.rules import Sums, Threshold, major, threshold
from bihuan.outages.rules.reliability import MINUTE
from bihuan.people.models import Unit
from bihuan.people.rules import Scope

YEARS = 5
CITY, COUNTRY = Fraction("0.9990"), Fraction("0.9960")
"""Ten commitments, first item; the company's aim for the country in the eleventh five-year plan."""

COLUMNS = (
    "users",
    "customers",
    "due",
    "customer_due",
    "lost",
    "lost_external",
    "lost_shortage",
    "users_off",
    "customers_off",
    "customer_seconds",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A bureau's sums (None: of all that the scope shows), over all areas and by area."""

    unit: Unit | None
    whole: Sums
    areas: dict[str, Sums]

    @property
    def city(self) -> Sums:
        """The city alone."""
        return self.areas.get("urban", Sums())

    @property
    def country(self) -> Sums:
        """Everything but the city."""
        return _sum([Sums(), *(sums for area, sums in self.areas.items() if area != "urban")])

    @property
    def city_missed(self) -> bool:
        """Whether the city is below what is promised."""
        return _below(self.city, CITY)

    @property
    def country_missed(self) -> bool:
        """Whether the country is below its aim."""
        return _below(self.country, COUNTRY)


@dataclass(frozen=True, slots=True)
class Reliability:
    """From `first` to `last` (inclusive): the whole first, then the bureaus; `counted` days of the period have been counted."""

    first: date
    last: date
    counted: int
    rows: tuple[Row, ...]


def reliability(seen: Scope, *, first: date, last: date) -> Reliability:
    """Sums of the bureaus in a scope, in three queries whatever the period. Days not counted yet are told, not guessed."""
    days = _days(seen, first, last)
    counted = days.values("day").distinct().count()
    found = (
        days.values("unit", "area").annotate(**{name: Sum(name) for name in COLUMNS}).order_by("unit", "area")
    )
    by_unit: dict[object, dict[str, Sums]] = {}
    for line in found:
        sums = Sums(days=counted, **{name: line[name] for name in COLUMNS})
        by_unit.setdefault(line["unit"], {})[line["area"]] = sums
    units = Unit.objects.filter(pk__in=by_unit).order_by("code")
    rows = [_row(unit, by_unit[unit.pk]) for unit in units]
    if rows:
        areas = {area for row in rows for area in row.areas}
        rows.insert(
            0,
            _row(None, {area: _sum(row.areas[area] for row in rows if area in row.areas) for area in areas}),
        )
    return Reliability(first, last, counted, tuple(rows))


@dataclass(frozen=True, slots=True)
class MajorDays:
    """The threshold from the days before the period, and the period's days above it: day and SAIDI in minutes."""

    limit: Threshold | None
    since: date | None
    days: tuple[tuple[date, Fraction], ...]


def major_days(seen: Scope, *, first: date, last: date) -> MajorDays:
    """Days of the period whose SAIDI is above the threshold of the five years before it (or of as many days as there are).

    Where nothing was counted before the period, the period's own days make the threshold.
    """
    before = _daily(seen, _years_before(first), first - timedelta(days=1))
    here = _daily(seen, first, last)
    basis = before or here
    limit = threshold(saidi for _, saidi in basis)
    above = [(day, saidi) for day, saidi in major(here, limit) if isinstance(day, date)]
    return MajorDays(limit, basis[0][0] if basis else None, tuple(above))


def _daily(seen: Scope, first: date, last: date) -> list[tuple[date, Fraction]]:
    found = (
        _days(seen, first, last)
        .values("day")
        .annotate(seconds=Sum("customer_seconds"), served=Sum("customers"))
        .order_by("day")
    )
    return [
        (line["day"], Fraction(line["seconds"], line["served"] * MINUTE)) for line in found if line["served"]
    ]


def _days(seen: Scope, first: date, last: date) -> QuerySet[SupplyDay]:
    found = SupplyDay.objects.filter(day__gte=first, day__lte=last)
    if seen.company:
        return found
    below = Q(pk__in=[])
    for path in seen.paths:
        below |= Q(unit__path__startswith=path)
    return found.filter(below)


def _below(sums: Sums, aim: Fraction) -> bool:
    exact = sums.rs1.exact()
    return exact is not None and exact < aim


def _row(unit: Unit | None, areas: dict[str, Sums]) -> Row:
    return Row(unit, _sum(areas.values()), areas)


def _sum(sums: Iterable[Sums]) -> Sums:
    """Counts add up; the length of the period is the same for all."""
    return reduce(_added, sums)


def _added(one: Sums, other: Sums) -> Sums:
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in COLUMNS})


def _years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - YEARS)
    except ValueError:
        return day.replace(year=day.year - YEARS, day=28)
