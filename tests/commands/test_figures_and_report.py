"""`bihuan figures` and `bihuan report weekly`, run in this process on the test database."""

from __future__ import annotations

import argparse
import csv
import io
import json
from pathlib import Path
from types import ModuleType

import pytest

from bihuan.commands import figures, report
from bihuan.kernel.errors import BihuanError
from bihuan.reports.models import Snapshot
from tests.cast import gather, moment

pytestmark = pytest.mark.django_db

WEEK = ["--from", "2007-06-04", "--to", "2007-06-10"]
AT = ["--at", "2007-06-11T08:00"]


@pytest.fixture(autouse=True)
def one_repair() -> None:
    cast = gather()
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))


def run(command: ModuleType, *given: str) -> int:
    parser = argparse.ArgumentParser()
    command.add(parser)
    code: int = command.run(parser.parse_args(given))
    return code


def test_figures_and_the_report_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    known = ["--known", "2007-06-11T09:00"]
    run(figures, *WEEK, *AT, *known, "--format", "json")
    counted = json.loads(capsys.readouterr().out)
    run(report, "weekly", "--week", "2007-W23", *AT, *known)
    reported = json.loads(capsys.readouterr().out)

    assert counted == reported
    assert counted["at"] == "2007-06-11T08:00:00+08:00"
    assert len([row for row in counted["figures"] if row["code"] == "repair.count"]) == 3


def test_csv_has_a_row_for_each_figure(capsys: pytest.CaptureFixture[str]) -> None:
    run(figures, *WEEK, *AT, "--unit", "YJP", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    assert {row["unit"] for row in rows} == {"YJP"}
    assert next(row["value"] for row in rows if row["code"] == "repair.arrived_in_time") == "100.00"


def test_a_table_is_for_reading(capsys: pytest.CaptureFixture[str]) -> None:
    run(figures, *WEEK, *AT, "--language", "en")

    assert "Arrived in time" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("layout", "begins"), [("pdf", b"%PDF-"), ("html", b"<!doctype html>"), ("json", b"{")]
)
def test_the_report_is_written_to_a_file(layout: str, begins: bytes, tmp_path: Path) -> None:
    out = tmp_path / "week"

    assert run(report, "weekly", "--week", "2007-W23", *AT, "--format", layout, "--out", str(out)) == 0

    assert out.read_bytes().startswith(begins)


def test_a_report_is_frozen_by_the_editor_and_read_again(capsys: pytest.CaptureFixture[str]) -> None:
    run(report, "weekly", "--week", "2007-W23", "--freeze", "B1")
    frozen = capsys.readouterr().out
    run(report, "weekly", "--week", "2007-W23", "--frozen")

    assert capsys.readouterr().out == frozen
    assert Snapshot.objects.get().version == 1


@pytest.mark.parametrize(
    "given",
    [
        ["--week", "2007-W99"],
        ["--week", "2007-W23", "--unit", "NOWHERE"],
        ["--week", "2007-W23", "--frozen"],
        ["--week", "2007-W23", "--freeze", "A1"],
        ["--week", "2007-W23", "--freeze", "NOBODY"],
        ["--week", "2007-W23", "--out", "/nowhere/week.json"],
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(given: list[str]) -> None:
    with pytest.raises(BihuanError) as refused:
        run(report, "weekly", *given)

    assert refused.value.words.zh != refused.value.words.en
    assert not Snapshot.objects.exists()
