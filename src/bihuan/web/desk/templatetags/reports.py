"""What a report's page needs: what a newer version says otherwise, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django import template

from bihuan.loops.indicators.catalogue import DECLARED
from bihuan.people.models import Unit
from bihuan.reports.models import Snapshot
from bihuan.web.ui.templatetags.bihuan import unit_name, words

register = template.Library()


@dataclass(frozen=True, slots=True)
class Erratum:
    """A figure that a newer version tells otherwise; `unit` is empty for the whole company, a side for nothing counted."""

    title: str
    unit: str
    was: str
    now: str


@register.inclusion_tag("desk/report_errata.html")
def errata(kept: Snapshot) -> dict[str, object]:
    """What this version says otherwise than the one before, as counts. One query."""
    titles = {one.code: words(one.title) for one in DECLARED}
    codes = {one["unit"] for one in kept.differs if one.get("unit")}
    units = {unit.code: unit_name(unit) for unit in Unit.objects.filter(code__in=codes)} if codes else {}
    found = [
        Erratum(
            title=titles.get(one["code"], one["code"]),
            unit=units.get(one["unit"], one["unit"] or "") if one.get("unit") else "",
            was=_counts(one.get("was")),
            now=_counts(one.get("now")),
        )
        for one in kept.differs
    ]
    return {"errata": found, "version": kept.version}


def _counts(pair: list[int | None] | None) -> str:
    """Numerator and denominator, or the count alone."""
    return " / ".join(f"{number:,}" for number in pair or [] if number is not None)
