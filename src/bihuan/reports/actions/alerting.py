"""Telling the owner of a figure that it has left its band, and of a unit that breaks a promise twice in a week; once each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Count

from bihuan.indicators.queries import series
from bihuan.indicators.rules import Figure, Period, week
from bihuan.indicators.rules.control import Chart, laney
from bihuan.people.models import Unit
from bihuan.promises.queries import fallen_due
from bihuan.reports.models import Alert
from bihuan.reports.queries import zone

TWICE = 2
"""So often in a week is more than bad luck (issue of the field: a unit that breaks a promise twice in a week)."""


def raise_alerts(*, week_name: str, at: datetime) -> int:
    """Write down what the week says, once; gives how many are new. Safe to run twice."""
    period = week(week_name, zone())
    units = {unit.code: unit for unit in Unit.objects.filter(active=True)}
    rows = [
        Alert(
            week=week_name,
            unit=units[unit] if unit else None,
            what=what,
            code=code,
            detail=detail,
            recorded_at=at,
        )
        for unit, what, code, detail in (*_signals(period, at), *_breaches(period, at))
        if unit is None or unit in units
    ]
    before = Alert.objects.filter(week=week_name).count()
    Alert.objects.bulk_create(rows, ignore_conflicts=True)
    return Alert.objects.filter(week=week_name).count() - before


_Told = tuple[str | None, str, str, str]


def _signals(period: Period, at: datetime) -> Iterator[_Told]:
    """Rates whose last week completes a rule of the control chart, where there are weeks enough to trust its limits."""
    for (code, unit), line in series.weekly(until=period, at=max(at, period.end)).lines.items():
        chart = _chart(line)
        if chart is not None and not chart.provisional and chart.points[-1].signals:
            yield unit, "signal", code, chart.points[-1].signals[0]


def _chart(line: Sequence[Figure]) -> Chart | None:
    now = line[-1]
    if now.indicator.measure != "percent" or not now.denominator:
        return None
    return laney([(figure.numerator, figure.denominator or 0) for figure in line])


def _breaches(period: Period, at: datetime) -> Iterator[_Told]:
    found = (
        fallen_due(period.start, period.end)
        .filter(found_at__lte=at, unit__isnull=False)
        .values("unit__code", "promise")
        .annotate(times=Count("id"))
        .filter(times__gte=TWICE)
        .order_by("unit__code", "promise")
    )
    for row in found:
        yield row["unit__code"], "breaches", row["promise"], str(row["times"])
