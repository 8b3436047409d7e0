"""`flow.take` beside plain SQL that writes the same rows over one connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from bihuan.kernel.ids import uuid7
from bihuan.people.models import Unit
from tests.bench.figure import Figure
from tests.cast import Cast, gather

LOOPS = 150
STEPS = 6


def measure() -> list[Figure]:
    """A repair of six steps, again and again, without HTTP."""
    cast = gathered()
    steps_per_second, cpu = _timed(lambda: _loop(cast))
    plain, _ = _timed(lambda: _plain(cast))
    return [
        Figure("step: flow.begin and take", steps_per_second, "steps/s", plain, "plain SQL, the same rows"),
        Figure("step: CPU of this process", cpu * 1000, "ms a step"),
    ]


def gathered() -> Cast:
    """The cast, once a run."""
    if Unit.objects.exists():
        raise RuntimeError("the bench starts on an empty clone")
    return gather()


def _timed(once: Callable[[], None]) -> tuple[float, float]:
    once()
    began, cpu = time.perf_counter(), time.process_time()
    for _ in range(LOOPS):
        once()
    steps = LOOPS * STEPS
    return steps / (time.perf_counter() - began), (time.process_time() - cpu) / steps


def _loop(cast: Cast) -> None:
    case = cast.opens("repair", client_id=str(uuid7()))
    cast.restores(case)
    cast.confirms(case, client_id=str(uuid7()))


def _plain(cast: Cast) -> None:
    """The same rows for six steps: entry, case, cycle, and a clock and verdict where the loop has one."""
    case, cycle = uuid7(), uuid7()
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        for seq, step in enumerate(
            ("accept", "dispatch", "receive", "arrive", "restore", "confirm"), start=1
        ):
            side = {1: "intake", 2: "intake", 6: "verification"}.get(seq, "execution")
            actor = {1: cast.agent, 2: cast.agent, 3: cast.dispatcher, 6: cast.caller}.get(
                seq, cast.crew
            ).actor_id
            unit = cast.centre.pk if side != "execution" else cast.yang.pk
            with transaction.atomic():
                _write(cursor, case, cycle, seq, step, side, actor, unit, now)


def _write(
    cursor: Any, case: Any, cycle: Any, seq: int, step: str, side: str, actor: Any, unit: Any, now: datetime
) -> None:
    if seq == 1:
        cursor.execute(
            "INSERT INTO cases_case (id, number, loop, state, cycle, last_seq, area, customer_class, kind, urgency,"
            " source, leaf, severity, confidential, had, times, opened_at, reached_at, changed_at, imported, digest)"
            " VALUES (%s, %s, 'repair', 'accepted', 1, 1, '', '', '', '', '', '', '', false, ARRAY[%s::uuid], 1,"
            " %s, %s, %s, false, '')",
            [case, str(case), unit, now, now, now],
        )
        cursor.execute(
            "INSERT INTO cases_cycle (id, case_id, cycle, loop, area, customer_class, kind, source, accepted_at, ending,"
            " satisfaction, leaf, severity, callback, responsibility, amount_due, amount_paid, amount_recovered,"
            " attempts, returns, urges, redirects, suspensions, supervisions, appeals, reworks, written_off, imported,"
            " recorded_at)"
            " VALUES (%s, %s, 1, 'repair', '', '', '', '', %s, '', '', '', '', '', '', 0, 0, 0,"
            " 0, 0, 0, 0, 0, 0, 0, 0, 0, false, %s)",
            [cycle, case, now, now],
        )
    cursor.execute(
        "INSERT INTO cases_entry (case_id, seq, cycle, step, side, at, recorded_at, actor_id, unit_id, facts, digest)"
        " VALUES (%s, %s, 1, %s, %s, %s, %s, %s, %s, '{}', '')",
        [case, seq, step, side, now, now, actor, unit],
    )
    cursor.execute("UPDATE cases_case SET last_seq = %s, changed_at = %s WHERE id = %s", [seq, now, case])
    cursor.execute("UPDATE cases_cycle SET recorded_at = %s WHERE id = %s", [now, cycle])
    if seq in (1, 5):
        clock = uuid7()
        cursor.execute(
            "INSERT INTO promises_clock (id, case_id, loop, promise, cycle, kind, pack, edition, clause, public, area,"
            " customer_class, amount, amount_unit, started_at, due_at, by_day, provisional, imported)"
            " VALUES (%s, %s, 'repair', %s, 1, 'step_limit', '', '', '', true, '', '', 45, 'minutes', %s, %s, false, false, false)",
            [clock, case, f"p{seq}", now, now],
        )
    if seq in (4, 6):
        cursor.execute(
            "UPDATE promises_clock SET ended_at = %s WHERE case_id = %s AND promise = %s RETURNING id",
            [now, case, "p1" if seq == 4 else "p5"],
        )
        clock = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO promises_verdict (id, clock_id, verdict, late_seconds, seq, recorded_at)"
            " VALUES (%s, %s, 'kept', 0, %s, %s)",
            [uuid7(), clock, seq, now],
        )
