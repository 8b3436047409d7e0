"""Freezing a report: sealed first, kept as it is, and told what differs when it is frozen again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bihuan.flow import actions as flow
from bihuan.indicators.queries import last_seal
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people import queries as people
from bihuan.people.models import Actor
from bihuan.reports.models import Snapshot
from bihuan.reports.queries import latest, report, zone
from bihuan.reports.rules import KINDS, content, differences, digest, words_of


class MayNotFreeze(BihuanError):
    """Only who edits the report freezes it."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="您的岗位不能封存报告。", en="Your post doesn't let you freeze the report."), field="by"
        )


class PeriodNotOver(BihuanError):
    """A period is frozen once it is over."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(zh=f"{name} 尚未结束，不能封存。", en=f"{name} isn't over yet and can't be frozen."),
            field="period",
        )


@transaction.atomic
def freeze(
    *,
    kind: str,
    name: str,
    unit: str | None = None,
    at: datetime,
    known: datetime,
    by: Actor,
    recorded_at: datetime,
) -> Snapshot:
    """Seal what is recorded, then keep the period's figures with that seal.

    1. Sealing keeps writers and other freezes out until this transaction ends.
    2. The figures are counted as of `at`, as known at `known`.
    3. When the newest version says the same in figures and words, that one is given back; else a new version names what
       differs.

    Raises `MayNotFreeze`, `PeriodNotOver`, `PeriodRefused`, `UnitHasNoFigures`.
    """
    if people.may(by.pk, "report.freeze", recorded_at) is None:
        raise MayNotFreeze
    if at < KINDS[kind].period(name, zone()).end:
        raise PeriodNotOver(name)
    flow.seal(at=recorded_at)
    told = report(kind=kind, name=name, unit=unit, at=at, known=known)
    text = content(told)
    before = latest(kind=kind, name=name, unit=unit)
    changed = differences(before.content, text) if before else []
    if before and not changed and words_of(before.content) == words_of(text):
        return before
    return Snapshot.objects.create(
        kind=kind,
        period=name,
        unit=people.unit_by_code(unit) if unit else None,
        version=before.version + 1 if before else 1,
        at=at,
        known=known,
        seal=last_seal(known),
        content=text,
        digest=digest(text),
        differs=[one.told() for one in changed],
        created_by=by,
        recorded_at=recorded_at,
    )


def freeze_by_itself(*, kind: str, name: str, by: Actor, at: datetime) -> Snapshot | None:
    """The company's report of a period as the house freezes it when nobody has; None where somebody has already."""
    if latest(kind=kind, name=name, unit=None) is not None:
        return None
    return freeze(kind=kind, name=name, at=at, known=at, by=by, recorded_at=at)
