"""What a pack and a calendar may say, checked key by key, and which edition wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES, Certainty, LimitRow, Promise, PromiseKind
from bihuan.kernel.words import Words

Moments = Mapping[str, frozenset[str]]
"""The moments that each loop's steps mark, by the loop's code."""

_CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_LEVEL = re.compile(r"\d{1,3}(\.\d+)?")
_LONGEST = {LimitUnit.minutes: 527_040, LimitUnit.hours: 8_784}
_LONGEST_DAYS = 3_660


class PackFault(BihuanError):
    """A pack or calendar says something that can't be; names the file, the key and what was expected."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        where = f"{file}: {key}" if key else file
        super().__init__(
            Words(zh=f"{where}：应为 {expected}。", en=f"{where}: expected {expected}."), field=key or None
        )
        self.file, self.key, self.expected = file, key, expected


@dataclass(frozen=True, slots=True)
class Sheet:
    """One TOML file: its name, for messages, and what it says."""

    file: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of promises: one publisher, one edition."""

    code: str
    edition: str
    title: Words
    source: str
    promises: tuple[Promise, ...]

    def named(self, code: str, *, loop: str | None = None) -> tuple[Promise, ...]:
        """The promises of this code, of this loop if one is named, in the order of the pack."""
        return tuple(
            item for item in self.promises if item.code == code and (loop is None or loop in item.loops)
        )


def choose(*, packs: Iterable[Pack], code: str, loop: str, on: date) -> Promise | None:
    """The promise of this code for this loop from the first pack in which one is valid on the day."""
    return next(
        (promise for promise in promises_for(packs=packs, loop=loop, on=on) if promise.code == code), None
    )


def promises_for(*, packs: Iterable[Pack], loop: str, on: date) -> tuple[Promise, ...]:
    """One promise for each code: the first pack in which one is valid on the day wins."""
    chosen: dict[str, Promise] = {}
    for pack in packs:
        for promise in pack.promises:
            if loop in promise.loops and promise.valid_on(on):
                chosen.setdefault(promise.code, promise)
    return tuple(chosen.values())


def is_counted(promise: Promise, *, moments: Moments) -> bool:
    """Whether the promise makes clocks: a step limit between two moments of a loop that exists."""
    return promise.kind == "step_limit" and any(loop in moments for loop in promise.loops)


def pack_from(sheets: Iterable[Sheet], *, code: str, moments: Moments) -> Pack:
    """The pack that these files make; raises `PackFault` at the first thing that can't be."""
    files = [_Table(sheet.file, "", sheet.content) for sheet in sheets]
    heads = [file.table("pack") for file in files if "pack" in file.content]
    if len(heads) != 1:
        raise PackFault(
            files[0].file if files else code, "pack", f"exactly one table [pack], not {len(heads)}"
        )
    head = heads[0]
    head.only("code", "edition", "title", "source", "valid_from", "valid_to")
    if head.text("code") != code:
        raise head.fault("code", f"the name of its folder, '{code}'")
    promises: list[Promise] = []
    for file in files:
        file.only("pack", "promise")
        for table in file.tables("promise"):
            promise = _promise(table, head, moments)
            for other in promises:
                both = set(other.loops) & set(promise.loops)
                if other.code == promise.code and (both or not promise.loops) and _overlap(other, promise):
                    raise table.fault(
                        "code", f"one '{promise.code}' at a time for each loop, not a second one"
                    )
            promises.append(promise)
    return Pack(code, head.text("edition"), head.words("title"), head.text("source"), tuple(promises))


def calendar_from(sheets: Iterable[Sheet], *, code: str) -> Calendar:
    """The calendar that these files make; what a later file says of a day wins."""
    files = [_Table(sheet.file, "", sheet.content) for sheet in sheets]
    head = files[0].table("calendar")
    if head.text("code") != code:
        raise head.fault("code", f"the name of its file, '{code}'")
    first_year = head.number("first_year", least=1900, most=2200)
    last_year = head.number("last_year", least=first_year, most=2200)
    off, names = dict[int, bool](), dict[int, Words]()
    for file in files:
        file.only("calendar", "off", "worked")
        if file is not files[0] and "calendar" in file.content:
            local = file.table("calendar")
            local.only("last_year")
            last_year = local.number("last_year", least=last_year, most=2200)
        for key in ("off", "worked"):
            for table in file.tables(key):
                for day in _span(table):
                    off[day], names[day] = key == "off", table.words("name")
    # Ordinals of Saturdays and Sundays leave 6 and 0 when divided by 7.
    return Calendar(
        code=code,
        zone=_zone(head),
        first_year=first_year,
        last_year=last_year,
        days_off=frozenset(day for day, rest in off.items() if rest and day % 7 not in (6, 0)),
        make_up=frozenset(day for day, rest in off.items() if not rest and day % 7 in (6, 0)),
        names=names,
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a file that knows its own name, so that every fault says where it is."""

    file: str
    key: str
    content: Mapping[str, Any]

    def fault(self, key: str, expected: str) -> PackFault:
        return PackFault(self.file, f"{self.key}.{key}" if self.key else key, expected)

    def only(self, *keys: str) -> None:
        for key in self.content:
            if key not in keys:
                raise self.fault(key, f"one of the keys {', '.join(keys)}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.content.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.fault(key, "a text")
        return value

    def code(self, key: str) -> str:
        value = self.text(key)
        if not _CODE.fullmatch(value):
            raise self.fault(key, "a code of small letters, digits and hyphens")
        return value

    def one_of(self, key: str, values: Iterable[str]) -> str:
        value = self.content.get(key)
        if value not in (allowed := list(values)):
            raise self.fault(key, f"one of {', '.join(allowed)}")
        return str(value)

    def flag(self, key: str) -> bool:
        value = self.content.get(key)
        if not isinstance(value, bool):
            raise self.fault(key, "true or false")
        return value

    def number(self, key: str, *, least: int, most: int) -> int:
        value = self.content.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(key, f"a whole number from {least} to {most}")
        return value

    def day(self, key: str) -> date:
        value = self.content.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fault(key, "a day like 2007-06-04, without quotes")
        return value

    def words(self, key: str) -> Words:
        value = self.content.get(key)
        if not isinstance(value, dict) or set(value) != {"zh", "en"}:
            raise self.fault(key, 'two languages, { zh = "…", en = "…" }')
        both = _Table(self.file, f"{self.key}.{key}" if self.key else key, value)
        return Words(zh=both.text("zh"), en=both.text("en"))

    def table(self, key: str) -> _Table:
        value = self.content.get(key)
        if not isinstance(value, dict):
            raise self.fault(key, f"a table [{key}]")
        return _Table(self.file, f"{self.key}.{key}" if self.key else key, value)

    def tables(self, key: str) -> list[_Table]:
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(key, f"a list of tables [[{key}]]")
        prefix = f"{self.key}." if self.key else ""
        return [_Table(self.file, f"{prefix}{key}[{place}]", item) for place, item in enumerate(value, 1)]

    def codes(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(item, str) and _CODE.fullmatch(item) for item in value
        ):
            raise self.fault(key, "a list of codes")
        return tuple(value)


def _promise(table: _Table, head: _Table, moments: Moments) -> Promise:
    table.only(
        *(
            "code",
            "title",
            "clause",
            "kind",
            "loops",
            "starts",
            "keeps",
            "public",
            "certainty",
            "source",
            "note",
        ),
        *("limits", "level", "valid_from", "valid_to"),
    )
    kind: PromiseKind = table.one_of("kind", get_args(PromiseKind))  # type: ignore[assignment]
    certainty: Certainty = table.one_of("certainty", get_args(Certainty))  # type: ignore[assignment]
    ends_itself = "valid_from" in table.content or "valid_to" in table.content
    validity = table if "valid_to" in table.content else head
    valid_from = table.day("valid_from") if "valid_from" in table.content else head.day("valid_from")
    valid_to = validity.day("valid_to") if "valid_to" in validity.content else None
    if valid_to is not None and valid_to < valid_from:
        raise (table if ends_itself else head).fault("valid_to", f"a day not before {valid_from}")
    promise = Promise(
        code=table.code("code"),
        pack=head.code("code"),
        edition=head.text("edition"),
        clause=table.text("clause", ""),
        title=table.words("title"),
        source=table.text("source") if "source" in table.content else head.text("source"),
        certainty=certainty,
        kind=kind,
        public=table.flag("public"),
        loops=table.codes("loops"),
        starts=table.code("starts") if "starts" in table.content else "",
        keeps=table.code("keeps") if "keeps" in table.content else "",
        valid_from=valid_from,
        valid_to=valid_to,
        limits=_limits(table),
        level=_level(table),
        note=table.words("note") if "note" in table.content else None,
    )
    _check_shape(promise, table, moments)
    return promise


def _check_shape(promise: Promise, table: _Table, moments: Moments) -> None:
    """A promise with a limit needs loops, a pair of moments that they mark, and rows that don't repeat."""
    timed = promise.kind in ("step_limit", "notice_before", "average")
    if not timed:
        for key in ("limits", "starts", "keeps"):
            if key in table.content:
                raise table.fault(key, f"no such key for the kind {promise.kind}")
        if promise.level is not None and promise.kind != "period_level":
            raise table.fault("level", f"no such key for the kind {promise.kind}")
        return
    if promise.level is not None:
        raise table.fault("level", f"no such key for the kind {promise.kind}")
    for key, value in (("loops", promise.loops), ("limits", promise.limits)):
        if not value:
            raise table.fault(key, "at least one")
    for key in ("starts", "keeps"):
        moment = table.code(key)
        for loop in promise.loops:
            if loop in moments and moment not in moments[loop]:
                marked = ", ".join(sorted(moments[loop]))
                raise table.fault(key, f"a moment that the loop '{loop}' marks ({marked})")
    if promise.starts == promise.keeps:
        raise table.fault("keeps", "another moment than the one that starts it")


def _limits(table: _Table) -> tuple[LimitRow, ...]:
    rows: list[LimitRow] = []
    for item in table.tables("limits"):
        item.only("area", "class", "amount", "unit")
        unit = LimitUnit(item.one_of("unit", LimitUnit))
        row = LimitRow(
            area=item.one_of("area", AREAS) if "area" in item.content else None,
            customer_class=item.one_of("class", CUSTOMER_CLASSES) if "class" in item.content else None,
            limit=Limit(item.number("amount", least=1, most=_LONGEST.get(unit, _LONGEST_DAYS)), unit),
        )
        if any((row.area, row.customer_class) == (other.area, other.customer_class) for other in rows):
            raise item.fault("area", "each pair of area and class once")
        rows.append(row)
    return tuple(rows)


def _level(table: _Table) -> str | None:
    if "level" not in table.content:
        return None
    level = table.text("level")
    if not _LEVEL.fullmatch(level):
        raise table.fault("level", 'a per cent in quotes, like "99.90"')
    return level


def _overlap(one: Promise, other: Promise) -> bool:
    return (one.valid_to is None or other.valid_from <= one.valid_to) and (
        other.valid_to is None or one.valid_from <= other.valid_to
    )


def _span(table: _Table) -> range:
    table.only("from", "to", "name")
    first = table.day("from")
    last = table.day("to") if "to" in table.content else first
    if not timedelta(0) <= last - first <= timedelta(days=60):
        raise table.fault("to", f"a day from {first} to 60 days later")
    return range(first.toordinal(), last.toordinal() + 1)


def _zone(head: _Table) -> ZoneInfo:
    name = head.text("zone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise head.fault("zone", "the name of a time zone, like Asia/Shanghai") from None
