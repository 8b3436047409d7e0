"""Trials of drafts: asked for on a page, counted by a job, kept in a row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from bihuan.indicators.queries import trial as trials
from bihuan.kernel.errors import BihuanError
from bihuan.packs import actions as packs
from bihuan.packs import queries
from bihuan.packs.models import Trial
from bihuan.people.models import Actor

JOB = "bihuan.indicators.jobs.try_draft"
"""The job's name: actions stand below jobs and can't import them."""


@transaction.atomic
def ask_trial(
    *, code: str, based_on: str, text: str, on: date, first: date, last: date, by: Actor, at: datetime
) -> Trial:
    """Have a draft tried on the cases of a period; the worker counts them. Raises `PackFault` and `PeriodTooLong`."""
    kept = packs.keep_trial(
        code=code, based_on=based_on, text=text, on=on, first=first, last=last, by=by, at=at
    )
    app.configure_task(JOB).defer(trial=str(kept.pk))
    return kept


def run_trial(*, key: UUID, clock: Callable[[], datetime]) -> None:
    """Count a trial and keep what came out; does nothing when it is done. What can't be counted is kept as its fault.

    `clock` is read when it begins and ends; running promises are judged as of when the trial was asked for.
    """
    kept = packs.begin_trial(key=key, at=clock())
    if kept is None:
        return
    try:
        result = _counted(kept)
    except BihuanError as refused:
        packs.fail_trial(key=key, fault=str(refused), at=clock())
        return
    except Exception as fault:
        # The page that waits must hear of it; the worker's log has the rest.
        packs.fail_trial(key=key, fault=f"{type(fault).__name__}: {fault}", at=clock())
        raise
    packs.end_trial(key=key, result=result, counted=result["rounds"], at=clock())


def _counted(kept: Trial) -> dict[str, Any]:
    total = trials.size(first=kept.first, last=kept.last)
    packs.tell_trial(key=kept.pk, counted=0, total=total)
    return trials.try_draft(
        draft=queries.parse(kept.code, kept.text),
        order=kept.packs,
        on=kept.on,
        first=kept.first,
        last=kept.last,
        at=kept.asked_at,
        tell=lambda counted: packs.tell_trial(key=kept.pk, counted=counted, total=total),
    )
