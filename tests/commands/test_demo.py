"""`bihuan demo`: played once, told on standard error, gone on with a second time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bihuan.bridges.postgres import client
from bihuan.bridges.postgres.home import Home


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """A home of one test's own."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-"))
    folder.chmod(0o755)
    programs = os.environ.get("BIHUAN_POSTGRES_BIN")
    mine = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    mine |= {"BIHUAN_POSTGRES_BIN": programs} if programs else {}
    yield {**mine, "BIHUAN_HOME": str(folder / "home"), "LANG": "C.UTF-8"}
    client.stop(Home(folder / "home"))
    shutil.rmtree(folder)


@pytest.mark.slow
def test_it_plays_the_weeks_asked_for_once_and_names_a_sign_in_for_each_post(
    surroundings: Mapping[str, str],
) -> None:
    first = _bihuan(surroundings, "demo", "--from", "2007-06-04", "--weeks", "1", "--no-serve")
    again = _bihuan(surroundings, "demo", "--from", "2007-06-04", "--weeks", "1", "--no-serve")
    figures = _bihuan(
        surroundings, "figures", "--from", "2007-06-04", "--to", "2007-06-10", "--format", "csv"
    )

    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "cases and" in first.stderr
    assert "bihuan-demo" in first.stderr
    assert [line.split()[0] for line in first.stderr.splitlines() if line.startswith("  ")][-11:] == [
        "A01",
        "BB-D1",
        "BB-Q1",
        "BB-C1",
        "H01",
        "BB-L1",
        "B01",
        "G01",
        "J01",
        "DD-M1",
        "X01",
    ]
    assert (again.returncode, "cases and" in again.stderr) == (0, False), again.stderr
    assert "repair.count" in figures.stdout


@pytest.mark.slow
def test_days_that_have_not_come_are_refused(surroundings: Mapping[str, str]) -> None:
    done = _bihuan(surroundings, "demo", "--from", "2999-01-01", "--no-serve")

    assert done.returncode == 1
    assert "2999-01-01 can't be played" in done.stderr


def _bihuan(surroundings: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bihuan.cli", *words],
        env=dict(surroundings),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
