"""`bihuan due` from the command line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan import cli


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], str]:
    """Exit code, lines of the result, and what was said besides."""
    code = cli.main(["due", *words])
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err


@pytest.mark.parametrize(
    ("pack", "promise", "start", "more", "ends"),
    [
        (
            "chongqing-2007",
            "repair-arrival",
            "2007-06-05T23:50",
            ["--area", "urban"],
            "2007-06-06T00:35:00+08:00",
        ),
        (
            "chongqing-2007",
            "repair-arrival",
            "2007-06-05T23:50",
            ["--area", "rural"],
            "2007-06-06T01:20:00+08:00",
        ),
        (
            "chongqing-2007",
            "repair-arrival",
            "2007-06-05T23:50",
            ["--area", "remote"],
            "2007-06-06T01:50:00+08:00",
        ),
        ("chongqing-2007", "first-contact", "2007-06-08T09:00", [], "2007-06-11T23:59:59+08:00"),
        ("chongqing-2007", "first-contact", "2007-04-27T09:00", [], "2007-04-28T23:59:59+08:00"),
        ("chongqing-2007", "matter-answer", "2007-09-28T09:00", [], "2007-10-03T23:59:59+08:00"),
        (
            "chongqing-2007",
            "callback-owed",
            "2007-06-05T09:00",
            ["--loop", "repair"],
            "2007-06-06T09:00:00+08:00",
        ),
        (
            "chongqing-2007",
            "callback-owed",
            "2007-06-08T09:00",
            ["--loop", "complaint"],
            "2007-06-11T23:59:59+08:00",
        ),
        ("sgcc-2005", "scheme-reply", "2007-02-15", ["--class", "resident"], "2007-02-25T23:59:59+08:00"),
        ("sgcc-2005", "energise", "2007-09-28T09:00", ["--class", "hv-dual"], "2007-10-10T23:59:59+08:00"),
        (
            "sgcc-2005",
            "repair-arrival",
            "2007-06-05T15:50:00Z",
            ["--area", "urban"],
            "2007-06-06T00:35:00+08:00",
        ),
    ],
)
def test_it_prints_the_due_moment_and_nothing_else(
    capsys: pytest.CaptureFixture[str], pack: str, promise: str, start: str, more: list[str], ends: str
) -> None:
    code, lines, said = asked(capsys, "--pack", pack, "--promise", promise, "--from", start, *more)

    assert (code, lines, said) == (0, [ends], "")


def test_an_area_or_class_that_it_does_not_use_is_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, _ = asked(
        capsys,
        *("--pack", "chongqing-2007", "--promise", "matter-answer", "--from", "2007-06-04T10:00"),
        *("--area", "moon", "--class", "lv"),
    )

    assert (code, lines) == (0, ["2007-06-09T23:59:59+08:00"])


def test_it_explains_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, _ = asked(
        capsys,
        *("--pack", "sgcc-2005", "--promise", "energise", "--class", "lv", "--from", "2007-09-28T15:00"),
        *("--explain", "--language", "zh"),
    )

    assert code == 0
    assert lines[0] == "2007-10-10T23:59:59+08:00"
    assert lines[1].startswith("承诺：验收合格并办结手续后送电（sgcc-2005, 4, 5）。")
    assert lines[2:] == [
        "起点：2007-09-28 15:00（周五），当天不计，从次日起算。",
        "计入：2007-09-29（周六）至 2007-09-30（周日）是国庆节调休的上班日。",
        "不计：2007-10-01（周一）至 2007-10-07（周日），国庆节。",
        "时限：5 个工作日，最后一天是 2007-10-10（周三）。",
        "到期：2007-10-10 24:00 之前。",
    ]


def test_a_pack_out_of_force_is_applied_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, said = asked(
        capsys,
        *(
            "--pack",
            "sgcc-2005",
            "--promise",
            "energise",
            "--class",
            "resident",
            "--from",
            "2024-02-08T10:00",
        ),
    )

    assert (code, lines) == (0, ["2024-02-19T23:59:59+08:00"])
    assert "2005-04-08" in said
    assert "2011-10-12" in said


def test_a_promise_that_differs_by_loop_says_which_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, said = asked(
        capsys, "--pack", "chongqing-2007", "--promise", "callback-owed", "--from", "2007-06-05T09:00"
    )

    assert (code, lines) == (0, ["2007-06-06T09:00:00+08:00"])
    assert "--loop" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pack", "gondor", "--promise", "x"], "chongqing-2007, csg"),
        (["--pack", "sgcc-2005", "--promise", "x"], "scheme-reply"),
        (["--pack", "sgcc-2005", "--promise", "hotline"], "attested"),
        (["--pack", "sgcc-2005", "--promise", "price-display"], "attested"),
        (["--pack", "victoria", "--promise", "annual-hours-18"], "period_level"),
        (["--pack", "sgcc-2005", "--promise", "repair-arrival"], "urban, rural, remote"),
        (["--pack", "sgcc-2005", "--promise", "repair-arrival", "--area", "moon"], "urban, rural, remote"),
        (["--pack", "sgcc-2005", "--promise", "scheme-reply"], "resident, lv, hv-single, hv-dual"),
        (["--pack", "sgcc-2005", "--promise", "scheme-reply", "--class", "non-resident"], "hv-single"),
        (["--pack", "chongqing-2007", "--promise", "matter-answer", "--loop", "repair"], "matter-answer"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    code, lines, told = asked(capsys, *words, "--from", "2007-06-05T09:00")

    assert (code, lines) == (1, [])
    assert said in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("pack", "promise", "start", "more", "ends"),
    [
        # The notice of an outage on 10 June, seven dates ahead.
        ("sgcc-2005", "outage-notice-planned", "2007-06-10T08:00", [], "2007-06-03T23:59:59+08:00"),
        ("sgcc-2022", "outage-notice-temporary", "2022-06-10T08:00", [], "2022-06-09T08:00:00+08:00"),
        # British summer time began in between: two dates are two dates.
        ("gb-2015", "outage-notice-planned", "2024-04-01T08:00", [], "2024-03-30T23:59:59+00:00"),
    ],
)
def test_of_a_notice_it_prints_the_latest_moment(
    capsys: pytest.CaptureFixture[str], pack: str, promise: str, start: str, more: list[str], ends: str
) -> None:
    code, lines, said = asked(capsys, "--pack", pack, "--promise", promise, "--from", start, *more)

    assert (code, lines, said) == (0, [ends], "")


def test_of_an_average_it_prints_a_moment_and_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, said = asked(
        capsys,
        *(
            "--pack",
            "sgcc-2022",
            "--promise",
            "repair-restore",
            "--area",
            "rural",
            "--from",
            "2024-03-30T18:30",
        ),
    )

    assert (code, lines) == (0, ["2024-03-30T22:30:00+08:00"])
    assert "average" in said


def test_a_pack_of_elsewhere_is_counted_in_its_own_zone(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, _ = asked(
        capsys,
        *("--pack", "gb-2015", "--promise", "fuse-visit", "--from", "2024-03-30T18:30"),
        *("--explain", "--language", "en"),
    )

    assert code == 0
    assert lines[0] == "2024-03-31T13:00:00+01:00"
    assert lines[3].startswith("Outside the hours in which the clock starts (")
    assert lines[4] == "Start: 2024-03-31 09:00 (Sun)."


def test_a_promise_that_differs_by_the_kind_of_case_takes_the_kind(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("--pack", "sgcc-2011", "--promise", "service-answer", "--from", "2012-06-01T09:00")

    first = asked(capsys, *words)
    other = asked(capsys, *words, "--kind", "reconnect")

    assert first[1] == ["2012-06-08T23:59:59+08:00"]
    assert "service (other), service (reconnect)" in first[2]
    assert other == (0, ["2012-06-04T23:59:59+08:00"], "")


ROWS = """pack,promise,from,area,class
chongqing-2007,repair-arrival,2007-06-05T23:50,urban,
sgcc-2005,scheme-reply,2007-09-20T10:00,,hv-single
sgcc-2005,outage-notice-planned,2007-06-10T08:00,,
"""


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, object]], str]:
    """Exit code, each line read as JSON, and what was said besides."""
    code, lines, said = asked(capsys, "--batch", *words)
    return code, [json.loads(line) for line in lines], said


def test_a_batch_gives_a_line_of_json_for_each_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS, encoding="utf-8-sig")

    code, lines, said = told(capsys, str(file), "--language", "en")

    assert (code, said) == (0, "")
    assert [line["due"] for line in lines] == [
        "2007-06-06T00:35:00+08:00",
        "2007-10-16T23:59:59+08:00",
        "2007-06-03T23:59:59+08:00",
    ]
    assert lines[0]["explanation"] == [
        "Promise: Arrival at a fault (chongqing-2007, C-ARRIVE)."
        " Source: State Grid, ten commitments of power supply service, 2005, item 8.",
        "Start: 2007-06-05 23:50 (Tue).",
        "Limit: 45 minutes, counted without a pause through nights, weekends and holidays.",
        "Due: 2007-06-06 00:35, that very moment included.",
    ]


def test_a_batch_needs_no_columns_that_its_promises_do_not_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "promise,from,pack,remark\nmatter-answer,2007-09-28T15:00,chongqing-2007,mine\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(rows))

    code, lines, said = told(capsys, "-", "--language", "zh")

    assert (code, [line["due"] for line in lines]) == (0, ["2007-10-03T23:59:59+08:00"])
    assert "到期：2007-10-03 24:00 之前。" in str(lines[0]["explanation"])
    assert "remark" in said


def test_faulty_rows_say_why_on_their_own_line_and_the_others_come_out(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    faulty = (
        "gondor,x,2007-06-05,,\nsgcc-2005,x,2007-06-05,,\nsgcc-2005,hotline,2007-06-05,,\n"
        "sgcc-2005,energise,Tuesday,,resident\nsgcc-2005,energise,,,resident\n"
        "sgcc-2005,repair-arrival,2007-06-05,moon,\nsgcc-2005,scheme-reply,2007-06-05,,\n"
        "sgcc-2005,energise,1500-01-01,,resident\nsgcc-2005,energise,2007-06-05,,resident,more,\n"
    )
    file.write_text(ROWS + faulty, encoding="utf-8")

    code, lines, said = told(capsys, str(file))

    assert code == 1
    assert [("due" in line, line.get("row"), line.get("field")) for line in lines] == [
        *((True, None, None) for _ in range(3)),
        (False, 4, "pack"),
        (False, 5, "promise"),
        (False, 6, "promise"),
        (False, 7, "from"),
        (False, 8, "from"),
        (False, 9, "area"),
        (False, 10, "class"),
        (False, 11, "from"),
        (False, 12, ""),
    ]
    assert all(line["error"] for line in lines[3:])
    assert "9" in said
    assert "12" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"pack,promise\nsgcc-2005,energise\n", "pack,promise,from"),
        (b"", "pack,promise,from"),
        (b"pack,promise,from\n\xff\xfe", "UTF-8"),
    ],
)
def test_a_file_that_is_no_batch_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(content)

    code, lines, heard = asked(capsys, "--batch", str(file))

    assert (code, lines) == (1, [])
    assert said in heard


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines, heard = asked(capsys, "--batch", "nowhere.csv")

    assert (code, lines) == (1, [])
    assert "nowhere.csv" in heard


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "required: --pack, --promise, --from"),
        (["--batch", "x.csv", "--pack", "sgcc-2005"], "--batch takes pack, promise and from out of its file"),
    ],
)
def test_one_start_or_a_file_but_not_both(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["due", *words])

    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("start", ["9999-12-31", "0001-01-01T00:00+08:00"])
def test_a_start_beyond_all_calendars_is_refused(capsys: pytest.CaptureFixture[str], start: str) -> None:
    code, lines, told = asked(capsys, "--pack", "sgcc-2005", "--promise", "energise", "--from", start)

    assert (code, lines) == (1, [])
    assert "1900" in told


def test_a_start_that_is_no_time_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["due", "--pack", "sgcc-2005", "--promise", "energise", "--from", "Tuesday"])

    assert stopped.value.code == 2
    assert "ISO 8601" in capsys.readouterr().err


def test_it_needs_neither_database_nor_home() -> None:
    script = "import sys; from bihuan.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["due", "--pack", "chongqing-2007", "--promise", "matter-answer", "--from", "2007-06-04T10:00"]

    ran = subprocess.run(
        [sys.executable, "-c", script, *words],
        capture_output=True,
        encoding="utf-8",
        env={"BIHUAN_HOME": "/nonexistent", "BIHUAN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "2007-06-09T23:59:59+08:00\n", "")
