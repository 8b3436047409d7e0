"""Whether the archive's rounds and clocks follow from the archive's own entries: folded again, compared column by column."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from bihuan.cases.models import Case
from bihuan.cases.rules import Round, Timeline, Told
from bihuan.flow.rules.rows import clock_row, cycle_row
from bihuan.indicators.engines.archive import State
from bihuan.indicators.engines.duckdb import reading
from bihuan.indicators.engines.sources import CLOCK, CYCLE, Source
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people.models import Unit
from bihuan.promises.models import Clock
from bihuan.promises.rules import clocks

SLICE = 50_000
"""Rounds that are held at once."""
AT_ONCE = 2_000
"""Cases that are looked up at once."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENTRIES = """
SELECT case_id, number, seq, cycle, step, epoch_us("at"), epoch_us(recorded_at), actor_id, unit_id, facts
FROM read_parquet($files, hive_partitioning = false) WHERE hash(case_id) % $slices = $slice ORDER BY case_id, seq
"""
_OF_ITS_OWN = frozenset({"id", "repeated_at", "imported"})
"""Columns that don't follow from the case's own entries."""
_OF_A_CLOCK = ("loop", "started_at", "suspended_at", "ended_at", "void_at")
"""What entries say of a clock, whatever the packs say today."""
_GIVEN = (
    "promise",
    "cycle",
    "kind",
    "pack",
    "edition",
    "clause",
    "public",
    "area",
    "customer_class",
    "amount",
    "amount_unit",
    "due_at",
    "by_day",
)
"""What a clock was given when it began; it stands in PostgreSQL, where `verify` looks at it."""


def differing_rounds(folder: Path, state: State) -> Iterator[tuple[str, Words | None]]:
    """For each round and clock that can be folded again: of which table it is, and None where it is as folded, else what differs.

    A case of which the archive doesn't hold every entry yet (something happened after its last week) is passed over with its
    clocks. Whole ones have every round that their entries say and every clock that PostgreSQL has, and no other.
    """
    files = [str(folder / file.path) for _, file in state.of("entry")]
    count = sum(file.rows for _, file in state.of("cycle"))
    if not files or not count:
        return
    units = dict(Unit.objects.values_list("code", "pk"))
    slices = max(1, count // SLICE)
    with reading(folder, state) as reader, duckdb.connect(":memory:") as entries:
        for number in range(slices):
            kept, ticking = (
                _by_case(reader.rows(_asked(source, slices, number)), source) for source in (CYCLE, CLOCK)
            )
            found = entries.execute(_ENTRIES, {"files": files, "slices": slices, "slice": number})
            settled: dict[str, tuple[str, list[dict[str, Any]]]] = {}
            for some in _batches(_timelines(found)):
                live = Case.objects.in_bulk([UUID(case) for case, _, _ in some])
                for case, name, told in some:
                    # A case that has gone on since, or of which later weeks are still to be written, isn't whole here.
                    if UUID(case) not in live or live[UUID(case)].last_seq != len(told):
                        continue
                    timeline = Timeline(loop_of(live[UUID(case)].loop), told)
                    yield from _rounds(name, timeline, kept[case], units)
                    rows = [row | {"case": name} for row in ticking[case]]
                    for row, differing in _clocks(timeline, rows, units):
                        yield "clock", _said(name, row, differing)
                    settled[case] = name, rows
                yield from _given(settled)
                settled.clear()


def _asked(source: Source, slices: int, number: int) -> str:
    columns = ", ".join(
        f'epoch_us("{column.name}")' if column.type == "TIMESTAMPTZ" else f'"{column.name}"'
        for column in source.columns
    )
    return f"SELECT {columns} FROM archived_{source.name} AS kept WHERE hash(case_id) % {slices} = {number}"


def _by_case(rows: Iterable[tuple[Any, ...]], source: Source) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    names = [column.name for column in source.columns]
    for row in rows:
        told = dict(zip(names, row, strict=True))
        found[str(told["case_id"])].append(told)
    return found


def _timelines(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, list[Told]]]:
    case, name, timeline = "", "", list[Told]()
    while rows := found.fetchmany(10_000):
        for case_id, number, seq, cycle, step, at, recorded_at, actor, unit, facts in rows:
            if case_id != case:
                if timeline:
                    yield case, name, timeline
                case, name, timeline = case_id, number, []
            timeline.append(
                Told(
                    seq,
                    cycle,
                    step,
                    _moment(at),
                    _moment(recorded_at),
                    UUID(actor),
                    UUID(unit) if unit else None,
                    json.loads(facts),
                )
            )
    if timeline:
        yield case, name, timeline


def _batches(
    timelines: Iterator[tuple[str, str, list[Told]]],
) -> Iterator[list[tuple[str, str, list[Told]]]]:
    while some := list(islice(timelines, AT_ONCE)):
        yield some


def _rounds(
    name: str, timeline: Timeline, rows: list[dict[str, Any]], units: dict[str, UUID]
) -> Iterator[tuple[str, Words | None]]:
    """Every round that the entries say, and every row beside them."""
    by_number = {row["cycle"]: row for row in rows}
    for now in timeline.rounds:
        row = by_number.pop(now.number, None)
        if row is None:
            yield "cycle", _missing(name, f"{now.number}")
        else:
            yield "cycle", _said(name, row, _differing(now, row, units))
    for row in by_number.values():
        yield "cycle", _said(name, row, ["cycle"])


def _missing(name: str, place: str) -> Words:
    return Words(zh=f"{name}（{place}）：归档中缺失", en=f"{name} ({place}): missing from the archive")


def _said(name: str, row: dict[str, Any], differing: list[str]) -> Words | None:
    if not differing:
        return None
    place = f"{row['cycle']} {row['promise']}" if "promise" in row else f"{row['cycle']}"
    return Words(
        zh=f"{name}（{place}）：{'、'.join(differing)} 与记录不符",
        en=f"{name} ({place}): {', '.join(differing)}: not what the entries say",
    )


def _clocks(
    timeline: Timeline, rows: list[dict[str, Any]], units: dict[str, UUID]
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    by_key = {(row["promise"], row["cycle"]): row for row in rows}
    promises_on = partial(packs.promises_on, timeline.loop.code)
    for clock in clocks(rounds=timeline.rounds, promises_on=promises_on, calendar=packs.calendar()):
        row = by_key.get((clock.promise, clock.cycle))
        if row is None:
            continue
        expected = clock_row(
            case_id=UUID(row["case_id"]),
            loop=timeline.loop.code,
            clock=clock,
            units=units,
            default_unit=None,
            imported=bool(row["imported"]),
        )
        names = (*_OF_A_CLOCK, "unit_id") if expected["unit_id"] else _OF_A_CLOCK
        yield row, [name for name in names if _plain(expected[name]) != row[name]]


def _given(
    settled: dict[str, tuple[str, list[dict[str, Any]]]],
) -> Iterator[tuple[str, Words | None]]:
    """Only what differs: the clocks of whole cases as PostgreSQL has them, by its own keys, none missing and none beside them."""
    live: dict[str, dict[str, Clock]] = defaultdict(dict)
    for clock in Clock.objects.filter(case_id__in=[UUID(case) for case in settled]).order_by("case_id", "id"):
        live[str(clock.case_id)][str(clock.pk)] = clock
    for case, (name, rows) in settled.items():
        kept = {row["id"]: row for row in rows}
        for key, clock in live[case].items():
            if key not in kept:
                yield "clock", _missing(name, f"{clock.cycle} {clock.promise}")
        for key, row in kept.items():
            known = live[case].get(key)
            differing = (
                ["id"]
                if known is None
                else [name for name in _GIVEN if _plain(getattr(known, name)) != row[name]]
            )
            if differing:
                yield "clock", _said(name, row, differing)


def _differing(now: Round, row: dict[str, Any], units: dict[str, UUID]) -> list[str]:
    expected = cycle_row(
        case_id=UUID(row["case_id"]),
        loop=row["loop"],
        now=now,
        units=units,
        default_unit=None,
        imported=bool(row["imported"]),
    )
    skipped = _OF_ITS_OWN | (set() if now.columns.get("unit") else {"unit_id"})
    return [
        column.name
        for column in CYCLE.columns
        if column.name in expected
        and column.name not in skipped
        and _plain(expected[column.name]) != row[column.name]
    ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _micro(value)
    return str(value) if isinstance(value, UUID) else value


def _micro(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
