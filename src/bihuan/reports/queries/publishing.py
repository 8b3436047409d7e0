"""What may be published of a report: its newest frozen version, or on request a draft counted now."""

from __future__ import annotations

from datetime import datetime

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people.models import Unit
from bihuan.reports.models import Approval, Snapshot
from bihuan.reports.queries.counted import report
from bihuan.reports.queries.kept import latest
from bihuan.reports.rules import content, digest
from bihuan.reports.rules.publishing import DRAFT, Place, Published, content_of


class NotPublished(BihuanError):
    """Nothing of the period is frozen."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(
                zh=f"{name} 的报告尚未封存，没有可发布的数字。",
                en=f"The report of {name} isn't frozen, so there are no figures to publish.",
            ),
            field="period",
        )


class NoUnits(BihuanError):
    """There is no unit yet of which anything could be told."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="尚无任何单位，没有可发布的数字。",
                en="There are no units yet, so there is nothing to publish.",
            ),
            field="unit",
        )


def published(*, kind: str, name: str, unit: str | None = None) -> Published:
    """The newest frozen version of a period's report. Raises `NotPublished`."""
    kept = latest(kind=kind, name=name, unit=unit)
    if kept is None:
        raise NotPublished(name)
    return of_snapshot(kept)


def approved() -> list[Snapshot]:
    """The company's reports that somebody let go out, of each period the newest version that was; the newest period first."""
    found = (
        Snapshot.objects.filter(unit=None, approval__isnull=False)
        .select_related("approval")
        .defer("content", "differs")  # years of reports; whoever reads one asks for its own
        .order_by("-period", "kind", "-version")
    )
    newest: dict[tuple[str, str], Snapshot] = {}
    for one in found:
        newest.setdefault((one.kind, one.period), one)
    return list(newest.values())


def of_snapshot(kept: Snapshot) -> Published:
    """A frozen report as it may be published."""
    approved = Approval.objects.filter(pk=kept.pk).values_list("recorded_at", flat=True).first()
    told = content_of(kept.content)
    whole, places = _places(told["unit"], set(told["names"]))
    return Published(
        kind=kept.kind,
        period=kept.period,
        unit=whole,
        version=kept.version,
        content=told,
        digest=kept.digest,
        frozen_at=kept.recorded_at,
        approved_at=approved,
        places=_named(places, told["names"]),
    )


def draft(*, kind: str, name: str, unit: str | None = None, at: datetime, known: datetime) -> Published:
    """The same, counted now as of `at`, as known at `known`. Raises `PeriodRefused`, `UnitHasNoFigures`."""
    text = content(report(kind=kind, name=name, unit=unit, at=at, known=known))
    told = content_of(text)
    whole, places = _places(told["unit"], set(told["names"]))
    return Published(
        kind=kind,
        period=name,
        unit=whole,
        version=DRAFT,
        content=told,
        digest=digest(text),
        frozen_at=None,
        approved_at=None,
        places=_named(places, told["names"]),
    )


def _places(top: str | None, codes: set[str]) -> tuple[str, list[Place]]:
    """The code of the whole, and every unit spoken of with all units above it, from the top down."""
    units = list(Unit.objects.select_related("parent", "bureau").order_by("path"))
    whole = top or next((unit.code for unit in units if unit.parent_id is None), "")
    if not whole:
        raise NoUnits
    paths = [unit.path for unit in units if unit.code in codes | {whole}]
    return whole, [
        Place(
            code=unit.code,
            name_zh=unit.name_zh,
            name_en=unit.name_en,
            kind=unit.kind,
            wing=unit.wing,
            parent=unit.parent.code if unit.parent else "",
            bureau=unit.bureau.code if unit.bureau else "",
            active=unit.active,
        )
        for unit in units
        if any(path.startswith(unit.path) for path in paths)
    ]


def _named(places: list[Place], names: dict[str, list[str]]) -> tuple[Place, ...]:
    """With the names that the report used."""
    told = []
    for one in places:
        zh, en = names.get(one.code, (one.name_zh, one.name_en))
        told.append(Place(one.code, zh, en, one.kind, one.wing, one.parent, one.bureau, one.active))
    return tuple(told)
