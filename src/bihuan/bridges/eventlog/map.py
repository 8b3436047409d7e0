"""Reads MAP.toml: what the columns of somebody else's export mean. Every mistake is told with its key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.fact import Fact, FactKind, FactValue
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import VERIFICATION, Step
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS

CASE, STEP = "case", "step"
ANY = "any"
"""In `[actors]`: the column for every step that has none of its own."""

KEYS = {"shape", "number", "loop", "packs", "time", "steps", "unit", "facts", "actors"}
_CELL = {"column", "values", "only_listed", "end_of_day"}


class MapFault(BihuanError):
    """The map can't be used: which key, and what was expected."""

    def __init__(self, file: str, key: str, zh: str, en: str) -> None:
        where = f"{file}: {key}" if key else file
        super().__init__(Words(zh=f"{where}：{zh}。", en=f"{where}: {en}."), field=key or None)


@dataclass(frozen=True, slots=True)
class Cell:
    """A column and what its values mean; one that isn't listed stays as it is, unless `only_listed`."""

    column: str
    values: Mapping[str, FactValue] = field(default_factory=dict)
    only_listed: bool = False
    end_of_day: bool = False


@dataclass(frozen=True, slots=True)
class NewCompany:
    """The company to make when there is none yet."""

    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class Units:
    """Where a case's unit stands. With `create`, a unit that isn't there is made: a bureau below the company."""

    cell: Cell
    create: bool = False
    company: NewCompany | None = None
    names: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventMap:
    """What an export means. `moments` is for one row a case (step → column of its time), `step` and `at` for one row a step."""

    shape: str
    number: str
    prefix: str
    loop: Cell
    fixed_loop: str
    zone: ZoneInfo
    formats: tuple[str, ...]
    moments: Mapping[str, str]
    step: Cell
    at: str
    unit: Units | None
    facts: Mapping[str, Mapping[str, Cell]]
    actors: Mapping[str, str]
    packs: tuple[str, ...]

    def columns(self) -> list[str]:
        """Every column that the file must have."""
        cells = [self.loop, self.step, *(cell for one in self.facts.values() for cell in one.values())]
        if self.unit is not None:
            cells.append(self.unit.cell)
        named = [
            self.number,
            self.at,
            *self.moments.values(),
            *self.actors.values(),
            *(cell.column for cell in cells),
        ]
        return [name for name in dict.fromkeys(named) if name]


def read_map(path: Path, *, zone: str) -> EventMap:
    """The map in this file; `zone` holds for times without an offset when the map names none. Raises `MapFault`."""
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise MapFault(path.name, "", why, why) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise MapFault(
            path.name, "", f"不是 UTF-8 的 TOML（{fault}）", f"it isn't TOML in UTF-8 ({fault})"
        ) from fault
    return _Reader(path.name, given).map(zone)


class _Reader:
    def __init__(self, file: str, given: Mapping[str, Any]) -> None:
        self.file = file
        self.given = given

    def map(self, zone: str) -> EventMap:
        self._known("", self.given, KEYS)
        shape = self._one_of("shape", self.given.get("shape"), (CASE, STEP))
        fixed, loop = self._loop()
        loops = self._loops(fixed, loop)
        number = self.given.get("number")
        if isinstance(number, str):
            number = {"column": number}
        number = self._table("number", number)
        self._known("number.", number, {"column", "prefix"})
        moments, step, at = self._steps(shape, loops)
        actors = {
            name: self._text(f"actors.{name}", column)
            for name, column in self._table("actors", self.given.get("actors", {})).items()
        }
        self._actors(moments, actors, loops)
        here, formats = self._time(zone)
        return EventMap(
            shape=shape,
            number=self._text("number.column", number.get("column")),
            prefix=self._text("number.prefix", number.get("prefix", ""), empty=True),
            loop=loop,
            fixed_loop=fixed,
            zone=here,
            formats=formats,
            moments=moments,
            step=step,
            at=at,
            unit=self._unit(),
            facts=self._facts(loops),
            actors=actors,
            packs=self._texts("packs", self.given.get("packs", [])),
        )

    def _loop(self) -> tuple[str, Cell]:
        codes = [loop.code for loop in LOOPS]
        given = self.given.get("loop")
        if isinstance(given, str):
            return self._one_of("loop", given, codes), Cell("")
        cell = self._cell("loop", given)
        for value in cell.values.values():
            self._one_of("loop.values", value, codes)
        return "", cell

    def _loops(self, fixed: str, cell: Cell) -> list[Loop]:
        named = (
            {fixed}
            if fixed
            else set(cell.values.values()) | (set() if cell.only_listed else {loop.code for loop in LOOPS})
        )
        return [loop for loop in LOOPS if loop.code in named]

    def _steps(self, shape: str, loops: list[Loop]) -> tuple[dict[str, str], Cell, str]:
        steps = self._table("steps", self.given.get("steps"))
        codes = _codes(loops)
        if shape == CASE:
            for name in steps:
                self._one_of(f"steps.{name}", name, codes)
            if "accept" not in steps:
                self._fail(
                    "steps.accept",
                    "须写明受理时间所在的列",
                    "the column with the time of acceptance is needed",
                )
            return {name: self._text(f"steps.{name}", column) for name, column in steps.items()}, Cell(""), ""
        at = self._text("steps.at", steps.get("at"))
        cell = self._cell("steps", {key: value for key, value in steps.items() if key != "at"})
        for value in cell.values.values():
            self._one_of("steps.values", value, codes)
        return {}, cell, at

    def _actors(self, moments: Iterable[str], actors: Mapping[str, str], loops: list[Loop]) -> None:
        for name in actors:
            self._one_of(f"actors.{name}", name, [ANY, *_codes(loops)])
        for name in moments:
            verifies = any(step.side is VERIFICATION for step in _steps_called(name, loops))
            if verifies and name not in actors and ANY not in actors:
                self._fail(
                    f"steps.{name}",
                    f'核实步骤须在 [actors] 写明由谁所做（{name} = "列名"），否则无从判断是否独立',
                    f"a verification needs its actor ([actors] {name} = “column”), or nobody can tell whether "
                    "it was independent; leave the step out otherwise",
                )

    def _time(self, zone: str) -> tuple[ZoneInfo, tuple[str, ...]]:
        time = self._table("time", self.given.get("time", {}))
        self._known("time.", time, {"zone", "formats"})
        name = self._text("time.zone", time.get("zone", zone))
        try:
            here = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._fail(
                "time.zone", f"没有时区“{name}”", f"there is no zone “{name}”; it reads like Asia/Shanghai"
            )
        return here, self._texts("time.formats", time.get("formats", []))

    def _unit(self) -> Units | None:
        if "unit" not in self.given:
            return None
        unit = self._table("unit", self.given["unit"])
        cell = self._cell("unit", {key: value for key, value in unit.items() if key in _CELL})
        self._known("unit.", unit, _CELL | {"create", "company", "names"})
        create = self._flag("unit.create", unit.get("create", False))
        company = None
        if create:
            table = self._table("unit.company", unit.get("company"))
            code = self._text("unit.company.code", table.get("code"))
            company = NewCompany(code, self._words("unit.company", table, code))
        names = {
            code: self._words(f"unit.names.{code}", name, code)
            for code, name in self._table("unit.names", unit.get("names", {})).items()
        }
        return Units(cell, create, company, names)

    def _facts(self, loops: list[Loop]) -> dict[str, dict[str, Cell]]:
        found: dict[str, dict[str, Cell]] = {}
        for name, facts in self._table("facts", self.given.get("facts", {})).items():
            steps = _steps_called(name, loops)
            if not steps:
                self._one_of(f"facts.{name}", name, _codes(loops))
            known: dict[str, Fact] = {fact.code: fact for step in steps for fact in (*step.needs, *step.may)}
            found[name] = {}
            for code, cell in self._table(f"facts.{name}", facts).items():
                key = f"facts.{name}.{code}"
                self._one_of(key, code, list(known))
                found[name][code] = self._cell(key, cell)
                if found[name][code].end_of_day and known[code].kind is not FactKind.moment:
                    self._fail(f"{key}.end_of_day", "只用于时间", "only a time has it")
        return found

    def _cell(self, key: str, given: object) -> Cell:
        if isinstance(given, str):
            return Cell(self._text(key, given))
        table = self._table(key, given)
        self._known(f"{key}.", table, _CELL)
        values = self._table(f"{key}.values", table.get("values", {}))
        for name, value in values.items():
            if not isinstance(value, (str, bool, int)):
                self._fail(
                    f"{key}.values.{name}",
                    "应为文字、整数或 true/false",
                    "text, a whole number, true or false is expected",
                )
        return Cell(
            column=self._text(f"{key}.column", table.get("column")),
            values=values,
            only_listed=self._flag(f"{key}.only_listed", table.get("only_listed", False)),
            end_of_day=self._flag(f"{key}.end_of_day", table.get("end_of_day", False)),
        )

    def _words(self, key: str, given: object, code: str) -> Words:
        if isinstance(given, str):
            return Words(zh=given, en=given)
        table = self._table(key, given)
        self._known(f"{key}.", table, {"code", "zh", "en"})
        zh = self._text(f"{key}.zh", table.get("zh") or table.get("en") or code)
        return Words(zh=zh, en=self._text(f"{key}.en", table.get("en") or zh))

    def _table(self, key: str, given: object) -> dict[str, Any]:
        if not isinstance(given, dict):
            self._fail(key, "应为一张表", "a table is expected")
        return given

    def _text(self, key: str, given: object, *, empty: bool = False) -> str:
        if not isinstance(given, str) or not (given.strip() or empty):
            self._fail(key, "应为文字", "text is expected")
        return given.strip()

    def _texts(self, key: str, given: object) -> tuple[str, ...]:
        if not isinstance(given, list):
            self._fail(key, "应为列表", "a list is expected")
        return tuple(self._text(key, one) for one in given)

    def _flag(self, key: str, given: object) -> bool:
        if not isinstance(given, bool):
            self._fail(key, "应为 true 或 false", "true or false is expected")
        return given

    def _one_of(self, key: str, given: object, allowed: Iterable[str]) -> str:
        names = list(dict.fromkeys(allowed))
        if given not in names:
            said = "没有写明" if given is None else f"“{given}”不在其中"
            text = "it is missing" if given is None else f"“{given}” isn't known"
            self._fail(key, f"{said}；可填：{'、'.join(names)}", f"{text}; it may be {', '.join(names)}")
        return str(given)

    def _known(self, prefix: str, given: Mapping[str, Any], allowed: set[str]) -> None:
        for name in given:
            if name not in allowed:
                self._one_of(f"{prefix}{name}", name, sorted(allowed))

    def _fail(self, key: str, zh: str, en: str) -> NoReturn:
        raise MapFault(self.file, key, zh, en)


def _codes(loops: Iterable[Loop]) -> list[str]:
    """Steps that may be imported: a correction names an entry of ours, which another system can't know."""
    return list(dict.fromkeys(step.code for loop in loops for step in loop.steps if not step.corrects))


def _steps_called(name: str, loops: Iterable[Loop]) -> list[Step]:
    return [step for loop in loops if (step := loop.step(name)) is not None]
