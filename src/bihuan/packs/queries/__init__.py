"""Packs and calendars: the files of the folder `BIHUAN_PACKS_DIR`, read once, and what was published on top of them.

Imports no models, so that `bihuan due` needs no database; who published what and when is told by `versions`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import Promise
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.indicators.catalogue import DECLARED
from bihuan.packs.rules import (
    Moments,
    Order,
    Pack,
    PackFault,
    Sheet,
    Text,
    calendar_from,
    choose,
    in_force,
    is_counted,
    pack_from,
    promises_for,
)

__all__ = [
    "Pack",
    "PackUnknown",
    "adopted",
    "adopted_on",
    "calendar",
    "choose",
    "counted",
    "editions",
    "forget",
    "known",
    "limit_given",
    "load",
    "order_on",
    "pack_on",
    "parse",
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
    """The packs of the settings as the folder has them, in the order in which they win. Asks no database."""
    return tuple(load(code) for code in settings.BIHUAN_PACKS)


def adopted_on(day: date) -> tuple[Pack, ...]:
    """The packs that apply on this day, in the order in which they win."""
    return _adopted_on(_folder(), tuple(settings.BIHUAN_PACKS), _published(day), day)


def pack_on(code: str, day: date) -> Pack | None:
    """A pack as it holds on this day, adopted or not; None before its first version. Raises `PackUnknown`."""
    return _in_force(_folder(), _published(day), code, day)


def editions() -> tuple[Pack, ...]:
    """Every text of every pack that is, was or will be adopted, the newest of each first: where a clock finds its title."""
    return _editions(_folder(), tuple(settings.BIHUAN_PACKS), _published(date.min))


def known() -> tuple[str, ...]:
    """The codes of all packs in the folder."""
    return tuple(sorted(path.parent.name for path in _folder().glob("*/pack.toml")))


def promises_on(loop: str, day: date) -> tuple[Promise, ...]:
    """What the packs that apply on this day promise for this loop, one for each code."""
    return _promises_on(_folder(), tuple(settings.BIHUAN_PACKS), _published(day), loop, day)


def calendar(code: str | None = None) -> Calendar:
    """The calendar of this code, with the utility's own changes (`<code>.local.toml`) on top.

    Without a code it is the utility's: the one that the first pack of the settings names. Without packs nothing but
    weekends is known of its days, in the zone of the settings.
    """
    own = code or _own_calendar(_folder(), tuple(settings.BIHUAN_PACKS))
    return _calendar(_folder(), own) if own else _bare(settings.TIME_ZONE)


def counted(promise: Promise) -> bool:
    """Whether a promise makes clocks today; if not it is shown as not yet counted."""
    return is_counted(promise, moments=_moments())


def limit_given(
    *, pack: str, promise: str, area: str, customer_class: str, amount: int, unit: str
) -> Limit | None:
    """The whole limit of a clock that remembers only amount and unit: with cut-off, hours and opening, as its pack has it.

    None for a clock without a limit of its own, and for one in business hours whose text is gone.
    """
    if not unit:
        return None
    for text in editions():
        for told in text.named(promise) if text.code == pack else ():
            limit = told.limit_for(area=area or None, customer_class=customer_class or None)
            if limit is not None and (limit.amount, str(limit.unit)) == (amount, unit):
                return limit
    plain = LimitUnit(unit) not in (LimitUnit.business_minutes, LimitUnit.business_hours)
    return Limit(amount, LimitUnit(unit)) if plain else None


def parse(code: str, text: str) -> Pack:
    """The pack that this text makes; raises `PackFault` at the first thing that can't be."""
    name = f"{code}/pack.toml"
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PackFault(
            name,
            "",
            Words(
                zh=f"应为 TOML（{fault}）",
                en=f"TOML ({fault})",
            ),
        ) from fault
    return pack_from(
        [Sheet(name, content)], code=code, moments=_moments(), kinds=_kinds(), indicators=_indicators()
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Published:
    """What is published, as read once. It is the whole truth about every day up to `trusted_to`."""

    trusted_to: date
    texts: dict[str, tuple[Text, ...]]
    orders: tuple[Order, ...]


# Whatever is published takes effect on a later day than the one on which it is written. So what was read on a day is
# right for that day and all before, in every process: only the first step of a day must read. The minute taken off is for
# a writer that began before midnight and committed after. `_SECONDS` is for pages, which show what is to come.
_PUBLISHED = """
SELECT today.day, kept.code, kept.number, kept.text, kept.effective_from, kept.packs
FROM (SELECT ((clock_timestamp() - interval '1 minute') AT TIME ZONE %s)::date AS day) AS today
LEFT JOIN (
    SELECT code, number, text, effective_from, NULL::varchar[] AS packs, recorded_at FROM packs_packversion
    UNION ALL SELECT '', 0, '', effective_from, packs, recorded_at FROM packs_adoption
) AS kept ON true
ORDER BY kept.recorded_at, kept.number
"""
_SECONDS = 60.0
_kept: dict[str, tuple[float, _Published]] = {}


def forget() -> None:
    """Read anew what is published. Called after a publication, so that this process shows it at once."""
    _kept.clear()


def _published(day: date) -> _Published:
    read_at, told = _kept.get("", (0.0, None))
    if told is None or day > told.trusted_to or monotonic() - read_at > _SECONDS:
        told = _read()
        _kept[""] = (monotonic(), told)
    return told


def _read() -> _Published:
    texts: dict[str, list[Text]] = {}
    orders: list[Order] = []
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISHED, [str(calendar().zone)])
        rows = cursor.fetchall()
    for _, code, number, text, effective_from, packs in rows:
        if packs is not None:
            orders.append(Order(effective_from, tuple(packs)))
        elif code:
            texts.setdefault(code, []).append(Text(code, number, effective_from, text))
    return _Published(rows[0][0], {code: tuple(told) for code, told in texts.items()}, tuple(orders))


@lru_cache(maxsize=256)
def _parsed(code: str, text: str) -> Pack:
    return parse(code, text)


@lru_cache(maxsize=64)
def _load(folder: Path, code: str) -> Pack:
    if code not in known():
        raise PackUnknown(code, known())
    sheets = _sheets(sorted((folder / code).glob("*.toml")), folder)
    return pack_from(sheets, code=code, moments=_moments(), kinds=_kinds(), indicators=_indicators())


@lru_cache(maxsize=4096)
def _promises_on(
    folder: Path, settled: tuple[str, ...], told: _Published, loop: str, day: date
) -> tuple[Promise, ...]:
    return promises_for(packs=_adopted_on(folder, settled, told, day), loop=loop, on=day)


@lru_cache(maxsize=4096)
def _adopted_on(folder: Path, settled: tuple[str, ...], told: _Published, day: date) -> tuple[Pack, ...]:
    order = in_force(told.orders, day)
    found = (_in_force(folder, told, code, day) for code in (order.packs if order else settled))
    return tuple(pack for pack in found if pack is not None)


def _in_force(folder: Path, told: _Published, code: str, day: date) -> Pack | None:
    published = in_force(told.texts.get(code, ()), day)
    if published is not None:
        return _parsed(code, published.text)
    # A copy that hasn't begun yet lies in no folder and promises nothing.
    return None if code in told.texts and code not in known() else _load(folder, code)


@lru_cache(maxsize=8)
def _editions(folder: Path, settled: tuple[str, ...], told: _Published) -> tuple[Pack, ...]:
    newest_order = (code for order in reversed(told.orders) for code in order.packs)
    found: list[Pack] = []
    for code in dict.fromkeys((*newest_order, *settled)):
        newest_first = sorted(
            told.texts.get(code, ()), key=lambda text: (text.effective_from, text.number), reverse=True
        )
        found += [_parsed(code, text.text) for text in newest_first]
        if code in known():
            found.append(_load(folder, code))
    return tuple(found)


@lru_cache(maxsize=8)
def _own_calendar(folder: Path, settled: tuple[str, ...]) -> str:
    return _load(folder, settled[0]).calendar if settled else ""


@lru_cache(maxsize=8)
def _bare(zone: str) -> Calendar:
    return Calendar("", ZoneInfo(zone), date.min.year + 1, date.min.year + 1, frozenset(), frozenset())


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
            raise PackFault(
                name,
                "",
                Words(
                    zh=f"应为 UTF-8 编码的 TOML（{fault}）",
                    en=f"TOML in UTF-8 ({fault})",
                ),
            ) from fault
    return sheets


@lru_cache(maxsize=1)
def _moments() -> Moments:
    return {loop.code: frozenset(moment for step in loop.steps for moment in step.marks) for loop in LOOPS}


@lru_cache(maxsize=1)
def _indicators() -> frozenset[str]:
    return frozenset(one.code for one in DECLARED if one.in_percent)


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
    return _path(str(settings.BIHUAN_PACKS_DIR))


@lru_cache(maxsize=8)
def _path(name: str) -> Path:
    return Path(name)
