"""What stands beside the figures of a report: breakdowns, and the cases and outages that its chapters name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bihuan.cases.models import Case
from bihuan.cases.queries import by_keys
from bihuan.indicators.queries import rows_behind
from bihuan.indicators.queries.breakdown import Split, split
from bihuan.indicators.rules import Period
from bihuan.kernel.indicator import Breakdown
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import BREAKDOWNS, ROLLS, indicator
from bihuan.outages import queries as outages
from bihuan.reports.queries.naming import about, about_outage, titles_of
from bihuan.reports.rules import Called, Kind, Share, Table

NAMED_AT_MOST = 200
"""Breaches named one by one in a report; the page of breaches has all."""
CALLED_AT_MOST = 30
"""Cases of a roll named one by one; the figure behind has all."""


def tables(kind: Kind, period: Period, unit: str | None, at: datetime, known: datetime) -> tuple[Table, ...]:
    """The breakdowns of this period and the one before, the most frequent first."""
    own = [table for table in BREAKDOWNS if table.days is None]
    counted = split(tables=own, periods=[kind.back(period), period], at=at, known=known, unit=unit)
    found = []
    for table in BREAKDOWNS:
        if table.days is not None:
            counted[table.code] = _lately(table, table.days, kind, period, unit, at, known)
        told = {
            value: (now, before)
            for value, (before, now) in counted[table.code].items()
            if table.at_least == 1 or now[0] >= table.at_least
        }
        titles = titles_of(table, told, period.last)
        shares = [Share(value, titles[value], now, before) for value, (now, before) in told.items()]
        if shares:
            found.append(
                Table(table.code, tuple(sorted(shares, key=lambda one: (*(-n for n in one.now), one.code))))
            )
    return tuple(found)


def _lately(
    table: Breakdown,
    days: int,
    kind: Kind,
    period: Period,
    unit: str | None,
    at: datetime,
    known: datetime,
) -> Split:
    """A breakdown of the days up to the last of the period before, and of those up to this period's last, or to today."""
    before, now = (
        split(
            tables=[table],
            periods=[Period(last - timedelta(days=days - 1), last, period.zone)],
            at=at,
            known=known,
            unit=unit,
        )[table.code]
        for last in (kind.back(period).last, min(period.last, at.astimezone(period.zone).date()))
    )
    nothing = [(0,) * len(table.of)]
    # Rows that say nothing in the column (an outage of no line) are no group.
    return {
        value: [before.get(value, nothing)[0], now.get(value, nothing)[0]]
        for value in sorted({*before, *now})
        if value
    }


def named_rows(period: Period, unit: str | None, at: datetime, known: datetime) -> tuple[Called, ...]:
    """The cases and outages named in their chapters; a confidential case is named nowhere."""
    found = []
    for roll in ROLLS:
        behind = rows_behind(
            code=roll.of, period=period, at=at, known=known, unit=unit, part=roll.part, limit=None
        )
        keys = list(dict.fromkeys(row.key for row in behind))
        of_outages = indicator(roll.of).table == "outage"
        if not of_outages:
            told = set(Case.objects.filter(pk__in=keys, confidential=False).values_list("pk", flat=True))
            keys = [key for key in keys if key in told]
        if keys:
            named = keys[:CALLED_AT_MOST]
            rows = _outages(named) if of_outages else _cases(named, period)
            found.append(Called(roll.code, len(keys), tuple(rows)))
    return tuple(found)


def _cases(keys: Sequence[UUID], period: Period) -> list[tuple[str, str, Words]]:
    cases = by_keys(keys)
    return [
        (case.number, case.unit.code if case.unit else "", about(case, period.last))
        for case in (cases[key] for key in keys)
    ]


def _outages(keys: Sequence[UUID]) -> list[tuple[str, str, Words]]:
    found = outages.by_keys(keys)
    return [(found[key].number, found[key].unit.code, about_outage(found[key])) for key in keys]
