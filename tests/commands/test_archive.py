"""`bihuan archive` and `bihuan figures --engine`, run in this process on the test database."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import time_machine

from bihuan.commands import archive, figures
from bihuan.indicators.engines import cluster
from bihuan.indicators.engines.cluster import SparkMissing
from bihuan.indicators.queries import NotInArchive
from tests.cast import gather, moment

pytestmark = pytest.mark.django_db

WEEK = ["--from", "2007-06-04", "--to", "2007-06-10"]
MONDAY = moment("2007-06-11 08:00")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """One repair of the week, and an archive that isn't there yet."""
    cast = gather()
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    settings.BIHUAN_ARCHIVE_DIR = tmp_path / "archive"
    return tmp_path / "archive"


def run(command: ModuleType, *given: str) -> int:
    parser = argparse.ArgumentParser()
    command.add(parser)
    with time_machine.travel(MONDAY, tick=False):
        code: int = command.run(parser.parse_args(given))
    return code


def test_write_names_each_week_and_says_up_to_which_seal(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    code = run(archive, "write", "--to", "2007-W23")

    told = capsys.readouterr()
    assert (code, told.out) == (0, "2007-W23\n")
    assert "1 weeks and" in told.err
    assert f"up to seal #1. Folder: {folder}" in told.err


def test_check_counts_what_it_looked_at_and_fails_when_a_file_is_gone(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    run(archive, "write")
    fine = run(archive, "check")
    err = capsys.readouterr().err
    next(folder.glob("entry/*/*/*.parquet")).unlink()

    wrong = run(archive, "check")

    assert (fine, wrong) == (0, 1)
    assert (
        "3 files, 6 entries and 1 seals were checked (1 of them archived whole), 1 rounds and 2 clocks folded again; 0 differences."
        in err
    )
    assert capsys.readouterr().out == "entry/week=2007-W23/bureau=YJP/000001.parquet is missing\n"


def test_duckdb_gives_the_same_document_as_postgresql(capsys: pytest.CaptureFixture[str]) -> None:
    run(archive, "write")
    capsys.readouterr()
    run(figures, *WEEK, "--known", "2007-06-11T08:00", "--format", "json")
    live = json.loads(capsys.readouterr().out)

    run(figures, *WEEK, "--engine", "duckdb", "--format", "json")

    assert json.loads(capsys.readouterr().out) == live
    assert live["known"] == "2007-06-11T08:00:00+08:00"


def test_what_the_archive_does_not_hold_is_refused_in_a_sentence() -> None:
    with pytest.raises(NotInArchive, match="run: bihuan archive write"):
        run(figures, *WEEK, "--engine", "duckdb")


def test_without_spark_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run(archive, "write")
    monkeypatch.setattr(cluster, "installed", lambda: False)

    with pytest.raises(SparkMissing, match="run: make setup-spark"):
        run(figures, *WEEK, "--engine", "spark")


@pytest.mark.slow
@pytest.mark.skipif(not cluster.installed(), reason="no Spark: make setup-spark")
def test_master_and_workers_end_even_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = (
        "import time\nfrom bihuan.indicators.engines import cluster\n"
        "with cluster.session():\n    print('up', flush=True)\n    time.sleep(600)\n"
    )
    surroundings = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=surroundings, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        before = _javas(tmp_path)
        parent.send_signal(signal.SIGKILL)

    until = time.monotonic() + 60
    while _javas(tmp_path) and time.monotonic() < until:
        time.sleep(0.2)

    assert before >= 4
    assert _javas(tmp_path) == 0


def _javas(folder: Path) -> int:
    """Java processes whose class path begins in the folder."""
    found = 0
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += str(folder).encode() in line.read_bytes()
        except OSError:
            continue
    return found
