"""Jobs of reports: freeze last week on Monday morning, last month and year on their first day; send what is frozen."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.people.actions import house_machine
from bihuan.reports import actions
from bihuan.reports.queries import zone
from bihuan.reports.rules import KINDS

FREEZES, SENDS = 6, 7
"""Hours in the utility's zone (domain.md 1: read at the Monday meeting)."""


@app.periodic(cron="0 * * * *")
@app.task(queueing_lock="weekly_report", lock="weekly_report", pass_context=False)
def weekly(timestamp: int) -> None:
    """Every hour of a Monday from six on: freeze last week once, then send to whoever hasn't had it. Safe to run twice."""
    now = timezone.now()
    local = now.astimezone(zone())
    if local.weekday() == 0 and local.hour >= FREEZES:
        name = _publish("weekly", local.date(), now, sends=local.hour >= SENDS)
        actions.raise_alerts(week_name=name, at=now)


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="monthly_report", lock="monthly_report", pass_context=False)
def monthly(timestamp: int) -> None:
    """Every hour of a month's first day from six on: last month's bulletin; on the first of January last year's report too."""
    now = timezone.now()
    local = now.astimezone(zone())
    if local.day != 1 or local.hour < FREEZES:
        return
    for kind in ("monthly", "yearly") if local.month == 1 else ("monthly",):
        _publish(kind, local.date(), now, sends=local.hour >= SENDS)


def _publish(kind: str, today: date, now: datetime, *, sends: bool) -> str:
    """Freeze the last period that is over, send it; gives its name."""
    which = KINDS[kind]
    current = which.period(which.name_of(today), zone())
    name = which.name_of(which.back(current).first)
    house = house_machine(at=now)
    if house is not None:
        actions.freeze_by_itself(kind=kind, name=name, by=house, at=now)
    if sends and settings.EMAIL_HOST:
        actions.send_due(kind=kind, name=name, at=now, address=settings.BIHUAN_ADDRESS)
    return name
