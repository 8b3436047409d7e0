"""The report as one page that needs nothing else: to mail, to keep, to open anywhere."""

from __future__ import annotations

from pathlib import Path

from django.template import Context, Engine

from bihuan.reports.layouts.pictures import pictures
from bihuan.reports.layouts.sheet import Row, sheet
from bihuan.reports.rules import Report

PAGE = Path(__file__).with_name("weekly.html")
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
    page = Engine().from_string(PAGE.read_text(encoding="utf-8"))
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
