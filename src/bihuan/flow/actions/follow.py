"""Steps that the house takes by itself: on merged cases what was done to the main one, and supervision where it is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bihuan.cases.models import Case, Entry
from bihuan.flow.actions.step import take
from bihuan.flow.queries import owed_supervision
from bihuan.flow.rules.refusals import Refusal
from bihuan.kernel.promise import Warn
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people.models import Actor
from bihuan.promises import actions as promises
from bihuan.promises import queries as promises_read
from bihuan.promises.models import Clock
from bihuan.promises.rules import warned_at

BATCH = 200
"""Merged cases looked at in one go; each is a transaction of its own."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What was taken, and what could not be: (case, step, why)."""

    taken: int
    refused: tuple[tuple[str, str, Refusal], ...]


def follow(*, recorded_at: datetime, limit: int = BATCH) -> Followed:
    """Take on merged cases every shared step that their main case has and they lack. Safe to run twice, or two at once.

    A step keeps its actor and its time, but is never before the child came to where it is (the crew was on its way already).
    """
    taken, refused = 0, []
    children = (
        Case.objects.open()
        .filter(parent__isnull=False)
        .select_related("parent")
        .order_by("parent_id", "opened_at", "id")[:limit]
    )
    for child in children:
        for entry in _lacking(child):
            try:
                if _repeat(child, entry, recorded_at):
                    taken += 1
            except Refusal as fault:
                refused.append((child.number, entry.step, fault))
                break
    return Followed(taken, tuple(refused))


def _lacking(child: Case) -> Iterable[Entry]:
    """The main case's shared steps after the last one that the child followed."""
    parent = child.parent
    if parent is None:
        return []
    shared = [step.code for step in loop_of(child.loop).steps if step.shared]
    followed = max(
        (
            int(str(via).rpartition("#")[2])
            for via in Entry.objects.filter(
                case_id=child.pk, facts__via__startswith=f"{parent.number}#"
            ).values_list("facts__via", flat=True)
        ),
        default=0,
    )
    return (
        Entry.objects.filter(case_id=parent.pk, cycle=parent.cycle, step__in=shared, seq__gt=followed)
        .select_related("actor")
        .order_by("seq")
    )


def _repeat(child: Case, entry: Entry, recorded_at: datetime) -> bool:
    step = loop_of(child.loop).step(entry.step)
    state, reached_at = Case.objects.values_list("state", "reached_at").get(pk=child.pk)
    if step is None or state not in step.leaves or child.parent is None:
        return False
    facts = {code: value for code, value in entry.facts.items() if step.fact(code) is not None}
    take(
        case_id=child.pk,
        step=entry.step,
        by=entry.actor,
        at=max(entry.at, reached_at),
        recorded_at=recorded_at,
        facts={**facts, "via": f"{child.parent.number}#{entry.seq}"},
        client_id=f"via {child.parent_id} {entry.seq} {child.pk}",
    )
    return True


def watch(*, by: Actor, at: datetime, limit: int = BATCH) -> int:
    """Put under supervision every case that the rules send there (domain.md 3.10), once; gives how many. Safe to run twice."""
    supervised = 0
    for case_id, loop, reason in owed_supervision(
        at=at, loops=[loop.code for loop in LOOPS if loop.step("supervise")], limit=limit
    ):
        step = loop_of(loop).step("supervise")
        if step is None:
            continue
        take(
            case_id=case_id,
            step=step.code,
            by=by,
            at=at,
            recorded_at=at,
            facts={"reason": reason},
            client_id=f"watch {case_id} {reason}",
        )
        supervised += 1
    return supervised


def warn(*, at: datetime) -> int:
    """Tell who is to be told that a promise is about to break, by the promise's own warnings; once each, safe to run twice."""
    made, after = 0, None
    while clocks := promises_read.pressing(after=after, limit=BATCH * 5):
        after = clocks[-1].pk
        rows = []
        for clock in clocks:
            known = {told.rank for told in clock.warnings.all()}
            rows += [
                (clock.pk, rank, one.to, told_at)
                for rank, one, told_at in _warnings(clock)
                if rank not in known and told_at <= at
            ]
        made += promises.add_warnings(rows=rows, recorded_at=at)
    return made


def _warnings(clock: Clock) -> Iterable[tuple[int, Warn, datetime]]:
    calendar = packs.calendar()
    day = clock.started_at.astimezone(calendar.zone).date()
    declared = next((one for one in packs.promises_on(clock.loop, day) if one.code == clock.promise), None)
    for rank, one in enumerate(declared.warnings if declared else ()):
        yield (
            rank,
            one,
            warned_at(
                one,
                started_at=clock.started_at,
                due_at=clock.internal_due_at or clock.due_at,
                by_day=clock.by_day,
                calendar=calendar,
            ),
        )
