"""Which bureau stands for each unit, and the keys below one: what every query of figures needs of the organisation."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people.models import Unit


class UnitHasNoFigures(BihuanError):
    """Figures are kept by bureau."""

    def __init__(self, code: str) -> None:
        super().__init__(
            Words(
                zh=f"单位“{code}”不存在或在供电局以下；指标统计到供电局。",
                en=f"There is no unit '{code}', or it is below a bureau; figures are kept by bureau.",
            ),
            field="unit",
        )


@dataclass(frozen=True, slots=True)
class Places:
    """The organisation, read once: `units` are those at and below `top`, all of them without one; `keys` is None for all."""

    bureau_of: dict[UUID, str]
    keys: tuple[UUID, ...] | None
    top: str | None
    units: tuple[Unit, ...]

    def rows(self, counted: Set[str | None]) -> list[str]:
        """The active bureaus, and whatever else has counts, in the order of units; without the top itself."""
        return [
            unit.code
            for unit in self.units
            if unit.code != self.top and ((unit.kind == "bureau" and unit.active) or unit.code in counted)
        ]


def places(top: str | None = None) -> Places:
    """Each unit's bureau by key, and the keys of `top` and all below it. Raises `UnitHasNoFigures`."""
    units = tuple(Unit.objects.order_by("path"))
    codes = {unit.pk: unit.code for unit in units}
    # A unit that belongs to no bureau (a department of somebody else's organisation) stands for itself.
    bureau_of = {unit.pk: codes[unit.bureau_id or unit.pk] for unit in units}
    if top is None:
        return Places(bureau_of, None, None, units)
    found = next((unit for unit in units if unit.code == top), None)
    if found is None or bureau_of[found.pk] != top:
        raise UnitHasNoFigures(top)
    below = tuple(unit for unit in units if unit.path.startswith(found.path))
    return Places(bureau_of, tuple(unit.pk for unit in below), top, below)
