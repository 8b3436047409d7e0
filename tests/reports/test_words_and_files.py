"""Words proposed from the figures, changed by the editor; the same report as Word and Excel, read back by other programs."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from bihuan.people import actions as people
from bihuan.reports import actions, queries
from bihuan.reports.layouts import excel, html, pdf, word
from bihuan.reports.rules import Report
from tests.cast import Cast, gather, moment, somebody

pytestmark = pytest.mark.django_db
WEEK = "2007-W23"
AT = moment("2007-06-11 08:00")


def told(unit: str | None = None) -> Report:
    return queries.report(kind="weekly", name=WEEK, unit=unit, at=AT, known=datetime.now(UTC))


def a_week(cast: Cast) -> None:
    """Two repairs in time and one 35 minutes late, an agreed action."""
    for wait in (0, 0, 55):
        case = cast.opens("repair")
        cast.later(minutes=wait)
        cast.restores(case)
        cast.confirms(case)
    people.create_unit(code="YX", name_zh="营销部", kind="department", wing="support", parent=cast.company)
    action = cast.opens(
        "action",
        by=cast.editor,
        facts={"kind": "repair", "by_when": moment("2007-06-08 18:00")},
        notes={"description": "增配一台抢修车"},
    )
    cast.takes(action, "assign", cast.editor, at=cast.later(minutes=1), facts={"unit": "YX"})


def test_a_chapter_says_how_many_and_whether_the_target_is_met() -> None:
    a_week(gather())

    words = told().words["repair"]

    assert "66.67%（2/3）" in words.zh
    assert "未达目标" in words.zh
    assert "66.67 % (2/3)" in words.en
    assert "3" in words.en


def test_a_change_that_chance_may_make_is_said_to_be_one() -> None:
    cast = gather()
    cast.restores(cast.opens("repair", at=moment("2007-05-29 09:00")))
    cast.now = moment("2007-06-05 09:00")
    a_week(cast)

    assert "较上周增加2件，未超出偶然波动" in told().words["repair"].zh


def test_nothing_is_compared_with_a_week_in_which_nothing_was_kept() -> None:
    a_week(gather())

    assert "上周" not in told().words["repair"].zh
    assert "环比" not in told().words["repair"].zh


def test_the_editor_s_words_hold_and_emptying_them_gives_the_proposal_back() -> None:
    cast = gather()
    a_week(cast)
    for text, expected in (("本周抢修平稳。", "本周抢修平稳。"), ("", told().words["repair"].zh)):
        actions.write_words(
            kind="weekly",
            name=WEEK,
            unit=None,
            chapter="repair",
            text=text,
            by=cast.editor.actor,
            recorded_at=datetime.now(UTC),
        )
        assert told().words["repair"].zh == expected


def test_breaches_are_named_and_actions_stand_with_what_is_overdue() -> None:
    a_week(gather())
    report = told()

    assert [(one.promise, one.late_seconds) for one in report.breaches] == [("repair-arrival", 35 * 60)]
    assert [(one.what, one.unit) for one in report.actions] == [("增配一台抢修车", "YX")]
    page = html.draw(report)
    assert "增配一台抢修车" in page
    assert report.breaches[0].case in page


def test_changed_words_make_a_new_version_though_no_figure_differs() -> None:
    cast = gather()
    a_week(cast)

    def freezes() -> int:
        now = datetime.now(UTC)
        return actions.freeze(
            kind="weekly", name=WEEK, at=AT, known=now, by=cast.editor.actor, recorded_at=now
        ).version

    assert [freezes(), freezes()] == [1, 1]
    actions.write_words(
        kind="weekly",
        name=WEEK,
        unit=None,
        chapter="repair",
        text="更正。",
        by=cast.editor.actor,
        recorded_at=datetime.now(UTC),
    )
    assert freezes() == 2
    kept = queries.latest(kind="weekly", name=WEEK, unit=None)
    assert kept is not None
    assert queries.frozen(kept).words["repair"].zh == "更正。"


def test_the_workbook_has_real_numbers_and_simple_formulas() -> None:
    a_week(gather())

    book = openpyxl.load_workbook(io.BytesIO(excel.draw(told())))
    page = book.worksheets[0]
    rows = {row[0].value: row for row in page.iter_rows(min_row=2) if row[1].value == "全公司"}
    arrived = rows["抵达现场及时率"]

    assert (arrived[2].value, arrived[3].value) == (2, 3)
    assert str(arrived[4].value).startswith("=IF(D")
    assert arrived[9].value == 100


def test_the_word_document_holds_words_tables_and_the_font_for_chinese() -> None:
    a_week(gather())

    with zipfile.ZipFile(io.BytesIO(word.draw(told()))) as parts:
        body, styles = parts.read("word/document.xml").decode(), parts.read("word/styles.xml").decode()

    assert "66.67" in body
    assert "增配一台抢修车" in body
    assert 'w:eastAsia="Noto Sans SC"' in styles


@pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice isn't installed: apt-get install libreoffice-writer"
)
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_libreoffice_opens_it(kind: str, tmp_path: Path) -> None:
    a_week(gather())
    draw = {"docx": word.draw, "xlsx": excel.draw}[kind]
    (tmp_path / f"week.{kind}").write_bytes(draw(told()))

    subprocess.run(
        [
            "soffice",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / f"week.{kind}"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )

    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler isn't installed: apt-get install poppler-utils"
)
def test_poppler_reads_the_words_and_the_breaches_in_the_pdf(tmp_path: Path) -> None:
    a_week(gather())
    (tmp_path / "week.pdf").write_bytes(pdf.draw(told()))

    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "week.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout

    assert "超时限明细" in text
    assert "增配一台抢修车" in text


def test_the_page_lets_the_editor_write_the_reader_comment_and_the_leader_approve() -> None:
    cast = gather()
    a_week(cast)
    editor, reader, boss = Client(), Client(), Client()
    editor.force_login(cast.editor)
    reader.force_login(somebody("G2", "郭读", "executive", cast.company))
    boss.force_login(somebody("G1", "高远", "executive", cast.company))
    address = f"/reports/weekly/{WEEK}/"

    assert (
        reader.post(f"{address}write/", {"chapter": "repair", "role": "words", "text": "x"}).status_code
        == 403
    )
    assert (
        reader.post(
            f"{address}write/", {"chapter": "repair", "role": "comment", "text": "为何晚到？"}
        ).status_code
        == 302
    )
    assert (
        editor.post(
            f"{address}write/", {"chapter": "repair", "role": "words", "text": "抢修平稳。"}
        ).status_code
        == 302
    )
    page = boss.get(f"{address}?live=1").content.decode()
    assert "抢修平稳。" in page
    assert "为何晚到？" in page
    editor.post(f"{address}freeze/")
    assert boss.post(f"{address}approve/", {"version": "1"}).status_code == 302
    assert "已审批" in boss.get(address).content.decode()
    assert boss.get(f"{address}?meeting=1").status_code == 200


def test_the_meeting_agrees_an_action_on_the_page() -> None:
    cast = gather()
    client = Client()
    client.force_login(cast.editor)

    answer = client.post(
        "/actions/agree/",
        {"kind": "callback", "description": "补齐回访", "week": WEEK, "to": "YJP", "client_id": "a1"},
    )

    assert answer.status_code == 302
    assert [(one.what, one.unit) for one in queries.agreed(told().period, None, datetime.now(UTC))] == [
        ("补齐回访", "YJP")
    ]
