"""Jobs of reports: freeze last week on Monday morning, send what is frozen."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.indicators.rules import week_name
from bihuan.people.actions import house_machine
from bihuan.reports import actions
from bihuan.reports.queries import zone

FREEZES, SENDS = 6, 7
"""Hours of Monday in the utility's zone (domain.md 1: read at the Monday meeting)."""


@app.periodic(cron="0 * * * *")
@app.task(queueing_lock="weekly_report", lock="weekly_report", pass_context=False)
def weekly(timestamp: int) -> None:
    """Every hour of a Monday from six on: freeze last week once, then send to whoever hasn't had it. Safe to run twice."""
    now = timezone.now()
    local = now.astimezone(zone())
    if local.weekday() != 0 or local.hour < FREEZES:
        return
    week = week_name(local.date() - timedelta(days=7))
    house = house_machine(at=now)
    if house is not None:
        actions.freeze_monday(week=week, by=house, at=now)
    actions.raise_alerts(week_name=week, at=now)
    if local.hour >= SENDS and settings.EMAIL_HOST:
        actions.send_due(week=week, at=now, address=settings.BIHUAN_ADDRESS)
