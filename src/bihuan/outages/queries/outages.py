"""Outages as pages ask for them: lists with filters, one with its entries, and what is known where a caller lives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from bihuan.outages.models import Outage, OutageEntry, OutageQuerySet
from bihuan.outages.queries.units import of_unit
from bihuan.outages.rules import Now, Stage, fold
from bihuan.people.models import Unit
from bihuan.people.rules import Scope
from bihuan.supply.models import Premises

SOON = timedelta(days=7)
AHEAD = timedelta(hours=48)
"""How long before its plan an outage is worth telling to a caller."""

LONG = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list; empty ones don't narrow. `which`: now, planned, past, or what a figure counted.

    `since` and `until` bound the moment `by`: `event_at` (its start, else the planned one) or `published_at`; `until` is
    exclusive.
    """

    which: str = ""
    unit: str = ""
    kind: str = ""
    area: str = ""
    line: str = ""
    cause: str = ""
    text: str = ""
    by: Literal["event_at", "published_at"] = "event_at"
    since: datetime | None = None
    until: datetime | None = None


def outages(seen: Scope, wanted: Wanted, at: datetime) -> QuerySet[Outage]:
    """The outages of a scope that fit, with unit and bureau. Running ones the longest first, plans the nearest first,
    the rest the newest first.
    """
    found = Outage.objects.within(seen).select_related("unit__bureau")
    found = _narrowed(found, wanted)
    match wanted.which:
        case "now":
            return found.filter(state="running").order_by("started_at", "id")
        case "planned":
            return found.filter(state="announced", planned_end_at__gte=at).order_by("planned_start_at", "id")
        case "past":
            return found.exclude(state="running").exclude(state="announced", planned_end_at__gte=at)
        case which if which in PARTS:
            return found.filter(part(which, at))
    return found


def by_keys(keys: Iterable[UUID]) -> dict[UUID, Outage]:
    """Outages by their keys, with their units."""
    return {one.pk: one for one in Outage.objects.filter(pk__in=list(keys)).select_related("unit")}


def line_names(codes: Iterable[str]) -> dict[str, str]:
    """What lines are called, by code: as their last outage called them; empty where none gave a name."""
    named = Outage.objects.filter(line__in=list(codes)).exclude(line_name="")
    lines = named.order_by("line", "-event_at", "id").distinct("line")
    names = dict(lines.values_list("line", "line_name"))
    return {code: names.get(code, "") for code in codes}


def part(which: str, at: datetime) -> Q:
    """The condition behind a figure of the outages' page; the list behind it is found by the same one."""
    return PARTS[which](at)


def _due(at: datetime) -> Q:
    """Something was promised and is decided: told, or too late for it."""
    return (
        ~Q(state="withdrawn")
        & Q(notice_due_at__isnull=False)
        & (Q(published_at__isnull=False) | _run_out(at))
    )


def _run_out(at: datetime) -> Q:
    return Q(notice_by_day=True, notice_due_at__lte=at) | Q(notice_by_day=False, notice_due_at__lt=at)


def _in_time(at: datetime) -> Q:
    told = Q(notice_by_day=True, published_at__lt=F("notice_due_at"))
    return _due(at) & (told | Q(notice_by_day=False, published_at__lte=F("notice_due_at")))


def _late(at: datetime) -> Q:
    told = Q(notice_by_day=True, published_at__gte=F("notice_due_at"))
    told |= Q(notice_by_day=False, published_at__gt=F("notice_due_at"))
    return _due(at) & (told | Q(published_at__isnull=True))


def _plans(at: datetime) -> Q:
    """Plans whose time has come: begun, over, withdrawn or past."""
    return Q(kind__in=("planned", "temporary"), planned_start_at__lte=at)


def _not_executed(at: datetime) -> Q:
    gone = Q(state="withdrawn") | Q(state="announced", planned_end_at__lt=at)
    return _plans(at) & gone


def _executed_late(at: datetime) -> Q:
    hour = timedelta(hours=1)
    late = Q(started_at__gte=F("planned_start_at") + hour) | Q(started_at__lte=F("planned_start_at") - hour)
    late |= Q(ended_at__gt=F("planned_end_at")) | Q(ended_at=None, state="running", planned_end_at__lt=at)
    return _plans(at) & ~Q(state="withdrawn") & late


def _long_fault(at: datetime) -> Q:
    # In whole minutes, as the indicator counts.
    return Q(kind="fault", ended_at__gte=F("started_at") + LONG + timedelta(minutes=1), ended_at__lte=at)


PARTS: dict[str, Callable[[datetime], Q]] = {
    "notices": lambda at: Q(published_at__lte=at),
    "published": lambda at: Q(published_at__lte=at),
    "due": _due,
    "in_time": _in_time,
    "late": _late,
    "analysed": lambda at: Q(published_at__lte=at, analysed=True),
    "not_analysed": lambda at: Q(published_at__lte=at, analysed=False),
    "plans": _plans,
    "as_planned": lambda at: _plans(at) & ~(_not_executed(at) | _executed_late(at)),
    "off_plan": lambda at: _not_executed(at) | _executed_late(at),
    "not_executed": _not_executed,
    "executed_late": _executed_late,
    "long_fault": _long_fault,
    "over": lambda at: Q(ended_at__lte=at),
    "off": lambda at: Q(started_at__lte=at) & ~Q(state="withdrawn"),
}
"""What each figure counts."""


def _narrowed(found: OutageQuerySet, wanted: Wanted) -> OutageQuerySet:
    if wanted.unit:
        found = found.filter(of_unit(wanted.unit))
    for name in ("kind", "area", "line", "cause"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    for word in wanted.text.split()[:6]:
        found = found.filter(
            Q(number__iexact=word)
            | Q(places__icontains=word)
            | Q(line_name__icontains=word)
            | Q(line=word)
            | Q(transformers__contains=[word])
        )
    if wanted.since:
        found = found.filter(**{f"{wanted.by}__gte": wanted.since})
    return found.filter(**{f"{wanted.by}__lt": wanted.until}) if wanted.until else found


def outage(seen: Scope, number: str) -> Outage | None:
    """The outage of this number, if the scope shows it."""
    return Outage.objects.within(seen).select_related("unit__bureau").filter(number=number).first()


def entries_of(one: Outage) -> QuerySet[OutageEntry]:
    """What was said of it, in the order of recording, with who said it."""
    return OutageEntry.objects.filter(outage=one).select_related("by__staff").order_by("seq")


def now_of(one: Outage) -> Now:
    """What stands, as a value, from the row."""
    return Now(
        kind=one.kind,
        area=one.area,
        line=one.line,
        line_name=one.line_name,
        transformers=tuple(one.transformers),
        places=one.places,
        why=one.why,
        users=one.users,
        customers=one.customers,
        important=one.important,
        published_at=one.published_at,
        channel=one.channel,
        confirmed_at=one.confirmed_at,
        planned_start_at=one.planned_start_at,
        planned_end_at=one.planned_end_at,
        started_at=one.started_at,
        ended_at=one.ended_at,
        change=one.change,
        cause=one.cause,
        night_on=one.night_on,
        responsible=one.responsible,
        external=one.external,
        shortage=one.shortage,
        parts=tuple(
            Stage(datetime.fromisoformat(moment), users, customers) for moment, users, customers in one.parts
        ),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """An outage that may be what a caller rings about. `fits`: transformer, line, address, or unit (no more is known)."""

    outage: Outage
    fits: str


FITS = ("transformer", "line", "address", "unit")


def known_at(
    *,
    at: datetime,
    premises: Premises | None = None,
    unit: Unit | None = None,
    line: str = "",
    transformer: str = "",
    address: str = "",
    limit: int = 8,
) -> list[Known]:
    """Outages that run at this moment, or are planned for the next 48 hours, where these premises are; the closest fit first.

    Two queries at most. With `premises` unit, line, transformer and address are taken from there. An outage fits by
    transformer, by line, by a place that it names and that stands in the address, or (when it names neither) by unit.
    An outage that names a transformer or a line other than the premises' own doesn't fit.
    """
    if premises is not None:
        unit = unit or premises.unit
        line, transformer = line or premises.line, transformer or premises.transformer
        address = address or premises.address
    if unit is None and not line and not transformer:
        return []
    soon = Q(state="announced", planned_start_at__lte=at + AHEAD, planned_end_at__gt=at)
    found = Outage.objects.filter(Q(state="running", started_at__lte=at) | soon)
    if unit is not None:
        bureau = unit.bureau or unit
        found = found.filter(Q(unit__path__startswith=bureau.path) | Q(line=line, line__gt=""))
    elif transformer:
        found = found.filter(Q(transformers__contains=[transformer]) | Q(line=line, line__gt=""))
    else:
        found = found.filter(line=line)
    rows = found.select_related("unit").order_by("-state", "event_at", "id")
    known = [Known(one, fit) for one in rows if (fit := _fit(one, unit, line, transformer, address))]
    return sorted(known, key=lambda one: (FITS.index(one.fits), one.outage.state != "running"))[:limit]


def _fit(one: Outage, unit: Unit | None, line: str, transformer: str, address: str) -> str:
    if transformer and transformer in one.transformers:
        return "transformer"
    if transformer and one.transformers:
        return ""
    if line and one.line == line:
        return "line"
    if line and one.line:
        return ""
    if address and any(place in address for place in _places(one.places)):
        return "address"
    if unit is None or transformer or line:
        return ""
    below = unit.path.startswith(one.unit.path) or one.unit.path.startswith(unit.path)
    return "unit" if below else ""


def _places(text: str) -> list[str]:
    """The places that a notice names: what stands between its commas, if it is longer than one character."""
    for mark in "，；,;\n":
        text = text.replace(mark, "、")
    return [place.strip() for place in text.split("、") if len(place.strip()) > 1]


def differing(limit: int = 20) -> list[str]:
    """Numbers of outages whose row isn't what its entries say; for `verify`. Reads all of them."""
    said: dict[object, list[tuple[str, datetime, dict[str, object]]]] = {}
    for entry in OutageEntry.objects.order_by("outage_id", "seq").iterator():
        said.setdefault(entry.outage_id, []).append((entry.step, entry.at, entry.values))
    found = []
    for one in Outage.objects.order_by("number").iterator():
        told = said.get(one.pk, [])
        if len(told) != one.last_seq or fold(told) != now_of(one):
            found.append(one.number)
            if len(found) == limit:
                break
    return found
