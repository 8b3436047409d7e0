"""Whether the archive's rounds follow from the archive's own entries: folded again, and compared column by column."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

from bihuan.cases.rules import Round, Timeline, Told
from bihuan.flow.rules.rows import cycle_row
from bihuan.indicators.engines.archive import State
from bihuan.indicators.engines.duckdb import reading
from bihuan.indicators.engines.sources import CYCLE
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people.models import Unit

SLICE = 50_000
"""Rounds that are held at once."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENTRIES = """
SELECT case_id, number, seq, cycle, step, epoch_us("at"), epoch_us(recorded_at), actor_id, unit_id, facts
FROM read_parquet($files, hive_partitioning = false) WHERE hash(case_id) % $slices = $slice ORDER BY case_id, seq
"""
_OF_ITS_OWN = frozenset({"id", "repeated_at", "imported"})
"""Columns that don't follow from the case's own entries."""


def differing_rounds(folder: Path, state: State) -> Iterator[Words | None]:
    """For each round that can be folded again: None where it is as folded, else what differs.

    A round of which the archive doesn't hold every entry yet (something happened after its last week) is passed over.
    """
    files = [str(folder / file.path) for _, file in state.of("entry")]
    count = sum(file.rows for _, file in state.of("cycle"))
    if not files or not count:
        return
    units = dict(Unit.objects.values_list("code", "pk"))
    slices = max(1, count // SLICE)
    columns = ", ".join(
        f'epoch_us("{column.name}")' if column.type == "TIMESTAMPTZ" else f'"{column.name}"'
        for column in CYCLE.columns
    )
    with reading(folder, state) as reader, duckdb.connect(":memory:") as entries:
        for number in range(slices):
            kept: dict[str, list[dict[str, Any]]] = defaultdict(list)
            asked = f"SELECT {columns} FROM archived_cycle AS kept WHERE hash(case_id) % {slices} = {number}"
            for row in reader.rows(asked):
                told = dict(zip((column.name for column in CYCLE.columns), row, strict=True))
                kept[str(told["case_id"])].append(told)
            found = entries.execute(_ENTRIES, {"files": files, "slices": slices, "slice": number})
            for case, name, timeline in _timelines(found, kept):
                yield from _compared(name, timeline, kept[case], units)


def _timelines(
    found: duckdb.DuckDBPyConnection, kept: dict[str, list[dict[str, Any]]]
) -> Iterator[tuple[str, str, list[Told]]]:
    case, name, timeline = "", "", list[Told]()
    while rows := found.fetchmany(10_000):
        for case_id, number, seq, cycle, step, at, recorded_at, actor, unit, facts in rows:
            if case_id != case:
                if timeline and case in kept:
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
    if timeline and case in kept:
        yield case, name, timeline


def _compared(
    name: str, told: list[Told], rows: list[dict[str, Any]], units: dict[str, UUID]
) -> Iterator[Words | None]:
    if [entry.seq for entry in told] != list(range(1, len(told) + 1)):
        return
    rounds = {now.number: now for now in Timeline(loop_of(rows[0]["loop"]), told).rounds}
    for row in rows:
        now = rounds.get(row["cycle"])
        if now is None or _micro(now.recorded_at) != row["recorded_at"]:
            continue
        differing = _differing(now, row, units)
        yield (
            None
            if not differing
            else Words(
                zh=f"{name}（{row['cycle']}）：{'、'.join(differing)} 与记录不符",
                en=f"{name} ({row['cycle']}): {', '.join(differing)}: not what the entries say",
            )
        )


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
