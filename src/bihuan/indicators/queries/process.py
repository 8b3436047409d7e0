"""The ways that cases really went through a loop: variants, time between steps, and where they come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bihuan.indicators.rules import Period
from bihuan.indicators.rules.process import goes_back, goes_straight, stays
from bihuan.kernel.loop import Loop

_CHOSEN = """
WITH chosen AS (
    SELECT kept.id, kept.number FROM cases_case AS kept
    WHERE kept.loop = %(loop)s AND kept.opened_at >= %(start)s AND kept.opened_at < %(end)s
      AND NOT kept.imported AND NOT kept.confidential
      AND (%(unit)s::uuid IS NULL OR kept.unit_id = %(unit)s::uuid)
)
"""
# What happened, not what was written: a corrected time counts, the correction itself is no step of the way. A step
# recorded late stands where it happened; what happened at the same moment stands as it was recorded.
_FIXED = """
fixed AS (
    SELECT DISTINCT ON (fix.case_id, (fix.facts->>'seq')::int)
           fix.case_id, (fix.facts->>'seq')::int AS seq, (fix.facts->>'new_at')::timestamptz AS at
    FROM cases_entry AS fix JOIN chosen ON chosen.id = fix.case_id
    WHERE fix.step = 'correct' AND fix.facts->>'new_at' IS NOT NULL
    ORDER BY fix.case_id, (fix.facts->>'seq')::int, fix.seq DESC
)
"""
HAPPENED = (
    _CHOSEN
    + ","
    + _FIXED
    + """
, happened AS (
    SELECT entry.case_id, chosen.number, entry.seq, entry.step, coalesce(fixed.at, entry.at) AS at
    FROM cases_entry AS entry JOIN chosen ON chosen.id = entry.case_id
    LEFT JOIN fixed ON fixed.case_id = entry.case_id AND fixed.seq = entry.seq
    WHERE entry.step <> 'correct' AND entry.step <> ALL(%(without)s::text[]) AND coalesce(fixed.at, entry.at) < %(at)s
)
"""
)
_VARIANTS = (
    HAPPENED
    + """
SELECT way, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM spent)),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM spent)), min(number)
FROM (
    SELECT number, array_agg(step ORDER BY at, seq) AS way, max(at) - min(at) AS spent
    FROM happened GROUP BY case_id, number
) AS went
GROUP BY way ORDER BY count(*) DESC, way
"""
)
_ARROWS = (
    HAPPENED
    + """
SELECT step, next, count(*), count(DISTINCT case_id), extract(epoch FROM sum(next_at - at)),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM next_at - at)),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM next_at - at))
FROM (
    SELECT case_id, step, at, lead(step) OVER went AS next, lead(at) OVER went AS next_at
    FROM happened WINDOW went AS (PARTITION BY case_id ORDER BY at, seq)
) AS walked
WHERE next IS NOT NULL GROUP BY step, next ORDER BY count(*) DESC, step, next
"""
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way that cases went: its steps, how many went it, median and ninth decile of the seconds from first to last, one case of it."""

    way: tuple[str, ...]
    cases: int
    seconds: int
    most: int
    example: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one step to the next: how often, in how many cases, the seconds between added up, their median and ninth decile."""

    step: str
    after: str
    times: int
    cases: int
    seconds: int
    median: int
    most: int


@dataclass(frozen=True, slots=True)
class Process:
    """All that is told of a loop in a period.

    `straight`: cases that have gone the declared way and nothing else, as far as they have come. `came_back`: cases in which a
    step was taken back or done again. `ways`: how many different ones there are in all. `moves`: the arrows when steps that leave
    the state as it is (a contact, an urging) are passed over. `taken`: how often each step was.
    """

    cases: int
    straight: int
    came_back: int
    ways: int
    variants: tuple[Variant, ...]
    arrows: tuple[Arrow, ...]
    moves: tuple[Arrow, ...]
    taken: dict[str, int]

    @property
    def seconds(self) -> int:
        """All the time between steps, added up over the cases."""
        return sum(arrow.seconds for arrow in self.arrows)

    def move(self, step: str, after: str) -> Arrow | None:
        """From this step to that, if any case went so."""
        return next((one for one in self.moves if (one.step, one.after) == (step, after)), None)


def asked_of(
    loop: Loop, period: Period, at: datetime, unit: UUID | None, *, moves: bool = False
) -> dict[str, Any]:
    """The values that `HAPPENED` asks for. `moves`: without steps that leave the state as it is."""
    without = sorted(stays(loop)) if moves else []
    told = {"loop": loop.code, "start": period.start, "end": period.end, "at": at, "unit": unit}
    return told | {"without": without}


def process(
    *, loop: Loop, period: Period, at: datetime, unit: UUID | None = None, limit: int = 20
) -> Process:
    """The cases accepted in the period, with what happened to them by `at`: three queries however many there are.

    Neither imported history nor confidential cases are in it. `unit`: the bureau that a case is with now.
    """
    asked = asked_of(loop, period, at, unit)
    variants = tuple(
        Variant(tuple(way), count, round(seconds), round(most), number)
        for way, count, seconds, most, number in _rows(_VARIANTS, asked)
    )
    back = goes_back(loop)
    taken: Counter[str] = Counter()
    for one in variants:
        for step in one.way:
            taken[step] += one.cases
    return Process(
        cases=sum(one.cases for one in variants),
        straight=sum(one.cases for one in variants if goes_straight(loop, one.way)),
        came_back=sum(one.cases for one in variants if back & set(one.way)),
        ways=len(variants),
        variants=variants[:limit],
        arrows=_arrows(asked),
        moves=_arrows(asked_of(loop, period, at, unit, moves=True)),
        taken=dict(taken),
    )


def _arrows(asked: dict[str, Any]) -> tuple[Arrow, ...]:
    return tuple(
        Arrow(step, after, times, cases, round(seconds), round(median), round(most))
        for step, after, times, cases, seconds, median, most in _rows(_ARROWS, asked)
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as other programs read it: no person, no text; units are codes.

    `at`: when it happened, as corrected. `corrected`: whether that was put right later. `area`, `customer_class`, `kind` and
    `merged_into` are the case's own, as they stand now.
    """

    case: str
    loop: str
    seq: int
    step: str
    side: str
    at: datetime
    recorded_at: datetime
    corrected: bool
    unit: str
    bureau: str
    cycle: int
    area: str
    customer_class: str
    kind: str
    merged_into: str


_EVENTS = (
    """
WITH chosen AS (
    SELECT kept.* FROM cases_case AS kept
    WHERE kept.opened_at >= %(start)s AND kept.opened_at < %(end)s AND NOT kept.confidential
      AND (%(loop)s = '' OR kept.loop = %(loop)s)
)
,"""
    + _FIXED
    + """
SELECT kept.number, kept.loop, entry.seq, entry.step, entry.side, coalesce(fixed.at, entry.at), entry.recorded_at,
       fixed.at IS NOT NULL, coalesce(unit.code, ''), coalesce(bureau.code, ''), entry.cycle,
       kept.area, kept.customer_class, kept.kind, coalesce(parent.number, '')
FROM chosen AS kept JOIN cases_entry AS entry ON entry.case_id = kept.id
LEFT JOIN fixed ON fixed.case_id = entry.case_id AND fixed.seq = entry.seq
LEFT JOIN people_unit AS unit ON unit.id = entry.unit_id
LEFT JOIN people_unit AS bureau ON bureau.id = unit.bureau_id
LEFT JOIN cases_case AS parent ON parent.id = kept.parent_id AND NOT parent.confidential
WHERE entry.step <> 'correct'
ORDER BY kept.opened_at, kept.id, coalesce(fixed.at, entry.at), entry.seq
"""
)


def events(*, period: Period, loop: str = "") -> Iterator[Happened]:
    """What happened in the cases accepted in the period, case by case, in the order of happening.

    Confidential cases are left out; a correction is told by what it corrects.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(_EVENTS, {"start": period.start, "end": period.end, "loop": loop})
        while rows := cursor.fetchmany(5_000):
            for row in rows:
                yield Happened(*row)


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
