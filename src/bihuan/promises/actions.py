"""Writes to clocks and verdicts. Only `flow` calls these, inside its transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from psycopg import sql

from bihuan.promises.models import Forewarning

_ENDS = ("ended_at", "void_at", "unit_id")
_MOVES = (*_ENDS, "due_at", "internal_due_at", "suspended_at", "provisional")
_ALL = (*_MOVES, "area", "customer_class", "amount", "amount_unit", "started_at", "by_day")
_CHANGES = {"end": _ENDS, "move": _MOVES, "correct": _ALL}
_KEPT_OF_BREACH = ("id", "case_id", "promise", "cycle", "found_at")


def put_clocks(
    *,
    rows: Sequence[Mapping[str, Any]],
    verdicts: Sequence[tuple[str, int, Mapping[str, Any]]],
    breaches: Sequence[Mapping[str, Any]],
    lifted: Sequence[tuple[UUID, str, int]],
    how: Literal["end", "move", "correct"],
) -> None:
    """Start and end clocks, append what was judged of them and show their breaches, in one statement.

    A verdict names (promise, cycle), `lifted` (case, promise, cycle). A clock that runs already keeps the limit under which
    it started, whatever the pack says today; a standstill of the case moves its end, a correction also start, area or class.
    """
    if not rows and not breaches and not lifted:
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
    values += [value for key in lifted for value in key]
    values += [value for row in breaches for value in row.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            _putting(
                tuple(rows[0]) if rows else (),
                len(rows),
                len(verdicts),
                len(lifted),
                tuple(breaches[0]) if breaches else (),
                len(breaches),
                how,
            ),
            values,
        )


@cache
def _putting(
    columns: tuple[str, ...],
    clocks: int,
    verdicts: int,
    lifted: int,
    breach: tuple[str, ...],
    breaches: int,
    how: str,
) -> str:
    parts = []
    if clocks:
        changes = ", ".join(f"{name} = excluded.{name}" for name in _CHANGES[how])
        parts.append(
            f"INSERT INTO promises_clock ({', '.join(columns)}) VALUES {_rows(len(columns), clocks)}"
            f" ON CONFLICT (case_id, promise, cycle) DO UPDATE SET {changes} RETURNING id, promise, cycle"
        )
    if verdicts:
        parts.append(
            "INSERT INTO promises_verdict (id, clock_id, verdict, late_seconds, seq, recorded_at)"
            " SELECT told.id::uuid, put.id, told.verdict, told.late::bigint, told.seq::integer, told.at::timestamptz"
            f" FROM (VALUES {_rows(7, verdicts)}) AS told (id, promise, cycle, verdict, late, seq, at)"
            " JOIN put ON put.promise = told.promise AND put.cycle = told.cycle::smallint RETURNING 1"
        )
    if lifted:
        parts.append(
            "UPDATE promises_breach AS breach SET lifted = true"
            f" FROM (VALUES {_rows(3, lifted)}) AS late (case_id, promise, cycle)"
            " WHERE breach.case_id = late.case_id::uuid AND breach.promise = late.promise"
            " AND breach.cycle = late.cycle::smallint RETURNING 1"
        )
    if breaches:
        changes = ", ".join(f"{name} = excluded.{name}" for name in breach if name not in _KEPT_OF_BREACH)
        parts.append(
            f"INSERT INTO promises_breach ({', '.join(breach)}) VALUES {_rows(len(breach), breaches)}"
            f" ON CONFLICT (case_id, promise, cycle) DO UPDATE SET {changes}"
        )
    if len(parts) == 1:
        return parts[0]
    names = ("put" if clocks else "lift", "told", "lift", "show")
    before = ", ".join(f"{name} AS ({part})" for name, part in zip(names, parts[:-1], strict=False))
    return f"WITH {before} {parts[-1]}"


def _rows(width: int, count: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * width)})"] * count)


def judge_overdue(*, at: datetime) -> int:
    """Append a breach for every clock that ran out before `at` and has none yet; gives how many. Safe to run twice.

    A clock that stands still runs out only if it had done so before it was stopped; an average is broken by no case.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH over AS (
                SELECT clock.*, greatest(1, floor(extract(epoch FROM %(at)s - clock.due_at)))::bigint AS late
                FROM promises_clock AS clock
                WHERE clock.ended_at IS NULL AND clock.void_at IS NULL AND clock.kind = 'step_limit'
                  AND clock.due_at < least(%(at)s, clock.suspended_at)
                  AND NOT EXISTS (SELECT 1 FROM promises_verdict AS known WHERE known.clock_id = clock.id)
            ), shown AS (
                INSERT INTO promises_breach (id, case_id, loop, promise, cycle, public, unit_id, due_at, late_seconds,
                    found_at, lifted, cause, exemption, exemption_reason, compensation_due, compensation_paid, currency)
                SELECT gen_random_uuid(), case_id, loop, promise, cycle, public, unit_id, due_at, 0,
                    %(at)s, false, '', '', '', 0, 0, ''
                FROM over WHERE NOT imported ON CONFLICT (case_id, promise, cycle) DO NOTHING
            )
            INSERT INTO promises_verdict (id, clock_id, verdict, late_seconds, seq, recorded_at)
            SELECT gen_random_uuid(), over.id, 'broken', over.late, NULL, %(at)s FROM over
            """,
            {"at": at},
        )
        return int(cursor.rowcount)


def copy_breaches(*, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write many breaches at once."""
    _copy("promises_breach", columns, rows)


def add_warnings(*, rows: Sequence[tuple[UUID, int, str, datetime]], recorded_at: datetime) -> int:
    """Note that somebody was told of a clock: (clock, rank, to, at). What was told before stays; gives how many are new."""
    made = Forewarning.objects.bulk_create(
        [
            Forewarning(clock_id=clock, rank=rank, to=to, at=at, recorded_at=recorded_at)
            for clock, rank, to, at in rows
        ],
        ignore_conflicts=True,
    )
    return len(made)


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
