"""Counts and rates split by a column of their rows: repairs by class, complaints by leaf, promises one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from bihuan.indicators.engines.postgresql import Question, counting, passes
from bihuan.indicators.queries.known import as_known, counted_by_hash
from bihuan.indicators.queries.places import places
from bihuan.indicators.rules import Period
from bihuan.kernel.indicator import Breakdown
from bihuan.loops.indicators.catalogue import indicator

Split = dict[str, list[tuple[int, ...]]]
"""For each value of the column, for each period, what was counted: of a count one integer, of a rate numerator and denominator."""


def split(
    *,
    tables: Sequence[Breakdown],
    periods: Sequence[Period],
    at: datetime,
    known: datetime | None = None,
    unit: str | None = None,
) -> dict[str, Split]:
    """Each breakdown by its code. Periods follow one another without a gap. Raises `UnitHasNoFigures`."""
    keys = places(unit).keys
    bounds = (*(period.start for period in periods), periods[-1].end)
    found: dict[str, Split] = {}
    with as_known(known) as rebuilt, counted_by_hash() as cursor:
        question = Question(bounds=bounds, at=at, units=keys, rebuilt=rebuilt)
        for table in tables:
            rates = {code for code in table.of if indicator(code).measure == "percent"}
            counts: dict[tuple[str, int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
            for group in passes([indicator(code) for code in table.of]):
                cursor.execute(counting(group, question, by=table.by))
                for number, value, *told in cursor.fetchall():
                    for one, below, above in zip(group, told[::2], told[1::2], strict=True):
                        counts[str(value or ""), number, one.code] = (int(above or 0), int(below or 0))
            found[table.code] = {
                value: [
                    tuple(
                        part
                        for code in table.of
                        for part in counts[value, number, code][0 if code in rates else 1 :]
                    )
                    for number in range(len(periods))
                ]
                for value in sorted({value for (value, _, _), (_, below) in counts.items() if below})
            }
    return found
