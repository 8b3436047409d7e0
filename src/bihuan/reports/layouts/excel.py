"""The report as a workbook: real numbers, their two integers beside them, and the rate as a simple formula of the two."""

from __future__ import annotations

import io
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bihuan.indicators.rules import Figure
from bihuan.kernel.indicator import Index
from bihuan.reports.layouts.sheet import TEXTS
from bihuan.reports.rules import Line, Weekly

RATE = "percent"


def draw(weekly: Weekly, *, language: str = "zh-hans") -> bytes:
    """The week's report as .xlsx: a sheet a chapter, then the breaches."""
    out = io.BytesIO()
    texts = {name: words.in_language(language) for name, words in TEXTS.items()}
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        rate, whole = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "#,##0"})
        for number, (chapter, groups) in enumerate(weekly.chapters(), 1):
            page = book.add_worksheet(f"{number} {chapter.title.in_language(language)}"[:31])
            page.freeze_panes(1, 2)
            page.set_column(0, 1, 28)
            page.set_column(2, 6, 14)
            columns = ("indicator", "bureau", "numerator", "denominator", "now", "before", "target")
            page.write_row(0, 0, [texts[name] for name in columns], head)
            rows = [line for group in groups for line in group]
            for place, line in enumerate(rows, 1):
                one, now = line.now.indicator, line.now
                page.write_string(place, 0, one.title.in_language(language))
                page.write_string(place, 1, _unit(weekly, now, language, texts["whole"]))
                if not isinstance(one, Index):
                    page.write_number(place, 2, now.numerator, whole)
                if now.denominator is not None and not isinstance(one, Index):
                    page.write_number(place, 3, now.denominator, whole)
                _value(page, place, line, rate, whole)
                if now.aim is not None:
                    page.write_number(place, 6, float(now.aim), rate)
        page = book.add_worksheet(texts["breaches"][:31])
        page.set_column(0, 4, 22)
        page.write_row(0, 0, [texts[name] for name in ("case", "promise", "bureau", "late", "cause")], head)
        for place, named in enumerate(weekly.breaches, 1):
            page.write_row(place, 0, [named.case, named.promise, named.unit])
            page.write_number(place, 3, named.late_seconds // 60, whole)
            page.write_string(place, 4, named.cause)
    return out.getvalue()


def _unit(weekly: Weekly, figure: Figure, language: str, whole: str) -> str:
    if figure.unit is None:
        return whole
    name = weekly.names.get(figure.unit)
    return name.in_language(language) if name else figure.unit


def _value(page: Worksheet, place: int, line: Line, rate: Format, whole: Format) -> None:
    now, before = line.now, line.before
    if now.indicator.measure == "count":
        page.write_number(place, 4, now.numerator, whole)
        page.write_number(place, 5, before.numerator, whole)
        return
    scale = "100*" if now.indicator.measure == RATE else ""
    row = place + 1
    if now.value is not None and now.indicator.measure in (RATE, "minutes"):
        formula = f'=IF(D{row}=0,"",{scale}C{row}/D{row})'
        page.write_formula(place, 4, formula, rate, float(Decimal(now.value)))
    elif now.value is not None:
        page.write_number(place, 4, float(Decimal(now.value)), rate)
    if before.value is not None:
        page.write_number(place, 5, float(Decimal(before.value)), rate)
