"""What is aimed at, by unit and year, and who answers for it: the files of the settings, and over them what somebody set."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import DECLARED
from bihuan.packs.models import Owner, Target
from bihuan.packs.queries import PackUnknown
from bihuan.packs.rules import Aim, PackFault, Sheet, Targets, gathered, targets_from
from bihuan.people.models import Unit
from bihuan.people.queries import names_of


def standing(known: datetime | None = None) -> Targets:
    """Every target, as recorded by then; None: by now. One query."""
    kept = Target.objects.order_by("recorded_at", "id")
    if known is not None:
        kept = kept.filter(recorded_at__lte=known)
    rows = kept.values_list("indicator", "unit__code", "from_date", "value", "source", "span")
    return gathered(
        from_files(),
        [
            Aim(indicator, unit, from_date, value, Words(zh=source, en=source), span)
            for indicator, unit, from_date, value, source, span in rows
        ],
    )


def history(indicator: str) -> list[tuple[Target, str]]:
    """Every target that somebody set of an indicator, the newest first, with the name of who did."""
    rows = list(
        Target.objects.filter(indicator=indicator).select_related("unit").order_by("-recorded_at", "-id")
    )
    names = names_of({row.by_id for row in rows})
    return [(row, names.get(row.by_id, "")) for row in rows]


def owners(known: datetime | None = None) -> dict[str, Unit]:
    """The unit that answers for each indicator that has one."""
    kept = Owner.objects.select_related("unit").order_by("recorded_at", "id")
    if known is not None:
        kept = kept.filter(recorded_at__lte=known)
    found: dict[str, Unit | None] = {row.indicator: row.unit for row in kept}
    return {code: unit for code, unit in found.items() if unit is not None}


def from_files() -> tuple[Aim, ...]:
    """The targets of the files named in the settings, in their order; raises `PackUnknown` or `PackFault`."""
    folder = Path(settings.BIHUAN_PACKS_DIR) / "targets"
    return tuple(aim for code in settings.BIHUAN_TARGETS for aim in _load(folder, code))


@lru_cache(maxsize=16)
def _load(folder: Path, code: str) -> tuple[Aim, ...]:
    path = folder / f"{code}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise PackUnknown(code, sorted(one.stem for one in folder.glob("*.toml"))) from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PackFault(
            f"targets/{code}.toml",
            "",
            Words(
                zh=f"应为 TOML（{fault}）",
                en=f"TOML ({fault})",
            ),
        ) from fault
    return targets_from(
        Sheet(f"targets/{code}.toml", content), code=code, indicators=[one.code for one in DECLARED]
    )
