"""Jobs of outages: count the day that is over."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.outages import actions
from bihuan.packs import queries as packs


@app.periodic(cron="*/30 * * * *")
@app.task(queueing_lock="supply_days", lock="supply_days", pass_context=False)
def count_days(timestamp: int) -> None:
    """Days that are over and weren't counted yet; nothing to do most of the time."""
    actions.count_days(at=timezone.now(), zone=packs.calendar().zone)
