"""The report to print: A4 by Typst, with the one font that `make setup` fetched, so that it looks the same everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from bihuan.reports.layouts.drawing import fonts
from bihuan.reports.layouts.pictures import pictures
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.rules import Report

PAPER = Path(__file__).with_name("report.typ")


def draw(report: Report, *, language: str = "zh-hans") -> bytes:
    """The report as PDF. Raises `FontsMissing`, `ChartsMissing`."""
    folder = fonts()
    drawn = {
        chapter: [one.plain() for one in told]
        for chapter, told in pictures(report, language=language).items()
    }
    data = json.dumps(sheet(report, language=language).plain() | {"pictures": drawn}, ensure_ascii=False)
    made: bytes = typst.compile(
        str(PAPER), font_paths=[str(folder)], ignore_system_fonts=True, sys_inputs={"data": data}
    )
    return made
