"""Turns the rows of an export into whole pasts of cases, and says what is wrong with a row. Knows no database."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bihuan.bridges.eventlog.map import ANY, CASE, Cell, EventMap
from bihuan.bridges.eventlog.moment import NoMoment, parsed
from bihuan.kernel.fact import Fact, FactInvalid, FactKind, FactValue, moment_text
from bihuan.kernel.step import VERIFICATION, Step
from bihuan.kernel.table import HEADER, OVERFLOW, Fault, Row, Rows, unknown
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS

NUMBER = re.compile(r"[\w.-]{1,40}")
UNIT = re.compile(r"[A-Za-z0-9_-]{1,40}")
OWN_WORDS = ("kind", "source", "cause", "reason")
"""Classifications of somebody else's: kept as they are where the map gives them no meaning of ours."""
LONGEST = 64
FLAGS = {"true": True, "yes": True, "y": True, "1": True, "是": True} | {
    "false": False,
    "no": False,
    "n": False,
    "0": False,
    "否": False,
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(slots=True)
class Taken:
    """One step as the export tells it. `actor` is a label, empty where nobody is named."""

    row: int
    step: str
    at: datetime
    actor: str = ""
    facts: dict[str, FactValue] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """One case's past, in order: acceptance first, then by time, then as the rows stand."""

    number: str
    row: int
    loop: str = ""
    unit: str = ""
    steps: list[Taken] = field(default_factory=list)

    def sort(self) -> None:
        """Order the steps as they happened."""
        self.steps.sort(key=lambda taken: (taken.step != "accept", taken.at))


@dataclass(slots=True)
class Found:
    """What the rows gave: cases without a fault in any row, and every fault."""

    drafts: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)

    def blame(self, number: str, *faults: Fault) -> None:
        """This case can't be taken."""
        self.faulty.add(number)
        self.faults += faults


def drafts(rows: Rows, means: EventMap, units: Container[str]) -> Found:
    """Every case in the rows. `units` are the codes that there are; the map may allow others."""
    found = Found()
    if not rows:
        found.faults.append(Fault(HEADER, "", Words(zh="文件中没有数据行", en="the file has no rows")))
        return found
    there = set().union(*(row.keys() for _, row in rows))
    for column in means.columns():
        if column not in there:
            words = Words(zh=f"缺少“{column}”列", en=f"the column “{column}” is missing")
            found.faults.append(Fault(HEADER, column, words))
    if found.faults:
        return found
    made: dict[str, Draft] = {}
    for number, row in rows:
        _Row(number, row, means, units, made, found).take()
    for key, draft in made.items():
        draft.sort()
        if key not in found.faulty:
            found.drafts.append(draft)
    return found


class _Row:
    """One row while it is read; what is wrong with it goes to the case's faults."""

    def __init__(
        self,
        number: int,
        row: Row,
        means: EventMap,
        units: Container[str],
        made: dict[str, Draft],
        found: Found,
    ) -> None:
        self.number, self.row, self.means, self.units = number, row, means, units
        self.made, self.found = made, found
        self.faults: list[Fault] = []

    def take(self) -> None:
        source = self.row.get(self.means.number, "")
        key = f"{self.means.prefix}{source}"
        if not source or not NUMBER.fullmatch(key):
            self._wrong(
                self.means.number,
                f"“{source}”不能作工单号：须有，只用文字、数字、点和横线，连前缀不超过40个",
                f"“{source}” can't be a case number: it needs letters, digits, dots or hyphens, 40 at most with the prefix",
            )
            key = f"\0{self.number}"
        draft = self.made.get(key)
        if draft is not None and self.means.shape == CASE:
            self._wrong(self.means.number, f"“{source}”在文件中重复", f"“{source}” stands in the file twice")
        if draft is None:
            draft = self.made[key] = Draft(key, self.number)
        if self.row.get(OVERFLOW):
            self._wrong(
                "", "单元格比表头多", "more cells than the header has; perhaps a comma without quotes"
            )
        self._loop(draft)
        self._unit(draft)
        if draft.loop:
            draft.steps += self._steps(draft.loop)
        if self.faults:
            self.found.blame(key, *self.faults)

    def _loop(self, draft: Draft) -> None:
        if self.means.fixed_loop:
            draft.loop = self.means.fixed_loop
            return
        loop = str(self._meant(self.means.loop) or "")
        if loop and loop not in _LOOPS:
            self.faults.append(unknown(self.number, self.means.loop.column, loop, _LOOPS))
        elif draft.loop and loop and loop != draft.loop:
            self._wrong(
                self.means.loop.column,
                "与本工单其他行的业务类型不同",
                "other rows of the case say another kind",
            )
        elif loop or draft.loop:
            draft.loop = draft.loop or loop
        elif not self.faults:
            self._wrong(self.means.loop.column, "没有业务类型", "the kind of business is missing")

    def _unit(self, draft: Draft) -> None:
        if self.means.unit is None:
            return
        column = self.means.unit.cell.column
        code = str(self._meant(self.means.unit.cell) or "")
        if not code or not self._unit_known(code, column):
            return
        draft.unit = draft.unit or code

    def _unit_known(self, code: str, column: str, *, may_make: bool = True) -> bool:
        create = may_make and self.means.unit is not None and self.means.unit.create
        if code in self.units or (create and UNIT.fullmatch(code)):
            return True
        if create:
            self._wrong(
                column,
                f"“{code}”不能作单位编码，请在 unit.values 中对应",
                f"“{code}” can't be a unit's code (letters, digits, hyphens); give it one in unit.values",
            )
        else:
            self.faults.append(unknown(self.number, column, code))
        return False

    def _steps(self, loop: str) -> Iterator[Taken]:
        """The steps that the row tells: one, or one for each time that it holds."""
        if self.means.shape == CASE:
            for code, column in self.means.moments.items():
                step = _LOOPS[loop].step(code)
                if self.row.get(column) and step is not None:
                    yield from self._taken(step, column)
            if not self.row.get(self.means.moments["accept"]):
                self._wrong(self.means.moments["accept"], "没有受理时间", "the time of acceptance is missing")
            return
        code = str(self._meant(self.means.step) or "")
        step = _LOOPS[loop].step(code)
        if step is None or step.corrects:
            codes = [step.code for step in _LOOPS[loop].steps if not step.corrects]
            if code or not self.faults:
                self.faults.append(unknown(self.number, self.means.step.column, code, codes))
            return
        yield from self._taken(step, self.means.at)

    def _taken(self, step: Step, column: str) -> Iterator[Taken]:
        at = self._moment(column, self.row.get(column, ""))
        who = self.means.actors.get(step.code) or self.means.actors.get(ANY)
        actor = self.row.get(who, "") if who else ""
        if len(actor) > LONGEST or _CONTROL.search(actor):
            self._not_plain(who or "")
        if step.side is VERIFICATION and not actor:
            self._wrong(
                who or "",
                f"“{step.title.zh}”没有写明由谁所做，无从判断是否独立",
                f"“{step.title.en}” doesn't say who did it, so nobody can tell whether it was independent",
            )
        if at is None:
            return
        taken = Taken(self.number, step.code, at, actor)
        for code, cell in self.means.facts.get(step.code, {}).items():
            fact = step.fact(code)
            if fact is not None and self.row.get(cell.column):
                self._fact(fact, cell, taken)
        yield taken

    def _fact(self, fact: Fact, cell: Cell, taken: Taken) -> None:
        value = self._meant(cell)
        if value is None:
            return
        if fact.kind is FactKind.words:
            if "\0" in str(value):
                self._wrong(cell.column, "含空字符", "holds a null character")
            taken.notes[fact.code] = str(value)
            return
        found = self._value(fact, cell, value)
        if found is not None:
            taken.facts[fact.code] = found

    def _value(self, fact: Fact, cell: Cell, value: FactValue) -> FactValue | None:
        text = str(value)
        if fact.kind is FactKind.moment:
            at = self._moment(cell.column, text, end_of_day=cell.end_of_day)
            return moment_text(at) if at is not None else None
        if fact.kind is FactKind.unit:
            if self.means.unit is not None and not cell.values:
                text = str(self.means.unit.cell.values.get(text, text))
            return text if self._unit_known(text, cell.column, may_make=fact.code == "unit") else None
        if fact.kind is FactKind.case:
            return f"{self.means.prefix}{text}"[:LONGEST].replace("\0", "")
        if fact.kind is FactKind.choice and fact.code in OWN_WORDS:
            if len(text) <= LONGEST and not _CONTROL.search(text):
                return text
            self._not_plain(cell.column)
            return None
        if fact.kind is FactKind.flag and not isinstance(value, bool):
            value = FLAGS.get(text.casefold(), text)
        if fact.kind is FactKind.number and text.isdecimal():
            value = int(text)
        try:
            return fact.checked(value)
        except FactInvalid:
            self.faults.append(
                unknown(self.number, cell.column, text, [choice.code for choice in fact.choices])
            )
            return None

    def _moment(self, column: str, text: str, *, end_of_day: bool = False) -> datetime | None:
        try:
            return parsed(text, formats=self.means.formats, zone=self.means.zone, end_of_day=end_of_day)
        except NoMoment:
            self._wrong(
                column,
                f"“{text}”不是时间（或当地没有这一刻），请核对 time.formats",
                f"“{text}” is no time, or none that {self.means.zone.key} ever had; look at time.formats",
            )
            return None

    def _meant(self, cell: Cell) -> FactValue | None:
        """What the row says in this column; None when it is empty or faulty."""
        text = self.row.get(cell.column, "")
        if not text:
            return None
        if text in cell.values:
            return cell.values[text]
        if cell.only_listed:
            self.faults.append(unknown(self.number, cell.column, text, cell.values))
            return None
        return text

    def _not_plain(self, column: str) -> None:
        self._wrong(
            column, f"超过{LONGEST}个字或含控制字符", f"longer than {LONGEST} characters, or not plain text"
        )

    def _wrong(self, column: str, zh: str, en: str) -> None:
        self.faults.append(Fault(self.number, column, Words(zh=zh, en=en)))


_LOOPS = {loop.code: loop for loop in LOOPS}
