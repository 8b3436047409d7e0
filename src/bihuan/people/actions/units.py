"""Units renamed, closed and moved; what they were stays readable, and who belonged where at which time.

A unit never changes its place: history, figures and independence go by where somebody was *then*. To move it is to open a successor in the
new place, to which its people go, and to close the old one.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people.actions.write import appoint, create_unit, end_appointment
from bihuan.people.models import Actor, Membership, Unit, UnitChange
from bihuan.people.rules import fits_code


class UnitRefused(BihuanError):
    """A unit can't be changed so; nothing is changed then."""


def _refused(field: str, zh: str, en: str) -> UnitRefused:
    return UnitRefused(Words(zh=zh, en=en), field=field)


@transaction.atomic
def rename_unit(*, unit: Unit, name_zh: str, name_en: str, why: str, by: Actor, at: datetime) -> Unit:
    """Give a unit other names from now on. Raises `UnitRefused`."""
    held = _locked(unit, why)
    name_zh, name_en = name_zh.strip(), name_en.strip()
    if not name_zh:
        raise _refused("name_zh", "中文名称不能为空。", "The Chinese name can't be empty.")
    before = _names(held)
    held.name_zh, held.name_en = name_zh, name_en
    if _names(held) == before:
        raise _refused("name_zh", "名称没有变化。", "The names are the same as before.")
    held.save(update_fields=["name_zh", "name_en"])
    _note(held, "renamed", before, _names(held), why, by, at)
    return held


@transaction.atomic
def close_unit(*, unit: Unit, why: str, by: Actor, at: datetime) -> Unit:
    """Nothing new goes to it from now on. Raises `UnitRefused` while units stand below it or somebody belongs to it.

    Whoever calls sees to it that no case is with it any more.
    """
    held = _locked(unit, why)
    _is_open(held)
    people = _members(held, at).count()
    if people:
        raise _refused(
            "unit",
            f"仍有 {people} 人在此单位任职，请先调离。",
            f"{people} people still belong to it; give them another place first.",
        )
    return _closed(held, "closed", held.path, None, why, by, at)


@transaction.atomic
def reopen_unit(*, unit: Unit, why: str, by: Actor, at: datetime) -> Unit:
    """Let a closed unit work again, where it was. Raises `UnitRefused` when it has a successor or its place is closed."""
    held = _locked(unit, why)
    if held.active:
        raise _refused("unit", "该单位并未关闭。", "It isn't closed.")
    if held.changes.filter(what="moved").exists():
        raise _refused("unit", "该单位已迁出，有后继单位。", "It has moved and has a successor.")
    if held.parent is not None and not held.parent.active:
        raise _refused("unit", "上级单位已关闭。", "The unit above it is closed.")
    held.active = True
    held.save(update_fields=["active"])
    _note(held, "reopened", held.path, held.path, why, by, at)
    return held


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, code: str, why: str, by: Actor, at: datetime) -> Unit:
    """Open a successor of this code below `parent`, let everybody belong to it from `at` on, and close the old unit.

    Gives the successor. Raises `UnitRefused`. Whoever calls sees to it that no case is with the unit any more.
    """
    held = _locked(unit, why)
    _is_open(held)
    code = code.strip()
    if not fits_code(code) or Unit.objects.filter(code=code).exists():
        raise _refused(
            "code",
            "请给出一个未用过的代码（字母、数字和连字符，至多 40 个字符）。",
            "Give a code that was never used: letters, digits and hyphens, 40 at most.",
        )
    if not parent.active or parent.pk in (held.pk, held.parent_id):
        raise _refused(
            "parent", "请选择另一个在用的上级单位。", "Choose another unit above it, one that isn't closed."
        )
    made = create_unit(
        code=code,
        name_zh=held.name_zh,
        name_en=held.name_en,
        kind=held.kind,
        wing=held.wing,
        parent=parent,
    )
    for membership in _members(held, at).select_related("actor").order_by("starts_at", "id"):
        end_appointment(membership=membership, ends_at=at, recorded_at=at)
        appoint(actor=membership.actor, unit=made, post=membership.post_id, starts_at=at, recorded_at=at)
    _closed(held, "moved", made.path, made, why, by, at)
    return made


def _locked(unit: Unit, why: str) -> Unit:
    if not why.strip():
        raise _refused("why", "请说明原因。", "Say why.")
    return Unit.objects.select_for_update(no_key=True).select_related(None).get(pk=unit.pk)


def _is_open(unit: Unit) -> None:
    if not unit.active:
        raise _refused("unit", "该单位已关闭。", "It is closed already.")
    if unit.parent_id is None:
        raise _refused("unit", "公司本部不能关闭或迁移。", "The company itself can't be closed or moved.")
    below = unit.children.filter(active=True).count()
    if below:
        raise _refused(
            "unit",
            f"其下仍有 {below} 个在用单位，请先逐个迁移或关闭。",
            f"{below} units below it are open; move or close them first, one by one.",
        )


def _members(unit: Unit, at: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(end=None) | Q(end__ends_at__gt=at), unit=unit)


def _closed(
    unit: Unit, what: str, after: str, successor: Unit | None, why: str, by: Actor, at: datetime
) -> Unit:
    unit.active = False
    unit.save(update_fields=["active"])
    _note(unit, what, unit.path, after, why, by, at, successor)
    return unit


def _note(
    unit: Unit,
    what: str,
    before: str,
    after: str,
    why: str,
    by: Actor,
    at: datetime,
    successor: Unit | None = None,
) -> None:
    UnitChange.objects.create(
        unit=unit,
        what=what,
        before=before[:240],
        after=after[:240],
        successor=successor,
        why=why.strip()[:200],
        by=by,
        at=at,
    )


def _names(unit: Unit) -> str:
    return f"{unit.name_zh} / {unit.name_en}" if unit.name_en else unit.name_zh
