"""A trial's row: asked for, begun, told how far it is, done or failed. What it counts is `indicators`' to say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.packs import queries
from bihuan.packs.models import Trial
from bihuan.packs.queries import versions
from bihuan.packs.rules import with_draft
from bihuan.people.models import Actor

LONGEST_DAYS = 366


class PeriodTooLong(BihuanError):
    """A trial is of at most a year, and not of days to come."""

    def __init__(self, today: date) -> None:
        super().__init__(
            Words(
                zh=f"试算期间最长一年（{LONGEST_DAYS} 天），起始不晚于结束，结束不晚于今天（{today}）。",
                en=f"A trial is of at most a year ({LONGEST_DAYS} days) that ends today ({today}) at the latest.",
            ),
            field="first",
        )


def keep_trial(
    *, code: str, based_on: str, text: str, on: date, first: date, last: date, by: Actor, at: datetime
) -> Trial:
    """Write down what is to be tried. Raises `PackFault` when the text is none, and `PeriodTooLong`."""
    today = at.astimezone(queries.calendar().zone).date()
    if not first <= last <= today or (last - first).days >= LONGEST_DAYS:
        raise PeriodTooLong(today)
    text = text.replace("\r\n", "\n")
    queries.parse(code, text)
    return Trial.objects.create(
        code=code,
        based_on=based_on,
        text=text,
        packs=list(with_draft(versions.order_on(on), code)),
        on=on,
        first=first,
        last=last,
        by=by,
        asked_at=at,
    )


def begin_trial(*, key: UUID, at: datetime) -> Trial | None:
    """Take up a trial that isn't done; None when it is, so that a job may run twice."""
    begun = Trial.objects.filter(pk=key, done_at=None).update(started_at=at, counted=0)
    return Trial.objects.get(pk=key) if begun else None


def tell_trial(*, key: UUID, counted: int, total: int) -> None:
    """Say how far a trial is."""
    Trial.objects.filter(pk=key, done_at=None).update(counted=counted, total=total)


def end_trial(*, key: UUID, result: Mapping[str, Any], counted: int, at: datetime) -> None:
    """Keep what came out."""
    Trial.objects.filter(pk=key, done_at=None).update(
        result=result, counted=counted, total=counted, done_at=at
    )


def fail_trial(*, key: UUID, fault: str, at: datetime) -> None:
    """Keep why nothing came out."""
    Trial.objects.filter(pk=key, done_at=None).update(fault=fault, done_at=at)
