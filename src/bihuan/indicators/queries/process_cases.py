"""The cases behind the process view: those that went a way, or from one step to another, the slowest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bihuan.cases.models import Case
from bihuan.cases.queries import by_keys, visible
from bihuan.indicators.queries.process import HAPPENED, asked_of
from bihuan.indicators.rules import Period
from bihuan.indicators.rules.process import Which, goes_back
from bihuan.kernel.loop import Loop
from bihuan.people.rules import Scope

# The time of an arrow is the longest of its times in a case, else that from the first step to the last.
_ARROW = """
SELECT case_id, max(next_at - at) AS spent FROM (
    SELECT case_id, step, at, lead(step) OVER went AS next, lead(at) OVER went AS next_at
    FROM happened WINDOW went AS (PARTITION BY case_id ORDER BY at, seq)
) AS walked WHERE step = %(step)s AND next = %(next)s GROUP BY case_id
"""
_WAY = """
SELECT case_id, max(at) - min(at) AS spent FROM happened GROUP BY case_id
HAVING (%(way)s::text[] = '{}' OR array_agg(step::text ORDER BY at, seq) = %(way)s::text[])
   AND (%(back)s::text[] = '{}' OR array_agg(step::text) && %(back)s::text[])
"""


@dataclass(frozen=True, slots=True)
class Went:
    """A case and the seconds that it took."""

    case: Case
    seconds: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of cases, how many there are in all, and how many of them aren't for this reader."""

    rows: list[Went]
    total: int
    hidden: int


def cases_that_went(
    *,
    loop: Loop,
    which: Which,
    period: Period,
    at: datetime,
    seen: Scope,
    unit: UUID | None = None,
    limit: int,
    offset: int = 0,
) -> Behind:
    """Some of the cases, the slowest first; found among the very cases that `process` counts. Three queries."""
    asked = asked_of(loop, period, at, unit, moves=which.move)
    if which.arrow:
        asked |= {"step": which.arrow[0], "next": which.arrow[1]}
    else:
        asked |= {"way": list(which.way), "back": sorted(goes_back(loop)) if which.came_back else []}
    inner, values = _placed(HAPPENED + (_ARROW if which.arrow else _WAY), asked)
    mine, scoped = visible(seen).order_by().values("pk").query.sql_with_params()
    told = f"SELECT found.*, found.case_id IN ({mine}) AS shown FROM ({inner}) AS found"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE shown) FROM ({told}) AS told", [*scoped, *values]
        )
        total, shown = cursor.fetchone()
        cursor.execute(
            f"SELECT case_id, extract(epoch FROM spent) FROM ({told}) AS told WHERE shown"
            " ORDER BY spent DESC, case_id LIMIT %s OFFSET %s",
            [*scoped, *values, limit, offset],
        )
        rows = cursor.fetchall()
    found = by_keys(key for key, _ in rows)
    return Behind([Went(found[key], round(seconds)) for key, seconds in rows], total, total - shown)


def _placed(statement: str, asked: dict[str, Any]) -> tuple[str, list[Any]]:
    """Values by place instead of by name, as Django writes its own."""
    values: list[Any] = []

    def place(found: re.Match[str]) -> str:
        values.append(asked[found[1]])
        return "%s"

    return re.sub(r"%\((\w+)\)s", place, statement), values
