"""`bihuan due` from the command line."""

from __future__ import annotations

import subprocess
import sys

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
        (["--pack", "gondor", "--promise", "x"], "chongqing-2007, sgcc-2005"),
        (["--pack", "sgcc-2005", "--promise", "x"], "scheme-reply"),
        (["--pack", "sgcc-2005", "--promise", "hotline"], "attested"),
        (["--pack", "sgcc-2005", "--promise", "outage-notice"], "notice_before"),
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
