"""Which bureau stands for each unit, and the keys below one: what every query of figures needs of the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bihuan.indicators.queries.figures import UnitHasNoFigures
from bihuan.people.models import Unit


@dataclass(frozen=True, slots=True)
class Places:
    """The organisation, read once. `keys` is None for the whole company."""

    bureau_of: dict[UUID, str]
    keys: tuple[UUID, ...] | None


def places(top: str | None = None) -> Places:
    """Each unit's bureau by key, and the keys of `top` and all below it. Raises `UnitHasNoFigures`."""
    units = list(Unit.objects.order_by("path"))
    codes = {unit.pk: unit.code for unit in units}
    # A unit that belongs to no bureau (a department of somebody else's organisation) stands for itself.
    bureau_of = {unit.pk: codes[unit.bureau_id or unit.pk] for unit in units}
    if top is None:
        return Places(bureau_of, None)
    found = next((unit for unit in units if unit.code == top), None)
    if found is None or bureau_of[found.pk] != top:
        raise UnitHasNoFigures(top)
    return Places(bureau_of, tuple(unit.pk for unit in units if unit.path.startswith(found.path)))
