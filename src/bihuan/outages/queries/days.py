"""Days of supply as they follow from user counts and outages, and those that are kept otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from bihuan.outages.models import Outage, SupplyDay
from bihuan.outages.queries.outages import now_of
from bihuan.outages.queries.units import Area, Counts, bureaus, counted_on, user_counts
from bihuan.outages.rules import lost_by_day, midnight
from bihuan.people.models import Unit

LOST = (
    "lost",
    "lost_external",
    "lost_shortage",
    "users_off",
    "customers_off",
    "customer_seconds",
)
SUPPLIED = ("supplied", "supplied_but_external", "supplied_but_shortage", "customer_supplied")
DERIVED = ("users", "customers", "due", "customer_due", *LOST, *SUPPLIED)


def last_counted(units: Collection[UUID] | None = None) -> dict[Area, date]:
    """Up to which day each bureau's areas are counted, without a gap."""
    found = SupplyDay.objects.all() if units is None else SupplyDay.objects.filter(unit_id__in=units)
    rows = found.values_list("unit_id", "area").annotate(last=Max("day")).order_by("unit_id", "area")
    return {(unit, area): last for unit, area, last in rows}


def supply_days(
    *,
    counts: Counts,
    since: date,
    until: date | None,
    at: datetime,
    zone: ZoneInfo,
    units: Collection[UUID] | None,
    wanted: Callable[[Area, date], bool],
) -> list[SupplyDay]:
    """The wanted days from `since` to `until` (both inclusive, only those over at `at`), unsaved."""
    over = at.astimezone(zone).date() - timedelta(days=1)
    last = min(until, over) if until else over
    days = [since + timedelta(days=number) for number in range((last - since).days + 1)]
    if not days:
        return []
    lost = _losses(days, zone, at, units)
    edges = {day: midnight(day, zone) for day in (*days, days[-1] + timedelta(days=1))}
    rows: list[SupplyDay] = []
    for key in counts:
        for day in days:
            told = counted_on(counts, key, day) if wanted(key, day) else None
            if told is None:
                continue
            length = (edges[day + timedelta(days=1)] - edges[day]) // timedelta(seconds=1)
            rows.append(_row(key, day, told, length, edges[day], lost.get((key, day), {}), at))
    return rows


def differing_days(*, zone: ZoneInfo, limit: int = 20) -> list[str]:
    """Bureau, area and day of the rows that aren't what user counts and outages say; for `verify`. Reads all of them."""
    last = last_counted()
    if not last:
        return []
    kept = {((row.unit_id, row.area), row.day): row for row in SupplyDay.objects.order_by("day").iterator()}
    counts = user_counts()
    rows = supply_days(
        counts=counts,
        since=min(day for _, day in kept),
        until=None,
        at=midnight(max(last.values()) + timedelta(days=1), zone),
        zone=zone,
        units=None,
        wanted=lambda key, day: key in last and day <= last[key],
    )
    made = {((row.unit_id, row.area), row.day): row for row in rows}
    wrong = [
        key
        for key in sorted(kept.keys() | made.keys(), key=str)
        if key not in kept
        or key not in made
        or any(getattr(kept[key], name) != getattr(made[key], name) for name in DERIVED)
    ]
    codes = dict(Unit.objects.filter(pk__in={unit for (unit, _), _ in wrong}).values_list("pk", "code"))
    return [f"{codes[unit]} {area} {day}" for (unit, area), day in wrong[:limit]]


def _row(
    key: Area,
    day: date,
    told: tuple[int, int],
    length: int,
    starts_at: datetime,
    sums: dict[str, int],
    at: datetime,
) -> SupplyDay:
    users, customers = told
    # An outage of more users than were counted is a mistake in one of the two; the day can't lose more than it had.
    kept = {
        name: min(value, users * length) if name.startswith("lost") else value for name, value in sums.items()
    }
    return SupplyDay(
        unit_id=key[0],
        area=key[1],
        day=day,
        starts_at=starts_at,
        users=users,
        customers=customers,
        due=users * length,
        customer_due=customers * length,
        supplied=users * length - kept.get("lost", 0),
        supplied_but_external=users * length - kept.get("lost", 0) + kept.get("lost_external", 0),
        supplied_but_shortage=users * length - kept.get("lost", 0) + kept.get("lost_shortage", 0),
        customer_supplied=customers * length - min(kept.get("customer_seconds", 0), customers * length),
        recorded_at=at,
        **kept,
    )


def _losses(
    days: list[date], zone: ZoneInfo, at: datetime, units: Collection[UUID] | None
) -> dict[tuple[Area, date], dict[str, int]]:
    found: dict[tuple[Area, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(LOST, 0))
    bureau_of = bureaus()
    for outage in _touching(days, zone):
        bureau = bureau_of[outage.unit_id]
        if units is not None and bureau not in units:
            continue
        now = now_of(outage)
        for day, seconds in lost_by_day(now.stages, outage.ended_at or at, zone).items():
            sums = found[(bureau, outage.area), day]
            sums["lost"] += seconds
            sums["lost_external"] += seconds if outage.external else 0
            sums["lost_shortage"] += seconds if outage.shortage else 0
        sums = found[(bureau, outage.area), outage.event_at.astimezone(zone).date()]
        sums["users_off"] += outage.users or 0
        sums["customers_off"] += outage.customers_off
        sums["customer_seconds"] += outage.customer_seconds
    return found


def _touching(days: list[date], zone: ZoneInfo) -> Iterator[Outage]:
    """Outages of which some second lies in these days, or that run."""
    start, end = midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone)
    found = Outage.objects.filter(started_at__lt=end).filter(Q(ended_at__gt=start) | Q(ended_at=None))
    return found.exclude(state="withdrawn").order_by("started_at", "id").iterator()
