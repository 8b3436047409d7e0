"""The report as a workbook: real numbers, their two integers beside them, and the rate as a simple formula of the two."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bihuan.indicators.rules import Figure
from bihuan.kernel.indicator import Index
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.rules import Line, Report

RATE = "percent"
COLUMNS = (
    "indicator",
    "bureau",
    "numerator",
    "denominator",
    "now",
    "before",
    "change",
    "year_before",
    "to_date",
    "target",
    "rank",
)


@dataclass(frozen=True, slots=True)
class _Book:
    """The workbook with its formats."""

    book: xlsxwriter.Workbook
    head: Format
    rate: Format
    whole: Format

    def page(self, title: str, heads: Sequence[str], wide: int = 28) -> Worksheet:
        """A sheet with a row of heads that stays in sight."""
        made: Worksheet = self.book.add_worksheet(title[:31].translate(_FORBIDDEN))
        made.freeze_panes(1, 2)
        made.set_column(0, 1, wide)
        made.set_column(2, max(2, len(heads) - 1), 14)
        made.write_row(0, 0, heads, self.head)
        return made


_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""What somebody typed is text: neither a formula nor a link out of the workbook."""

_FORBIDDEN = str.maketrans("[]:*?/\\", "()     ")


def draw(report: Report, *, language: str = "zh-hans") -> bytes:
    """The report as .xlsx: a sheet a chapter, then breakdowns, named cases and breaches."""
    out = io.BytesIO()
    paper = sheet(report, language=language)
    texts = paper.texts
    with xlsxwriter.Workbook(out, _PLAIN) as book:
        made = _Book(
            book,
            book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            book.add_format({"num_format": "0.00"}),
            book.add_format({"num_format": "#,##0"}),
        )
        for number, (chapter, groups) in enumerate(report.chapters(), 1):
            page = made.page(
                f"{number} {chapter.title.in_language(language)}", [texts[name] for name in COLUMNS]
            )
            for place, line in enumerate((line for group in groups for line in group), 1):
                page.write_string(place, 0, line.now.indicator.title.in_language(language))
                page.write_string(place, 1, _unit(report, line.now, language, texts["whole"]))
                _line(page, place, line, made)
        for section in paper.sections:
            for table in section.tables:
                page = made.page(table.title, table.heads)
                for place, row in enumerate(table.rows, 1):
                    page.write_string(place, 0, row[0])
                    for column, text in enumerate(row[1:], 1):
                        plain = text.replace(",", "")
                        if plain.isdecimal():
                            page.write_number(place, column, int(plain), made.whole)
                        else:
                            page.write_string(place, column, text)
        rolls = [(section, roll) for section in paper.sections for roll in section.rolls]
        if rolls:
            page = made.page(texts["named"], [texts[name] for name in ("named", "case", "bureau", "about")])
            rows = [(roll.title, *case) for _, roll in rolls for case in roll.cases]
            for place, cells in enumerate(rows, 1):
                page.write_row(place, 0, cells)
        page = made.page(
            texts["breaches"], [texts[name] for name in ("case", "promise", "bureau", "late", "cause")], 22
        )
        for place, (named, shown) in enumerate(zip(report.breaches, paper.breaches, strict=True), 1):
            page.write_row(place, 0, [shown.case, shown.promise, shown.unit])
            page.write_number(place, 3, named.late_seconds // 60, made.whole)
            page.write_string(place, 4, shown.cause)
    return out.getvalue()


def _unit(report: Report, figure: Figure, language: str, whole: str) -> str:
    if figure.unit is None:
        return whole
    name = report.names.get(figure.unit)
    return name.in_language(language) if name else figure.unit


def _line(page: Worksheet, place: int, line: Line, made: _Book) -> None:
    now, row = line.now, place + 1
    counted = not isinstance(now.indicator, Index)
    shown = made.whole if now.indicator.measure in ("count", "sum") else made.rate
    if counted:
        page.write_number(place, 2, now.numerator, made.whole)
    if counted and now.denominator is not None:
        page.write_number(place, 3, now.denominator, made.whole)
    if now.value is not None and now.indicator.measure in (RATE, "minutes"):
        scale = "100*" if now.indicator.measure == RATE else ""
        formula = f'=IF(D{row}=0,"",{scale}C{row}/D{row})'
        page.write_formula(place, 4, formula, made.rate, float(Decimal(now.value)))
    else:
        _number(page, place, 4, now, shown)
    _number(page, place, 5, line.before, shown)
    if now.value is not None and line.before.value is not None:
        apart = Decimal(now.value) - Decimal(line.before.value)
        # As it is read: of two values that are shown rounded.
        page.write_formula(place, 6, f"=ROUND(E{row},{now.indicator.decimals})-F{row}", shown, float(apart))
    _number(page, place, 7, line.year_before, shown)
    _number(page, place, 8, line.to_date, shown)
    aim = line.budget if line.budget is not None else now.aim
    if aim is not None:
        page.write_number(place, 9, float(aim), made.rate)
    if line.rank is not None:
        page.write_number(place, 10, line.rank.place, made.whole)


def _number(page: Worksheet, place: int, column: int, figure: Figure | None, shown: Format) -> None:
    if figure is not None and figure.value is not None:
        page.write_number(place, column, float(Decimal(figure.value)), shown)
