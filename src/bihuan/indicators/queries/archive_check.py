"""Whether the archive still is what was sealed: files by SHA-256, entries by digests, digests by seals, rounds and clocks by entries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb
from django.db import connection

from bihuan.cases.models import Seal
from bihuan.cases.rules import Told, entry_digest
from bihuan.indicators.engines.archive import Archive, ArchiveDamaged, State, file_digest
from bihuan.indicators.queries.archive_rounds import differing_rounds
from bihuan.indicators.rules import week
from bihuan.kernel.words import Words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_READ = """
SELECT case_id, number, seq, cycle, step, side, epoch_us("at"), epoch_us(recorded_at), actor_id, unit_id, facts, notes,
       previous, digest, seal
FROM read_parquet($files, hive_partitioning = false) ORDER BY case_id, seq
"""
_EXPECTED = """
SELECT part.seal_id, count(*) FROM cases_sealed AS part
CROSS JOIN LATERAL (
    SELECT own.at FROM cases_entry AS own
    WHERE own.case_id = part.case_id AND own.seq BETWEEN part.first_seq AND part.last_seq
    OFFSET 0
) AS entry
WHERE part.seal_id <= %s AND entry.at < %s GROUP BY part.seal_id
"""


@dataclass(slots=True)
class ArchiveChecked:
    """What a check has looked at. `whole` seals lie in the archive with all their entries; `rounds` and `clocks` were folded again."""

    files: int = 0
    entries: int = 0
    seals: int = 0
    whole: int = 0
    rounds: int = 0
    clocks: int = 0


def check_archive(*, folder: Path, checked: ArchiveChecked, zone: ZoneInfo) -> Iterator[Words]:
    """Every difference between the archive and the chain of seals. `checked` counts what was looked at, as it goes."""
    try:
        state = Archive(folder).state()
    except ArchiveDamaged as fault:
        yield fault.words
        return
    broken = list(_files(folder, state, checked))
    yield from broken
    if broken or not state.weeks:
        return
    seals = {seal.number: seal for seal in Seal.objects.filter(number__lte=state.seal).order_by("number")}
    chains = {number: hashlib.sha256(bytes(seal.previous)) for number, seal in seals.items()}
    counts = dict.fromkeys(seals, 0)
    yield from _entries(folder, state, checked, chains, counts)
    yield from _seals(seals, chains, counts, _expected(state, zone), checked)
    for table, differing in differing_rounds(folder, state):
        checked.rounds += table == "cycle"
        checked.clocks += table == "clock"
        if differing is not None:
            yield differing


def _files(folder: Path, state: State, checked: ArchiveChecked) -> Iterator[Words]:
    for page in state.pages:
        for file in page.files:
            checked.files += 1
            path = folder / file.path
            if not path.is_file():
                yield Words(zh=f"{file.path} 缺失", en=f"{file.path} is missing")
            elif path.stat().st_size != file.size or file_digest(path) != file.sha256:
                yield Words(zh=f"{file.path} 被改动", en=f"{file.path} was altered")


def _entries(
    folder: Path, state: State, checked: ArchiveChecked, chains: dict[int, Any], counts: dict[int, int]
) -> Iterator[Words]:
    before: tuple[str, int, str] = ("", 0, "")
    for row in _rows(folder, state):
        case_id, number, seq, cycle, step, side, at, recorded_at, actor, unit, facts, notes, *rest = row
        previous, digest, seal = rest
        checked.entries += 1
        told = Told(
            seq, cycle, step, _moment(at), _moment(recorded_at), UUID(actor), UUID(unit) if unit else None,
            json.loads(facts),
        )  # fmt: skip
        found = entry_digest(
            previous=bytes.fromhex(previous), number=number, side=side, entry=told, notes=json.loads(notes)
        )
        joined = before[:2] != (case_id, seq - 1) or before[2] == previous
        if found.hex() != digest or not joined:
            yield Words(
                zh=f"{number} {seq}：记录摘要不符", en=f"{number} {seq}: the entry's digest doesn't fit"
            )
        before = (case_id, seq, digest)
        if seal not in chains:
            yield Words(zh=f"{number} {seq}：没有封存#{seal}", en=f"{number} {seq}: there is no seal #{seal}")
            continue
        chains[seal].update(bytes.fromhex(digest))
        counts[seal] += 1


def _rows(folder: Path, state: State) -> Iterator[tuple[Any, ...]]:
    files = [str(folder / file.path) for _, file in state.of("entry")]
    if not files:
        return
    with duckdb.connect(":memory:") as reader:
        found = reader.execute(_READ, {"files": files})
        while rows := found.fetchmany(10_000):
            yield from rows


def _expected(state: State, zone: ZoneInfo) -> dict[int, int]:
    """How many entries of each seal happened in the weeks of the archive."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPECTED, [state.seal, week(state.last, zone).end])
        return dict(cursor.fetchall())


def _seals(
    seals: dict[int, Seal],
    chains: dict[int, Any],
    counts: dict[int, int],
    expected: dict[int, int],
    checked: ArchiveChecked,
) -> Iterator[Words]:
    for number, seal in seals.items():
        checked.seals += 1
        if counts[number] != expected.get(number, 0):
            yield Words(
                zh=f"封存#{number}：应有{expected.get(number, 0)}条记录，归档中有{counts[number]}条",
                en=f"seal #{number}: {expected.get(number, 0)} entries should be in the archive, {counts[number]} are",
            )
        elif counts[number] == seal.entries:
            checked.whole += 1
            if chains[number].digest() != bytes(seal.digest):
                yield Words(
                    zh=f"封存#{number}：归档的记录与封存不符",
                    en=f"seal #{number}: the entries in the archive aren't those that were sealed",
                )


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
