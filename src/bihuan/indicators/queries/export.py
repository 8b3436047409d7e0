"""The rows behind a figure as a reader may see them: found by the filter that counted them, each with whether it was met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from sqlglot import exp

from bihuan.cases.models import Case
from bihuan.cases.queries import by_keys, visible
from bihuan.indicators.engines.postgresql import DIALECT, Question, finding
from bihuan.indicators.queries.figures import IndicatorUnknown
from bihuan.indicators.queries.places import places
from bihuan.indicators.rules import Period
from bihuan.kernel.indicator import Indicator
from bihuan.loops.indicators.catalogue import indicator
from bihuan.people.rules import Scope

Part = Literal["denominator", "numerator", "missed"]
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row behind a figure: a case may stand here once for each of its rounds and promises. `met` is None where nothing is asked."""

    case: Case
    cycle: int
    counted_at: datetime
    promise: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows, how many the reader may see in all, and how many stand behind the figure but aren't for him."""

    rows: list[Row]
    total: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: of an indicator, a period, a unit (None: the company), as of `at`, for a reader of this scope."""

    code: str
    period: Period
    at: datetime
    seen: Scope
    unit: str | None = None
    part: Part = "denominator"


def rows_shown(asked: Asked, *, limit: int, offset: int = 0) -> Rows:
    """Some of the rows, by when they were counted. Raises `IndicatorUnknown`, `UnitHasNoFigures`."""
    inner, values = _statement(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE shown) FROM ({inner}) AS found", values)
        counted, total = cursor.fetchone()
        cursor.execute(
            f"SELECT * FROM ({inner}) AS found WHERE shown ORDER BY 3, 1, 2, 4 LIMIT %s OFFSET %s",
            [*values, limit, offset],
        )
        told = cursor.fetchall()
    return Rows(list(_rows(told)), total, counted - total)


def every_row(asked: Asked) -> Iterator[Row]:
    """All of them, read some at a time by one cursor, so that a year of a large utility fits."""
    inner, values = _statement(asked)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({inner}) AS found WHERE shown ORDER BY 3, 1, 2, 4", values)
        while told := cursor.fetchmany(CHUNK):
            yield from _rows(told)


def _rows(told: list[tuple[Any, ...]]) -> Iterator[Row]:
    found = by_keys({row[0] for row in told})
    for key, cycle, counted_at, promise, met, _ in told:
        yield Row(found[key], cycle, counted_at, promise, met)


def _statement(asked: Asked) -> tuple[str, tuple[Any, ...]]:
    """case, cycle, counted_at, promise, met, shown: the last says whether the reader may see the case."""
    try:
        one = indicator(asked.code)
    except KeyError:
        raise IndicatorUnknown(asked.code) from None
    question = Question((asked.period.start, asked.period.end), asked.at, places(asked.unit).keys)
    branches = [_branch(one, question, part, met).sql(DIALECT) for part, met in _wanted(one, asked.part)]
    mine, values = visible(asked.seen).order_by().values("pk").query.sql_with_params()
    inner = " UNION ALL ".join(branches).replace("%", "%%")
    return f"SELECT kept.*, kept.case_id IN ({mine}) AS shown FROM ({inner}) AS kept", tuple(values)


def _wanted(one: Indicator, part: Part) -> list[tuple[Part, bool | None]]:
    if one.measure != "percent":
        return [("denominator", None)]
    parts: list[tuple[Part, bool | None]] = [("numerator", True), ("missed", False)]
    return parts if part == "denominator" else [pair for pair in parts if pair[0] == part]


def _branch(one: Indicator, question: Question, part: Part, met: bool | None) -> exp.Select:
    promise = "seen.promise" if one.table == "clock" else "''"
    flag = "NULL::boolean" if met is None else str(met).upper()
    return finding(one, question, part).select(f"{promise} AS promise", f"{flag} AS met")
