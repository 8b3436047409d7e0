"""What a callback desk does in one go: the step, the answers beside it, and what they show; and the draw of samples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bihuan.cases.models import Case, Cycle, Entry
from bihuan.flow.actions.step import take
from bihuan.flow.rules.refusals import Refusal
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people.models import Actor
from bihuan.surveys import actions as surveys
from bihuan.surveys import queries
from bihuan.surveys.rules.questions import Questionnaire
from bihuan.surveys.rules.sampling import sampled

LEFT_OUT_AT_ONCE = 500
"""Rounds left out of the sample in one run; the next run takes the rest."""

_LEAVING_OUT = {loop.code: step for loop in LOOPS for step in loop.steps if step.by == "callback.sample"}
_WAITING = {loop: step.leaves for loop, step in _LEAVING_OUT.items()}


@transaction.atomic
def end_call(
    *,
    case_id: UUID,
    step: str,
    by: Actor,
    at: datetime,
    recorded_at: datetime,
    facts: Mapping[str, object],
    notes: Mapping[str, str],
    expected_seq: int,
    sheet: Questionnaire | None = None,
    answers: Mapping[str, object] | None = None,
    client_id: str | None = None,
) -> Case:
    """Take the step with which a call ends, keep the answers that are no facts, and compare what was said.

    `expected_seq` is the newest entry that the person saw.
    Raises `Refusal`, or a `BihuanError` of the questionnaire; then nothing is written.
    """
    case = take(
        case_id=case_id,
        step=step,
        by=by,
        at=at,
        recorded_at=recorded_at,
        facts=facts,
        notes=notes,
        client_id=client_id,
        expected_seq=expected_seq,
    )
    declared = loop_of(case.loop).step(step)
    seq = expected_seq + 1
    talked = declared is not None and declared.fact("satisfaction") is not None
    if sheet is not None and declared is not None and talked and _is_his(case, seq, step, by):
        surveys.keep_answers(
            case_id=case.pk, seq=seq, sheet=sheet, answers=answers or {}, complete=declared.ends
        )
    surveys.find_mismatches(at=recorded_at, case_id=case.pk)
    return case


def _is_his(case: Case, seq: int, step: str, by: Actor) -> bool:
    """A form that is sent twice names the same entry; one that names another's adds nothing to it."""
    return Entry.objects.filter(case_id=case.pk, seq=seq, step=step, actor=by).exists()


def leave_out(*, by: Actor, at: datetime, limit: int = LEFT_OUT_AT_ONCE) -> int:
    """End every waiting round of a sampled kind on which the draw did not fall; gives how many. Safe to run twice.

    `by` is the house's own actor. A round that goes another way this moment is left to whoever works on it.
    """
    left = 0
    for one in _undrawn(limit):
        step = _LEAVING_OUT[one.loop]
        try:
            take(
                case_id=one.case_id,
                step=step.code,
                by=by,
                at=at,
                recorded_at=at,
                facts={"reason": "not_sampled"},
                expected_seq=one.case.last_seq,
            )
        except Refusal:
            continue
        left += 1
    return left


def _undrawn(limit: int) -> list[Cycle]:
    waiting = Cycle.objects.filter(
        done_at__isnull=False, ended_at__isnull=True, imported=False, called_at=None, loop__in=_LEAVING_OUT
    ).select_related("case")
    key = queries.sample_key()
    found = []
    for one in waiting.order_by("done_at", "id").iterator(chunk_size=500):
        if one.cycle != one.case.cycle or one.case.state not in _WAITING[one.loop] or one.done_at is None:
            continue
        duty = queries.duty_for(one.loop, one.done_at)
        if duty.by_sample and not sampled(key, one.case.number, one.cycle, duty.share):
            found.append(one)
            if len(found) == limit:
                break
    return found
