"""The rows behind a figure as a file: CSV line by line, or a workbook. Codes are told in words; nobody's name, number or address."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO
from zoneinfo import ZoneInfo

import xlsxwriter

from bihuan.cases.models import Case
from bihuan.indicators.queries.export import Row
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS

HEADS = (
    Words(zh="工单号", en="Case"),
    Words(zh="业务", en="Kind of business"),
    Words(zh="分类", en="Class"),
    Words(zh="状态", en="State"),
    Words(zh="轮次", en="Round"),
    Words(zh="承诺", en="Promise"),
    Words(zh="单位", en="Unit"),
    Words(zh="单位名称", en="Unit's name"),
    Words(zh="地区类别", en="Area class"),
    Words(zh="客户类别", en="Customer class"),
    Words(zh="统计时刻", en="Counted at"),
    Words(zh="计入分子", en="In the numerator"),
)
YES, NO = Words(zh="是", en="yes"), Words(zh="否", en="no")
ROUND = 4
"""The only column of numbers."""
_LOOPS = {loop.code: loop for loop in LOOPS}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(
    rows: Iterable[Row], *, promises: Mapping[str, str], zone: ZoneInfo, language: str
) -> Iterator[tuple[str | int, ...]]:
    """The header and every row. `promises` are titles by code."""
    yield tuple(head.in_language(language) for head in HEADS)
    for row in rows:
        yield _told(row, promises, zone, language)


def as_csv(lines: Iterable[tuple[str | int, ...]]) -> Iterator[bytes]:
    """UTF-8 with a mark, so that spreadsheets read Chinese; a cell that would be a formula begins with an apostrophe."""
    yield b"\xef\xbb\xbf"
    for line in lines:
        text = io.StringIO()
        csv.writer(text).writerow([_harmless(cell) for cell in line])
        yield text.getvalue().encode()


def as_workbook(lines: Iterable[tuple[str | int, ...]], title: str) -> IO[bytes]:
    """A workbook of one sheet, written row by row to a temporary file that vanishes when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:31])
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(HEADS) - 1, 16)
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, cell, bold if number == 0 else None)
    file.seek(0)
    return file


def _told(row: Row, promises: Mapping[str, str], zone: ZoneInfo, language: str) -> tuple[str | int, ...]:
    case = row.case
    met = "" if row.met is None else (YES if row.met else NO).in_language(language)
    unit = case.unit
    return (
        case.number,
        *_words(case, language),
        row.cycle,
        promises.get(row.promise, row.promise),
        unit.code if unit else "",
        unit.name(language) if unit else "",
        _class(AREAS, case.area, language),
        _class(CUSTOMER_CLASSES, case.customer_class, language),
        f"{row.counted_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        met,
    )


def _words(case: Case, language: str) -> tuple[str, str, str]:
    loop = _LOOPS.get(case.loop)
    if loop is None:
        return case.loop, case.kind, case.state
    kind, state = loop.opening.fact("kind"), loop.state(case.state)
    return (
        loop.title.in_language(language),
        kind.title_of(case.kind).in_language(language) if kind and case.kind else case.kind,
        state.title.in_language(language) if state else case.state,
    )


def _class(titles: Mapping[str, Words], code: str, language: str) -> str:
    found = titles.get(code)
    return found.in_language(language) if found else code


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
