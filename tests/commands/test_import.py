"""`bihuan import`: faults on standard error, the count on standard output, an exit code that means something."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bihuan.cases.models import Case
from bihuan.commands import import_
from bihuan.people.models import Unit

pytestmark = pytest.mark.django_db

GOOD = "code,name_zh,kind,wing,parent,remark\nYJP,杨家坪供电局,bureau,execution,CQ,\nCQ,重庆公司,company,support,,head office\n"
FAULTY = GOOD + "NA,南岸供电局,bureau,execution,XX,\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def imported(folder: Path, text: str, *words: str) -> int:
    file = folder / "units.csv"
    file.write_text(text, encoding="gb18030")
    parser = argparse.ArgumentParser()
    import_.add(parser)
    return import_.run(parser.parse_args(["units", str(file), *words]))


def codes() -> list[str]:
    return list(Unit.objects.order_by("code").values_list("code", flat=True))


def test_a_good_file_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(tmp_path, GOOD) == 0

    said = capsys.readouterr()
    assert said.out == "2 rows good, 0 faulty, 2 written.\n"
    assert said.err == "columns not used: remark\n"
    assert codes() == ["CQ", "YJP"]


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(tmp_path, GOOD, "--dry-run") == 0
    assert capsys.readouterr().out == "2 rows good, 0 faulty, 0 written (dry run).\n"
    assert codes() == []


def test_a_faulty_row_is_told_with_its_number_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(tmp_path, FAULTY) == 1

    said = capsys.readouterr()
    assert said.out == (
        "2 rows good, 1 faulty, 0 written. Mend the file and try again, or write the good rows with --take-good.\n"
    )
    assert said.err.splitlines()[0] == "row 4 parent: “XX” isn't known"
    assert codes() == []


def test_take_good_writes_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert imported(tmp_path, FAULTY, "--take-good") == 0
    assert capsys.readouterr().out == "2 rows good, 1 faulty, 2 written.\n"
    assert codes() == ["CQ", "YJP"]


def test_a_chinese_terminal_is_answered_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    imported(tmp_path, FAULTY)

    said = capsys.readouterr()
    assert said.err.splitlines()[0] == "第 4 行 parent：没有“XX”"
    assert said.out.startswith("合格 2 行，有误 1 行，写入 0 行。")


MAP = """
shape = "case"
number = "id"
loop = "situation"
steps = { accept = "opened", answer = "closed" }
unit = { column = "office", create = true, company = { code = "TOWN" } }
"""
EVENTS = "id,opened,closed,office\n1,2024-07-01 10:00,2024-07-02 10:00,WW\n2,2024-07-01 11:00,,WW\n"


def events(folder: Path, text: str, *words: str) -> int:
    (folder / "log.csv").write_text(text, encoding="utf-8")
    (folder / "map.toml").write_text(MAP, encoding="utf-8")
    parser = argparse.ArgumentParser()
    import_.add(parser)
    given = ["events", str(folder / "log.csv"), "--map", str(folder / "map.toml"), *words]
    return import_.run(parser.parse_args(given))


def test_events_are_written_and_a_second_run_says_what_it_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert events(tmp_path, EVENTS) == 0
    said = capsys.readouterr()
    assert said.out == "2 cases good (3 entries), 0 faulty, 2 written.\n"
    assert said.err == "units made: TOWN, WW\n"

    assert events(tmp_path, EVENTS) == 0
    said = capsys.readouterr()
    assert said.out == "0 cases good (0 entries), 0 faulty, 0 written.\n"
    assert said.err == "2 cases were imported before and stay as they are\n"
    assert Case.objects.count() == 2


def test_a_faulty_event_is_told_with_its_row_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert events(tmp_path, EVENTS + "3,soon,,WW\n") == 1

    said = capsys.readouterr()
    assert said.err.splitlines()[0] == (
        "row 4 opened: “soon” is no time, or none that Asia/Shanghai ever had; look at time.formats"
    )
    assert said.out == (
        "2 cases good (3 entries), 1 faulty, 0 written. "
        "Mend the file and try again, or write the good rows with --take-good.\n"
    )
    assert Case.objects.count() == 0


def test_take_good_writes_the_other_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert events(tmp_path, EVENTS + "3,soon,,WW\n", "--take-good") == 0
    assert capsys.readouterr().out == "2 cases good (3 entries), 1 faulty, 2 written.\n"


def test_a_dry_run_of_events_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert events(tmp_path, EVENTS, "--dry-run") == 0

    said = capsys.readouterr()
    assert said.err == "units to be made: TOWN, WW\n"
    assert said.out == "2 cases good (3 entries), 0 faulty, 0 written (dry run).\n"
    assert (Case.objects.count(), Unit.objects.count()) == (0, 0)
