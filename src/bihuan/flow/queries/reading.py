"""What a step reads before it is taken, and what the house watches for. By hand, as every step begins with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from bihuan.cases.models import Seal
from bihuan.cases.rules import Told

# The clocks come with the first entry: what was promised when they started, whatever a pack's text says by now.
_TOLD = """
SELECT entry.seq, entry.cycle, entry.step, entry.at, entry.recorded_at, entry.actor_id, entry.unit_id, entry.facts::text,
       entry.side, unit.bureau_id,
       CASE WHEN entry.seq = 1 THEN (
           SELECT json_agg(json_build_array(promise, cycle, due_at, by_day))::text FROM promises_clock WHERE case_id = %s
       ) END
FROM cases_entry AS entry LEFT JOIN people_unit AS unit ON unit.id = entry.unit_id
WHERE entry.case_id = %s ORDER BY entry.seq
"""


Kept = Mapping[tuple[str, int], tuple[datetime, bool]]
"""By promise and cycle, when a clock is due and whether that is a midnight: as it was when it started."""


def told_of(case_id: UUID) -> tuple[list[tuple[Told, str, UUID | None]], Kept]:
    """A case's entries in order, each with its side and the bureau of the unit for which it was taken; and its clocks."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [case_id, case_id])
        rows = cursor.fetchall()
    clocks = json.loads(next((row[10] for row in rows if row[10]), "[]"))
    kept = {(code, cycle): (datetime.fromisoformat(due_at), by_day) for code, cycle, due_at, by_day in clocks}
    return [_told(*row[:10]) for row in rows], kept


def _told(
    seq: int,
    cycle: int,
    step: str,
    at: datetime,
    recorded_at: datetime,
    actor_id: UUID,
    unit_id: UUID | None,
    facts: str,
    side: str,
    bureau_id: UUID | None,
) -> tuple[Told, str, UUID | None]:
    told = Told(seq, cycle, step, at, recorded_at, actor_id, unit_id, json.loads(facts))
    return told, side, bureau_id


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the door needs it. To one that is closed nothing new goes."""

    unit_id: UUID
    path: str
    active: bool = True


# As subqueries, the lists have no length that PostgreSQL would plan anew for, each time.
_PLACES = """
SELECT code, id, path, active FROM people_unit
WHERE code = ANY(ARRAY(SELECT unnest(%s::text[]))) OR id = ANY(ARRAY(SELECT unnest(%s::uuid[]))) ORDER BY code
"""


def places(*, codes: Iterable[str], keys: Iterable[UUID]) -> dict[str, Place]:
    """Units by code, those of these codes and those of these keys, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(codes), list(keys)])
        return {code: Place(key, path, active) for code, key, path, active in cursor.fetchall()}


def sealed_until() -> datetime | None:
    """When the last seal was made."""
    last = Seal.objects.order_by("-number").first()
    return last.sealed_at if last else None


_WATCHED = """
SELECT kept.id, kept.loop, CASE
    WHEN kept.severity IN ('special', 'major') THEN 'severity'
    WHEN kept.times >= %(times)s THEN 'repeated'
    WHEN kept.cycle > %(rounds)s THEN 'dissatisfied'
    ELSE 'overdue' END
FROM cases_case AS kept
JOIN cases_cycle AS now ON now.case_id = kept.id AND now.cycle = kept.cycle
WHERE kept.ended_at IS NULL AND NOT kept.imported AND kept.loop = ANY(%(loops)s) AND now.done_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM cases_cycle AS seen WHERE seen.case_id = kept.id AND seen.supervisions > 0)
  AND (kept.severity IN ('special', 'major') OR kept.times >= %(times)s OR kept.cycle > %(rounds)s
    OR EXISTS (SELECT 1 FROM promises_clock AS clock WHERE clock.case_id = kept.id AND clock.ended_at IS NULL
        AND clock.void_at IS NULL AND clock.public AND clock.kind = 'step_limit' AND clock.promise = ANY(%(watched)s)
        AND clock.due_at < least(%(at)s, clock.suspended_at)))
ORDER BY kept.opened_at, kept.id LIMIT %(limit)s
"""
TIMES_OWED = 3
"""The same matter brought so often goes to supervision (domain.md 3.4 and 3.10: CSG, Henan)."""
ROUNDS_OWED = 2
"""More rounds than this, that is sent back twice, goes to supervision (domain.md 3.10)."""
WATCHED_PROMISES = ("first-contact", "matter-answer", "report-answer", "opinion-answer", "service-answer")
"""A case that is late with one of these goes to supervision; a crew that is late needs none to arrive."""


def owed_supervision(*, at: datetime, loops: Sequence[str], limit: int) -> list[tuple[UUID, str, str]]:
    """Open cases that must be supervised and aren't, with their loop and the coded reason, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WATCHED,
            {
                "times": TIMES_OWED,
                "rounds": ROUNDS_OWED,
                "loops": list(loops),
                "watched": list(WATCHED_PROMISES),
                "at": at,
                "limit": limit,
            },
        )
        return [(key, loop, reason) for key, loop, reason in cursor.fetchall()]
