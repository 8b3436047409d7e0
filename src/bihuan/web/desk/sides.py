"""What unit, system and customer each say of the same moment, side by side, and where they differ by more than is tolerated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from bihuan.cases.models import Cycle
from bihuan.cases.queries import Line
from bihuan.kernel.loop import Loop
from bihuan.surveys.queries.book import book
from bihuan.surveys.rules.statements import Statements, mismatches
from bihuan.web.ui.templatetags.bihuan import short


@dataclass(frozen=True, slots=True)
class Side:
    """A moment and what each says of it: the unit when it happened, the system when it was written down."""

    question: str
    unit: str
    system: str
    customer: str
    differs: bool


def sides(loop: Loop, lines: Sequence[Line], cycle: Cycle) -> list[Side]:
    """One round's moments of which at least two say something; no query."""
    recorded = _recorded(loop, lines, cycle.cycle)
    found = {
        one.kind
        for one in mismatches(
            Statements(
                arrived_at=cycle.arrived_at,
                arrival_recorded_at=recorded.get("arrived"),
                contacted_at=cycle.contacted_at,
                customer_arrived_at=cycle.customer_arrived_at,
                rang_on_arrival=cycle.rang_on_arrival,
                contacted_first_day=cycle.contacted_first_day,
            ),
            book().comparisons,
        )
    }
    told = []
    if cycle.arrived_at:
        differs = bool(found & {"arrival", "arrival_recorded"})
        customer = short(cycle.customer_arrived_at)
        told.append(
            _side(gettext("Arrived on site"), cycle.arrived_at, recorded.get("arrived"), customer, differs)
        )
    if cycle.contacted_at or cycle.rang_on_arrival is not None or cycle.contacted_first_day is not None:
        differs = bool(found & {"rang", "first_day"})
        told.append(
            _side(
                gettext("First contact"),
                cycle.contacted_at,
                recorded.get("contacted"),
                _of_contact(cycle),
                differs,
            )
        )
    if cycle.done_at:
        solved = "" if cycle.solved is None else gettext("yes") if cycle.solved else gettext("no")
        differs = cycle.solved is False
        told.append(_side(gettext("Solved"), cycle.done_at, recorded.get("done"), solved, differs))
    return told


def _side(
    question: str, unit: datetime | None, system: datetime | None, customer: str, differs: bool
) -> Side:
    return Side(question, short(unit), short(system), customer, differs)


def _of_contact(cycle: Cycle) -> str:
    if cycle.contacted_first_day is not None:
        return gettext("yes, by the first working day") if cycle.contacted_first_day else gettext("no")
    if cycle.rang_on_arrival is not None:
        return gettext("crew rang") if cycle.rang_on_arrival else gettext("crew did not ring")
    return ""


def _recorded(loop: Loop, lines: Sequence[Line], cycle: int) -> dict[str, datetime]:
    """When the entry that marks each moment was written down; what was done with a main case is that case's word."""
    found: dict[str, datetime] = {}
    for line in lines:
        entry = line.entry
        step = loop.step(entry.step)
        if step is None or entry.cycle != cycle or entry.facts.get("via"):
            continue
        for moment in step.marks:
            found.setdefault(moment, entry.recorded_at)
    return found
