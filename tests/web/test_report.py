"""The weekly report as a page: who may read it, every figure opens to its cases, frozen once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.reports.models import Snapshot
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db

WEEK = "2007-W23"


@pytest.fixture
def cast() -> Cast:
    """Two repairs in the week, one of them late."""
    made = gather()
    case = made.opens("repair")
    made.restores(case)
    made.confirms(case)
    late = made.opens("repair", at=made.later(hours=1))
    made.later(minutes=50)
    made.restores(late)
    return made


def reads(cast: Cast, number: str, path: str) -> tuple[int, str]:
    client = Client()
    person = next(one for one in vars(cast).values() if getattr(one, "number", None) == number)
    client.force_login(person)
    client.cookies["django_language"] = "en"
    answer = client.get(path)
    return answer.status_code, answer.content.decode(errors="replace")


def test_the_editor_reads_the_company_and_every_figure_is_a_link(cast: Cast) -> None:
    status, page = reads(cast, "B1", f"/reports/weekly/{WEEK}/")

    assert status == 200
    assert "50.00" in page
    assert "1/2" in page
    assert f"/reports/weekly/{WEEK}/repair.arrived_in_time/" in page


def test_the_missed_case_stands_behind_the_figure(cast: Cast) -> None:
    status, page = reads(cast, "B1", f"/reports/weekly/{WEEK}/repair.arrived_in_time/?part=missed")

    assert status == 200
    assert len(re.findall(r"<tr data-row=", page)) == 1
    assert "(1 / 2)" in page


def test_a_leader_reads_his_own_bureau_and_no_other(cast: Cast) -> None:
    assert reads(cast, "L1", f"/reports/weekly/{WEEK}/")[0] == 200
    assert reads(cast, "L1", f"/reports/weekly/{WEEK}/?unit=NA")[0] == 404
    assert reads(cast, "L1", f"/reports/weekly/{WEEK}/repair.count/?unit=NA")[0] == 404


@pytest.mark.parametrize("number", ["A1", "H1", "D1", "Q1", "C1"])
def test_others_are_told_that_it_is_not_for_their_post(cast: Cast, number: str) -> None:
    assert reads(cast, number, f"/reports/weekly/{WEEK}/")[0] == 403
    assert reads(cast, number, f"/reports/weekly/{WEEK}/file/pdf/")[0] == 403
    assert reads(cast, number, f"/reports/weekly/{WEEK}/repair.count/")[0] == 403


def test_only_the_editor_freezes_and_only_once(cast: Cast) -> None:
    editor, inspector = Client(), Client()
    editor.force_login(cast.editor)
    inspector.force_login(cast.inspector)

    assert inspector.post(f"/reports/weekly/{WEEK}/freeze/").status_code == 403
    assert not Snapshot.objects.exists()
    assert editor.post(f"/reports/weekly/{WEEK}/freeze/").status_code == 302
    assert editor.post(f"/reports/weekly/{WEEK}/freeze/").status_code == 302
    assert Snapshot.objects.get().version == 1


def test_a_week_that_is_not_over_is_not_frozen(cast: Cast) -> None:
    editor = Client()
    editor.force_login(cast.editor)
    this_week = (timezone.localtime() + timedelta(days=0)).strftime("%G-W%V")

    editor.post(f"/reports/weekly/{this_week}/freeze/")

    assert not Snapshot.objects.exists()


def test_a_week_or_figure_that_does_not_exist_is_not_found(cast: Cast) -> None:
    for path in ("2007-W60", "x", f"{WEEK}/no.such.figure", f"{WEEK}/repair.count/?part=x"):
        assert reads(cast, "B1", f"/reports/weekly/{path}{'' if '?' in path else '/'}")[0] == 404


def test_the_pdf_is_a_pdf(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.editor)

    answer = client.get(f"/reports/weekly/{WEEK}/file/pdf/")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
