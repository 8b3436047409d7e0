"""Claims: two callback agents are never offered the same case. A lease, taken row by row, never a lock on a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from bihuan.people.models import Actor
from bihuan.surveys.models import Claim

LEASE = timedelta(minutes=10)
"""How long a claim holds when nobody renews it: a closed lap-top gives its case back by itself."""

# 1. The first wanted case that is still as it was seen, that nobody else has, and whose row nobody is locking this moment.
# 2. The claim's own row decides between two who read before either wrote: the second one's condition fails and he asks again.
_CLAIM = """
WITH wanted AS (
    SELECT * FROM unnest(%(cases)s::uuid[], %(seqs)s::integer[]) WITH ORDINALITY AS one (case_id, seq, place)
), picked AS (
    SELECT kept.id, kept.last_seq FROM wanted
    JOIN cases_case AS kept ON kept.id = wanted.case_id AND kept.last_seq = wanted.seq
    WHERE NOT EXISTS (
        SELECT 1 FROM surveys_claim AS held
        WHERE held.case_id = kept.id AND held.seq = kept.last_seq AND held.until > %(at)s AND held.actor_id <> %(by)s)
    ORDER BY wanted.place LIMIT 1
    FOR NO KEY UPDATE OF kept SKIP LOCKED
), taken AS (
    INSERT INTO surveys_claim AS held (case_id, actor_id, seq, claimed_at, until)
    SELECT picked.id, %(by)s, picked.last_seq, %(at)s, %(until)s FROM picked
    ON CONFLICT (case_id) DO UPDATE SET actor_id = excluded.actor_id, seq = excluded.seq, until = excluded.until,
        claimed_at = CASE WHEN held.actor_id = excluded.actor_id AND held.seq = excluded.seq AND held.until > %(at)s
                          THEN held.claimed_at ELSE excluded.claimed_at END
    WHERE held.actor_id = excluded.actor_id OR held.until <= %(at)s OR held.seq <> excluded.seq
    RETURNING case_id
)
SELECT (SELECT count(*) FROM picked), (SELECT case_id FROM taken)
"""


@transaction.atomic
def claim(*, wanted: Sequence[tuple[UUID, int]], by: Actor, at: datetime) -> UUID | None:
    """Take the first of these cases (each with the newest entry that was seen) that nobody else has; None if there is none.

    Whoever claims gives back what he had: one call at a time. The same person claims the same case as often as he likes.
    """
    if not wanted:
        return None
    values: dict[str, Any] = {
        "cases": [case_id for case_id, _ in wanted],
        "seqs": [seq for _, seq in wanted],
        "by": by.pk,
        "at": at,
        "until": at + LEASE,
    }
    for _ in range(len(wanted)):
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, values)
            picked, taken = cursor.fetchone()
        if taken is not None:
            Claim.objects.filter(actor=by, until__gt=at).exclude(case_id=taken).update(until=at)
            return UUID(str(taken))
        if not picked:
            return None
    return None


def renew(*, case_id: UUID, by: Actor, at: datetime) -> bool:
    """Hold the case for another lease while its page is open; False when somebody else has it or it has gone on."""
    held = Claim.objects.filter(case_id=case_id, actor=by, seq=_last_seq(case_id))
    return bool(held.update(until=at + LEASE))


def release(*, case_id: UUID, by: Actor, at: datetime) -> bool:
    """Give a case back for somebody else; False when it wasn't held. A step needs no release: it ends every claim."""
    return bool(Claim.objects.filter(case_id=case_id, actor=by, until__gt=at).update(until=at))


def _last_seq(case_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_seq FROM cases_case WHERE id = %s", [case_id])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
