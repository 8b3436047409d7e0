"""Why a figure moved: two periods by unit, business kind, class, area, customer class and promise, each share exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import connection
from sqlglot import exp

from bihuan.indicators.engines.postgresql import DIALECT, Question, finding
from bihuan.indicators.queries.figures import IndicatorUnknown
from bihuan.indicators.queries.known import as_known
from bihuan.indicators.queries.places import places
from bihuan.indicators.rules import Period
from bihuan.indicators.rules.moved import Pair, Part, parts_of_count, parts_of_rate
from bihuan.kernel.expression import MinutesBetween
from bihuan.kernel.indicator import Index, Indicator
from bihuan.loops.indicators.catalogue import declared

Dimension = Literal["unit", "loop", "kind", "area", "class", "promise"]
DIMENSIONS: tuple[Dimension, ...] = ("unit", "loop", "kind", "area", "class", "promise")
OF_CASES = ("cycle", "clock")
"""Tables whose rows belong to cases, so that they can be split by what a case is."""

_Cells = dict[tuple[str, ...], Pair]


@dataclass(frozen=True, slots=True)
class Shares:
    """The parts of one dimension, the largest share first. A part of `kind` is written loop:kind."""

    dimension: Dimension
    parts: tuple[Part, ...]


def why(
    *,
    code: str,
    before: Period,
    now: Period,
    at: datetime,
    known: datetime | None = None,
    unit: str | None = None,
) -> list[Shares]:
    """Each dimension in which there is more than one part. Empty where either period counted nothing, or no cases stand behind.

    The parts of a rate or mean add up to the change of the whole (in percentage points, or minutes); those of a count to its change.
    Raises `IndicatorUnknown`, `UnitHasNoFigures`.
    """
    try:
        one = declared(code)
    except KeyError:
        raise IndicatorUnknown(code) from None
    if (
        isinstance(one, Index)
        or one.table not in OF_CASES
        or one.measure not in ("percent", "count", "minutes")
    ):
        return []
    where = places(unit)
    with as_known(known) as rebuilt:
        was, is_ = (
            _cells(one, Question((period.start, period.end), at, where.keys, rebuilt), where.bureau_of)
            for period in (before, now)
        )
    if not any(pair[1] for pair in was.values()):
        return []
    found = []
    for place, dimension in enumerate(DIMENSIONS):
        sides = _along(was, place), _along(is_, place)
        parts = _parts(one, *sides)
        if parts is not None and len(parts) > 1:
            found.append(Shares(dimension, tuple(parts)))
    return found


def _parts(one: Indicator, was: Mapping[str, Pair], is_: Mapping[str, Pair]) -> list[Part] | None:
    if one.measure != "count":
        return parts_of_rate(was, is_, 100 if one.measure == "percent" else 1)
    return parts_of_count(*({key: pair[1] for key, pair in side.items()} for side in (was, is_)))


def _along(cells: _Cells, place: int) -> dict[str, Pair]:
    found: dict[str, Pair] = defaultdict(lambda: (0, 0))
    for key, (above, below) in cells.items():
        so_far = found[key[place]]
        found[key[place]] = so_far[0] + above, so_far[1] + below
    return found


def _cells(one: Indicator, question: Question, bureau_of: Mapping[UUID, str]) -> _Cells:
    found: _Cells = defaultdict(lambda: (0, 0))
    for key, counted, summed in _grouped(one, question, "denominator", bureau_of):
        found[key] = found[key][0] + summed, found[key][1] + counted
    if one.measure == "percent":
        for key, counted, _ in _grouped(one, question, "numerator", bureau_of):
            found[key] = found[key][0] + counted, found[key][1]
    return found


def _grouped(
    one: Indicator, question: Question, part: str, bureau_of: Mapping[UUID, str]
) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Rows counted by all dimensions at once, with the sum of minutes where minutes are measured."""
    clock = one.table == "clock"
    columns = [
        *("seen.unit_id", "seen.loop", "about.kind" if clock else "seen.kind", "seen.area"),
        *("seen.customer_class", "seen.promise" if clock else "''"),
    ]
    summed = f"sum({_minutes(one.numerator)})" if isinstance(one.numerator, MinutesBetween) else "0"
    select = finding(one, question, part).select(*columns, exp.Count(this=exp.Star()), summed, append=False)
    if clock:  # a clock's own kind is that of its promise
        select = select.join("cases_case AS about", on="about.id = seen.case_id", join_type="left")
    with connection.cursor() as cursor:
        cursor.execute(select.group_by("1", "2", "3", "4", "5", "6").sql(DIALECT))
        for unit, loop, kind, area, customer_class, promise, counted, minutes in cursor.fetchall():
            bureau = bureau_of[unit] if unit else ""
            key = (bureau, loop, f"{loop}:{kind or ''}", area or "", customer_class or "", promise)
            yield key, int(counted), int(minutes or 0)


def _minutes(measured: MinutesBetween) -> str:
    return f"floor(extract(EPOCH FROM seen.{measured.end.name} - seen.{measured.start.name}) / 60)"
