"""The report as a Word document, for those who edit it further. The East Asian font is named, so that Word chooses no other."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from docx import Document
from docx.document import Document as Paper
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell

from bihuan.reports.layouts.drawing import png
from bihuan.reports.layouts.paper import Section, Sheet
from bihuan.reports.layouts.pictures import Picture, pictures
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.rules import Report

FONT, LATIN = "Noto Sans SC", "Noto Sans"
RED = RGBColor(0xB4, 0x23, 0x18)
PICTURE, ALONE = 82, 120
"""Millimetres wide: two stand beside each other, one may be larger."""
WIDE, FIRST = 174, 2.4
"""Of a table in millimetres; how many columns' room the first one has, in which the words stand."""


def draw(report: Report, *, language: str = "zh-hans") -> bytes:
    """The week's report as .docx."""
    paper = sheet(report, language=language)
    document = Document()
    _fonts(document)
    _page(document)
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
    shown = pictures(report, language=language)
    drawn = dict(_drawn([one for told in shown.values() for one in told]))
    for number, section in enumerate(paper.sections, 1):
        _section(document, paper, number, section, [drawn[one.name] for one in shown.get(section.code, ())])
    if paper.breaches:
        document.add_heading(paper.texts["breaches"], level=1)
        heads = [paper.texts[name] for name in ("case", "promise", "bureau", "late", "cause")]
        rows = [[one.case, one.promise, one.unit, one.late, one.cause] for one in paper.breaches]
        _table(document, heads, rows)
        if paper.breaches_more:
            document.add_paragraph(paper.breaches_more)
    document.add_paragraph(paper.texts["note"])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


Drawn = tuple[Picture, bytes]


def _section(document: Paper, paper: Sheet, number: int, section: Section, shown: Sequence[Drawn]) -> None:
    texts = paper.texts
    document.add_heading(f"{number}. {section.title}", level=1)
    if section.words:
        document.add_paragraph(section.words)
    beside = () if paper.kind == "yearly" else ("year_change", "to_date")
    heads = [texts[name] for name in ("indicator", "now", "before", "change", *beside, "target", "counts")]
    table = _table(
        document,
        heads,
        [
            [
                row.title,
                f"{row.now.text} {row.suffix}".strip(),
                row.before,
                row.change,
                *(() if paper.kind == "yearly" else (row.year_change, row.to_date)),
                row.target,
                row.now.counts,
            ]
            for row in section.rows
        ],
    )
    for place, row in enumerate(section.rows, 1):
        if row.now.missed:
            _redden(table[place][1])
    if shown:
        _pictures(document, shown)
    for part in section.tables:
        document.add_heading(part.title, level=2)
        _table(document, list(part.heads), [list(cells) for cells in part.shown])
        if part.more:
            document.add_paragraph(part.more)
    for roll in section.rolls:
        document.add_heading(f"{roll.title} {roll.total}", level=2)
        for case in roll.cases:
            document.add_paragraph(" · ".join(case), style="List Bullet")
        if roll.more:
            document.add_paragraph(roll.more)


def _drawn(shown: Sequence[Picture]) -> Iterator[tuple[str, Drawn]]:
    """All pictures in one go, by name; PNG, since not everything that opens a document draws SVG."""
    for one, image in zip(shown, png([one.svg for one in shown], width=PICTURE), strict=True):
        yield one.name, (one, image)


def _pictures(document: Paper, shown: Sequence[Drawn]) -> None:
    """Side by side, each under its title and over what it says; then the tables beside them."""
    document.add_paragraph()  # tables that touch are one table to Word
    row = document.add_table(rows=1, cols=len(shown)).rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # a title stays with its picture
    wide = PICTURE if len(shown) > 1 else ALONE
    for place, (one, image) in zip(row.cells, shown, strict=True):
        title = place.paragraphs[0].add_run(one.title)
        title.font.bold, title.font.size = True, Pt(9)
        drawing = place.add_paragraph().add_run().add_picture(io.BytesIO(image), width=Mm(wide))
        drawing._inline.docPr.set("descr", f"{one.title}. {one.says}")  # what a screen reader says
        place.add_paragraph().add_run(one.says).font.size = Pt(8)
    for one, _image in shown:
        if one.kind == "control":
            _strip(document, one)
        else:
            document.add_heading(one.title, level=2)
            heads, rows = one.table
            _table(document, list(heads), [list(row) for row in rows])


def _strip(document: Paper, one: Picture) -> None:
    """The periods across, their values and counts below them."""
    document.add_paragraph()
    table = document.add_table(rows=3 if one.counted else 2, cols=len(one.rows))
    table.style = "Light Grid Accent 1"
    for place, row in enumerate(one.rows):
        for line, text in zip(table.rows, row[: 3 if one.counted else 2], strict=True):
            cell = line.cells[place]
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(6)
        if place in one.marked:
            _redden(table.rows[1].cells[place])


def _table(document: Paper, heads: list[str], rows: list[list[str]]) -> list[tuple[_Cell, ...]]:
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Light Grid Accent 1"
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.autofit = False
    share = WIDE / (len(heads) + FIRST - 1)
    for place, column in enumerate(table.columns):
        width = Mm(share * (1 if place else FIRST))
        column.width = width  # LibreOffice reads this one, Word those of the cells
        for cell in column.cells:
            cell.width = width
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


def _page(document: Paper) -> None:
    """A4, with margins that leave room for two pictures."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(18)


def _fonts(document: Paper) -> None:
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet"):
        style = document.styles[name]
        style.font.name = LATIN
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
