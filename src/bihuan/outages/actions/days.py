"""Days of supply: what should have been supplied and what was lost, derived from user counts and outages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q

from bihuan.outages.models import Outage, SupplyDay, UserCount
from bihuan.outages.queries.outages import now_of
from bihuan.outages.queries.units import Area, Counts, bureaus, counted_on, user_counts
from bihuan.outages.rules import lost_by_day, midnight
from bihuan.people.models import Actor, Unit

BATCH = 2_000
SUMS = (
    "lost",
    "lost_external",
    "lost_shortage",
    "users_off",
    "customers_off",
    "customer_seconds",
)
_SUPPLIED = ("supplied", "supplied_but_external", "supplied_but_shortage", "customer_supplied")
_UPDATED = ("users", "customers", "due", "customer_due", *SUMS, *_SUPPLIED, "recorded_at")


@transaction.atomic
def count_users(
    *,
    unit: Unit,
    area: str,
    from_date: date,
    users: int,
    customers: int,
    by: Actor,
    at: datetime,
    zone: ZoneInfo,
) -> UserCount:
    """Say how many users and customers a bureau serves in an area from a day on; days counted already are counted anew."""
    row = UserCount.objects.create(
        unit=unit, area=area, from_date=from_date, users=users, customers=customers, by=by, recorded_at=at
    )
    recount(since=from_date, at=at, zone=zone, units={unit.pk})
    count_days(at=at, zone=zone)
    return row


def count_days(*, at: datetime, zone: ZoneInfo) -> int:
    """Count every day that is over and wasn't counted yet. Safe to run twice. Gives how many rows were written."""
    counts, last = user_counts(), _last_counted()
    since = {
        key: last[key] + timedelta(days=1) if key in last else days[0] for key, (days, _) in counts.items()
    }
    if not since:
        return 0
    return _count(counts, min(since.values()), None, at, zone, None, lambda key, day: day >= since[key])


def recount(
    *,
    since: date,
    at: datetime,
    zone: ZoneInfo,
    until: date | None = None,
    units: Collection[UUID] | None = None,
) -> int:
    """Write the days from `since` to `until` (both inclusive) anew, as far as they were counted. Gives how many rows."""
    last = _last_counted(units)
    if not last:
        return 0
    at = max(
        at, midnight(max(last.values()) + timedelta(days=1), zone)
    )  # what was counted is over, whoever asks
    return _count(
        user_counts(units), since, until, at, zone, units, lambda key, day: key in last and day <= last[key]
    )


def _last_counted(units: Collection[UUID] | None = None) -> dict[Area, date]:
    """Up to which day each bureau's areas are counted, without a gap."""
    found = SupplyDay.objects.all() if units is None else SupplyDay.objects.filter(unit_id__in=units)
    rows = found.values_list("unit_id", "area").annotate(last=Max("day")).order_by("unit_id", "area")
    return {(unit, area): last for unit, area, last in rows}


@transaction.atomic
def _count(
    counts: Counts,
    since: date,
    until: date | None,
    at: datetime,
    zone: ZoneInfo,
    units: Collection[UUID] | None,
    wanted: Callable[[Area, date], bool],
) -> int:
    over = at.astimezone(zone).date() - timedelta(days=1)
    last = min(until, over) if until else over
    days = [since + timedelta(days=number) for number in range((last - since).days + 1)]
    if not days:
        return 0
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
    SupplyDay.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["unit", "area", "day"],
        update_fields=[*_UPDATED, "starts_at"],
    )
    return len(rows)


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
    found: dict[tuple[Area, date], dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
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
