"""Rows that somebody brings in a file: which columns are wanted, and what is said about each row that can't be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bihuan.kernel.words import Words

Row = Mapping[str, str]
"""A row by column name; blanks are stripped, a missing cell is empty."""

Rows = Sequence[tuple[int, Row]]
"""Rows with their numbers in the file; the header is row 1."""

OVERFLOW = ""
"""Where a reader puts the cells for which the header has no column."""

HEADER = 1
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its code and the other names it goes by; `choices` maps what a cell may say to what it means."""

    code: str
    names: tuple[str, ...] = ()
    needed: bool = False
    longest: int = 200
    choices: Mapping[str, tuple[str, ...]] | None = None
    pattern: re.Pattern[str] | None = None
    wrong: Words | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row: its number in the file, the column, and a sentence."""

    row: int
    field: str
    words: Words


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows were good, how many were written, every fault in the order of the file, columns nobody asked for."""

    good: int
    written: int
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """Rows under the codes of the wanted columns. A row that has faults of its own isn't among them."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    def drop(self, number: int, *faults: Fault) -> None:
        """Say what is wrong with this row and leave it out."""
        self.faults += faults
        self.rows = [(other, row) for other, row in self.rows if other != number]

    def keep(self, faults_of: Callable[[int, dict[str, str]], list[Fault]]) -> None:
        """Leave out the rows of which `faults_of` has something to say, in the order of the file."""
        kept = []
        for number, row in self.rows:
            found = faults_of(number, row)
            self.faults += found
            if not found:
                kept.append((number, row))
        self.rows = kept

    def result(self, *, written: int) -> ImportResult:
        """What to tell whoever brought the file."""
        ordered = tuple(sorted(self.faults, key=lambda fault: (fault.row, fault.field)))
        return ImportResult(good=len(self.rows), written=written, faults=ordered, ignored=self.ignored)


def sheet(rows: Rows, columns: Sequence[Column]) -> Sheet:
    """Look at a file: are the needed columns there, is every cell one that its column takes?"""
    found = Sheet()
    if not rows:
        found.faults.append(Fault(HEADER, "", Words(zh="文件中没有数据行", en="the file has no rows")))
        return found
    headers = [name for name in dict.fromkeys(name for _, row in rows for name in row) if name != OVERFLOW]
    meaning = {name: column for name in headers if (column := _column(name, columns))}
    found.ignored = tuple(name for name in headers if name not in meaning)
    there = [column.code for column in meaning.values()]
    for column in columns:
        if there.count(column.code) > 1 or (column.needed and column.code not in there):
            found.faults.append(_header_fault(column, twice=column.code in there))
    if found.faults:
        return found
    named = [(number, _renamed(row, meaning)) for number, row in rows]
    found.rows = [(number, row) for number, row in named if any(row.values())]
    found.keep(lambda number, row: [fault for fault in _cell_faults(number, row, columns) if fault])
    found.rows = [(number, _meant(row, columns)) for number, row in found.rows]
    return found


def unknown(number: int, column: str, value: str, allowed: Iterable[str] = ()) -> Fault:
    """A fault for a value that isn't known."""
    names = list(allowed)
    words = Words(
        zh=f"没有“{value}”" + (f"；可填：{'、'.join(names)}" if names else ""),
        en=f"“{value}” isn't known" + (f"; it may be {', '.join(names)}" if names else ""),
    )
    return Fault(number, column, words)


def twice(number: int, column: str, value: str, *, known: Container[str] = ()) -> Fault:
    """A fault for a key that is in the database already (`known`), or stands in the file twice."""
    if value in known:
        return Fault(number, column, Words(zh=f"“{value}”已存在", en=f"“{value}” is there already"))
    return Fault(number, column, Words(zh=f"“{value}”在文件中重复", en=f"“{value}” stands in the file twice"))


def _column(name: str, columns: Sequence[Column]) -> Column | None:
    plain = name.strip().casefold()
    return next((column for column in columns if plain == column.code or plain in column.names), None)


def _header_fault(column: Column, *, twice: bool) -> Fault:
    also = f"（{'、'.join(column.names)}）" if column.names else ""
    if twice:
        words = Words(zh=f"“{column.code}”列出现两次", en=f"the column “{column.code}” is there twice")
    else:
        words = Words(zh=f"缺少“{column.code}”{also}列", en=f"the column “{column.code}” is missing")
    return Fault(HEADER, column.code, words)


def _renamed(row: Row, meaning: Mapping[str, Column]) -> dict[str, str]:
    named = {column.code: row.get(name, "").strip() for name, column in meaning.items()}
    if row.get(OVERFLOW):
        named[OVERFLOW] = row[OVERFLOW]
    return named


def _cell_faults(number: int, row: Row, columns: Sequence[Column]) -> list[Fault | None]:
    found = [_cell_fault(number, row.get(column.code, ""), column) for column in columns]
    if row.get(OVERFLOW):
        words = Words(
            zh=f"单元格比表头多（“{row[OVERFLOW][:40]}”），可能有未加引号的逗号",
            en=f"more cells than the header has (“{row[OVERFLOW][:40]}”); perhaps a comma without quotes",
        )
        found.append(Fault(number, "", words))
    return found


def _cell_fault(number: int, value: str, column: Column) -> Fault | None:
    if not value:
        empty = Words(zh=f"“{column.code}”未填写", en=f"“{column.code}” is empty")
        return Fault(number, column.code, empty) if column.needed else None
    if len(value) > column.longest:
        words = Words(zh=f"超过{column.longest}个字", en=f"longer than {column.longest} characters")
        return Fault(number, column.code, words)
    if _CONTROL.search(value):
        return Fault(number, column.code, Words(zh="含控制字符", en="has control characters"))
    if column.choices is not None and _choice(value, column.choices) is None:
        return unknown(number, column.code, value, column.choices)
    if column.pattern is not None and not column.pattern.fullmatch(value):
        words = column.wrong or Words(zh="格式不对", en="isn't well formed")
        return Fault(number, column.code, Words(zh=f"“{value}”：{words.zh}", en=f"“{value}”: {words.en}"))
    return None


def _choice(value: str, choices: Mapping[str, tuple[str, ...]]) -> str | None:
    plain = value.casefold()
    return next((code for code, names in choices.items() if plain == code or plain in names), None)


def _meant(row: Mapping[str, str], columns: Sequence[Column]) -> dict[str, str]:
    meant = dict(row)
    for column in columns:
        if column.choices is not None and meant.get(column.code):
            meant[column.code] = _choice(meant[column.code], column.choices) or ""
    return meant
