"""Counts the catalogue over the rows of cases, and finds the cases behind a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from bihuan.cases.models import Seal
from bihuan.indicators.engines.postgresql import DIALECT, Question, counting, finding, passes
from bihuan.indicators.queries.known import as_known, counted_by_hash
from bihuan.indicators.queries.places import Places, places
from bihuan.indicators.rules import Figure, Period
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.formula import Side
from bihuan.kernel.indicator import Declared, Index, Indicator
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import DECLARED, declared, indicator
from bihuan.packs.queries import targets

Part = Literal["numerator", "denominator", "missed"]
Pair = tuple[int, int]
Count = Callable[[Sequence[Indicator], Question], list[tuple[Any, ...]]]
"""What answers a pass: rows of period, unit, then each indicator's two integers."""
_Key = tuple[int, str | None, str]
"""Which period, which bureau, which indicator."""


class IndicatorUnknown(BihuanError):
    """There is no indicator of this code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(zh=f"没有名为“{code}”的指标。", en=f"There is no indicator '{code}'."), field="code"
        )


@dataclass(frozen=True, slots=True)
class Behind:
    """A row behind a figure, by the key of its case, or of another table its own. A case may stand here once for each cycle."""

    key: UUID
    cycle: int
    counted_at: datetime


def figures(
    *,
    periods: Sequence[Period],
    at: datetime,
    known: datetime | None = None,
    unit: str | None = None,
    codes: Sequence[str] | None = None,
    count: Count | None = None,
) -> list[list[Figure]]:
    """Each period's figures: for every indicator the whole and then one row for each bureau, in the order of units.

    Periods follow one another without a gap. With `unit`, the first row is that unit's own sum. `known` None: as known now.
    `count` asks another engine than the live database, as `archived_figures` does.
    """
    company = places(unit)
    chosen = DECLARED if codes is None else tuple(_declared(code) for code in codes)
    counts: dict[_Key, Pair] = {}
    with as_known(known) as rebuilt, nullcontext(count) if count else _live() as ask:
        question = _question(periods, at, company, rebuilt)
        for group in passes(_counting(chosen)):
            for key, pair in _counted(group, question, company, ask):
                counts[key] = _sum(counts.get(key, (0, 0)), pair)
    rows = company.rows({code for _, code, _ in counts})
    aimed = targets.standing(known=known)
    return [
        [
            replace(figure, aim=aimed.of(figure.indicator.code, figure.unit, period.last))
            for figure in _figures(chosen, number, period, unit, rows, counts)
        ]
        for number, period in enumerate(periods)
    ]


def added_up(parts: Sequence[Sequence[Figure]], *, days: int) -> list[Figure]:
    """Figures of neighbouring periods together, as one period of so many days; each must hold the whole catalogue.

    Counts add up; an index is reckoned again from the sums. What is aimed at is that of the last period.
    """
    counts: dict[tuple[str, str | None], Pair] = defaultdict(lambda: (0, 0))
    newest: dict[tuple[str, str | None], Figure] = {}
    for part in parts:
        for figure in part:
            key = (figure.indicator.code, figure.unit)
            counts[key] = _sum(counts[key], (figure.numerator, figure.denominator or 0))
            newest[key] = figure
    found = []
    for (code, unit), figure in newest.items():
        one = figure.indicator
        if isinstance(one, Index):
            told = _index(one, unit, lambda part, unit=unit: _counted_pair(counts[part, unit], part), days)  # type: ignore[misc]
        else:
            above, below = counts[code, unit]
            told = Figure(one, unit, above, None if figure.denominator is None else below)
        found.append(replace(told, aim=figure.aim))
    return found


def rows_behind(
    *,
    code: str,
    period: Period,
    at: datetime,
    known: datetime | None = None,
    unit: str | None = None,
    part: Part = "denominator",
    limit: int | None = 50,
    offset: int = 0,
) -> list[Behind]:
    """The rows behind a figure, found by the very filter that counted them; `missed` is what fell short. `limit` None: all."""
    one, company = _indicator(code), places(unit)
    with as_known(known) as rebuilt, connection.cursor() as cursor:
        found = finding(one, _question([period], at, company, rebuilt), part)
        ordered = found.order_by("3", "1", "2", copy=False).offset(offset, copy=False)
        if limit is not None:
            ordered = ordered.limit(limit, copy=False)
        cursor.execute(ordered.sql(DIALECT, copy=False))
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


def _declared(code: str) -> Declared:
    try:
        return declared(code)
    except KeyError:
        raise IndicatorUnknown(code) from None


def _indicator(code: str) -> Indicator:
    try:
        return indicator(code)
    except KeyError:
        raise IndicatorUnknown(code) from None


def _counting(chosen: Sequence[Declared]) -> list[Indicator]:
    """What rows must be counted for: the indicators chosen, and those that the indices chosen are made of; each once."""
    codes = dict.fromkeys(
        code for one in chosen for code in (one.parts if isinstance(one, Index) else (one.code,))
    )
    return [indicator(code) for code in codes]


def _question(periods: Sequence[Period], at: datetime, company: Places, rebuilt: bool) -> Question:
    bounds = (*(period.start for period in periods), periods[-1].end)
    return Question(bounds=bounds, at=at, units=company.keys, rebuilt=rebuilt)


def _counted(
    group: Sequence[Indicator], question: Question, company: Places, count: Count
) -> Iterator[tuple[_Key, Pair]]:
    for number, unit, *counts in count(group, question):
        bureau = company.bureau_of[UUID(str(unit))] if unit else None
        for one, below, above in zip(group, counts[::2], counts[1::2], strict=True):
            yield (number, bureau, one.code), (int(above or 0), int(below or 0))


@contextmanager
def _live() -> Iterator[Count]:
    """The live database as what answers passes."""
    with counted_by_hash() as cursor:

        def count(group: Sequence[Indicator], question: Question) -> list[tuple[Any, ...]]:
            cursor.execute(counting(group, question))
            return list(cursor.fetchall())

        yield count


def _figures(
    chosen: Sequence[Declared],
    number: int,
    period: Period,
    top: str | None,
    rows: Sequence[str],
    counts: dict[_Key, Pair],
) -> list[Figure]:
    whole: dict[str, Pair] = defaultdict(lambda: (0, 0))
    for (when, _, code), pair in counts.items():
        if when == number:
            whole[code] = _sum(whole[code], pair)
    days = (period.last - period.first).days + 1

    def figure(one: Declared, unit: str | None, pairs: Callable[[str], Pair]) -> Figure:
        if isinstance(one, Index):
            return _index(one, unit, pairs, days)
        return _figure(one, unit, pairs(one.code))

    told = []
    for one in chosen:
        told.append(figure(one, top, lambda code: whole[code]))
        for row in rows:
            told.append(figure(one, row, lambda code, row=row: counts.get((number, row, code), (0, 0))))  # type: ignore[misc]
    return told


def _counted_pair(pair: Pair, code: str) -> Pair:
    """The pair as it was counted: of a count the number stands below."""
    return (0, pair[0]) if indicator(code).measure == "count" else pair


def _sum(one: Pair, other: Pair) -> Pair:
    return one[0] + other[0], one[1] + other[1]


def _figure(one: Indicator, unit: str | None, pair: Pair) -> Figure:
    above, below = pair
    if one.measure == "count":
        return Figure(one, unit, below, None)
    return Figure(one, unit, above, None if one.measure == "sum" else below)


def _index(one: Index, unit: str | None, pairs: Callable[[str], Pair], days: int) -> Figure:
    """An index from the counts of its parts. A sum or count over no rows is nought; an index of nothing is unknown."""

    def ask(code: str, side: Side) -> Fraction | None:
        figure = _figure(indicator(code), unit, pairs(code))
        match side:
            case "value":
                return figure.exact
            case "numerator":
                return Fraction(figure.numerator)
        return None if figure.denominator is None else Fraction(figure.denominator)

    worth = one.formula.worth(ask, days)
    return Figure(one, unit, 0, 0) if worth is None else Figure(one, unit, worth.numerator, worth.denominator)
