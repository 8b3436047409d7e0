"""The report as a Word document, for those who edit it further. The East Asian font is named, so that Word chooses no other."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import _Cell

from bihuan.reports.layouts.sheet import Section, Sheet, sheet
from bihuan.reports.rules import Report

FONT, LATIN = "Noto Sans SC", "Noto Sans"
RED = RGBColor(0xB4, 0x23, 0x18)


def draw(report: Report, *, language: str = "zh-hans") -> bytes:
    """The week's report as .docx."""
    paper = sheet(report, language=language)
    document = Document()
    _fonts(document)
    document.core_properties.title = f"{paper.texts['title']} {paper.name}"
    document.core_properties.author = "Bihuan"
    document.add_heading(f"{paper.texts['title']} {paper.name}", level=0)
    document.add_paragraph(f"{paper.unit} · {paper.days}")
    document.add_paragraph(
        f"{paper.texts['at']} {paper.at} · {paper.texts['known']} {paper.known} · {paper.texts['seal']} {paper.seal}"
        f" · {paper.version}"
    )
    if paper.actions:
        document.add_heading(paper.texts["actions"], level=1)
        heads = [paper.texts[name] for name in ("action", "bureau", "by_when", "state")]
        _table(document, heads, [[one.what, one.unit, one.by_when, one.state] for one in paper.actions])
    for number, section in enumerate(paper.sections, 1):
        _section(document, paper, number, section)
    if paper.breaches:
        document.add_heading(paper.texts["breaches"], level=1)
        heads = [paper.texts[name] for name in ("case", "promise", "bureau", "late", "cause")]
        rows = [[one.case, one.promise, one.unit, one.late, one.cause] for one in paper.breaches]
        _table(document, heads, rows)
    document.add_paragraph(paper.texts["note"])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _section(document: Paper, paper: Sheet, number: int, section: Section) -> None:
    texts = paper.texts
    document.add_heading(f"{number}. {section.title}", level=1)
    if section.words:
        document.add_paragraph(section.words)
    heads = [texts[name] for name in ("indicator", "now", "before", "change", "target", "counts")]
    table = _table(
        document,
        heads,
        [
            [
                row.title,
                f"{row.now.text} {row.suffix}".strip(),
                row.before,
                row.change,
                row.target,
                row.now.counts,
            ]
            for row in section.rows
        ],
    )
    for place, row in enumerate(section.rows, 1):
        if row.now.missed:
            _redden(table[place][1])


def _table(document: Paper, heads: list[str], rows: list[list[str]]) -> list[tuple[_Cell, ...]]:
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Light Grid Accent 1"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for line in table.rows:
        for cell in line.cells:
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(9)
    return [line.cells for line in table.rows]


def _redden(cell: _Cell) -> None:
    for paragraph in cell.paragraphs:
        for run in paragraph.runs:
            run.font.color.rgb = RED
            run.font.bold = True


def _fonts(document: Paper) -> None:
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = LATIN
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
