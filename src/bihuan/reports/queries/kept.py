"""Frozen reports, what people wrote into them, who gets them, and what their owners were told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from bihuan.indicators.rules import rows_of
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import declared
from bihuan.outages.models import Outage, SupplyDay, VoltageReading
from bihuan.packs.queries import targets
from bihuan.reports.models import Alert, Recipient, ReportText, Sending, Snapshot
from bihuan.reports.queries.counted import report
from bihuan.reports.rules import Report, content, differences, digest, editions_of, report_from


def comments(kind: str, name: str, unit: str | None) -> list[ReportText]:
    """What readers said of a report, the oldest first."""
    found = ReportText.objects.filter(kind=kind, period=name, role="comment").select_related("by")
    found = found.filter(unit=None) if unit is None else found.filter(unit__code=unit)
    return list(found.order_by("recorded_at", "id"))


def written(kind: str, name: str, unit: str | None) -> dict[str, ReportText]:
    """The editors' newest words of a report, by chapter."""
    found = ReportText.objects.filter(kind=kind, period=name, role="words")
    found = found.filter(unit=None) if unit is None else found.filter(unit__code=unit)
    return {row.chapter: row for row in found.order_by("recorded_at", "id")}


def recipients() -> QuerySet[Recipient]:
    """Everybody to whom a report is sent."""
    return Recipient.objects.filter(active=True).select_related("unit").order_by("kind", "address")


def sendings(snapshot: Snapshot) -> QuerySet[Sending]:
    """To whom this version went, and whether it was opened."""
    return (
        Sending.objects.filter(snapshot=snapshot).select_related("recipient").order_by("recipient__address")
    )


def snapshots(*, kind: str | None = None, name: str | None = None) -> QuerySet[Snapshot]:
    """Frozen reports, the newest period and version first."""
    found = Snapshot.objects.select_related("unit", "created_by").order_by(
        "-period", "unit_id", "-version", "id"
    )
    if kind is not None:
        found = found.filter(kind=kind)
    return found if name is None else found.filter(period=name)


def latest(*, kind: str, name: str, unit: str | None) -> Snapshot | None:
    """The newest version of a period's frozen report."""
    found = snapshots(kind=kind, name=name)
    return (found.filter(unit=None) if unit is None else found.filter(unit__code=unit)).first()


def frozen(snapshot: Snapshot) -> Report:
    """A frozen report as it was read out."""
    return report_from(snapshot.content, version=snapshot.version)


def differing_snapshots() -> Iterator[Words]:
    """Frozen reports that were altered, or whose figures don't follow from what was known when they were frozen.

    Outages, days of supply and voltage are counted as they are told now: their figures are held against a frozen report
    only while nothing of the kind was recorded after it.
    """
    for kept in snapshots().reverse():
        name = f"{kept.period}{f' {kept.unit.code}' if kept.unit else ''} v{kept.version}"
        if digest(kept.content) != kept.digest:
            yield Words(zh=f"报告 {name}：内容被改动。", en=f"report {name}: its content was altered.")
            continue
        told = report(
            kind=kept.kind,
            name=kept.period,
            unit=kept.unit.code if kept.unit else None,
            at=kept.at,
            known=kept.known,
            whole=False,
        )
        later = _recorded_since(kept.known)
        editions = editions_of(kept.content)
        for changed in differences(kept.content, content(told)):
            one = declared(changed.code)
            # By another rule it was another figure.
            if editions.get(one.code, one.edition) != one.edition or rows_of(one) & later:
                continue
            where = f"{changed.code}{f' {changed.unit}' if changed.unit else ''}"
            yield Words(
                zh=f"报告 {name}：{where} 封存为 {changed.was}，按时间线应为 {changed.now}。",
                en=f"report {name}: {where} was frozen as {changed.was}, the timeline says {changed.now}.",
            )


def _recorded_since(known: datetime) -> set[str]:
    """The kinds of rows, but for those of cases, of which something was recorded after a moment."""
    kinds: dict[str, type[Outage | SupplyDay | VoltageReading]] = {
        "outage": Outage,
        "supply_day": SupplyDay,
        "voltage": VoltageReading,
    }
    return {kind for kind, model in kinds.items() if model.objects.filter(recorded_at__gt=known).exists()}


def alerts(*, company: bool, units: Sequence[str], since: datetime) -> list[Alert]:
    """What the owners of these units were told since then; the company's own only for those who read all of it,
    and for the unit that answers for the figure."""
    mine = Q(unit__code__in=list(units))
    if company:
        mine |= Q(unit=None)
    owned = [code for code, unit in targets.owners().items() if unit.code in units]
    mine |= Q(unit=None, what="signal", code__in=owned)
    return list(
        Alert.objects.filter(mine, recorded_at__gte=since)
        .select_related("unit")
        .order_by("-week", "what", "code", "unit__code")[:40]
    )
