"""What a step names beside its own case: the case that is brought again, the one it is merged into, the unit spoken of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from bihuan.cases.models import Case
from bihuan.cases.queries import visible
from bihuan.cases.rules import Timeline
from bihuan.flow.rules.refusals import CantJoin, InConfidence, UnknownCase
from bihuan.kernel.fact import FactValue
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import Step
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.people.rules import Held, scope


def brought_before(declared: Loop, facts: Mapping[str, object], held: Iterable[Held]) -> Case | None:
    """The case that is brought again: one that the permission to open reaches. Raises `UnknownCase` or `InConfidence`.

    Two cases of which one names the other have one customer, so a confidential one and one that isn't never do.
    """
    number = facts.get("repeat_of")
    if not number:
        return None
    found = _reached(str(number), "repeat_of", declared.opening, held)
    if found.confidential != (declared.confidential or facts.get("confidential") is True):
        raise InConfidence
    return found


def joined(
    case: Case, timeline: Timeline, step: Step, facts: Mapping[str, FactValue], held: Iterable[Held]
) -> dict[str, UUID]:
    """The case into which this one is merged, by number: one that the permission to merge reaches.

    Raises `UnknownCase`, `CantJoin` or `InConfidence`. Call while holding the lock on the case.
    """
    number = timeline.round.columns.get("parent")
    known = {str(number): case.parent_id} if number and case.parent_id else {}
    fact = next((fact for fact in step.facts if fact.column == "parent" and fact.code in facts), None)
    if fact is None:
        return known
    found = _reached(str(facts[fact.code]), fact.code, step, held)
    if found.pk == case.pk or found.loop != case.loop or found.parent_id or found.ended_at:
        raise CantJoin
    if found.confidential != case.confidential:
        raise InConfidence(fact.code)
    if Case.objects.filter(parent_id=case.pk).exists():
        raise CantJoin
    return {found.number: found.pk}


def home_of(serving: Unit | None, facts: Mapping[str, object]) -> Unit | None:
    """The unit that serves the place; none while the case speaks of it, which isn't even to find it counted among its own."""
    if serving is None or not facts.get("about"):
        return serving
    about = people.unit_by_code(str(facts["about"]))
    return None if about is not None and serving.path.startswith(about.path) else serving


def _reached(number: str, field: str, step: Step, held: Iterable[Held]) -> Case:
    """A case that isn't within reach is told like one that isn't there."""
    found = visible(scope(held, step.by)).filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise UnknownCase(number, field)
    return found
