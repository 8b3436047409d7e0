"""Jobs of the callbacks: findings in what was recorded of late, and every night in everything."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.surveys import actions

LATELY = timedelta(hours=2)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="mismatches", pass_context=False)
def mismatches(timestamp: int) -> None:
    """Compare what was said of late, through whichever door."""
    now = timezone.now()
    actions.find_mismatches(at=now, since=now - LATELY)


@app.periodic(cron="40 17 * * *")
@app.task(queueing_lock="all_mismatches", pass_context=False)
def all_mismatches(timestamp: int) -> None:
    """Compare everything once more (01:40 in China): a tolerance may have changed."""
    actions.find_mismatches(at=timezone.now())
