"""A unit that is closed or moved leaves no case behind."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.cases import actions as cases
from bihuan.cases.queries import open_with
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people import actions as people
from bihuan.people.models import Actor, Unit


class CasesLeft(BihuanError):
    """Cases are still with the unit; nothing is changed."""

    def __init__(self, count: int) -> None:
        super().__init__(
            Words(
                zh=f"仍有 {count} 张未结工单在此单位，请先转出。",
                en=f"{count} open cases are still with it; hand them on first.",
            ),
            field="unit",
        )
        self.count = count


@transaction.atomic
def close_unit(*, unit: Unit, why: str, by: Actor, at: datetime) -> Unit:
    """Close a unit with which no case is any more. Raises `CasesLeft` or `people.UnitRefused`."""
    _none_left(unit)
    return people.close_unit(unit=unit, why=why, by=by, at=at)


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, code: str, why: str, by: Actor, at: datetime) -> Unit:
    """Open a unit's successor elsewhere and close it. Raises `CasesLeft` or `people.UnitRefused`."""
    _none_left(unit)
    return people.move_unit(unit=unit, parent=parent, code=code, why=why, by=by, at=at)


def _none_left(unit: Unit) -> None:
    """No step is under way meanwhile: it would hand a case to a unit that is closed."""
    cases.lock_for_sealing()
    count = open_with(unit).count()
    if count:
        raise CasesLeft(count)
