"""Text that somebody brings is text: on pages, in the report's page, its PDF and its workbook."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from bihuan.people.actions import create_unit
from bihuan.people.models import Staff
from bihuan.reports.layouts import excel, html, pdf
from bihuan.reports.queries import report
from bihuan.supply.models import Customer
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
MARKUP = '#read("/etc/hostname") $x^2$ = Heading'
LINK = "external:\\\\server\\share\\run.exe"


@pytest.fixture
def cast() -> Cast:
    return gather()


def page(person: Staff, address: str) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def agreed(cast: Cast, what: str) -> None:
    """What the meeting agrees stands in the report as it was typed."""
    client = Client()
    client.force_login(cast.editor)
    given = {"kind": "callback", "description": what, "week": "2007-W23", "to": "YJP", "client_id": what[:40]}
    assert client.post("/actions/agree/", given).status_code == 302


def test_what_a_customer_says_and_is_called_is_text_on_every_page(cast: Cast) -> None:
    Customer.objects.update(name=SCRIPT)
    case = cast.opens("complaint", notes={"description": SCRIPT})

    for address in (
        f"/cases/{case.number}/",
        "/cases/",
        f"/intake/?account={cast.account.number}",
        f"/cases/?q={SCRIPT}",
    ):
        shown = page(cast.agent, address)
        assert SCRIPT not in shown, address
        assert "&lt;" in shown, address


def test_what_is_typed_into_a_report_is_text_on_its_page_and_on_the_one_that_is_mailed(cast: Cast) -> None:
    agreed(cast, SCRIPT)
    cast.opens("repair")
    client = Client()
    client.force_login(cast.editor)
    for role in ("words", "comment"):
        client.post("/reports/weekly/2007-W23/write/", {"chapter": "repair", "role": role, "text": SCRIPT})

    now = datetime.now(UTC)
    shown = page(cast.editor, "/reports/weekly/2007-W23/?live=1")
    mailed = html.draw(report(kind="weekly", name="2007-W23", unit=None, at=now, known=now))

    assert SCRIPT not in shown
    assert SCRIPT not in mailed
    assert shown.count("&lt;script&gt;") >= 3
    assert "&lt;script&gt;" in mailed


def test_the_printed_report_reads_no_file_and_sets_no_formula_that_somebody_typed(
    cast: Cast, tmp_path: Path
) -> None:
    agreed(cast, MARKUP)
    now = datetime.now(UTC)
    paper = tmp_path / "report.pdf"
    paper.write_bytes(pdf.draw(report(kind="weekly", name="2007-W23", unit=None, at=now, known=now)))

    told = subprocess.run(
        ["pdftotext", "-layout", str(paper), "-"], check=True, capture_output=True, text=True
    ).stdout

    assert '#read("/etc/hostname")' in told
    assert "$x^2$" in told


@pytest.mark.parametrize(
    "typed", ['=HYPERLINK("http://example.org")', "+1+1", "@SUM(A1)", LINK, "http://example.org/x"]
)
def test_a_cell_that_somebody_typed_is_neither_formula_nor_link(cast: Cast, typed: str) -> None:
    create_unit(code="LF", name_zh=typed, kind="bureau", wing="execution", parent=cast.company)
    cast.opens("repair")
    now = datetime.now(UTC)

    book = load_workbook(
        io.BytesIO(excel.draw(report(kind="weekly", name="2007-W23", unit=None, at=now, known=now)))
    )

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == typed]
    assert {(cell.data_type, cell.hyperlink) for cell in cells} == {("s", None)}
