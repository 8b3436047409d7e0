"""What the pages of the callbacks need: cells of the ledger, names by key, minutes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.translation import get_language, gettext

from bihuan.cases.models import Case
from bihuan.surveys import queries as surveys
from bihuan.surveys.models import Finding
from bihuan.surveys.queries.book import book
from bihuan.surveys.rules.ledger import Balance, Part

register = template.Library()


@register.inclusion_tag("desk/callbacks/beside.html", takes_context=True)
def said_beside(context: template.Context, case: Case) -> dict[str, object]:
    """What callbacks left beside the timeline: where two sides differ, and the answers that are no facts. Three queries."""
    language = get_language() or "zh-hans"
    titles = {one.kind: one.title.in_language(language) for one in book().comparisons}
    rows = Finding.objects.filter(case=case, lifted_at=None).order_by("cycle", "kind")
    return {
        "findings": [(titles.get(row.kind, row.kind), row) for row in rows],
        "answers": told_answers(case),
        "case": case,
        "permissions": context["visitor"].permissions,
    }


def told_answers(case: Case) -> list[tuple[int, list[tuple[str, str]]]]:
    """The answers of earlier calls that are no facts, in words, by entry."""
    language = get_language() or "zh-hans"
    answers = surveys.answers_of(case.pk)
    sheets = {one.version: one for one in surveys.editions(case.loop)} if answers else {}
    told = []
    for seq, rows in answers.items():
        lines = []
        for row in rows:
            question = sheets[row.version].question(row.question) if row.version in sheets else None
            value = row.text if row.value is None else row.value
            title = question.text.in_language(language) if question else row.question
            words = question.title_of(value).in_language(language) if question else str(value)
            lines.append((title, gettext("erased") if row.erased_at else words))
        told.append((seq, lines))
    return told


@register.filter
def ledger_cells(balance: Balance) -> list[tuple[str, int]]:
    """A balance's figures in the order of the table, each with the group that it opens to."""
    return [
        ("owed", balance.owed),
        ("made", balance.made),
        ("reached", balance.of(Part.reached)),
        ("unreached", balance.of(Part.unreached)),
        ("tried", balance.of(Part.tried)),
        ("open", balance.open),
        ("exempt", balance.exempt),
    ]


@register.filter
def of(names: Mapping[UUID, str], key: UUID) -> str:
    """The name under a key; a dash where there is none."""
    return names.get(key, "—")


@register.filter
def minutes_of(seconds: int) -> int:
    """Whole minutes of so many seconds."""
    return int(seconds) // 60
