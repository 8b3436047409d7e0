"""Jobs of the door: judge clocks that ran out, follow main cases, send to supervision, seal every day."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.flow import actions
from bihuan.people.actions import house_machine

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="judge", pass_context=False)
def judge(timestamp: int) -> None:
    """Write down what broke since the last minute, and tell of what is about to."""
    now = timezone.now()
    actions.judge(at=now)
    actions.warn(at=now)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="follow", lock="follow", pass_context=False)
def follow(timestamp: int) -> None:
    """Do on merged cases what was done to the main one."""
    for number, step, why in actions.follow(recorded_at=timezone.now()).refused:
        logger.warning("merged case %s can't follow with %s: %s", number, step, why)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="watch", lock="watch", pass_context=False)
def watch(timestamp: int) -> None:
    """Send to supervision what the rules send there."""
    now = timezone.now()
    house = house_machine(at=now)
    if house is not None:
        actions.watch(by=house, at=now)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="leave_out", pass_context=False)
def leave_out(timestamp: int) -> None:
    """End what is called back by sample and wasn't drawn."""
    now = timezone.now()
    house = house_machine(at=now)
    if house is not None:
        actions.leave_out(by=house, at=now)


@app.periodic(cron="5 16 * * *")
@app.task(queueing_lock="seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Seal the day (00:05 in China)."""
    actions.seal(at=timezone.now())
