"""Cases with their clocks: the board, what is about to break, the calls that are owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from bihuan.cases.models import Case, Cycle, Entry
from bihuan.cases.queries import WITH_PLACES, came_back, held, visible, waiting_for
from bihuan.people.rules import Scope
from bihuan.promises.models import Breach, Clock, Forewarning

RUNNING = Q(ended_at__isnull=True, void_at__isnull=True)
PRESSING = RUNNING & Q(kind="step_limit", suspended_at__isnull=True)
"""Running clocks that a case can break: neither an average nor one that stands still."""


@dataclass(frozen=True, slots=True)
class Row:
    """A case and its running clocks, the nearest first."""

    case: Case
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a board shows: empty fields don't narrow it."""

    loop: str = ""
    state: str = ""
    unit: str = ""
    text: str = ""
    which: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """A call that is owed: the case, its round, when it was last tried, and its clock."""

    case: Case
    cycle: Cycle
    last_attempt: datetime | None
    clock: Clock | None


def clocks_of(case_id: UUID) -> list[Clock]:
    """Every clock of a case, newest round first, the nearest due first."""
    return list(Clock.objects.filter(case_id=case_id).order_by("-cycle", "due_at", "promise"))


def breaches_of(case_id: UUID) -> list[Breach]:
    """Every promise of a case that was broken, and what was said of it."""
    return list(_with_text(Breach.objects.filter(case_id=case_id)).order_by("cycle", "due_at", "promise"))


def _with_text(breaches: QuerySet[Breach]) -> QuerySet[Breach]:
    """Each with the text that its clock went by, as `text`: pack, edition and clause. One code may be in several packs."""
    clock = Clock.objects.filter(
        case=OuterRef("case"), promise=OuterRef("promise"), cycle=OuterRef("cycle")
    ).values(told=JSONObject(pack="pack", edition="edition", clause="clause"))
    return breaches.annotate(text=Subquery(clock[:1]))


def pressing(*, after: UUID | None, limit: int) -> list[Clock]:
    """Running clocks in the order of their keys, for jobs that go through all of them in batches."""
    found = Clock.objects.filter(PRESSING, imported=False)
    if after is not None:
        found = found.filter(pk__gt=after)
    return list(found.prefetch_related("warnings").order_by("pk")[:limit])


def warnings_for(
    seen: Scope, told: Collection[str], *, since: datetime, limit: int = 20
) -> list[Forewarning]:
    """What people of these roles were told since then of cases that are with their units, and still press."""
    return list(
        Forewarning.objects.filter(to__in=list(told), at__gte=since)
        .filter(clock__ended_at__isnull=True, clock__void_at__isnull=True, clock__case__in=held(seen).open())
        .select_related("clock__case__unit")
        .order_by("-at", "id")[:limit]
    )


@dataclass(frozen=True, slots=True)
class Wrong:
    """Which breaches a page shows: empty fields don't narrow it."""

    unit: str = ""
    promise: str = ""
    which: str = ""


def fallen_due(start: datetime, end: datetime) -> QuerySet[Breach]:
    """Breaches that stand, whose limit lies between two moments (`end` is exclusive). A limit in days belongs to its last day,
    not to the midnight at which it is over."""
    of_days = Clock.objects.filter(
        case=OuterRef("case"), promise=OuterRef("promise"), cycle=OuterRef("cycle"), by_day=True
    )
    near = Breach.objects.filter(lifted=False, due_at__gte=start, due_at__lte=end)
    return near.annotate(of_days=Exists(of_days)).filter(
        Q(of_days=False, due_at__lt=end) | Q(of_days=True, due_at__gt=start)
    )


def breaches(seen: Scope, wanted: Wrong) -> QuerySet[Breach]:
    """The breaches of the cases that a scope shows, the newest first."""
    found = Breach.objects.filter(case__in=visible(seen), lifted=False)
    if wanted.unit:
        found = found.filter(unit__code=wanted.unit)
    if wanted.promise:
        found = found.filter(promise=wanted.promise)
    match wanted.which:
        case "unexplained":
            found = found.filter(explained_at__isnull=True)
        case "asked" | "granted" | "refused":
            found = found.filter(exemption=wanted.which)
        case "unpaid":
            found = found.filter(compensation_due__gt=F("compensation_paid"))
    return _with_text(found).select_related("case", "unit").order_by("-due_at", "id")


def board(seen: Scope, wanted: Wanted, at: datetime) -> QuerySet[Case]:
    """Open cases of a scope, nearest promise first; those without a running clock last."""
    found: QuerySet[Any] = held(seen).open()
    if wanted.loop:
        found = found.filter(loop=wanted.loop)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.unit:
        found = found.filter(Q(unit__code=wanted.unit) | Q(crew__code=wanted.unit))
    if wanted.text:
        text = wanted.text
        who = (
            Q(premises__address__icontains=text)
            | Q(customer__name=text)
            | Q(customer__phone=text)
            | Q(account__number=text)
        )
        found = found.filter(Q(number__icontains=text) | (Q(confidential=False) & who))
    found = _nearest_first(found)
    match wanted.which:
        case "over":
            found = found.filter(due__lt=at)
        case "soon":
            found = found.filter(due__gte=at, due__lt=at + SOON)
        case "back":
            found = found.filter(cycle__gt=1)
    return found


SOON = timedelta(hours=2)
"""A promise that ends within this time is about to break."""


def rows(page: QuerySet[Case]) -> list[Row]:
    """A page of cases with their places and running clocks. First which they are: an order that looks at thousands carries
    nothing else; then all of those few."""
    keys = list(page.values_list("pk", flat=True))
    found = Case.objects.select_related(*WITH_PLACES).in_bulk(keys)
    running: dict[UUID, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(RUNNING, case_id__in=keys).order_by("due_at", "id"):
        running[clock.case_id].append(clock)
    return [Row(found[key], tuple(running[key])) for key in keys if key in found]


def work(stages: Sequence[tuple[str, str]], seen: Scope) -> QuerySet[Case]:
    """Cases that wait for one of these stages, nearest promise first."""
    return _nearest_first(waiting_for(stages, seen))


def about_to_break(seen: Scope, at: datetime) -> QuerySet[Case]:
    """Open cases with a promise that ends soon."""
    return _nearest_first(held(seen).open()).filter(due__gte=at, due__lt=at + SOON)


def broken_and_running(seen: Scope, at: datetime) -> QuerySet[Case]:
    """Open cases with a promise that is broken and still waits to be met."""
    return _nearest_first(held(seen).open()).filter(due__lt=at)


def sent_back(seen: Scope) -> QuerySet[Case]:
    """Open cases that came back, nearest promise first."""
    return _nearest_first(came_back(seen))


def calls_owed(seen: Scope) -> QuerySet[Cycle]:
    """Rounds that are done and wait for the customer's word, oldest due first."""
    tries = Entry.objects.filter(case_id=OuterRef("case_id"), cycle=OuterRef("cycle"), step="attempt")
    return (
        Cycle.objects.filter(done_at__isnull=False, ended_at__isnull=True, imported=False)
        .filter(case__in=held(seen).open(), case__cycle=F("cycle"))
        .annotate(
            last_attempt=Subquery(tries.order_by("-at").values("at")[:1]),
            due=Subquery(
                Clock.objects.filter(
                    case_id=OuterRef("case_id"), cycle=OuterRef("cycle"), promise="callback-owed"
                ).values("due_at")[:1]
            ),
        )
        .select_related("case", *(f"case__{name}" for name in WITH_PLACES))
        .order_by(F("due").asc(nulls_last=True), "done_at", "id")
    )


def with_clocks(owed: Iterable[Cycle]) -> list[Owed]:
    """The calls with the clock of each, in one more query."""
    found = list(owed)
    clocks = {
        (clock.case_id, clock.cycle): clock
        for clock in Clock.objects.filter(
            promise="callback-owed", case_id__in=[cycle.case_id for cycle in found]
        )
    }
    return [
        Owed(
            cycle.case,
            cycle,
            getattr(cycle, "last_attempt", None),
            clocks.get((cycle.case_id, cycle.cycle)),
        )
        for cycle in found
    ]


def _nearest_first(cases: QuerySet[Case]) -> QuerySet[Any]:
    nearest = Clock.objects.filter(PRESSING, case_id=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    return (
        cases.annotate(due=Subquery(nearest))
        .select_related(*WITH_PLACES)
        .order_by(F("due").asc(nulls_last=True), "opened_at", "id")
    )
