"""Cases as pages read them. Every list is of a scope, and costs the same number of queries however long it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, Max, Min, Model, OuterRef, Q, QuerySet, Sum

from bihuan.cases.models import Case, CaseQuerySet, Cycle, Entry, Note
from bihuan.people.models import Unit
from bihuan.people.rules import Scope

WITH_PLACES = ("unit", "crew", "premises", "customer")


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its texts and the corrections that name it. `after` is when it happened as corrected."""

    entry: Entry
    notes: Mapping[str, str | None] = field(default_factory=dict)
    corrections: tuple[Entry, ...] = ()


def with_who_brought(case: Case, looker: UUID) -> Case:
    """The confidential case with its customer, account and premises, if this person's look at it was committed within the hour.

    Without such a look the database tells nothing, and the case stays as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id, account_id, premises_id FROM cases_who_brought(%s, %s)", [case.pk, looker]
        )
        row = cursor.fetchone()
    if row is not None:
        case.customer_id, case.account_id, case.premises_id = row
    return case


def in_service(*, before: datetime) -> bool:
    """Whether anything had been written down here by then: by the case that was made first."""
    first = Case.objects.order_by("pk").values("pk")[:1]
    return Entry.objects.filter(case_id__in=first, seq=1, recorded_at__lt=before).exists()


def visible(seen: Scope) -> CaseQuerySet:
    """Every case of a scope."""
    return Case.objects.within(seen)


def changes(found: QuerySet[Case], *, since: datetime, at: datetime) -> tuple[int, int]:
    """How many of these cases were last changed after `since` and not after `at`, and how many after it: one small query."""
    counted = found.filter(changed_at__gt=since).aggregate(
        before=Count("pk", filter=Q(changed_at__lte=at)), after=Count("pk", filter=Q(changed_at__gt=at))
    )
    return counted["before"], counted["after"]


# By hand: every request of a machine begins with it.
_KEY = """
SELECT kept.id, kept.loop, about.path, ARRAY(SELECT path FROM people_unit WHERE id = ANY(kept.had))
FROM cases_case AS kept LEFT JOIN people_unit AS about ON about.id = kept.about_id WHERE kept.number = %s
"""


def key_of(number: str, seen: Scope) -> tuple[UUID, str] | None:
    """The key and the loop of the case of this number, if the scope shows it: the same as `visible`, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_KEY, [number])
        row = cursor.fetchone()
    if row is None or row[2] in seen.above or not (seen.company or any(map(seen.sees, row[3]))):
        return None
    return row[0], row[1]


# Each code by its own look-up: ten joins take PostgreSQL longer to plan than everything else takes together.
_LOOKED_UP = {
    "pk": "id",
    "unit__path": "(SELECT path FROM people_unit WHERE id = kept.unit_id)",
    "crew__path": "(SELECT path FROM people_unit WHERE id = kept.crew_id)",
    "unit__code": "(SELECT code FROM people_unit WHERE id = kept.unit_id)",
    "crew__code": "(SELECT code FROM people_unit WHERE id = kept.crew_id)",
    "premises__code": "(SELECT code FROM supply_premises WHERE id = kept.premises_id)",
    "customer__number": "(SELECT number FROM supply_customer WHERE id = kept.customer_id)",
    "account__number": "(SELECT number FROM supply_account WHERE id = kept.account_id)",
    "parent__number": "(SELECT number FROM cases_case WHERE id = kept.parent_id)",
    "repeat_of__number": "(SELECT number FROM cases_case WHERE id = kept.repeat_of_id)",
    "actor__kind": "(SELECT kind FROM people_actor WHERE id = kept.actor_id)",
}


def values_of(case_id: UUID, names: tuple[str, ...]) -> dict[str, Any]:
    """The columns of a case that is there, by Django's names, in one quick query."""
    with connection.cursor() as cursor:
        cursor.execute(_selecting(names), [case_id])
        return dict(zip(names, cursor.fetchone(), strict=True))


def parts_of(
    case_id: UUID, part: type[Model], names: tuple[str, ...], order: tuple[str, ...]
) -> list[dict[str, Any]]:
    """The columns of all rows of a case in another table, such as its entries, in one quick query. Facts come as text."""
    with connection.cursor() as cursor:
        cursor.execute(_selecting_parts(part._meta.db_table, names, order), [case_id])
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@cache
def _selecting(names: tuple[str, ...]) -> str:
    return f"SELECT {_columns(names)} FROM cases_case AS kept WHERE kept.id = %s"


@cache
def _selecting_parts(table: str, names: tuple[str, ...], order: tuple[str, ...]) -> str:
    return (
        f"SELECT {_columns(names)} FROM {table} AS kept WHERE kept.case_id = %s ORDER BY {', '.join(order)}"
    )


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(_LOOKED_UP.get(name) or f"kept.{name}" for name in names)


def held(seen: Scope) -> CaseQuerySet:
    """Every case that is with a scope's units now; those handed on are found by number."""
    return Case.objects.held(seen)


def open_with(unit: Unit) -> QuerySet[Case]:
    """Open cases that are with exactly this unit or crew, and on which its part isn't done yet."""
    done = Cycle.objects.filter(done_at__isnull=False, case_id=OuterRef("pk"), cycle=OuterRef("cycle"))
    found = Case.objects.open().filter(Q(unit=unit) | Q(crew=unit)).exclude(Exists(done))
    return found.order_by("opened_at", "id")


def by_number(number: str, seen: Scope) -> Case | None:
    """The case of this number with people and places, if the scope shows it."""
    found = visible(seen).select_related(*WITH_PLACES, "account", "parent", "repeat_of", "unit__bureau")
    return found.filter(number=number).first()


def lines(case_id: UUID) -> list[Line]:
    """The timeline in the order of writing, with texts and corrections: two queries."""
    entries = list(Entry.objects.filter(case_id=case_id).select_related("unit", "actor").order_by("seq"))
    notes: dict[int, dict[str, str | None]] = defaultdict(dict)
    for note in Note.objects.filter(case_id=case_id).order_by("seq", "field"):
        notes[note.seq][note.field] = note.text
    corrections: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.step == "correct" and isinstance(entry.facts.get("seq"), int):
            corrections[entry.facts["seq"]].append(entry)
    return [Line(entry, notes[entry.seq], tuple(corrections[entry.seq])) for entry in entries]


def cycles(case_id: UUID) -> list[Cycle]:
    """The rounds of a case, first to last."""
    return list(Cycle.objects.filter(case_id=case_id).order_by("cycle"))


def open_at(premises_id: UUID, seen: Scope, limit: int = 5) -> QuerySet[Case]:
    """Open cases at the same place, newest first: urge one of these instead of opening another. Confidential ones aren't told."""
    found = held(seen).open().filter(premises_id=premises_id, confidential=False)
    return found.select_related(*WITH_PLACES).order_by("-opened_at")[:limit]


def history_of_customer(
    customer_id: UUID, seen: Scope, *, but: UUID | None = None, limit: int = 8
) -> QuerySet[Case]:
    """What a customer brought before, newest first. That he told something in confidence isn't told."""
    others = Q() if but is None else ~Q(pk=but)
    return (
        visible(seen)
        .filter(others, customer_id=customer_id, confidential=False)
        .select_related(*WITH_PLACES)
        .order_by("-opened_at")[:limit]
    )


def related(case: Case, seen: Scope) -> QuerySet[Case]:
    """What hangs on a case, of what the scope shows: its parts, and its repeats."""
    found = visible(seen).filter(Q(parent=case) | Q(repeat_of=case), confidential=False)
    return found.order_by("opened_at", "id")


def waiting_for(stages: Iterable[tuple[str, str]], seen: Scope) -> QuerySet[Case]:
    """Open cases in one of these (loop, state)."""
    keys: dict[str, list[str]] = defaultdict(list)
    for loop, state in stages:
        keys[loop].append(state)
    found = Case.objects.none()
    for loop, states in keys.items():
        found = found | Case.objects.filter(loop=loop, state__in=states, ended_at__isnull=True)
    return found.filter(pk__in=held(seen).open().values("pk")) if not seen.company else found.not_about(seen)


def came_back(seen: Scope) -> QuerySet[Case]:
    """Open cases that a customer has sent back."""
    return held(seen).open().filter(cycle__gt=1)


def by_keys(keys: Iterable[UUID]) -> dict[UUID, Case]:
    """Cases with unit and place, by key, in one query. Call only for keys that the reader may see."""
    found = Case.objects.filter(pk__in=list(keys)).select_related("unit", "premises").order_by("id")
    return {case.pk: case for case in found}


@dataclass(frozen=True, slots=True)
class Money:
    """What a case has cost: sums in fen over all its rounds. `balance` is what is still to be recovered."""

    case: Case
    due: int
    paid: int
    recovered: int
    paid_at: datetime | None
    written_off: bool
    responsibility: str

    @property
    def balance(self) -> int:
        """Paid and not recovered; 0 where nobody else has to pay, or what is left was written off."""
        return 0 if self.written_off or not self.others_fault else self.paid - self.recovered

    @property
    def others_fault(self) -> bool:
        """Whether a third party has to pay it back."""
        return self.responsibility == "third_party"


def money(seen: Scope, *, unit: str = "", which: str = "") -> QuerySet[Case]:
    """Cases in which something is due or was paid, the oldest payment first. `which`: unpaid, unrecovered or all."""
    # So that not every case there ever was is added up: few cost anything.
    costly = Cycle.objects.filter(Q(amount_due__gt=0) | Q(amount_paid__gt=0)).values("case")
    found = (
        visible(seen)
        .filter(pk__in=costly)
        .annotate(
            due_sum=Sum("cycles__amount_due"),
            paid_sum=Sum("cycles__amount_paid"),
            recovered_sum=Sum("cycles__amount_recovered"),
            first_paid_at=Min("cycles__paid_at"),
            off=Max("cycles__written_off"),
            liable=Max("cycles__responsibility"),
        )
    )
    if unit:
        found = found.filter(unit__code=unit)
    match which:
        case "unpaid":
            found = found.filter(due_sum__gt=F("paid_sum"))
        case "unrecovered":
            found = found.filter(paid_sum__gt=F("recovered_sum"), off=0, liable="third_party")
    return found.select_related("unit").order_by(F("first_paid_at").asc(nulls_last=True), "opened_at", "id")


def told_money(cases: Iterable[Any]) -> list[Money]:
    """The same with sums and balance."""
    return [
        Money(
            case=case,
            due=case.due_sum,
            paid=case.paid_sum,
            recovered=case.recovered_sum,
            paid_at=case.first_paid_at,
            written_off=bool(case.off),
            responsibility=case.liable,
        )
        for case in cases
    ]


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of a list, in fen."""

    due: int
    paid: int
    recovered: int
    balance: int


def money_sums(seen: Scope, *, unit: str = "") -> Sums:
    """All that is due, paid, recovered and still to be recovered, in the scope and unit."""
    left = Q(off=0, liable="third_party")  # as `Money.balance` has it
    told = (
        money(seen, unit=unit)
        .order_by()
        .aggregate(
            due=Sum("due_sum", default=0),
            paid=Sum("paid_sum", default=0),
            recovered=Sum("recovered_sum", default=0),
            balance=Sum(F("paid_sum") - F("recovered_sum"), filter=left, default=0),
        )
    )
    return Sums(**{name: int(value) for name, value in told.items()})
