"""Every version of every pack with who published it, when and why; orders of packs; trials of drafts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from bihuan.kernel.words import Words
from bihuan.packs.models import Adoption, PackVersion, Trial
from bihuan.packs.queries import PackUnknown, calendar, known, parse
from bihuan.packs.rules import Order, Pack, Text, in_force
from bihuan.people.queries import names_of

FOLDER = 0
"""The number of a pack's version as it lies in the folder."""


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a pack. Number 0 is the folder's; of the others it is known from when, by whom, when and why."""

    code: str
    number: int
    text: str
    based_on: str = ""
    effective_from: date | None = None
    why: str = ""
    by: str = ""
    recorded_at: datetime | None = None

    @property
    def name(self) -> str:
        """How `based_on` and addresses name it."""
        return f"{self.code}/{self.number}"

    @property
    def pack(self) -> Pack:
        """What the text says."""
        return parse(self.code, self.text)


def codes() -> tuple[str, ...]:
    """The codes of all packs, in the folder or published."""
    return tuple(sorted({*known(), *PackVersion.objects.values_list("code", flat=True)}))


def versions(code: str) -> list[Version]:
    """Every version of a pack, the one published last first; raises `PackUnknown`."""
    kept = list(PackVersion.objects.filter(code=code).order_by("-number"))
    names = names_of(row.by_id for row in kept)
    found = [
        Version(
            row.code,
            row.number,
            row.text,
            row.based_on,
            row.effective_from,
            row.why,
            names.get(row.by_id, ""),
            row.recorded_at,
        )
        for row in kept
    ]
    if code in known():
        folder = Path(settings.BIHUAN_PACKS_DIR) / code
        paths = sorted(folder.glob("*.toml"), key=lambda path: (path.name != "pack.toml", path.name))
        found.append(Version(code, FOLDER, "\n".join(path.read_text(encoding="utf-8") for path in paths)))
    if not found:
        raise PackUnknown(code, codes())
    return found


def version(code: str, number: int) -> Version:
    """This version of a pack; raises `PackUnknown`."""
    found = next((one for one in versions(code) if one.number == number), None)
    if found is None:
        raise PackUnknown(f"{code}/{number}", (one.name for one in versions(code)))
    return found


def in_force_of(every: Sequence[Version], day: date) -> Version | None:
    """Which of a pack's versions holds on this day; `every` is what `versions` gives."""
    begun = [
        Text(one.code, one.number, one.effective_from, one.text)
        for one in reversed(every)
        if one.effective_from
    ]
    published = in_force(begun, day)
    number = published.number if published else FOLDER
    return next((one for one in every if one.number == number), None)


def in_force_on(code: str, day: date) -> Version | None:
    """The version of a pack that holds on this day, adopted or not; None before its first one; raises `PackUnknown`."""
    return in_force_of(versions(code), day)


def order_on(day: date) -> tuple[str, ...]:
    """The codes of the packs that apply on this day, in the order in which they win."""
    told = [
        Order(one.effective_from, tuple(one.packs)) for one in Adoption.objects.order_by("recorded_at", "id")
    ]
    order = in_force(told, day)
    return order.packs if order else tuple(settings.BIHUAN_PACKS)


def upcoming(day: date) -> list[PackVersion]:
    """Versions that take effect after this day, the nearest first."""
    return list(
        PackVersion.objects.filter(effective_from__gt=day).order_by("effective_from", "code", "number")
    )


def differences() -> Iterator[tuple[str, Words]]:
    """Where what was published isn't what it was: a text that doesn't fit its digest, a version that is missing, a day too early."""
    zone, expected = calendar().zone, dict[str, int]()
    for row in PackVersion.objects.order_by("code", "number"):
        name = f"{row.code}/{row.number}"
        expected[row.code] = expected.get(row.code, 0) + 1
        if row.number != expected[row.code]:
            yield name, Words(zh="缺少它之前的版本", en="a version before it is missing")
            expected[row.code] = row.number
        if hashlib.sha256(row.text.encode()).hexdigest() != row.digest:
            yield name, Words(zh="文本与摘要不符", en="its text doesn't fit its digest")
        if row.effective_from <= row.recorded_at.astimezone(zone).date():
            yield (
                name,
                Words(
                    zh="生效日期不晚于发布之日", en="it takes effect on the day of its publication or before"
                ),
            )
    for order in Adoption.objects.order_by("recorded_at", "id"):
        if order.effective_from <= order.recorded_at.astimezone(zone).date():
            early = Words(
                zh="生效日期不晚于发布之日", en="it takes effect on the day of its publication or before"
            )
            yield f"packs {order.effective_from}", early


def adoptions() -> list[Adoption]:
    """Every order that was ever published, the newest first."""
    return list(Adoption.objects.select_related("by__staff").order_by("-recorded_at", "-id"))


def trial(key: UUID) -> Trial | None:
    """The trial of this key."""
    return Trial.objects.select_related("by__staff").filter(pk=key).first()


def recent_trials(code: str, limit: int = 10) -> list[Trial]:
    """The last trials of a pack's drafts, newest first."""
    return list(
        Trial.objects.select_related("by__staff").filter(code=code).order_by("-asked_at", "id")[:limit]
    )
