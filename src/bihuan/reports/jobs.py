"""Jobs of reports: freeze last week from Monday morning on, last month and year from their first day on; send what is frozen."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.cases.queries import in_service
from bihuan.people.actions import house_machine
from bihuan.reports import actions
from bihuan.reports.queries import zone
from bihuan.reports.rules import KINDS

FREEZES, SENDS = 6, 7
"""Hours in the utility's zone (domain.md 1: read at the Monday meeting)."""


@app.periodic(cron="0 * * * *")
@app.task(queueing_lock="weekly_report", lock="weekly_report", pass_context=False)
def weekly(timestamp: int) -> None:
    """From Monday at six on: freeze last week once, tell owners, send to whoever hasn't had it. Every hour of the week, so that
    a house that was down on Monday, or approved on Tuesday, makes up for it. Safe to run twice."""
    now = timezone.now()
    local = now.astimezone(zone())
    monday = local.weekday() == 0
    if monday and local.hour < FREEZES:
        return
    try:
        frozen, name = _publish("weekly", local.date(), now, sends=not monday or local.hour >= SENDS)
    finally:
        # Owners are told even if something stands in the way of the mail.
        if monday:
            actions.raise_alerts(week_name=_last("weekly", local.date()), at=now)
    if frozen and not monday:
        actions.raise_alerts(week_name=name, at=now)


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="monthly_report", lock="monthly_report", pass_context=False)
def monthly(timestamp: int) -> None:
    """From six on a month's first day on: last month's bulletin; in January last year's report too. Every hour, as the week's."""
    now = timezone.now()
    local = now.astimezone(zone())
    first = local.day == 1
    if first and local.hour < FREEZES:
        return
    for kind in ("monthly", "yearly") if local.month == 1 else ("monthly",):
        _publish(kind, local.date(), now, sends=not first or local.hour >= SENDS)


def _last(kind: str, today: date) -> str:
    """The name of the last period that is over."""
    which = KINDS[kind]
    return which.name_of(which.back(which.period(which.name_of(today), zone())).first)


def _publish(kind: str, today: date, now: datetime, *, sends: bool) -> tuple[bool, str]:
    """Freeze the last period that is over, if the house was in service by then, and send it; gives whether it was frozen now,
    and its name."""
    name = _last(kind, today)
    house = house_machine(at=now)
    frozen = None
    if house is not None and in_service(before=KINDS[kind].period(name, zone()).end):
        frozen = actions.freeze_by_itself(kind=kind, name=name, by=house, at=now)
    if sends and settings.EMAIL_HOST:
        actions.send_due(kind=kind, name=name, at=now, address=settings.BIHUAN_ADDRESS)
    return frozen is not None, name
