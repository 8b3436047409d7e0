"""What customers answered beside the facts: counted question by question, and listed by the same condition."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, QuerySet

from bihuan.cases.queries import visible
from bihuan.people.rules import Scope
from bihuan.surveys.models import Answer


def given(
    seen: Scope, *, loop: str, version: int, question: str = "", value: object = None
) -> QuerySet[Answer]:
    """Answers to a version of a kind's questions, newest first. Words of a confidential case stay out of every list."""
    found = Answer.objects.filter(case__in=visible(seen), case__loop=loop, version=version, erased_at=None)
    found = found.exclude(case__confidential=True, value=None)
    if question:
        found = found.filter(question=question)
    if value is not None:
        found = found.filter(value=value)
    return found.select_related("case__unit").order_by("-id")


def tally(seen: Scope, *, loop: str, version: int) -> dict[str, dict[Any, int]]:
    """How often each coded answer was given, by question; words under None."""
    rows = (
        given(seen, loop=loop, version=version)
        .order_by()
        .values_list("question", "value")
        .annotate(n=Count("id"))
    )
    found: dict[str, dict[Any, int]] = defaultdict(dict)
    for question, value, count in rows:
        found[question][value] = count
    return dict(found)
