"""How a column that others may read is described: meaning, type, unit, and what it refers to. The views themselves: beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.kernel.words import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column as PostgreSQL types it (`bool int day moment number text`). `unit`: of measure. `refers`: to view.column."""

    name: str
    type: str
    title: Words
    unit: str = ""
    refers: str = ""

    @property
    def comment(self) -> str:
        """One line for a database's comment: both languages, then unit."""
        said = f"{self.title.zh} · {self.title.en}"
        return f"{said} [{self.unit}]" if self.unit else said


@dataclass(frozen=True, slots=True)
class View:
    """A view or table of `reading`: what a row is, and its columns in their order."""

    name: str
    title: Words
    columns: tuple[Column, ...]

    @property
    def comment(self) -> str:
        """One line for a database's comment."""
        return f"{self.title.zh} · {self.title.en}"


def view(name: str, zh: str, en: str, *columns: Iterator[Column]) -> View:
    """A view of these parts."""
    return View(name, Words(zh=zh, en=en), tuple(one for part in columns for one in part))


def columns(type_: str, table: str, unit: str = "") -> Iterator[Column]:
    """Lines of `name | zh | en`, or `name > view.column | zh | en` where the value is found there."""
    for line in table.strip().splitlines():
        name, zh, en = (part.strip() for part in line.split("|"))
        name, _, refers = (part.strip() for part in name.partition(">"))
        yield Column(name, type_, Words(zh=zh, en=en), unit, refers)


def case() -> Iterator[Column]:
    """What every row of a case begins with."""
    yield from columns("text", "number > cases.number | 工单号 | number of the case")
    yield from columns("int", "round | 第几轮处理，从 1 起 | round of handling, from 1")
    yield from columns("text", "loop | 业务类别代码 | code of the business kind")


def unit() -> Iterator[Column]:
    """The unit that has it."""
    return columns("text", "unit > units.code | 单位 | unit")


def bureau() -> Iterator[Column]:
    """The bureau under which figures count it."""
    return columns(
        "text",
        "bureau > units.code | 供电局；不属于供电局的单位即其自身 | bureau; a unit of none stands for itself",
    )
