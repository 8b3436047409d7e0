"""The town's network, users, outages and voltage, written down through the doors of `outages`."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from bihuan.outages import actions as outages
from bihuan.outages.models import Outage, UserCount, VoltagePoint
from bihuan.outages.rules import History, Reading, Told, band
from bihuan.packs import queries as packs
from bihuan.people.models import Membership, Unit
from bihuan.scenarios.queries import scenario
from bihuan.scenarios.rules.outages import (
    LONGEST_AHEAD,
    Drawn,
    Net,
    voltage_minutes,
    voltage_points,
)
from bihuan.supply.models import Premises

# By hand: Django's bulk update takes a second and more for the town's premises.
_FEED = """
UPDATE supply_premises AS place SET line = fed.line, transformer = fed.transformer
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS fed (id, line, transformer) WHERE place.id = fed.id
"""
MONTHS_BEFORE = 2


@lru_cache(maxsize=2)
def net(code: str) -> Net:
    """The network of a scenario. Raises OSError where the scenario has no sheet of outages."""
    folder = Path(settings.BIHUAN_SCENARIOS_DIR) / code
    sheet = tomllib.loads((folder / "outages.toml").read_text(encoding="utf-8"))
    told = scenario(code)
    return Net(seed=told.seed, sheet=sheet, world=told.world)


@transaction.atomic
def play_outages(*, code: str, first: date, last: date, until: datetime) -> int:
    """Connect the premises, count the users, and tell all outages and readings of the days as they stand at `until`.

    Plans of the two weeks after are told as far as they were published by then. Gives how many outages there are.
    """
    zone, lines = packs.calendar().zone, net(code)
    by = _tellers(lines)
    units = {unit.code: unit.pk for unit in Unit.objects.filter(code__in=by)}
    _connect(lines)
    _count_users(lines, units, by, first, zone)
    histories = [
        History(units[drawn.bureau], said, drawn.number)
        for drawn in _drawn(lines, first, last + LONGEST_AHEAD, zone, by)
        if (said := _by(drawn.told, until)) and _event(drawn, zone) >= first
    ]
    outages.replay(histories=histories, at=until, zone=zone)
    outages.count_days(at=until, zone=zone)
    _voltage(lines, units, next(iter(by.values())), first, until, zone)
    return len(histories)


@transaction.atomic
def live_outages(*, code: str, since: datetime, until: datetime) -> int:
    """Tell what was recorded after `since` and not after `until`. Safe to run twice; what somebody else went on with is left.

    Gives how many things were told.
    """
    zone, lines = packs.calendar().zone, net(code)
    by = _tellers(lines)
    if not Outage.objects.exists() or not by:
        return 0
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=by)}
    begun, told = since.astimezone(zone).date() - timedelta(days=9), 0
    for drawn in _drawn(lines, begun, until.astimezone(zone).date() + LONGEST_AHEAD, zone, by):
        fresh = [one for one in drawn.told if since < one.recorded_at <= until]
        if not fresh:
            continue
        row = Outage.objects.filter(number=drawn.number).first()
        if fresh[0] is drawn.told[0]:
            if row is None:
                history = History(units[drawn.bureau].pk, tuple(fresh), drawn.number)
                outages.replay(histories=[history], at=until, zone=zone)
                told += len(fresh)
        elif row is not None and row.last_seq == drawn.told.index(fresh[0]):
            told += _go_on(row, fresh, zone)
    return told


def _go_on(row: Outage, fresh: list[Told], zone: ZoneInfo) -> int:
    told = 0
    for one in fresh:
        actor = Membership.objects.filter(actor_id=one.by).select_related("actor").first()
        if actor is None:
            break
        try:
            outages.tell(
                outage_id=row.pk,
                step=one.step,
                values=_meant(one),
                by=actor.actor,
                at=one.at,
                recorded_at=one.recorded_at,
                zone=zone,
            )
        except outages.OutageRefused:
            break  # somebody at the desk has gone another way with it
        told += 1
    return told


def _meant(one: Told) -> dict[str, object]:
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") else value
        for name, value in one.values.items()
    }


def _drawn(lines: Net, first: date, last: date, zone: ZoneInfo, by: Mapping[str, UUID]) -> Iterator[Drawn]:
    return lines.drawn(first=first, last=last, zone=zone, by=by)


def _event(drawn: Drawn, zone: ZoneInfo) -> date:
    values = drawn.told[0].values
    return (
        datetime.fromisoformat(values.get("started_at") or values["planned_start_at"]).astimezone(zone).date()
    )


def _by(told: tuple[Told, ...], until: datetime) -> tuple[Told, ...]:
    return tuple(one for one in told if one.recorded_at <= until)


def _tellers(lines: Net) -> dict[str, UUID]:
    """A dispatcher of each bureau."""
    codes = {bureau for bureau, _ in lines.lines}
    held = Membership.objects.filter(post_id="dispatcher", unit__code__in=codes).order_by("actor__label")
    return dict(reversed(list(held.values_list("unit__code", "actor_id"))))


def _connect(lines: Net) -> None:
    columns = ("pk", "unit__bureau__code", "area", "address", "code")
    places = list(Premises.objects.order_by("code").values_list(*columns))
    fed = [lines.feeding(bureau, area, address, code) for _, bureau, area, address, code in places]
    with connection.cursor() as cursor:
        cursor.execute(
            _FEED, [[place[0] for place in places], [line for line, _ in fed], [one for _, one in fed]]
        )


def _count_users(
    lines: Net, units: Mapping[str, UUID], by: Mapping[str, UUID], first: date, zone: ZoneInfo
) -> None:
    at = datetime(first.year, first.month, first.day, tzinfo=zone)
    rows = []
    for bureau, area in lines.lines:
        users, customers = lines.users(bureau, area)
        rows.append(
            UserCount(
                unit_id=units[bureau],
                area=area,
                from_date=first,
                users=users,
                customers=customers,
                by_id=by[bureau],
                recorded_at=at,
            )
        )
    UserCount.objects.bulk_create(rows)


def _voltage(
    lines: Net, units: Mapping[str, UUID], by: UUID, first: date, until: datetime, zone: ZoneInfo
) -> None:
    given = []
    rows = []
    for point in voltage_points(lines):
        lower, upper = band(point.klass, point.nominal)
        row = VoltagePoint(
            code=point.code,
            name=point.name,
            unit_id=units[point.bureau],
            area=point.area,
            klass=point.klass,
            nominal=point.nominal,
            lower=lower,
            upper=upper,
        )
        rows.append(row)
        for begins, ends in _months(first, until, zone):
            minutes = Reading(*voltage_minutes(lines, point, begins, (ends - begins).days + 1))
            given.append(outages.NewReading(row, begins, ends, minutes))
    VoltagePoint.objects.bulk_create(rows)
    actor = Membership.objects.filter(actor_id=by).select_related("actor")[0].actor
    outages.read_many(given=given, by=actor, at=until, zone=zone)


def _months(first: date, until: datetime, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    """Months that are over, from two before the first day on."""
    year, month = first.year, first.month - MONTHS_BEFORE
    if month < 1:
        year, month = year - 1, month + 12
    while True:
        last = date(year, month, monthrange(year, month)[1])
        if last >= until.astimezone(zone).date():
            return
        yield date(year, month, 1), last
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
