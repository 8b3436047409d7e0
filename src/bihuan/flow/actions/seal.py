"""What is done to records besides steps: sealing, judging, erasing, and the note of who looked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.cases import actions as cases
from bihuan.cases.models import Seal
from bihuan.people.models import Actor
from bihuan.promises import actions as promises


@transaction.atomic
def seal(*, at: datetime) -> Seal | None:
    """Seal every entry not yet sealed; None when there is nothing new. Waits for writers under way."""
    cases.lock_for_sealing()
    return cases.add_seal(sealed_at=at)


def judge(*, at: datetime) -> int:
    """Write down the breaches of clocks that ran out by `at`; gives how many. The verdict never depends on it."""
    return promises.judge_overdue(at=at)


@transaction.atomic
def erase(*, case_id: UUID, seq: int, field: str, at: datetime) -> None:
    """Take a text of an entry away for good. Its salted hash stays, so that `verify` tells erased from altered."""
    cases.erase_note(case_id=case_id, seq=seq, field=field, at=at)


def look(*, case_id: UUID, by: Actor, at: datetime, why: str = "") -> None:
    """Record that somebody looks at what a confidential case keeps secret. Only when that is committed may he.

    `cases.queries.with_who_brought` tells him then.
    """
    cases.add_look(case_id=case_id, actor_id=by.pk, at=at, why=why)
