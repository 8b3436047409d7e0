"""Which bureau's users an outage takes off, and how many users each bureau had on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from bihuan.outages.models import UserCount
from bihuan.people.models import Unit
from bihuan.people.rules import Scope

Area = tuple[UUID, str]
"""A bureau and an area class."""

Counts = Mapping[Area, tuple[list[date], list[tuple[int, int]]]]


def bureaus() -> dict[UUID, UUID]:
    """Each unit's bureau; a unit that belongs to none stands for itself."""
    return {key: bureau or key for key, bureau in Unit.objects.values_list("pk", "bureau_id")}


def of_unit(code: str) -> Q:
    """Rows of the unit with this code or of one below it."""
    return Q(unit__path__startswith=f"{code}/") | Q(unit__path__contains=f"/{code}/")


def user_counts(units: Collection[UUID] | None = None) -> Counts:
    """For each bureau and area the days from which counts hold, with users and customers; the word recorded last counts."""
    rows = UserCount.objects.order_by("from_date", "recorded_at", "id")
    if units is not None:
        rows = rows.filter(unit_id__in=units)
    said: dict[Area, dict[date, tuple[int, int]]] = defaultdict(dict)
    for unit, area, day, users, customers in rows.values_list(
        "unit_id", "area", "from_date", "users", "customers"
    ):
        said[unit, area][day] = (users, customers)
    return {key: (list(days), list(days.values())) for key, days in said.items()}


def counts_said(seen: Scope) -> QuerySet[UserCount]:
    """What was said of users in a scope, the newest day first, the word that counts before those it replaced."""
    found = UserCount.objects.select_related("unit", "by__staff")
    if not seen.company:
        below = Q(pk__in=[])
        for path in seen.paths:
            below |= Q(unit__path__startswith=path)
        found = found.filter(below)
    return found.order_by("unit__code", "area", "-from_date", "-recorded_at", "-id")


def counted_on(counts: Counts, key: Area, day: date) -> tuple[int, int] | None:
    """Users and customers of a bureau's area on a day; None before the first count."""
    if key not in counts:
        return None
    days, values = counts[key]
    place = bisect_right(days, day)
    return values[place - 1] if place else None
