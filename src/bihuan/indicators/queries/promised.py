"""Promises that no single case keeps or breaks: notices of outages, averages by area and unit, levels of a period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Literal

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models import Sum as Total
from django.db.models.functions import Coalesce

from bihuan.cases.queries import visible
from bihuan.indicators.queries.figures import figures
from bihuan.indicators.rules import Figure, Period
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import Promise
from bihuan.outages.models import Outage
from bihuan.outages.queries.outages import part
from bihuan.outages.rules import CODES, LOOP
from bihuan.packs import queries as packs
from bihuan.people.models import Unit
from bihuan.people.rules import Scope
from bihuan.promises.models import Clock

Way = Literal["clocks", "notices", "level", "inspection", ""]
"""How a promise is counted: by clocks of cases, by notices of outages, by a figure, found by inspection; or not at all yet."""

_LENGTHS = {LimitUnit.minutes: timedelta(minutes=1), LimitUnit.hours: timedelta(hours=1)}


def way(promise: Promise) -> Way:
    """How this promise is counted, by what is declared of it."""
    if promise.kind == "attested":
        return "inspection"
    if promise.kind == "period_level":
        return "level" if promise.indicator else ""
    if packs.counted(promise):
        return "clocks"
    told = LOOP in promise.loops and any(promise.code in codes for codes in CODES.values())
    return "notices" if told else ""


@dataclass(frozen=True, slots=True)
class Notices:
    """Outages under one promise of one text: told in time, too late or never, and those that may still be told."""

    promise: str
    kind: str
    kept: int
    broken: int
    running: int


def notices(*, seen: Scope, since: datetime, until: datetime, at: datetime) -> list[Notices]:
    """Outages of a period under each promise and kind, withdrawn ones left out. `promise` is pack/edition/code."""
    open_yet = ~Q(state="withdrawn") & ~part("due", at)
    found = (
        Outage.objects.within(seen)
        .filter(event_at__gte=since, event_at__lt=until, notice_due_at__isnull=False)
        .values("notice_promise", "kind")
        .order_by("notice_promise", "kind")
        .annotate(
            kept=Count("pk", filter=part("in_time", at)),
            broken=Count("pk", filter=part("late", at)),
            running=Count("pk", filter=open_yet),
        )
    )
    return [Notices(row.pop("notice_promise"), **row) for row in found]


@dataclass(frozen=True, slots=True)
class Mean:
    """An average of an area, of one unit or (None) of all that the reader sees: so many seconds over so many clocks."""

    area: str
    unit: Unit | None
    limit: Limit | None
    seconds: int
    count: int

    @property
    def exact(self) -> Fraction | None:
        """Seconds on average, unrounded; None of nothing."""
        return Fraction(self.seconds, self.count) if self.count else None

    @property
    def kept(self) -> bool | None:
        """Whether the average is within its limit; None of nothing, or of a limit that isn't in minutes or hours."""
        if self.limit is None or self.limit.unit not in _LENGTHS or self.exact is None:
            return None
        allowed = int(_LENGTHS[self.limit.unit].total_seconds()) * self.limit.amount
        return self.seconds <= allowed * self.count


@dataclass(frozen=True, slots=True)
class Average:
    """An area's average: of everybody first, then unit by unit."""

    whole: Mean
    units: tuple[Mean, ...]


def averages(
    promised: Iterable[Promise], *, seen: Scope, since: datetime, until: datetime, at: datetime
) -> dict[tuple[str, str, str], tuple[Average, ...]]:
    """Averages of clocks that have ended, by (pack, edition, promise), area by area in the order of the text.

    A clock belongs to the period in which it started. Two queries, however many promises.
    """
    wanted = {(one.pack, one.edition, one.code): one for one in promised if one.kind == "average"}
    if not wanted:
        return {}
    rows = (
        Clock.objects.filter(
            kind="average",
            started_at__gte=since,
            started_at__lt=until,
            ended_at__lte=at,
            promise__in={code for _, _, code in wanted},
            case_id__in=visible(seen).order_by().values("pk"),
        )
        .exclude(void_at__lte=at)
        .annotate(bureau=Coalesce("unit__bureau", "unit"))
        .values("pack", "edition", "promise", "area", "bureau")
        .order_by("pack", "edition", "promise", "area", "bureau")
        .annotate(
            count=Count("id"),
            lasted=Total(ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())),
        )
    )
    found = list(rows)
    units = Unit.objects.in_bulk({row["bureau"] for row in found if row["bureau"]})
    return {
        key: _areas(one, [row for row in found if _key(row) == key], units) for key, one in wanted.items()
    }


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["pack"], row["edition"], row["promise"]


def _areas(promise: Promise, rows: Sequence[dict[str, Any]], units: dict[Any, Unit]) -> tuple[Average, ...]:
    told = []
    for area in dict.fromkeys((*promise.areas, *(row["area"] for row in rows))):
        limit = promise.limit_for(area=area or None)
        own = [
            Mean(area, units.get(row["bureau"]), limit, int(row["lasted"].total_seconds()), row["count"])
            for row in rows
            if row["area"] == area
        ]
        whole = Mean(area, None, limit, sum(one.seconds for one in own), sum(one.count for one in own))
        told.append(Average(whole, tuple(sorted(own, key=lambda one: one.unit.code if one.unit else ""))))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Level:
    """What was reached of a promised level: the figure (None where the reader may see none), and the verdict by its exact value."""

    promise: Promise
    figure: Figure | None

    @property
    def kept(self) -> bool | None:
        """Whether the exact value reaches the level; None where nothing was counted or nobody set a level."""
        exact = self.figure.exact if self.figure else None
        if exact is None or self.promise.level is None:
            return None
        return exact >= Fraction(self.promise.level)


def levels(
    promised: Iterable[Promise], *, seen: Scope, period: Period, at: datetime
) -> dict[tuple[str, str, str], Level]:
    """How each promised level was reached in a period, by (pack, edition, promise): the company's, or that of the one bureau
    that a scope shows.
    """
    wanted = [one for one in promised if one.indicator]
    unit = None if seen.company else _bureau(seen)
    if not wanted or (unit is None and not seen.company):
        return {}
    codes = list(dict.fromkeys(one.indicator for one in wanted))
    (told,) = figures(periods=[period], at=at, unit=unit, codes=codes)
    by_code = {figure.indicator.code: figure for figure in told if figure.unit == unit}
    return {(one.pack, one.edition, one.code): Level(one, by_code.get(one.indicator)) for one in wanted}


def _bureau(seen: Scope) -> str | None:
    found = Unit.objects.filter(path__in=seen.paths, kind="bureau").values_list("code", flat=True)
    return found[0] if len(seen.paths) == 1 and found else None
