"""The report as one page that needs nothing else: to mail, to keep, to open anywhere."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from django.template import Context, Engine

from bihuan.reports.layouts.paper import Row
from bihuan.reports.layouts.pictures import pictures
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.rules import Report

PAGE = Path(__file__).with_name("report.html")
_TEXT = PAGE.read_text(encoding="utf-8")
_STYLE = hashlib.sha256(_TEXT.partition("<style>")[2].partition("</style>")[0].encode()).digest()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(_STYLE).decode()}'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a browser may do with the page: use its one style sheet and its own pictures, nothing else."""
WIDE, HIGH = 130, 26


def draw(report: Report, *, language: str = "zh-hans") -> str:
    """The week's report as an HTML page."""
    paper = sheet(report, language=language)
    lines = {row.code: picture(row) for section in paper.sections for row in section.rows}
    drawn = pictures(report, language=language)
    sections = [
        (section, [(row, lines[row.code]) for row in section.rows], drawn.get(section.code, ()))
        for section in paper.sections
    ]
    page = Engine().from_string(_TEXT)
    return page.render(Context({"paper": paper, "t": paper.texts, "sections": sections}))


def picture(row: Row) -> dict[str, object]:
    """Thirteen weeks as shapes: bars on zero for a count, a line for a rate."""
    step = WIDE / len(row.points)
    spots = [
        (round(place * step + step / 2, 1), round(HIGH - 3 - point * (HIGH - 6), 1))
        for place, point in enumerate(row.points)
        if point is not None
    ]
    bars = [
        (
            round(place * step + 1, 1),
            round(HIGH - max(point * HIGH, 1), 1),
            round(step - 2, 1),
            round(max(point * HIGH, 1), 1),
        )
        for place, point in enumerate(row.points)
        if point is not None
    ]
    return {
        "bars": bars if row.measure == "count" else [],
        "path": "" if row.measure == "count" else " ".join(f"{x},{y}" for x, y in spots),
        "end": spots[-1] if spots and row.measure != "count" else None,
    }
