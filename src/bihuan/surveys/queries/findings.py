"""Findings as supervision and units read them, and what each rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce

from bihuan.cases.models import Cycle, Entry
from bihuan.cases.queries import visible
from bihuan.kernel.step import VERIFICATION
from bihuan.loops.catalogue import LOOPS
from bihuan.people.rules import Scope
from bihuan.surveys.models import Finding, Ruling
from bihuan.surveys.rules.statements import Statements

ARRIVING = tuple(sorted({step.code for loop in LOOPS for step in loop.steps if "arrived" in step.marks}))
SENDING_BACK = tuple(
    sorted(
        {step.code for loop in LOOPS for step in loop.steps if step.opens_cycle and step.side is VERIFICATION}
    )
)
OPEN = "open"
STATES = (OPEN, *Ruling.STATES, "lifted")


def findings(
    seen: Scope, *, kind: str = "", state: str = "", unit: str = "", number: str = ""
) -> QuerySet[Finding]:
    """Findings of a scope, newest first, each with its `state`: open, explained, upheld, cleared, or lifted."""
    found: QuerySet[Any] = _within(seen)
    if kind:
        found = found.filter(kind=kind)
    if unit:
        found = found.filter(Q(unit__code=unit) | Q(unit__bureau__code=unit))
    if number:
        found = found.filter(case__number=number)
    if state == "lifted":
        found = found.filter(lifted_at__isnull=False)
    elif state:
        found = found.filter(lifted_at__isnull=True, state=state)
    rulings = Prefetch("rulings", Ruling.objects.select_related("by").order_by("recorded_at", "id"))
    return found.select_related("case__premises", "unit").prefetch_related(rulings)


def counted(seen: Scope) -> dict[str, int]:
    """How many findings stand in which state."""
    found: QuerySet[Any] = _within(seen)
    rows = found.filter(lifted_at__isnull=True).order_by().values_list("state").annotate(n=Count("id"))
    return {OPEN: 0, **dict(rows)}


def by_key(key: UUID, seen: Scope) -> Finding | None:
    """One finding, if the scope shows it."""
    return findings(seen).filter(pk=key).first()


def statements(rounds: Iterable[Cycle]) -> Mapping[UUID, Statements]:
    """What each side said in each of these rounds, by the round's key, in one more query."""
    found = list(rounds)
    arrivals: dict[tuple[UUID, int], Entry] = {}
    untrue: set[tuple[UUID, int]] = set()
    rows = Entry.objects.filter(
        case_id__in=[one.case_id for one in found], step__in=(*ARRIVING, *SENDING_BACK)
    ).order_by("case_id", "seq")
    for entry in rows:
        key = (entry.case_id, entry.cycle)
        if entry.step in ARRIVING:
            arrivals.setdefault(key, entry)
        elif entry.facts.get("reason") == "untrue":
            untrue.add(key)
    return {
        one.pk: Statements(
            arrived_at=one.arrived_at,
            arrival_recorded_at=_recorded(arrivals.get((one.case_id, one.cycle))),
            contacted_at=one.contacted_at,
            customer_arrived_at=one.customer_arrived_at,
            rang_on_arrival=one.rang_on_arrival,
            contacted_first_day=one.contacted_first_day,
            untrue=(one.case_id, one.cycle) in untrue,
        )
        for one in found
    }


def _recorded(entry: Entry | None) -> datetime | None:
    """When the system wrote an arrival down; nothing where it was done with the main case, which has its own."""
    return None if entry is None or entry.facts.get("via") else entry.recorded_at


def _within(seen: Scope) -> QuerySet[Finding]:
    newest = Ruling.objects.filter(finding=OuterRef("pk")).order_by("-recorded_at", "-id").values("state")[:1]
    found = Finding.objects.filter(case__in=visible(seen))
    if not seen.company:
        below = Q(pk__in=[])
        for path in seen.paths:
            below |= Q(unit__path__startswith=path)
        found = found.filter(below)
    return found.annotate(state=Coalesce(Subquery(newest), Value(OPEN))).order_by(F("found_at").desc(), "id")
