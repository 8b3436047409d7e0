"""Counts the catalogue over the rows of cases, and finds the cases behind a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection

from bihuan.cases.models import Seal
from bihuan.indicators.engines.postgresql import DIALECT, Question, counting, finding, passes
from bihuan.indicators.queries.known import as_known
from bihuan.indicators.rules import Figure, Period
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.indicator import Indicator
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import INDICATORS, indicator
from bihuan.people.models import Unit

Part = Literal["numerator", "denominator", "missed"]
Pair = tuple[int, int]


class IndicatorUnknown(BihuanError):
    """There is no indicator of this code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(zh=f"没有名为“{code}”的指标。", en=f"There is no indicator '{code}'."), field="code"
        )


class UnitHasNoFigures(BihuanError):
    """Figures are kept by bureau."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(
                zh=f"单位“{code}”不存在或在供电局以下；指标统计到供电局。",
                en=f"There is no unit '{code}', or it is below a bureau; figures are kept by bureau.",
            ),
            field="unit",
        )


@dataclass(frozen=True, slots=True)
class Behind:
    """A row behind a figure. A case may stand here once for each of its cycles."""

    case_id: UUID
    cycle: int
    counted_at: datetime


def figures(
    *,
    periods: Sequence[Period],
    at: datetime,
    known: datetime | None = None,
    unit: str | None = None,
    codes: Sequence[str] | None = None,
) -> list[list[Figure]]:
    """Each period's figures: for every indicator the whole and then one row for each bureau, in the order of units.

    Periods follow one another without a gap. With `unit`, the first row is that unit's own sum. `known` None: as known now.
    """
    top = _place(unit)
    rows = _rows_of(top)
    chosen = INDICATORS if codes is None else tuple(_indicator(code) for code in codes)
    counts: dict[tuple[int, UUID | None, str], Pair] = {}
    with as_known(known) as rebuilt:
        question = _question(periods, at, top, rebuilt)
        for group in passes(chosen):
            counts |= _counted(group, question)
    strangers = {key for _, key, _ in counts} - {row.pk for row in rows} - {None}
    rows += list(Unit.objects.filter(pk__in=strangers).order_by("path"))
    return [_figures(chosen, number, top, rows, counts) for number in range(len(periods))]


def cases_behind(
    *,
    code: str,
    period: Period,
    at: datetime,
    known: datetime | None = None,
    unit: str | None = None,
    part: Part = "denominator",
    limit: int = 50,
    offset: int = 0,
) -> list[Behind]:
    """The rows behind a figure, found by the very filter that counted them; `missed` is what fell short."""
    one, top = _indicator(code), _place(unit)
    with as_known(known) as rebuilt, connection.cursor() as cursor:
        found = finding(one, _question([period], at, top, rebuilt), part)
        ordered = found.order_by("3", "1", "2").limit(limit).offset(offset)
        cursor.execute(ordered.sql(DIALECT))
        return [Behind(*row) for row in cursor.fetchall()]


def last_seal(known: datetime | None = None) -> int | None:
    """The number of the last seal, or of the last one made by then."""
    seals = Seal.objects.order_by("-number")
    if known is not None:
        seals = seals.filter(sealed_at__lte=known)
    return seals.values_list("number", flat=True).first()


def document(
    *, period: Period, at: datetime, known: datetime, seal: int | None, told: Sequence[Figure], language: str
) -> dict[str, object]:
    """The figures of a period as they stand in JSON."""
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "at": at.astimezone(period.zone).isoformat(),
        "known": known.astimezone(period.zone).isoformat(),
        "seal": seal,
        "figures": [figure.told(language) for figure in told],
    }


def _indicator(code: str) -> Indicator:
    try:
        return indicator(code)
    except KeyError:
        raise IndicatorUnknown(code) from None


def _place(code: str | None) -> Unit | None:
    if code is None:
        return None
    found = Unit.objects.filter(code=code).first()
    if found is None or (found.bureau_id is not None and found.bureau_id != found.pk):
        raise UnitHasNoFigures(code)
    return found


def _rows_of(top: Unit | None) -> list[Unit]:
    bureaus = Unit.objects.filter(kind="bureau", active=True).order_by("path")
    if top is not None:
        bureaus = bureaus.filter(path__startswith=top.path).exclude(pk=top.pk)
    return list(bureaus)


def _question(periods: Sequence[Period], at: datetime, top: Unit | None, rebuilt: bool) -> Question:
    bounds = (*(period.start for period in periods), periods[-1].end)
    return Question(bounds=bounds, at=at, path=top.path if top else "", rebuilt=rebuilt)


def _counted(group: Sequence[Indicator], question: Question) -> dict[tuple[int, UUID | None, str], Pair]:
    found: dict[tuple[int, UUID | None, str], Pair] = {}
    with connection.cursor() as cursor:
        cursor.execute(counting(group, question))
        for number, unit, *counts in cursor.fetchall():
            for one, below, above in zip(group, counts[::2], counts[1::2], strict=True):
                found[number, unit, one.code] = (int(above or 0), int(below))
    return found


def _figures(
    chosen: Sequence[Indicator],
    number: int,
    top: Unit | None,
    rows: Sequence[Unit],
    counts: dict[tuple[int, UUID | None, str], Pair],
) -> list[Figure]:
    whole: dict[str, Pair] = defaultdict(lambda: (0, 0))
    for (period, _, code), (above, below) in counts.items():
        if period == number:
            whole[code] = (whole[code][0] + above, whole[code][1] + below)
    told = []
    for one in chosen:
        told.append(_figure(one, top.code if top else None, whole[one.code]))
        told += [
            _figure(one, row.code, counts.get((number, row.pk, one.code), (0, 0)))
            for row in rows
            if top is None or row.pk != top.pk
        ]
    return told


def _figure(one: Indicator, unit: str | None, pair: Pair) -> Figure:
    above, below = pair
    if one.measure == "count":
        return Figure(one, unit, below, None)
    return Figure(one, unit, above, below)
