"""Writes to clocks and verdicts. Only `flow` calls these, inside its transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from bihuan.promises.models import Verdict

_ENDS = ("ended_at", "void_at", "unit_id")
_ALL = (
    *_ENDS,
    "area",
    "customer_class",
    "amount",
    "amount_unit",
    "started_at",
    "due_at",
    "by_day",
    "provisional",
)

_UPSERT = sql.SQL(
    "INSERT INTO promises_clock ({columns}) VALUES {rows}"
    " ON CONFLICT (case_id, promise, cycle) DO UPDATE SET {changes} RETURNING id, promise, cycle"
)


def put_clocks(*, rows: Sequence[Mapping[str, Any]], correcting: bool) -> dict[tuple[str, int], UUID]:
    """Start and end clocks; gives their keys by (promise, cycle).

    A clock that runs already keeps the limit under which it started, whatever the pack says today; only a
    correction of the case moves its start, area or class.
    """
    if not rows:
        return {}
    columns = list(rows[0])
    statement = _UPSERT.format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        rows=sql.SQL(", ").join([_row(len(columns))] * len(rows)),
        changes=sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))
            for name in (_ALL if correcting else _ENDS)
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [row[name] for row in rows for name in columns])
        return {(promise, cycle): key for key, promise, cycle in cursor.fetchall()}


def _row(width: int) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * width))


def add_verdicts(*, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append what was judged."""
    if rows:
        Verdict.objects.bulk_create([Verdict(**row) for row in rows])


def judge_overdue(*, at: datetime) -> int:
    """Append a breach for every clock that ran out before `at` and has none yet; gives how many. Safe to run twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO promises_verdict (id, clock_id, verdict, late_seconds, seq, recorded_at)
            SELECT gen_random_uuid(), clock.id, 'broken',
                   greatest(1, floor(extract(epoch FROM %(at)s - clock.due_at)))::bigint, NULL, %(at)s
            FROM promises_clock AS clock
            WHERE clock.ended_at IS NULL AND clock.void_at IS NULL AND clock.due_at < %(at)s
              AND NOT EXISTS (SELECT 1 FROM promises_verdict AS known WHERE known.clock_id = clock.id)
            """,
            {"at": at},
        )
        return int(cursor.rowcount)


def copy_clocks(*, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write many clocks at once."""
    _copy("promises_clock", columns, rows)


def copy_verdicts(*, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write many verdicts at once."""
    _copy("promises_verdict", columns, rows)


def _copy(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)
