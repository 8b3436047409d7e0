"""A figure that can be trusted: its page, its league, the cases behind it, their files; and who may see which."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from bihuan.loops.indicators.catalogue import INDICATORS
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db

WEEK = "week=2007-W23"
PAGE = f"/indicators/repair.arrived_in_time/?{WEEK}"
CASES = f"/indicators/repair.arrived_in_time/cases/?{WEEK}"


@pytest.fixture
def cast() -> Cast:
    """The week before one repair in time; in the week one in time, one late."""
    made = gather()
    made.restores(made.opens(at=moment("2007-05-29 09:00")))
    made.restores(made.opens(at=moment("2007-06-05 09:00")))
    late = made.opens(at=moment("2007-06-06 09:00"))
    made.later(hours=3)
    made.restores(late)
    return made


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def reads(person: Any, path: str) -> tuple[int, str]:
    answer = client_of(person).get(path)
    return answer.status_code, answer.content.decode(errors="replace") if not answer.streaming else ""


def body(answer: Any) -> bytes:
    """A streamed answer, whole, closed as a server closes it."""
    found = b"".join(answer.streaming_content)
    answer.close()
    return found


def spec(page: str, name: str) -> dict[str, Any]:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_the_catalogue_leads_to_every_indicator(cast: Cast) -> None:
    status, page = reads(cast.editor, f"/indicators/?{WEEK}")

    assert status == 200
    assert "/indicators/repair.arrived_in_time/?" in page
    assert "/indicators/callback.satisfied/?" in page
    assert "50.00 %" in page


def test_a_figure_stands_with_its_counts_interval_target_and_changes(cast: Cast) -> None:
    status, page = reads(cast.editor, PAGE)

    assert status == 200
    assert "9.45 – 90.55 %" in page
    assert "target missed" in page
    assert "-50.00 points" in page
    assert "no more than chance" in page
    assert "nothing to compare with" in page


def test_the_charts_are_data_that_the_page_carries_and_nothing_runs_inline(cast: Cast) -> None:
    _, page = reads(cast.editor, PAGE)

    control, funnel = spec(page, "spec-control"), spec(page, "spec-funnel")
    assert control["labels"] == ["2007-W22", "2007-W23"]
    assert control["values"] == [100.0, 50.0]
    assert [(point["name"], point["at"]) for point in funnel["points"]] == [("Yangjiaping", [2, 50.0])]
    scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
    assert scripts == []
    assert 'style="' not in page


def test_a_small_unit_is_marked_and_not_ranked(cast: Cast) -> None:
    _, page = reads(cast.editor, PAGE)

    assert "too few cases to rank" in page
    assert "weak link" not in page.replace("A model or a weak link", "")


def test_a_funnel_has_room_even_where_nothing_was_missed(cast: Cast) -> None:
    _, page = reads(cast.editor, "/indicators/repair.arrived_in_time/?week=2007-W22")

    funnel = spec(page, "spec-funnel")
    assert funnel["floor"] < funnel["roof"] == 100
    assert funnel["mean"] == 100


def test_the_other_chart_is_one_link_away(cast: Cast) -> None:
    status, page = reads(cast.editor, f"{PAGE}&chart=xmr")

    assert status == 200
    assert "Wheeler" in page
    assert spec(page, "spec-control")["low"][0] >= 0


@pytest.mark.parametrize("code", sorted({(one.table, one.measure): one.code for one in INDICATORS}.values()))
def test_every_measure_of_every_table_has_its_page(cast: Cast, code: str) -> None:
    assert reads(cast.editor, f"/indicators/{code}/?{WEEK}&unit=YJP&against=year&by=kind")[0] == 200


def test_the_shares_shown_add_up_to_the_change(cast: Cast) -> None:
    _, page = reads(cast.editor, f"/indicators/repair.count/?{WEEK}&by=unit")

    assert "Nothing to set side by side" in page  # one unit, one class, one area: no parts


def test_the_cases_behind_tell_which_fell_short(cast: Cast) -> None:
    _, page = reads(cast.editor, CASES)
    _, missed = reads(cast.editor, f"{CASES}&part=missed")

    assert page.count("<tr data-row=") == 2
    assert missed.count("<tr data-row=") == 1
    assert "周末" not in page


def test_a_leader_sees_every_bureau_but_opens_only_his_own_cases(cast: Cast) -> None:
    status, page = reads(cast.leader, PAGE)

    assert status == 200
    assert "Nan&#x27;an" in page
    assert "/cases/?from=2007-06-04&amp;to=2007-06-10&amp;unit=YJP" in page
    assert reads(cast.leader, CASES)[1].count("<tr data-row=") == 2
    assert reads(cast.leader, f"{CASES}&unit=YJP")[0] == 200
    for path in (f"{CASES}&unit=NA", CASES.replace("cases/", "cases.csv") + "&unit=NA"):
        assert reads(cast.leader, path)[0] == 404


def test_the_csv_has_every_row_and_nobodys_name(cast: Cast) -> None:
    answer = client_of(cast.editor).get(CASES.replace("cases/", "cases.csv"))

    text = body(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[-1] for row in rows] == ["In the numerator", "yes", "no"]
    assert "周末" not in text
    assert "石坪" not in text
    assert "attachment" in answer["Content-Disposition"]


def test_the_workbook_opens_in_another_program_with_the_same_rows(cast: Cast) -> None:
    answer = client_of(cast.editor).get(CASES.replace("cases/", "cases.xlsx") + "&part=missed")

    book = load_workbook(io.BytesIO(body(answer)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 2
    assert (rows[1][4], rows[1][-1]) == (1, "no")


def test_the_league_is_quiet_where_nothing_is_known(cast: Cast) -> None:
    status, page = reads(cast.editor, f"/league/?{WEEK}")

    assert status == 200
    assert "Nobody: in this period" in page
    assert 'class="small"' in page


def test_a_bureau_that_is_surely_worse_is_named(cast: Cast) -> None:
    nan = cast.nan
    for _ in range(16):
        cast.restores(cast.opens(at=cast.later(minutes=1)))
    cast.account.premises.unit = nan
    cast.account.premises.save()
    yang, cast.yang = cast.yang, nan
    for _ in range(10):
        late = cast.opens(at=cast.later(minutes=1))
        cast.takes(late, "dispatch", cast.agent, at=cast.later(hours=2), facts={"unit": "NA"})
    cast.yang = yang

    _, page = reads(cast.editor, f"/league/?{WEEK}")
    _, one = reads(cast.editor, PAGE)

    assert "weak link" in page
    assert "▼" in page
    assert [point["place"] for point in spec(one, "spec-funnel")["points"]] == ["weak", "model"]


@pytest.mark.parametrize("number", ["agent", "caller", "dispatcher", "crew", "handler"])
def test_others_are_told_that_it_is_not_for_their_post(cast: Cast, number: str) -> None:
    person = getattr(cast, number)

    for path in ("/indicators/", PAGE, CASES, CASES.replace("cases/", "cases.xlsx"), "/league/"):
        assert reads(person, path)[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/indicators/no.such/",
        "/indicators/repair.count/?week=2007-W60",
        "/indicators/repair.count/?from=2007-06-10&to=2007-06-04",
        "/indicators/repair.count/?from=soon",
        "/indicators/repair.count/?from=1990-01-01&to=2007-06-04",
        "/indicators/repair.count/?unit=nobody",
        f"{CASES}&part=x",
        "/league/?week=x",
    ],
)
def test_what_does_not_exist_is_not_found(cast: Cast, path: str) -> None:
    assert reads(cast.editor, path)[0] == 404
