"""The weekly report of any week, live or as it was frozen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from bihuan.indicators.queries import figures, last_seal
from bihuan.indicators.rules import LINE, week
from bihuan.kernel.words import Words
from bihuan.people.models import Unit
from bihuan.reports.models import Snapshot
from bihuan.reports.rules import Line, Weekly, content, differences, digest, weekly_from


def zone() -> ZoneInfo:
    """The utility's own time."""
    return ZoneInfo(settings.TIME_ZONE)


def weekly(*, week_name: str, unit: str | None, at: datetime, known: datetime) -> Weekly:
    """A week's figures by bureau, each with the twelve weeks before it, counted in one pass."""
    period = week(week_name, zone())
    weeks = [period.weeks_before(count) for count in range(LINE - 1, -1, -1)]
    counted = figures(periods=weeks, at=at, known=known, unit=unit)
    lines = tuple(Line(told) for told in zip(*counted, strict=True))
    codes = {line.now.unit for line in lines if line.now.unit}
    names = {
        one.code: Words(zh=one.name_zh, en=one.name_en or one.name_zh)
        for one in Unit.objects.filter(code__in=codes).order_by("path")
    }
    return Weekly(
        week=week_name,
        period=period,
        at=at,
        known=known,
        seal=last_seal(known),
        unit=unit,
        names=names,
        lines=lines,
    )


def snapshots(*, week_name: str | None = None) -> QuerySet[Snapshot]:
    """Frozen reports, the newest week and version first."""
    found = Snapshot.objects.select_related("unit", "created_by").order_by(
        "-week", "unit_id", "-version", "id"
    )
    return found if week_name is None else found.filter(week=week_name)


def latest(*, week_name: str, unit: str | None) -> Snapshot | None:
    """The newest version of a week's frozen report."""
    found = snapshots(week_name=week_name)
    return (found.filter(unit=None) if unit is None else found.filter(unit__code=unit)).first()


def frozen(snapshot: Snapshot) -> Weekly:
    """A frozen report as it was read out."""
    return weekly_from(snapshot.content, version=snapshot.version)


def differing_snapshots() -> Iterator[Words]:
    """Frozen reports that were altered, or whose figures don't follow from what was known when they were frozen."""
    for kept in snapshots().reverse():
        name = f"{kept.week}{f' {kept.unit.code}' if kept.unit else ''} v{kept.version}"
        if digest(kept.content) != kept.digest:
            yield Words(zh=f"周报 {name}：内容被改动。", en=f"report {name}: its content was altered.")
            continue
        told = weekly(
            week_name=kept.week, unit=kept.unit.code if kept.unit else None, at=kept.at, known=kept.known
        )
        for changed in differences(kept.content, content(told)):
            where = f"{changed.code}{f' {changed.unit}' if changed.unit else ''}"
            yield Words(
                zh=f"周报 {name}：{where} 封存为 {changed.was}，按时间线应为 {changed.now}。",
                en=f"report {name}: {where} was frozen as {changed.was}, the timeline says {changed.now}.",
            )
