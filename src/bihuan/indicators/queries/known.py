"""What was known earlier: rows of cases that changed since are made again from the entries recorded by then.

The same pure code as everywhere (`Timeline`, `cycle_row`, `clocks`, `clock_row`) writes them into temporary tables; cases in
which nothing was recorded since are read where they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bihuan.cases.rules import REPEAT_WINDOW_DAYS, Timeline, Told
from bihuan.flow.rules.rows import CLOCK_COLUMNS, CYCLE_COLUMNS, clock_row, cycle_row
from bihuan.kernel.limit import Limit, LimitUnit, due
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people.models import Unit
from bihuan.promises.models import Clock
from bihuan.promises.rules import clocks

CHUNK = 1_000
_LIMIT = ("pack", "edition", "amount", "amount_unit")

_MAKE = """
CREATE TEMPORARY TABLE stale_case ON COMMIT DROP AS
SELECT kept.id FROM public.cases_case AS kept WHERE kept.changed_at > %(known)s
UNION
SELECT later.repeat_of_id FROM public.cases_case AS later
WHERE later.repeat_of_id IS NOT NULL AND later.changed_at > %(known)s
"""
_TABLES = """
CREATE UNIQUE INDEX ON pg_temp.stale_case (id);
CREATE TEMPORARY TABLE stale_cycle (LIKE public.cases_cycle INCLUDING DEFAULTS) ON COMMIT DROP;
CREATE TEMPORARY TABLE stale_clock (LIKE public.promises_clock INCLUDING DEFAULTS) ON COMMIT DROP
"""
_DROP = "DROP TABLE IF EXISTS pg_temp.stale_case, pg_temp.stale_cycle, pg_temp.stale_clock"
_CASES = """
SELECT kept.id, kept.loop, kept.imported, kept.unit_id, unit.bureau_id FROM public.cases_case AS kept
LEFT JOIN public.supply_premises AS place ON place.id = kept.premises_id
LEFT JOIN public.people_unit AS unit ON unit.id = CASE
    WHEN kept.confidential THEN public.cases_served_by(kept.id) ELSE place.unit_id END
WHERE kept.id = ANY(%s) ORDER BY kept.id
"""
_ENTRIES = """
SELECT case_id, seq, cycle, step, at, recorded_at, actor_id, unit_id, facts::text FROM public.cases_entry
WHERE case_id = ANY(%s) ORDER BY case_id, seq
"""
_BEGUN = """
SELECT stale.id FROM pg_temp.stale_case AS stale
JOIN public.cases_entry AS first ON first.case_id = stale.id AND first.seq = 1
WHERE first.recorded_at <= %s ORDER BY stale.id
"""
_REPEATS = """
UPDATE pg_temp.stale_cycle AS cycle SET repeated_at = again.opened_at
FROM pg_temp.stale_cycle AS own CROSS JOIN LATERAL (
    SELECT min(first.at) AS opened_at FROM public.cases_case AS later
    JOIN public.cases_entry AS first ON first.case_id = later.id AND first.seq = 1
    WHERE later.repeat_of_id = own.case_id AND first.recorded_at <= %s AND first.at > own.confirmed_at
      AND first.at <= own.confirmed_at + make_interval(days => %s)
) AS again
WHERE cycle.id = own.id AND again.opened_at IS NOT NULL
"""


_held: ContextVar[tuple[datetime | None, bool] | None] = ContextVar("held", default=None)
"""What the block around this one is known as of, and whether rows were made again for it."""


@contextmanager
def as_known(known: datetime | None) -> Iterator[bool]:
    """Whether the temporary tables stand in for some cases: they do when something was recorded after `known`.

    Everything asked within sees one snapshot of the database. A block within another one shares its snapshot and its tables;
    raises ValueError if it asks about another moment. Within a transaction there is no other snapshot than that transaction's.
    """
    outer = _held.get()
    if outer is not None:
        if outer[0] != known:
            raise ValueError(f"asked as known at {known} within what was known at {outer[0]}")
        yield outer[1]
        return
    with one_view(), _rebuilt(known) as rebuilt:
        token = _held.set((known, rebuilt))
        try:
            yield rebuilt
        finally:
            _held.reset(token)


@contextmanager
def one_view() -> Iterator[None]:
    """A transaction whose every statement sees the same rows; within another transaction, that one."""
    fresh = not connection.in_atomic_block
    with transaction.atomic():
        if fresh:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


_BY_HASH = {
    "enable_sort": "off",
    "enable_incremental_sort": "off",
    "hash_mem_multiplier": "100",
    "parallel_setup_cost": "10",
    "parallel_tuple_cost": "0",
}
_WERE = "SELECT " + ", ".join(f"current_setting('{name}')" for name in _BY_HASH)
_SET = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _BY_HASH)


@contextmanager
def counted_by_hash() -> Iterator[CursorWrapper]:
    """A cursor for counts of many rows by few groups, which the planner takes for many groups: it knows nothing of what the
    number of a period can be, and right after a large import nothing of the tables either. Left alone it sorts every row
    to disk; here it hashes, on all the processors it may use. Measured with a million cases: 1.6 s instead of 2.4.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WERE)
        were = cursor.fetchone()
        cursor.execute(_SET, list(_BY_HASH.values()))
        yield cursor
        cursor.execute(_SET, were)


@contextmanager
def _rebuilt(known: datetime | None) -> Iterator[bool]:
    if known is None or not _anything_since(known):
        yield False
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_MAKE, {"known": known})
        cursor.execute(_TABLES)
        _rebuild(known)
        cursor.execute(_REPEATS, [known, REPEAT_WINDOW_DAYS])
        cursor.execute("ANALYZE pg_temp.stale_cycle, pg_temp.stale_clock")
        try:
            yield True
        finally:
            if not connection.needs_rollback:
                cursor.execute(_DROP)


def _anything_since(known: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(changed_at) FROM cases_case")
        (newest,) = cursor.fetchone()
        return newest is not None and bool(newest > known)


@dataclass(frozen=True, slots=True)
class _Case:
    id: UUID
    loop: str
    imported: bool
    unit_id: UUID | None
    home: UUID | None


def _rebuild(known: datetime) -> None:
    keys = [row[0] for row in _fetch(_BEGUN, [known])]
    units = {unit.code: unit for unit in Unit.objects.order_by("code")}
    for start in range(0, len(keys), CHUNK):
        _chunk(keys[start : start + CHUNK], known, units)


def _chunk(keys: Sequence[UUID], known: datetime, units: dict[str, Unit]) -> None:
    by_code = {code: unit.pk for code, unit in units.items()}
    paths = {unit.pk: unit.path for unit in units.values()}
    entries: dict[UUID, list[Told]] = {
        key: [_told(row) for row in group]
        for key, group in groupby(_fetch(_ENTRIES, [list(keys)]), key=itemgetter(0))
    }
    running: dict[UUID, dict[tuple[str, int], Clock]] = {}
    for clock in Clock.objects.filter(case_id__in=keys).order_by("case_id", "id"):
        running.setdefault(clock.case_id, {})[clock.promise, clock.cycle] = clock
    cycle_rows: list[Sequence[Any]] = []
    clock_rows: list[Sequence[Any]] = []
    for row in _fetch(_CASES, [list(keys)]):
        case = _Case(*row)
        then = [told for told in entries.get(case.id, []) if told.recorded_at <= known]
        if not then:
            continue
        timeline = Timeline(loop_of(case.loop), then)
        common: dict[str, Any] = {
            "case_id": case.id,
            "loop": case.loop,
            "units": by_code,
            "default_unit": _home(case, entries[case.id], units, paths),
            "imported": case.imported,
        }
        for now in timeline.rounds:
            made = cycle_row(now=now, **common)
            cycle_rows.append([made[name] for name in CYCLE_COLUMNS])
        for made in _clock_rows(timeline, running.get(case.id, {}), common):
            clock_rows.append([made[name] for name in CLOCK_COLUMNS])
    _copy("stale_cycle", CYCLE_COLUMNS, cycle_rows)
    _copy("stale_clock", CLOCK_COLUMNS, clock_rows)


def _told(row: tuple[Any, ...]) -> Told:
    _, seq, cycle, step, at, recorded_at, actor_id, unit_id, facts = row
    return Told(seq, cycle, step, at, recorded_at, actor_id, unit_id, json.loads(facts))


def _home(
    case: _Case, entries: Sequence[Told], units: dict[str, Unit], paths: dict[UUID, str]
) -> UUID | None:
    """The bureau that had the case until a dispatch named one: none while the case speaks of it, as when it was opened."""
    if not any(told.facts.get("unit") for told in entries):
        return case.unit_id
    about = units.get(str(entries[0].facts.get("about", "")))
    if about is not None and case.home is not None and paths[case.home].startswith(about.path):
        return None
    return case.home


def _clock_rows(
    timeline: Timeline, running: dict[tuple[str, int], Clock], common: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Clocks as the timeline had them then. A limit once given stays, whatever the packs say today."""
    calendar = packs.calendar()
    promises_on = partial(packs.promises_on, timeline.loop.code)
    for clock in clocks(rounds=timeline.rounds, promises_on=promises_on, calendar=calendar):
        kept = running.get((clock.promise, clock.cycle))
        if kept is None:
            continue
        made = clock_row(clock=clock, **common)
        made |= {name: getattr(kept, name) for name in ("pack", "edition", "clause", "public", "amount")}
        made["amount_unit"] = kept.amount_unit
        if all(getattr(clock, name) == getattr(kept, name) for name in _LIMIT):
            # The packs say what they said: what stood still since `known` has moved the live limit, not this one.
            made |= {"due_at": clock.due_at, "by_day": clock.by_day}
        elif kept.started_at == clock.started_at or not kept.amount_unit:
            made |= {"due_at": kept.due_at, "by_day": kept.by_day}
        else:
            limit = packs.limit_given(
                pack=kept.pack,
                promise=kept.promise,
                area=kept.area,
                customer_class=kept.customer_class,
                amount=kept.amount,
                unit=kept.amount_unit,
            ) or Limit(kept.amount, LimitUnit(kept.amount_unit))
            end = due(start=clock.started_at, limit=limit, calendar=calendar)
            made |= {"due_at": end.at, "by_day": end.by_day}
        yield made


def _fetch(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


def _copy(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY pg_temp.{table} ({', '.join(columns)}) FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row(row)
