"""The town lives on: every minute what the minute brought."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.scenarios import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="town", lock="town", pass_context=False)
def live(timestamp: int) -> None:
    """Nothing happens where no demo is played, or where it is to be still."""
    actions.live(code="chongqing-2007", until=timezone.now())
