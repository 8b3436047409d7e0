"""Outages of the cast's bureaus, told through the door."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bihuan.outages import actions
from bihuan.outages.models import Outage
from bihuan.people.models import Staff, Unit
from tests.cast import CHONGQING, Cast, moment

MAINS = {
    "line": "YJP-L1",
    "line_name": "石坪线",
    "transformers": ("YJP-T1", "YJP-T2"),
    "places": "石坪村、石桥铺",
}
SIZE = {"users": 10, "customers": 900, "important": 1}


def announced(cast: Cast, *, unit: Unit | None = None, at: datetime | None = None, **more: Any) -> Outage:
    """The dispatcher of Yang gives notice of a plan for 2007-06-15, 08:00 to 18:00."""
    values = {
        "kind": "planned",
        "area": "urban",
        "planned_start_at": moment("2007-06-15 08:00"),
        "planned_end_at": moment("2007-06-15 18:00"),
        "published_at": at or cast.now,
        "channel": "newspaper",
        "why": "换杆",
        **MAINS,
        **SIZE,
    }
    return actions.announce(
        unit=unit or cast.yang,
        values=values | more,
        by=cast.dispatcher.actor,
        at=at or cast.now,
        recorded_at=at or cast.now,
        zone=CHONGQING,
    )


def fault(cast: Cast, started: str, ended: str = "", **more: Any) -> Outage:
    """A fault of Yang that was found when it began and told ten minutes later."""
    start = moment(started)
    values: dict[str, Any] = {"kind": "fault", "area": "urban", "started_at": start, **MAINS, **SIZE} | more
    values.setdefault("published_at", start)
    values.setdefault("channel", "hotline")
    values.setdefault("ended_at", moment(ended) if ended else None)
    last = max(value for name, value in values.items() if name.endswith("_at") and value)
    return actions.announce(
        unit=cast.yang, values=values, by=cast.dispatcher.actor, at=start, recorded_at=last, zone=CHONGQING
    )


def tells(
    cast: Cast,
    outage: Outage,
    step: str,
    at: str,
    by: Staff | None = None,
    seq: int | None = None,
    **values: Any,
) -> Outage:
    """Somebody says one more thing of it, and writes it down at once."""
    return actions.tell(
        outage_id=outage.pk,
        step=step,
        values=values,
        by=(by or cast.dispatcher).actor,
        at=moment(at),
        recorded_at=moment(at),
        zone=CHONGQING,
        expected_seq=seq,
    )


def serves(
    cast: Cast, users: int = 100, customers: int = 9_000, since: str = "2007-06-01", at: str = ""
) -> None:
    """Yang serves so many in the city from that day on."""
    actions.count_users(
        unit=cast.yang,
        area="urban",
        from_date=date.fromisoformat(since),
        users=users,
        customers=customers,
        by=cast.dispatcher.actor,
        at=moment(at) if at else cast.now,
        zone=CHONGQING,
    )
