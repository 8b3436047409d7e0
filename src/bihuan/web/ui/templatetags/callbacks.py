"""What the pages of the callbacks need: cells of the ledger, names by key, minutes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template

from bihuan.surveys.rules.ledger import Balance, Part

register = template.Library()


@register.filter
def ledger_cells(balance: Balance) -> list[tuple[str, int]]:
    """A balance's figures in the order of the table, each with the group that it opens to."""
    return [
        ("owed", balance.owed),
        ("made", balance.made),
        ("reached", balance.of(Part.reached)),
        ("unreached", balance.of(Part.unreached)),
        ("open", balance.open),
        ("tried", balance.of(Part.tried)),
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
