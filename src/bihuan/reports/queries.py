"""The weekly report of any week, live or as it was frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from bihuan.cases.models import Case, Cycle, Note
from bihuan.indicators.queries import figures, last_seal
from bihuan.indicators.rules import LINE, Period, week
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.people.models import Unit
from bihuan.promises.models import Breach
from bihuan.reports.models import Alert, Recipient, ReportText, Sending, Snapshot
from bihuan.reports.rules import (
    Agreed,
    Line,
    Named,
    Weekly,
    content,
    differences,
    digest,
    proposed,
    weekly_from,
)


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
    told = Weekly(
        week=week_name,
        period=period,
        at=at,
        known=known,
        seal=last_seal(known),
        unit=unit,
        names=names,
        lines=lines,
        breaches=named_breaches(period, unit, at),
        actions=agreed(period, unit, at),
    )
    return replace(told, words=proposed(told) | edited(week_name, unit, known))


NAMED_AT_MOST = 200
"""Breaches named one by one in a report; the page of breaches has all."""


def named_breaches(period: Period, unit: str | None, at: datetime) -> tuple[Named, ...]:
    """The breaches of public promises that fell due in the period and are known as of `at`, the latest first."""
    found = Breach.objects.filter(
        public=True, lifted=False, due_at__gte=period.start, due_at__lt=period.end, found_at__lte=at
    )
    if unit:
        found = found.filter(unit__code=unit)
    rows = found.select_related("case", "unit").order_by("-late_seconds", "due_at", "case__number")
    return tuple(
        Named(
            case=row.case.number,
            promise=row.promise,
            unit=row.unit.code if row.unit else "",
            due_at=row.due_at,
            late_seconds=row.late_seconds,
            cause=row.cause,
            exemption=row.exemption,
        )
        for row in rows[:NAMED_AT_MOST]
    )


def agreed(period: Period, unit: str | None, at: datetime) -> tuple[Agreed, ...]:
    """What meetings agreed: all that is open, and what was done in the period; that of earlier weeks first."""
    loops = [loop.code for loop in LOOPS if loop.agenda]
    found = Case.objects.filter(loop__in=loops, opened_at__lte=at).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=period.start)
    )
    if unit:
        found = found.filter(unit__code=unit)
    cases = list(found.select_related("unit").order_by("opened_at", "id"))
    texts = dict(
        Note.objects.filter(case__in=[case.pk for case in cases], seq=1, field="description").values_list(
            "case_id", "text"
        )
    )
    dues = dict(
        Cycle.objects.filter(case__in=[case.pk for case in cases], cycle=1).values_list(
            "case_id", "agreed_due"
        )
    )
    return tuple(
        Agreed(
            case=case.number,
            unit=case.unit.code if case.unit else "",
            what=texts.get(case.pk) or "",
            by_when=dues.get(case.pk),
            state=case.state,
            earlier=case.opened_at < period.start,
        )
        for case in cases
    )


def edited(week_name: str, unit: str | None, known: datetime) -> dict[str, Words]:
    """What the editor wrote by then instead of the sentences proposed, by chapter. An emptied text gives the proposal back."""
    found = ReportText.objects.filter(week=week_name, role="words", recorded_at__lte=known)
    found = found.filter(unit=None) if unit is None else found.filter(unit__code=unit)
    newest = {row.chapter: row.text for row in found.order_by("recorded_at", "id")}
    return {chapter: Words(zh=text, en=text) for chapter, text in newest.items() if text.strip()}


def comments(week_name: str, unit: str | None) -> list[ReportText]:
    """What readers said of a week's report, the oldest first."""
    found = ReportText.objects.filter(week=week_name, role="comment").select_related("by")
    found = found.filter(unit=None) if unit is None else found.filter(unit__code=unit)
    return list(found.order_by("recorded_at", "id"))


def recipients() -> QuerySet[Recipient]:
    """Everybody to whom a report is sent."""
    return Recipient.objects.filter(active=True).select_related("unit").order_by("kind", "address")


def sendings(snapshot: Snapshot) -> QuerySet[Sending]:
    """To whom this version went, and whether it was opened."""
    return (
        Sending.objects.filter(snapshot=snapshot).select_related("recipient").order_by("recipient__address")
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


def alerts(*, company: bool, units: Sequence[str], since: datetime) -> list[Alert]:
    """What the owners of these units were told since then; the company's own only for those who read all of it."""
    mine = Q(unit__code__in=list(units))
    if company:
        mine |= Q(unit=None)
    return list(
        Alert.objects.filter(mine, recorded_at__gte=since)
        .select_related("unit")
        .order_by("-week", "what", "code", "unit__code")[:40]
    )
