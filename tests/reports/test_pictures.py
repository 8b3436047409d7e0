"""Pictures of a report: which there are, what they say, and the same drawing on a page, in a PDF and in Word."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import bihuan
from bihuan.indicators.rules import Figure
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import indicator
from bihuan.reports.layouts import drawing, html, pdf, word
from bihuan.reports.layouts.pictures import Picture, pictures
from bihuan.reports.rules import KINDS, Line, Report

ARRIVED, MADE = "repair.arrived_in_time", "callback.made"
AT = datetime(2007, 6, 11, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
Pair = tuple[int, int]
ORDINARY: Sequence[Pair] = [(95 + place % 3, 100) for place in range(13)]


def line(code: str, pairs: Iterable[Pair], unit: str | None = None, aim: str | None = "95") -> Line:
    target = None if aim is None else Decimal(aim)
    return Line(tuple(Figure(indicator(code), unit, *pair, target) for pair in pairs))


def report(*lines: Line, kind: str = "weekly", name: str = "2007-W23") -> Report:
    """Of these lines; every unit is called after its code."""
    which = KINDS[kind]
    units = {one.now.unit for one in lines if one.now.unit}
    return Report(
        kind=which,
        name=name,
        period=which.period(name, ZoneInfo("Asia/Shanghai")),
        at=AT,
        known=AT,
        seal=None,
        unit=None,
        names={unit: Words(zh=f"{unit}局", en=f"{unit} Bureau") for unit in units},
        lines=lines,
    )


def of(told: Report, chapter: str = "repair", language: str = "en") -> dict[str, Picture]:
    return {one.kind: one for one in pictures(told, language=language).get(chapter, ())}


def with_units(**units: Sequence[Pair]) -> Report:
    company = [
        (sum(a for a, _ in week), sum(b for _, b in week)) for week in zip(*units.values(), strict=True)
    ]
    return report(line(ARRIVED, company), *(line(ARRIVED, pairs, unit) for unit, pairs in units.items()))


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_chapter_shows_its_first_rate_with_a_target_over_thirteen_weeks() -> None:
    told = report(
        line("repair.count", [(100, 0)] * 13, aim=None),
        line(ARRIVED, ORDINARY),
        line("repair.satisfied", [(90, 91 + week) for week in range(13)]),
    )

    picture = of(told)["control"]

    assert picture.code == ARRIVED
    assert picture.title == "Arrived in time: 13 weeks"
    assert picture.rows[0] == ("2007-W11", "95.00", "95 / 100", "")
    assert picture.rows[-1][0] == "2007-W23"
    assert picture.says == "This week is an ordinary up or down: nothing says that anything changed."


def test_where_everything_was_in_time_a_figure_that_moved_is_shown() -> None:
    told = report(
        line(ARRIVED, [(100, 100)] * 13),
        line("repair.satisfied", [(90, 91 + week) for week in range(13)], aim=None),
    )

    assert of(told)["control"].code == "repair.satisfied"


def test_a_week_outside_the_limits_is_marked_in_the_table_and_said() -> None:
    picture = of(report(line(ARRIVED, [*ORDINARY[:12], (60, 100)])), language="zh-hans")["control"]

    assert picture.says.startswith("本周：超出控制限")
    assert picture.rows[12][3].startswith("超出控制限")
    assert 12 in picture.marked


def test_months_speak_of_months() -> None:
    pairs = [(90 + month, 100) for month in range(8)]
    picture = of(report(line(ARRIVED, [(90, 100)] * 5 + pairs), kind="monthly", name="2007-06"))["control"]

    assert picture.title == "Arrived in time: 13 months"
    assert "months in a row" in picture.rows[-1][3]
    assert picture.rows[-1][0] == "2007-06"


def test_few_points_are_said_to_give_provisional_limits() -> None:
    picture = of(report(line(ARRIVED, [(0, 0)] * 10 + [(9, 10), (8, 10), (9, 10)])))["control"]

    assert [row[0] for row in picture.rows] == ["2007-W21", "2007-W22", "2007-W23"]
    assert picture.says.endswith("Fewer than twelve points: the limits are provisional.")


def test_a_week_takes_all_weeks_of_its_line_to_tell_units_apart() -> None:
    told = with_units(A=[(95, 100)] * 13, B=[(96, 100)] * 13, C=[(60, 100)] * 13)

    picture = of(told)["funnel"]

    assert picture.title == "Arrived in time: units, 13 weeks"
    assert {row[0]: row[2] for row in picture.rows} == {
        "A Bureau": "1,235 / 1,300",
        "B Bureau": "1,248 / 1,300",
        "C Bureau": "780 / 1,300",
    }
    assert "Weak link: C Bureau 60.00 % (780 / 1,300)." in picture.says
    assert "C Bureau" in texts(picture.svg)


def test_each_row_leads_where_its_point_does() -> None:
    told = with_units(A=[(95, 100)] * 13, B=[(96, 100)] * 13, C=[*ORDINARY[:12], (60, 100)])

    over, units = pictures(told, language="en", link=lambda code, day, unit: f"{day}/{unit or ''}")["repair"]

    assert over.spec["links"] == [link for _row, link in over.across]
    assert [(row[0], link) for row, link in over.beside[:2]] == [
        ("2007-W23", "2007-06-04/"),
        ("2007-W22", "2007-05-28/"),
    ]
    assert {row[0]: link for row, link in units.across} == {
        "A Bureau": "2007-03-12/A",
        "B Bureau": "2007-03-12/B",
        "C Bureau": "2007-03-12/C",
    }
    assert {one["name"]: one["link"] for one in units.spec["points"]} == {
        row[0]: to for row, to in units.across
    }


def test_a_month_tells_units_apart_by_its_own_cases() -> None:
    lines = [line(ARRIVED, [(95, 100)] * 12 + [(280, 300)])]
    lines += [line(ARRIVED, [(0, 100)] * 12 + [pair], unit) for unit, pair in UNITS.items()]

    picture = of(report(*lines, kind="monthly", name="2007-06"))["funnel"]

    assert sorted(row[2] for row in picture.rows) == ["90 / 100", "94 / 100", "96 / 100"]


UNITS = {"A": (90, 100), "B": (94, 100), "C": (96, 100)}


@pytest.mark.parametrize(
    "units",
    [
        {"A": [(95, 100)] * 13, "B": [(96, 100)] * 13},
        {"A": [(9, 9)] * 13, "B": [(5, 5)] * 13, "C": [(7, 7)] * 13},
    ],
)
def test_two_units_or_units_all_alike_make_no_picture(units: dict[str, list[Pair]]) -> None:
    assert "funnel" not in of(with_units(**units))


@pytest.mark.parametrize("pairs", [[(0, 0)] * 13, [(0, 0)] * 12 + [(3, 4)]])
def test_where_nothing_or_one_week_was_counted_papers_have_no_picture_and_are_drawn(
    pairs: list[Pair],
) -> None:
    told = report(line(ARRIVED, pairs))

    assert pictures(told, language="en") == {}
    assert pdf.draw(told).startswith(b"%PDF")
    assert word.draw(told).startswith(b"PK")
    assert "data:image" not in html.draw(told)


def test_the_drawing_has_every_word_and_no_script_style_or_address() -> None:
    picture = of(report(line(ARRIVED, ORDINARY)), language="zh-hans")["control"]

    svg = picture.svg

    assert picture.title == "抵达现场及时率：近13周"
    assert {"中心线", "上限", "下限", "目标 95.00 %", "2007-W23"} <= set(texts(svg))
    assert not {one.tag for one in ElementTree.fromstring(svg).iter()} & {f"{SVG}script", f"{SVG}style"}
    assert set(re.findall(r"https?://[^\"]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert re.search(r"\bon\w+=", svg) is None


def test_a_name_is_text_whatever_it_says() -> None:
    bad = "</text><script>alert(1)</script>\u2028'\"`${1}"
    told = with_units(A=[(95, 100)] * 13, B=[(96, 100)] * 13, C=[(60, 100)] * 13)
    told.names["C"] = Words(zh=bad, en=bad)

    svg = of(told)["funnel"].svg

    assert f"{SVG}script" not in {one.tag for one in ElementTree.fromstring(svg).iter()}
    assert any("<script>alert(1)</script>" in text for text in texts(svg))


@settings(max_examples=40, deadline=None)
@given(
    some.lists(
        some.integers(0, 5000).flatmap(lambda most: some.tuples(some.integers(0, most), some.just(most))),
        min_size=13,
        max_size=13,
    )
)
def test_whatever_was_counted_the_drawing_is_whole(pairs: list[Pair]) -> None:
    for picture in of(report(line(ARRIVED, pairs), *(line(ARRIVED, pairs, unit) for unit in "ABC"))).values():
        svg = picture.svg
        ElementTree.fromstring(svg)
        assert "NaN" not in svg
        assert "Infinity" not in svg


def test_a_drawing_that_fails_says_why_and_the_next_one_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = of(report(line(ARRIVED, ORDINARY)))["control"].spec
    with pytest.raises(drawing.PictureFailed, match="not a function"):
        drawing.svg({"kind": "pie"}, width=10, height=10)

    monkeypatch.setattr(drawing, "SECONDS", 0.2)
    with pytest.raises(drawing.PictureFailed, match="timeout"):
        drawing._called("(() => { for (;;) {} })")
    monkeypatch.undo()

    assert drawing.svg(spec, width=400, height=200).startswith("<svg")


def test_many_threads_draw_each_its_own() -> None:
    told = [of(report(line(ARRIVED, [(80 + number, 100), *ORDINARY[1:]])))["control"] for number in range(8)]
    alone = [one.svg for one in told]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: one.svg, told)) == alone


def test_paper_has_the_tones_of_the_page_in_daylight() -> None:
    css = (Path(bihuan.__file__).parent / "web/ui/static/ui/ui.css").read_text("utf-8")
    light = css[: css.index('[data-bs-theme="dark"]') if '[data-bs-theme="dark"]' in css else len(css)]
    told = {name: tone.replace("#fff;", "#ffffff;") for name, tone in re.findall(r"--(\w+): (#\w+;)", light)}

    names = ("ink", "soft", "line", "sheet", "run", "good", "warn", "bad", "wash")
    assert {name: f"{drawing.PAPER[name]};" for name in names} == {name: told[name] for name in names}


def a_week() -> Report:
    return with_units(A=ORDINARY, B=[(96, 100)] * 13, C=[(60, 100)] * 13)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext: apt-get install poppler-utils")
def test_the_pdf_has_the_words_of_the_pictures_and_the_table_beside(tmp_path: Path) -> None:
    (tmp_path / "week.pdf").write_bytes(pdf.draw(a_week(), language="en"))

    told = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "week.pdf"), "-"], capture_output=True, check=True, text=True
    ).stdout

    for words in (
        "Arrived in time: 13 weeks",
        "upper limit",
        "limits (99.8 %)",
        "cases counted",
        "780 / 1,300",
    ):
        assert words in told, words
    assert "Weak link: C Bureau 60.00 % (780 / 1,300)." in " ".join(told.split())


def test_a_mean_stands_with_its_cases_and_no_column_is_empty() -> None:
    told = report(
        line("repair.arrival_minutes", [(300 + 7 * (week % 2), 10) for week in range(13)], aim=None)
    )

    picture = of(told)["control"]

    assert picture.rows[0] == ("2007-W11", "30.0", "10", "")
    heads, rows = picture.table
    assert heads == ["", "Average minutes to arrival", "Counts"]
    assert rows[0] == ["2007-W11", "30.0", "10"]


def test_word_has_each_picture_as_png_with_what_it_says() -> None:
    with zipfile.ZipFile(io.BytesIO(word.draw(a_week(), language="en"))) as parts:
        images = [parts.read(name) for name in parts.namelist() if name.startswith("word/media/")]
        body = parts.read("word/document.xml").decode()

    assert len(images) == 2
    assert all(image.startswith(b"\x89PNG") for image in images)
    assert 'descr="Arrived in time: units, 13 weeks. Weak link: C Bureau' in body


def test_the_page_carries_the_drawings_and_may_do_nothing_but_show_them() -> None:
    page = html.draw(a_week(), language="en")

    drawn = [
        base64.b64decode(one).decode() for one in re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)
    ]
    assert [texts(one)[0] != "" for one in drawn] == [True, True]
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(style) == 1
    kept = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert f"style-src 'sha256-{kept}'" in html.POLICY
    assert " style=" not in page
