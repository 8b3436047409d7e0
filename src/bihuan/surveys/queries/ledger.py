"""The ledger of calls owed, counted and listed by the same condition: made, open, exempt with reason and who granted it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from bihuan.cases.models import Cycle, Entry
from bihuan.cases.queries import visible
from bihuan.loops.catalogue import LOOPS
from bihuan.people.rules import Scope
from bihuan.surveys.rules.ledger import MADE, NOT_OWED, OPEN, Balance, Part
from bihuan.surveys.rules.questions import askable

CALLED_BACK = tuple(loop.code for loop in LOOPS if askable(loop))
EXEMPTING = tuple(sorted({step.code for loop in LOOPS for step in loop.steps if step.ending == "exempt"}))
"""Steps with which a call is exempted."""

_PART = Case(
    When(ending="exempt", then=Value(Part.exempt)),
    When(verified_at__isnull=False, then=Value(Part.reached)),
    When(called_at__isnull=True, then=Value(Part.untried)),
    When(ended_at__isnull=False, then=Value(Part.unreached)),
    default=Value(Part.tried),
    output_field=CharField(),
)
"""`rules.ledger.part` in SQL; a test holds the two together."""

GROUPS: Mapping[str, tuple[Part, ...]] = {
    "owed": tuple(Part),
    "made": MADE,
    "open": OPEN,
    **{str(one): (one,) for one in Part},
}
"""What a figure of the ledger opens to."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """So many calls exempted for a reason by somebody."""

    reason: str
    actor_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """A period's calls owed: all, by kind, by unit's key, and what was exempted why and by whom."""

    whole: Balance
    by_loop: Mapping[str, Balance]
    by_unit: Mapping[UUID | None, Balance]
    exemptions: tuple[Exemption, ...]


def owed_in(seen: Scope, *, first: datetime, end: datetime) -> QuerySet[Any]:
    """Rounds done from `first` up to `end`, exclusive, whose customers are owed a call, each with its `part`."""
    found = Cycle.objects.filter(
        done_at__gte=first, done_at__lt=end, imported=False, loop__in=CALLED_BACK
    ).exclude(ending=NOT_OWED)
    if not seen.company:
        below = Q(pk__in=[])
        for path in seen.paths:
            below |= Q(unit__path__startswith=path)
        found = found.filter(below)
    return found.filter(case__in=visible(seen)).annotate(part=_PART)


def ledger(seen: Scope, *, first: datetime, end: datetime) -> Ledger:
    """The balance of a period, in two queries."""
    rounds = owed_in(seen, first=first, end=end)
    whole: dict[Part, int] = defaultdict(int)
    loops: dict[str, dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    units: dict[UUID | None, dict[Part, int]] = defaultdict(lambda: defaultdict(int))
    rows = rounds.order_by().values_list("loop", "unit__bureau_id", "unit_id", "part").annotate(n=Count("id"))
    for loop, bureau, unit, part, count in rows:
        for counts in (whole, loops[loop], units[bureau or unit]):
            counts[Part(part)] += count
    return Ledger(
        whole=Balance(whole),
        by_loop={code: Balance(loops[code]) for code in CALLED_BACK if code in loops},
        by_unit={key: Balance(counts) for key, counts in units.items()},
        exemptions=tuple(_exemptions(rounds)),
    )


def behind(
    seen: Scope, *, first: datetime, end: datetime, group: str, loop: str = "", unit: str = ""
) -> QuerySet[Any]:
    """The rounds behind one figure, oldest first. Raises KeyError for a group that isn't there."""
    found = owed_in(seen, first=first, end=end).filter(part__in=GROUPS[group])
    if loop:
        found = found.filter(loop=loop)
    if unit:
        found = found.filter(Q(unit__code=unit) | Q(unit__bureau__code=unit))
    return found.select_related("case__premises", "case__customer", "unit").order_by("done_at", "id")


def exempted(rounds: list[Any]) -> dict[tuple[UUID, int], Entry]:
    """The entry that exempted each of these rounds, by (case, cycle)."""
    found = Entry.objects.filter(step__in=EXEMPTING, case_id__in=[one.case_id for one in rounds])
    return {(entry.case_id, entry.cycle): entry for entry in found.select_related("actor")}


def _exemptions(rounds: QuerySet[Any]) -> list[Exemption]:
    among = rounds.filter(part=Part.exempt, case_id=OuterRef("case_id"), cycle=OuterRef("cycle"))
    rows = (
        Entry.objects.filter(Exists(among), step__in=EXEMPTING)
        .order_by()
        .values_list("facts__reason", "actor_id")
        .annotate(n=Count("seq"))
    )
    return sorted(
        (Exemption(str(reason), actor, count) for reason, actor, count in rows),
        key=lambda one: (-one.count, one.reason, str(one.actor_id)),
    )
