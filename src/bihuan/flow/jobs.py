"""Jobs of the door: judge clocks that ran out, seal every day."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.flow import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="judge", pass_context=False)
def judge(timestamp: int) -> None:
    """Write down what broke since the last minute."""
    actions.judge(at=timezone.now())


@app.periodic(cron="5 16 * * *")
@app.task(queueing_lock="seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Seal the day (00:05 in China)."""
    actions.seal(at=timezone.now())
