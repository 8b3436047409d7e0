"""A page that asks again every few seconds tells what it has seen, and is told nothing while nothing has changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest

from bihuan.cases.models import Case
from bihuan.cases.queries import changes

NAME = "seen"
LATE = timedelta(minutes=1)
"""A step is written as of the moment at which it was asked for, and may be seen so much later."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 80


def glance(cases: QuerySet[Case], *, at: datetime, until: datetime, more: str = "") -> str:
    """What a page made at `at` has seen, for the field `seen` that it sends along. Call before reading what it shows.

    `cases` are all those whose change may change the page, `until` is when time alone changes it, `more` tells what else it shows.
    """
    before, _ = changes(cases, since=at - LATE, at=at)
    return f"{_micros(at)}.{_micros(until)}.{before}.{more}"


def unchanged(request: HttpRequest, cases: QuerySet[Case], *, at: datetime, more: str = "") -> bool:
    """Whether the page that asks still shows how things are: none of the cases changed since, nor before and seen only now."""
    made, until, before, told = (*request.GET.get(NAME, "")[:_LONGEST].split(".", 3), "", "", "", "")[:4]
    if not (made.isascii() and made.isdigit() and until.isascii() and until.isdigit()) or told != more:
        return False
    if not int(made) <= _micros(at) < int(until):
        return False
    seen_at = _EPOCH + timedelta(microseconds=int(made))
    return changes(cases, since=seen_at - LATE, at=seen_at) == (int(before) if before.isdigit() else -1, 0)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
