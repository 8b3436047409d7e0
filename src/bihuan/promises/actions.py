"""Writes to clocks and verdicts. Only `flow` calls these, inside its transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from psycopg import sql

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


def put_clocks(
    *,
    rows: Sequence[Mapping[str, Any]],
    verdicts: Sequence[tuple[str, int, Mapping[str, Any]]],
    correcting: bool,
) -> None:
    """Start and end clocks and append what was judged of them, in one statement. A verdict names (promise, cycle).

    A clock that runs already keeps the limit under which it started, whatever the pack says today; only a
    correction of the case moves its start, area or class.
    """
    if not rows:
        return
    values = [value for row in rows for value in row.values()]
    for promise, cycle, row in verdicts:
        values += [
            row["id"],
            promise,
            cycle,
            row["verdict"],
            row["late_seconds"],
            row["seq"],
            row["recorded_at"],
        ]
    with connection.cursor() as cursor:
        cursor.execute(_putting(tuple(rows[0]), len(rows), len(verdicts), correcting), values)


@cache
def _putting(columns: tuple[str, ...], clocks: int, verdicts: int, correcting: bool) -> str:
    changes = ", ".join(f"{name} = excluded.{name}" for name in (_ALL if correcting else _ENDS))
    statement = (
        f"INSERT INTO promises_clock ({', '.join(columns)}) VALUES {_rows(len(columns), clocks)}"
        f" ON CONFLICT (case_id, promise, cycle) DO UPDATE SET {changes} RETURNING id, promise, cycle"
    )
    if not verdicts:
        return statement
    return (
        f"WITH put AS ({statement}), told (id, promise, cycle, verdict, late, seq, at) AS"
        f" (VALUES {_rows(7, verdicts)})"
        " INSERT INTO promises_verdict (id, clock_id, verdict, late_seconds, seq, recorded_at)"
        " SELECT told.id::uuid, put.id, told.verdict, told.late::bigint, told.seq::integer, told.at::timestamptz"
        " FROM told JOIN put ON put.promise = told.promise AND put.cycle = told.cycle::smallint"
    )


def _rows(width: int, count: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * width)})"] * count)


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
