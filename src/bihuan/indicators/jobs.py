"""Jobs of the figures: count a trial of a draft."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from bihuan.indicators import actions


@app.task(name=actions.JOB)
def try_draft(trial: str) -> None:
    """Count what a draft would have kept."""
    actions.run_trial(key=UUID(trial), clock=timezone.now)
