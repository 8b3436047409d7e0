"""Jobs of the figures: count a trial of a draft, write the archive every night."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.indicators import actions


@app.task(name=actions.JOB)
def try_draft(trial: str) -> None:
    """Count what a draft would have kept."""
    actions.run_trial(key=UUID(trial), clock=timezone.now)


@app.periodic(cron="20 16 * * *")
@app.task(queueing_lock="archive", pass_context=False)
def archive(timestamp: int) -> None:
    """Write the weeks that are over (00:20 in China, after the day was sealed)."""
    actions.write_archive(
        folder=settings.BIHUAN_ARCHIVE_DIR,
        at=timezone.now(),
        zone=ZoneInfo(settings.TIME_ZONE),
        tell=lambda week: None,
    )
