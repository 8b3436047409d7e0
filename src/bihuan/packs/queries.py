"""Packs and calendars as they lie in the folder `BIHUAN_PACKS_DIR`, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.promise import Promise
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.packs.rules import (
    Moments,
    Pack,
    PackFault,
    Sheet,
    calendar_from,
    choose,
    is_counted,
    pack_from,
    promises_for,
)

__all__ = [
    "Pack",
    "PackUnknown",
    "adopted",
    "calendar",
    "choose",
    "counted",
    "load",
    "promises_for",
    "promises_on",
]


class PackUnknown(BihuanError):
    """There is no pack or calendar of this name."""

    def __init__(self, code: str, known: Iterable[str]) -> None:
        names = ", ".join(known)
        super().__init__(
            Words(
                zh=f"没有名为“{code}”的承诺包或日历；现有：{names}。",
                en=f"There is no pack or calendar '{code}'; known are {names}.",
            ),
            field="pack",
        )


def load(code: str) -> Pack:
    """The pack of this folder, checked; raises `PackUnknown` or `PackFault`."""
    return _load(_folder(), code)


def adopted() -> tuple[Pack, ...]:
    """The packs of this utility, in the order in which they win."""
    return tuple(load(code) for code in settings.BIHUAN_PACKS)


def known() -> tuple[str, ...]:
    """The codes of all packs in the folder."""
    return tuple(sorted(path.parent.name for path in _folder().glob("*/pack.toml")))


def promises_on(loop: str, day: date) -> tuple[Promise, ...]:
    """What the adopted packs promise for this loop on this day, one for each code."""
    return _promises_on(_folder(), tuple(settings.BIHUAN_PACKS), loop, day)


def calendar(code: str = "cn") -> Calendar:
    """The calendar of this code, with the utility's own changes (`<code>.local.toml`) on top."""
    return _calendar(_folder(), code)


def counted(promise: Promise) -> bool:
    """Whether a promise makes clocks today; if not it is shown as not yet counted."""
    return is_counted(promise, moments=_moments())


@lru_cache(maxsize=64)
def _load(folder: Path, code: str) -> Pack:
    if code not in known():
        raise PackUnknown(code, known())
    sheets = _sheets(sorted((folder / code).glob("*.toml")), folder)
    return pack_from(sheets, code=code, moments=_moments(), kinds=_kinds())


@lru_cache(maxsize=4096)
def _promises_on(folder: Path, codes: tuple[str, ...], loop: str, day: date) -> tuple[Promise, ...]:
    return promises_for(packs=[_load(folder, code) for code in codes], loop=loop, on=day)


@lru_cache(maxsize=8)
def _calendar(folder: Path, code: str) -> Calendar:
    base = folder / "calendars" / f"{code}.toml"
    if not code.isidentifier() or not base.is_file():
        codes = sorted(path.stem for path in (folder / "calendars").glob("*.toml") if "." not in path.stem)
        raise PackUnknown(code, codes)
    local = base.with_name(f"{code}.local.toml")
    return calendar_from(_sheets([base, local] if local.is_file() else [base], folder), code=code)


def _sheets(paths: Iterable[Path], folder: Path) -> list[Sheet]:
    sheets = []
    for path in paths:
        name = str(path.relative_to(folder))
        try:
            sheets.append(Sheet(name, tomllib.loads(path.read_text(encoding="utf-8"))))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise PackFault(name, "", f"TOML in UTF-8 ({fault})") from fault
    return sheets


@lru_cache(maxsize=1)
def _moments() -> Moments:
    return {loop.code: frozenset(moment for step in loop.steps for moment in step.marks) for loop in LOOPS}


@lru_cache(maxsize=1)
def _kinds() -> dict[str, frozenset[str]]:
    return {
        loop.code: frozenset(
            choice.code
            for step in loop.steps
            for fact in step.facts
            if fact.column == "kind"
            for choice in fact.choices
        )
        for loop in LOOPS
    }


def _folder() -> Path:
    return Path(settings.BIHUAN_PACKS_DIR)
