"""Days of supply: what should have been supplied and what was lost, derived from user counts and outages."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from bihuan.outages.models import SupplyDay, UserCount
from bihuan.outages.queries.days import DERIVED, last_counted, supply_days
from bihuan.outages.queries.units import Area, Counts, user_counts
from bihuan.outages.rules import midnight
from bihuan.people.models import Actor, Unit

BATCH = 2_000


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
    _one_after_the_other()
    row = UserCount.objects.create(
        unit=unit, area=area, from_date=from_date, users=users, customers=customers, by=by, recorded_at=at
    )
    recount(since=from_date, at=at, zone=zone, units={unit.pk})
    count_days(at=at, zone=zone)
    return row


@transaction.atomic
def count_days(*, at: datetime, zone: ZoneInfo) -> int:
    """Count every day that is over and wasn't counted yet. Safe to run twice. Gives how many rows were written."""
    _one_after_the_other()
    counts, last = user_counts(), last_counted()
    since = {
        key: last[key] + timedelta(days=1) if key in last else days[0] for key, (days, _) in counts.items()
    }
    if not since:
        return 0
    return _count(counts, min(since.values()), None, at, zone, None, lambda key, day: day >= since[key])


@transaction.atomic
def recount(
    *,
    since: date,
    at: datetime,
    zone: ZoneInfo,
    until: date | None = None,
    units: Collection[UUID] | None = None,
) -> int:
    """Write the days from `since` to `until` (both inclusive) anew, as far as they were counted. Gives how many rows."""
    _one_after_the_other()
    last = last_counted(units)
    if not last:
        return 0
    at = max(
        at, midnight(max(last.values()) + timedelta(days=1), zone)
    )  # what was counted is over, whoever asks
    return _count(
        user_counts(units), since, until, at, zone, units, lambda key, day: key in last and day <= last[key]
    )


def _one_after_the_other() -> None:
    """Of two who count the same day at once, the second must see what the first counted from: else it writes that away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('outages days'))")


def _count(
    counts: Counts,
    since: date,
    until: date | None,
    at: datetime,
    zone: ZoneInfo,
    units: Collection[UUID] | None,
    wanted: Callable[[Area, date], bool],
) -> int:
    rows = supply_days(counts=counts, since=since, until=until, at=at, zone=zone, units=units, wanted=wanted)
    SupplyDay.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["unit", "area", "day"],
        update_fields=[*DERIVED, "starts_at", "recorded_at"],
    )
    return len(rows)
