"""The line of calls: what waits, in which order, who has what before him, what was tried, and the day so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from bihuan.cases.models import Cycle, Entry
from bihuan.cases.queries import visible
from bihuan.kernel.fact import parse_moment
from bihuan.kernel.step import EXECUTION, VERIFICATION
from bihuan.loops.catalogue import LOOPS
from bihuan.packs import queries as packs
from bihuan.people.rules import Scope
from bihuan.surveys.models import Answer, Claim
from bihuan.surveys.queries.book import book, duty_for, sample_key
from bihuan.surveys.rules.calling import FARTHEST, Tried, Turn, Waiting, agreed, counted, line_up
from bihuan.surveys.rules.questions import talks
from bihuan.surveys.rules.sampling import sampled

LOOKED_AT = 200
"""So many calls that may be made now are looked at, the oldest due first."""

SHOWN_LATER = 40
"""So many that may be made only later are shown, those tried longest ago first."""

TRIES = tuple(sorted({step.code for loop in LOOPS for step in loop.steps if step.counts == "attempts"}))
"""Steps that record a call which didn't reach the customer."""

TALKS = tuple(sorted({step.code for loop in LOOPS for step in talks(loop)}))
"""Steps that record a talk with the customer."""

TALKED = tuple(loop.code for loop in LOOPS if talks(loop))
"""Kinds in which a customer is talked with: another kind may have a step of the same name."""


@dataclass(frozen=True, slots=True)
class Line:
    """The calls in order, and the round behind each by case."""

    turns: tuple[Turn, ...]
    rounds: dict[UUID, Cycle]


def line(owed: QuerySet[Cycle], *, at: datetime, actor_id: UUID, bureaus: Iterable[UUID]) -> Line:
    """The line as it stands for somebody who belongs to these bureaus: nothing that he or they carried out.

    `owed` are rounds that wait for the customer's word, oldest due first, with `last_attempt` and `due`.
    """
    zone = packs.calendar().zone
    key = sample_key()
    rounds = [one for one in _both(owed, at) if _drawn(one, key)]
    carried_out = _carried_out([one.case_id for one in rounds], actor_id, bureaus)
    left = {one.case_id: one for one in rounds if one.case_id not in carried_out}
    claims = claims_of(left, at)
    waiting = [_waiting(one, claims.get(one.case_id)) for one in left.values()]
    turns = line_up(
        waiting, duty_of=lambda one: duty_for(one.loop, left[one.case_id].done_at or at), zone=zone, at=at
    )
    return Line(tuple(turns), left)


def claims_of(case_ids: Iterable[UUID], at: datetime) -> dict[UUID, Claim]:
    """Who has which of these cases before him now."""
    found = Claim.objects.filter(case_id__in=list(case_ids), until__gt=at).select_related("case", "actor")
    return {claim.case_id: claim for claim in found if claim.seq == claim.case.last_seq}


def claims_told(at: datetime) -> str:
    """Changes whenever somebody takes a case before him, gives it back or lets it go: how many are taken, and since when."""
    told = Claim.objects.filter(until__gt=at).aggregate(taken=Count("pk"), newest=Max("claimed_at"))
    return f"{told['taken']}-{told['newest'].timestamp() if told['newest'] else 0:.6f}"


def tries_of(case_id: UUID, cycle: int) -> list[Tried]:
    """The attempts of a round in the order in which they were made; the first number where none was named."""
    rows = Entry.objects.filter(case_id=case_id, cycle=cycle, step__in=TRIES).order_by("at", "seq")
    return [tried(at, told) for at, told in rows.values_list("at", "facts")]


def tried(at: datetime, facts: Mapping[str, Any]) -> Tried:
    """An attempt as the rules read it."""
    asked = facts.get("ring_at")
    return Tried(
        int(facts.get("number") or 1),
        str(facts.get("reason", "")),
        at,
        parse_moment(asked) if asked else None,
    )


def attempts_made(*, loop: str, owed: int, done_at: datetime, tries: Iterable[Tried]) -> tuple[int, int]:
    """How many attempts of a round count, and how many are asked for: `owed`, or more by the duty towards its customer."""
    duty = duty_for(loop, done_at)
    return counted(tries, duty.spacing), max(owed, duty.attempts)


def answers_of(case_id: UUID) -> dict[int, list[Answer]]:
    """The answers that are no facts, by the entry of the call."""
    found: dict[int, list[Answer]] = {}
    for answer in Answer.objects.filter(case_id=case_id).order_by("seq", "id"):
        found.setdefault(answer.seq, []).append(answer)
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """The calls since the day began: made by everybody, customers reached, and the reader's own."""

    made: int
    reached: int
    mine: int


def day(seen: Scope, since: datetime, actor_id: UUID) -> Day:
    """The day so far."""
    calls = Entry.objects.filter(
        case__in=visible(seen).filter(changed_at__gte=since),
        side=VERIFICATION,
        case__loop__in=TALKED,
        step__in=(*TRIES, *TALKS),
        recorded_at__gte=since,
    )
    rows = list(calls.values_list("step", "actor_id"))
    return Day(
        made=len(rows),
        reached=sum(step in TALKS for step, _ in rows),
        mine=sum(actor == actor_id for _, actor in rows),
    )


def _both(owed: QuerySet[Cycle], at: datetime) -> list[Any]:
    """Those that may be made now as far as attempts and the customer's own time go, and some of the others."""
    tries = Entry.objects.filter(case_id=OuterRef("case_id"), cycle=OuterRef("cycle"), step__in=TRIES)
    asked = tries.annotate(ring=KeyTextTransform("ring_at", "facts")).order_by("-seq").values("ring")[:1]
    rows: QuerySet[Any] = owed.annotate(ring_at=Cast(Subquery(asked), DateTimeField()))
    apart = min(duty.spacing for duty in book().duties)
    tried_before = Q(last_attempt__lte=at - apart)
    too_far = Q(ring_at__gt=F("last_attempt") + FARTHEST)
    open_now = (
        Q(last_attempt__isnull=True)
        | Q(ring_at__lte=at)
        | (tried_before & (Q(ring_at__isnull=True) | too_far))
    )
    now = list(rows.filter(open_now)[:LOOKED_AT])
    later = rows.exclude(pk__in=[one.pk for one in now]).filter(last_attempt__isnull=False)
    return now + list(later.order_by("last_attempt", "id")[:SHOWN_LATER])


def _drawn(one: Cycle, key: bytes) -> bool:
    if one.done_at is None:
        return False
    duty = duty_for(one.loop, one.done_at)
    if not duty.by_sample:
        return duty.share > 0
    return sampled(key, one.case.number, one.cycle, duty.share)


def _carried_out(case_ids: Sequence[UUID], actor_id: UUID, bureaus: Iterable[UUID]) -> set[UUID]:
    by_them = Q(actor_id=actor_id) | Q(unit__bureau_id__in=list(bureaus))
    found = Entry.objects.filter(by_them, case_id__in=case_ids, side=EXECUTION)
    return set(found.values_list("case_id", flat=True))


def _waiting(one: Any, claim: Claim | None) -> Waiting:
    return Waiting(
        case_id=one.case_id,
        number=one.case.number,
        cycle=one.cycle,
        seq=one.case.last_seq,
        loop=one.loop,
        done_at=one.done_at,
        due_at=one.due,
        attempts=one.attempts,
        last_attempt_at=one.last_attempt,
        ring_at=agreed(one.ring_at, one.last_attempt) if one.last_attempt else None,
        claimed_by=claim.actor_id if claim else None,
        claimed_until=claim.until if claim else None,
    )
