"""The ways that cases really went through a loop: variants, time between steps, and where they come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bihuan.indicators.rules import Period

_CHOSEN = """
WITH chosen AS (
    SELECT kept.id FROM cases_case AS kept
    WHERE kept.loop = %(loop)s AND kept.opened_at >= %(start)s AND kept.opened_at < %(end)s AND NOT kept.imported
      AND (%(unit)s::uuid IS NULL OR kept.unit_id = %(unit)s::uuid)
)
"""
_VARIANTS = (
    _CHOSEN
    + """
SELECT way, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM spent)), min(number)
FROM (
    SELECT entry.case_id, array_agg(entry.step ORDER BY entry.seq) AS way, max(entry.at) - min(entry.at) AS spent,
           (SELECT number FROM cases_case AS kept WHERE kept.id = entry.case_id) AS number
    FROM cases_entry AS entry JOIN chosen ON chosen.id = entry.case_id
    WHERE entry.step <> 'correct' AND entry.at < %(at)s GROUP BY entry.case_id
) AS went
GROUP BY way ORDER BY count(*) DESC, way LIMIT %(limit)s
"""
)
_ARROWS = (
    _CHOSEN
    + """
SELECT step, next, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM next_at - at)),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM next_at - at))
FROM (
    SELECT entry.step, entry.at, lead(entry.step) OVER went AS next, lead(entry.at) OVER went AS next_at
    FROM cases_entry AS entry JOIN chosen ON chosen.id = entry.case_id
    WHERE entry.step <> 'correct' AND entry.at < %(at)s
    WINDOW went AS (PARTITION BY entry.case_id ORDER BY entry.seq)
) AS walked
WHERE next IS NOT NULL GROUP BY step, next ORDER BY count(*) DESC, step, next
"""
)
_COUNT = (
    _CHOSEN
    + "SELECT (SELECT count(*) FROM chosen), count(DISTINCT entry.case_id) FROM cases_entry AS entry"
    + " JOIN chosen ON chosen.id = entry.case_id WHERE entry.step = ANY(%(back)s) AND entry.at < %(at)s"
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way that cases went: its steps, how many went it, the median seconds from first to last, one case of it."""

    way: tuple[str, ...]
    cases: int
    seconds: int
    example: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to the next: how often, median and ninth decile of the seconds between."""

    step: str
    after: str
    times: int
    median: int
    most: int


@dataclass(frozen=True, slots=True)
class Process:
    """All that is told of a loop in a period. `came_back`: cases in which a step was taken back or done again."""

    cases: int
    came_back: int
    variants: tuple[Variant, ...]
    arrows: tuple[Arrow, ...]


BACK = ("return", "send_back", "rework", "redirect", "split")
"""Steps after which something is done once more."""


def process(*, loop: str, period: Period, at: datetime, unit: UUID | None = None, limit: int = 20) -> Process:
    """The cases accepted in the period, with what happened to them by `at`: three queries however many there are."""
    asked: dict[str, Any] = {
        "loop": loop,
        "start": period.start,
        "end": period.end,
        "at": at,
        "unit": unit,
        "limit": limit,
        "back": list(BACK),
    }
    ((cases, came_back),) = _rows(_COUNT, asked)
    return Process(
        cases=cases,
        came_back=came_back,
        variants=tuple(
            Variant(tuple(way), count, round(seconds), number)
            for way, count, seconds, number in _rows(_VARIANTS, asked)
        ),
        arrows=tuple(
            Arrow(step, after, times, round(median), round(most))
            for step, after, times, median, most in _rows(_ARROWS, asked)
        ),
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as other programs read it: no person, no text; `unit` is a code."""

    case: str
    loop: str
    seq: int
    step: str
    side: str
    at: datetime
    unit: str
    cycle: int


_EVENTS = """
SELECT kept.number, kept.loop, entry.seq, entry.step, entry.side, entry.at, coalesce(unit.code, ''), entry.cycle
FROM cases_case AS kept JOIN cases_entry AS entry ON entry.case_id = kept.id
LEFT JOIN people_unit AS unit ON unit.id = entry.unit_id
WHERE kept.opened_at >= %(start)s AND kept.opened_at < %(end)s AND NOT kept.confidential
  AND (%(loop)s = '' OR kept.loop = %(loop)s)
ORDER BY kept.opened_at, kept.id, entry.seq
"""


def events(*, period: Period, loop: str = "") -> Iterator[Happened]:
    """Every entry of the cases accepted in the period, case by case. Confidential cases are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"start": period.start, "end": period.end, "loop": loop})
        while rows := cursor.fetchmany(5_000):
            for row in rows:
                yield Happened(*row)


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
