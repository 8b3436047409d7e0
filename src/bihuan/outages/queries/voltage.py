"""Voltage points and their readings; rates by class and combined, per bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from bihuan.outages.models import VoltageEntry, VoltagePoint, VoltageReading
from bihuan.outages.queries.units import of_unit
from bihuan.outages.rules import Reading, combined_percent
from bihuan.people.models import Unit
from bihuan.people.rules import Scope

SUMS = ("monitored", "over", "under")


@dataclass(frozen=True, slots=True)
class VoltageRow:
    """A bureau's minutes by class (None: of all), and how many points each class has readings of."""

    unit: Unit | None
    classes: dict[str, Reading]
    points: int

    @property
    def rates(self) -> list[object]:
        """The rates of A to D in per cent; a dash where a class has no reading."""
        found = (self.classes.get(klass) for klass in "ABCD")
        return ["—" if one is None else one.within.percent(2) for one in found]

    @property
    def combined(self) -> object:
        """The combined rate in per cent, None when nothing was monitored."""
        return combined_percent(self.classes)


def points(
    seen: Scope, *, unit: str = "", klass: str = "", area: str = "", text: str = ""
) -> QuerySet[VoltagePoint]:
    """The points of a scope that fit, with their unit."""
    found = VoltagePoint.objects.filter(_below(seen)).select_related("unit").order_by("klass", "code")
    if unit:
        found = found.filter(of_unit(unit))
    if klass:
        found = found.filter(klass=klass)
    if area:
        found = found.filter(area=area)
    for word in text.split()[:6]:
        found = found.filter(Q(code__iexact=word) | Q(name__icontains=word))
    return found


def point(seen: Scope, code: str) -> VoltagePoint | None:
    """The point of this code, if the scope shows it."""
    return points(seen).filter(code=code).first()


def readings_of(
    one: VoltagePoint, limit: int = 36
) -> list[tuple[VoltageReading, Reading, list[VoltageEntry]]]:
    """Its readings, the newest first, with what was said of each; two queries."""
    rows = list(VoltageReading.objects.filter(point=one).order_by("-first_date")[:limit])
    said: dict[object, list[VoltageEntry]] = {}
    entries = (
        VoltageEntry.objects.filter(reading__in=rows).select_related("by__staff").order_by("reading", "seq")
    )
    for entry in entries:
        said.setdefault(entry.reading_id, []).append(entry)
    return [(row, Reading(row.monitored, row.over, row.under), said.get(row.pk, [])) for row in rows]


def readings_by_point(found: QuerySet[VoltagePoint], *, first: date, last: date) -> dict[object, Reading]:
    """What was monitored at each of these points in readings that end within the days."""
    lines = (
        VoltageReading.objects.filter(point__in=found, last_date__gte=first, last_date__lte=last)
        .values("point")
        .annotate(**{name: Sum(name) for name in SUMS})
        .order_by("point")
    )
    return {line["point"]: Reading(line["monitored"], line["over"], line["under"]) for line in lines}


def voltage(seen: Scope, *, first: date, last: date, area: str = "") -> list[VoltageRow]:
    """Rates of the readings that end within the days (inclusive): the whole first, then each bureau. Three queries."""
    found = VoltageReading.objects.filter(_below(seen), last_date__gte=first, last_date__lte=last)
    if area:
        found = found.filter(area=area)
    bureau_of = {unit.pk: unit.bureau or unit for unit in Unit.objects.select_related("bureau")}
    lines = list(
        found.values("unit", "klass", "point")
        .annotate(**{name: Sum(name) for name in SUMS})
        .order_by("unit", "klass", "point")
    )
    whole: dict[str, Reading] = {}
    by_unit: dict[str, dict[str, Reading]] = {}
    units: dict[str, Unit] = {}
    seen_points: dict[str, set[object]] = {}
    for line in lines:
        bureau = bureau_of[line["unit"]]
        units[bureau.code] = bureau
        reading = Reading(line["monitored"], line["over"], line["under"])
        for classes in (whole, by_unit.setdefault(bureau.code, {})):
            classes[line["klass"]] = classes.get(line["klass"], Reading(0, 0, 0)) + reading
        seen_points.setdefault(bureau.code, set()).add(line["point"])
    rows = [VoltageRow(units[code], by_unit[code], len(seen_points[code])) for code in sorted(by_unit)]
    return [VoltageRow(None, whole, sum(row.points for row in rows)), *rows] if rows else []


def _below(seen: Scope) -> Q:
    if seen.company:
        return Q()
    below = Q(pk__in=[])
    for path in seen.paths:
        below |= Q(unit__path__startswith=path)
    return below
