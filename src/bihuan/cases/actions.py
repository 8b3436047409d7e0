"""Writes to cases, entries and cycles. Only `flow` calls these, inside its transaction and under its locks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from bihuan.cases.models import Case, ClientId, DeclaredStep, Look, Note, Seal
from bihuan.cases.rules import canonical_string
from bihuan.kernel.ids import uuid7
from bihuan.loops.catalogue import LOOPS

WRITERS_LOCK = 0x62696875616E
"""The advisory lock that writers share and sealing takes alone."""


def share_lock() -> None:
    """Writers share this lock; sealing takes it alone, so that a seal never misses an entry under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITERS_LOCK])


def claim_client_id(
    *, actor_id: UUID, client_id: str, case_id: UUID, content: str, recorded_at: datetime
) -> ClientId | None:
    """Share the writers' lock and note that this client id is used. None when it is new, else what it was used for.

    Waits for another transaction that is using the same id this moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH claimed AS (
                INSERT INTO cases_clientid (id, actor_id, client_id, "case", content, recorded_at)
                VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (actor_id, client_id) DO NOTHING RETURNING 1
            )
            SELECT pg_advisory_xact_lock_shared(%s), (SELECT count(*) FROM claimed)
            """,
            [uuid7(), actor_id, client_id, case_id, content, recorded_at, WRITERS_LOCK],
        )
        row = cursor.fetchone()
    if row and row[1]:
        return None
    return ClientId.objects.get(actor_id=actor_id, client_id=client_id)


_CASE_FIELDS = tuple(field.attname for field in Case._meta.concrete_fields)
_SEALED = "(SELECT max(sealed_at) FROM cases_seal)"
_LOCK_CASE = f"""
SELECT {", ".join(_CASE_FIELDS)}, {_SEALED},
       EXISTS (SELECT 1 FROM cases_case AS later WHERE later.repeat_of_id = cases_case.id)
FROM cases_case WHERE id = %s FOR NO KEY UPDATE
"""


_NUMBER = _CASE_FIELDS.index("number")
_OPEN_CASE = f"""
INSERT INTO cases_case ({", ".join(_CASE_FIELDS)}) VALUES ({", ".join(["%s"] * len(_CASE_FIELDS))})
RETURNING number, {_SEALED}
"""
_RUNNING = "%s || lpad(nextval('cases_number')::text, 6, '0')"
_OPEN_AND_NUMBER = f"""
INSERT INTO cases_case ({", ".join(_CASE_FIELDS)})
VALUES ({", ".join(_RUNNING if name == "number" else "%s" for name in _CASE_FIELDS)}) RETURNING number, {_SEALED}
"""


@dataclass(frozen=True, slots=True)
class Locked:
    """A case under its lock: with when entries were last sealed, and whether a later case brings it again."""

    case: Case
    sealed_at: datetime | None
    came_back: bool


def lock_case(case_id: UUID) -> Locked:
    """The case, locked until the transaction ends. By hand: every step begins with it.

    Call while sharing the writers' lock, so that no seal comes after. Raises `Case.DoesNotExist`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CASE, [case_id])
        row = cursor.fetchone()
    if row is None:
        raise Case.DoesNotExist
    return Locked(Case.from_db(connection.alias, _CASE_FIELDS, row[:-2]), *row[-2:])


def open_case(*, case: Case, before_number: str) -> datetime | None:
    """Write a case that nobody else can see yet; without a number it gets the next running one behind `before_number`.

    Gives when entries were last sealed. Call while sharing the writers' lock.
    """
    values = [getattr(case, name) for name in _CASE_FIELDS]
    with connection.cursor() as cursor:
        if case.number:
            cursor.execute(_OPEN_CASE, values)
        else:
            values[_NUMBER] = before_number
            cursor.execute(_OPEN_AND_NUMBER, values)
        case.number, sealed_at = cursor.fetchone()
    case._state.adding, case._state.db = False, connection.alias
    return sealed_at if isinstance(sealed_at, datetime) else None


def append(*, entry: Mapping[str, Any], notes: Sequence[Mapping[str, Any]]) -> None:
    """Add an entry and its erasable texts, in one statement. The walls in the database look at it again."""
    values = [value for note in notes for value in note.values()]
    values += [canonical_text(value) if name == "facts" else value for name, value in entry.items()]
    with connection.cursor() as cursor:
        cursor.execute(_appending(tuple(entry), tuple(notes[0]) if notes else (), len(notes)), values)


def show(*, case_id: UUID, columns: Mapping[str, Any], cycles: Sequence[Mapping[str, Any]]) -> None:
    """Let a case and its cycles show the newest entry, in one statement. A cycle that is there keeps its key."""
    values = [*columns.values(), case_id, *(value for row in cycles for value in row.values())]
    with connection.cursor() as cursor:
        cursor.execute(_showing(tuple(columns), tuple(cycles[0]), len(cycles)), values)


@cache
def _appending(entry: tuple[str, ...], note: tuple[str, ...], notes: int) -> str:
    statement = _insert("cases_entry", entry, 1)
    return f"WITH noted AS ({_insert('cases_note', note, notes)}) {statement}" if notes else statement


@cache
def _showing(columns: tuple[str, ...], cycle: tuple[str, ...], cycles: int) -> str:
    moved = ", ".join(f"{name} = %s" for name in columns)
    changes = ", ".join(
        f"{name} = excluded.{name}" for name in cycle if name not in ("id", "case_id", "cycle")
    )
    return (
        f"WITH moved AS (UPDATE cases_case SET {moved} WHERE id = %s) "
        f"{_insert('cases_cycle', cycle, cycles)} ON CONFLICT (case_id, cycle) DO UPDATE SET {changes}"
    )


def _insert(table: str, columns: Sequence[str], rows: int) -> str:
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"


def mark_repeats(*, case_ids: Iterable[UUID], window_days: int) -> None:
    """Say on the confirmed cycle of each of these cases when the matter first came back within the window, or that it didn't."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE cases_cycle AS cycle SET repeated_at = again.opened_at
            FROM cases_cycle AS own LEFT JOIN LATERAL (
                SELECT min(later.opened_at) AS opened_at FROM cases_case AS later
                WHERE later.repeat_of_id = own.case_id AND later.opened_at > own.confirmed_at
                  AND later.opened_at <= own.confirmed_at + make_interval(days => %s)
            ) AS again ON true
            WHERE own.case_id = ANY(%s) AND cycle.id = own.id
              AND cycle.repeated_at IS DISTINCT FROM again.opened_at
            """,
            [window_days, list(case_ids)],
        )


def next_numbers(*, count: int) -> list[int]:
    """So many running numbers for cases, each given out once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [count])
        return [int(row[0]) for row in cursor.fetchall()]


def copy(*, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write many rows at once by COPY. Walls and constraints hold as for one row."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)


def sync_catalogue() -> None:
    """Write the declared sides and permissions where the walls read them. Run as the owner after migrating."""
    rows = [
        DeclaredStep(loop=loop.code, step=step.code, side=str(step.side), permission=step.by)
        for loop in LOOPS
        for step in loop.steps
    ]
    DeclaredStep.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["loop", "step"], update_fields=["side", "permission"]
    )


def canonical_text(facts: Mapping[str, Any]) -> str:
    """Facts as the text that COPY takes for a jsonb column."""
    return canonical_string(dict(facts))


def lock_for_sealing() -> None:
    """Wait until no writer is under way and keep new ones out until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])


def add_seal(*, sealed_at: datetime) -> Seal | None:
    """Chain every entry not yet sealed, in (case, seq) order; None when there is none. Call under `lock_for_sealing`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMPORARY TABLE unsealed ON COMMIT DROP AS
            SELECT entry.case_id, entry.seq, entry.digest
            FROM public.cases_case AS kept
            LEFT JOIN LATERAL (
                SELECT max(part.last_seq) AS last_seq FROM public.cases_sealed AS part WHERE part.case_id = kept.id
            ) AS done ON true
            JOIN public.cases_entry AS entry ON entry.case_id = kept.id AND entry.seq > coalesce(done.last_seq, 0)
            WHERE kept.last_seq > coalesce(done.last_seq, 0)
            """
        )
    last = Seal.objects.order_by("-number").first()
    previous = bytes(last.digest) if last else bytes(32)
    digest, count = _chained(previous)
    if not count:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE pg_temp.unsealed")
        return None
    seal = Seal.objects.create(
        number=last.number + 1 if last else 1,
        sealed_at=sealed_at,
        entries=count,
        previous=previous,
        digest=digest,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cases_sealed (seal_id, case_id, first_seq, last_seq)
            SELECT %s, case_id, min(seq), max(seq) FROM pg_temp.unsealed GROUP BY case_id
            """,
            [seal.number],
        )
        cursor.execute("DROP TABLE pg_temp.unsealed")
    return seal


def _chained(previous: bytes) -> tuple[bytes, int]:
    """SHA-256 over the previous seal and the digests in (case, seq) order, and how many there were."""
    hashed, count = hashlib.sha256(previous), 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM pg_temp.unsealed ORDER BY case_id, seq")
        while rows := cursor.fetchmany(10_000):
            for (digest,) in rows:
                hashed.update(bytes(digest))
            count += len(rows)
    return hashed.digest(), count


def erase_note(*, case_id: UUID, seq: int, field: str, at: datetime) -> None:
    """Erase one text and say when."""
    Note.objects.filter(case_id=case_id, seq=seq, field=field, erased_at=None).update(text=None, erased_at=at)


def add_look(*, case_id: UUID, actor_id: UUID, at: datetime, why: str) -> None:
    """Append who looked at a secret, when and why."""
    Look.objects.create(case_id=case_id, actor_id=actor_id, at=at, why=why[:200])
