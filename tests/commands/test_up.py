"""`bihuan up`, `down`, `dsn`: one process tree, stopped in order, and plain sentences where it can't start."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from bihuan.bridges.postgres import client
from bihuan.bridges.postgres.home import Home
from tests.database import TestDatabase

PATIENCE = 60


@pytest.fixture
def surroundings() -> Iterator[dict[str, str]]:
    """A home and a port of one test's own."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-"))
    folder.chmod(0o755)
    programs = os.environ.get("BIHUAN_POSTGRES_BIN")
    mine = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    mine |= {"BIHUAN_POSTGRES_BIN": programs} if programs else {}
    yield {**mine, "BIHUAN_HOME": str(folder / "home"), "BIHUAN_PORT": str(_free_port()), "LANG": "C.UTF-8"}
    client.stop(Home(folder / "home"))
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_web_worker_and_database(surroundings: dict[str, str], number: signal.Signals) -> None:
    up = _start_up(surroundings)
    family = _children(up.pid)

    up.send_signal(number)
    _, said = up.communicate(timeout=PATIENCE)

    assert up.returncode == 0, said
    assert "Stopped." in said
    assert len(family) >= 2
    assert [pid for pid in family if _lives(pid)] == []
    assert not client.is_running(Home(Path(surroundings["BIHUAN_HOME"])))


@pytest.mark.slow
def test_down_stops_what_up_started(surroundings: dict[str, str]) -> None:
    up = _start_up(surroundings)

    down = _bihuan("down", surroundings)

    assert (down.returncode, down.stdout) == (0, "")
    up.communicate(timeout=PATIENCE)
    assert up.returncode == 0
    assert "Nothing was running." in _bihuan("down", surroundings).stderr


@pytest.mark.slow
def test_a_second_up_is_told_about_the_first(surroundings: dict[str, str]) -> None:
    up = _start_up(surroundings)

    second = _bihuan("up", {**surroundings, "BIHUAN_PORT": str(_free_port())})

    assert second.returncode == 1
    assert "already runs" in second.stderr
    up.terminate()
    up.communicate(timeout=PATIENCE)


@pytest.mark.slow
def test_the_children_of_a_killed_up_end_too(surroundings: dict[str, str]) -> None:
    up = _start_up(surroundings)
    family = _children(up.pid)

    up.kill()
    up.communicate(timeout=PATIENCE)

    deadline = time.monotonic() + PATIENCE
    while any(_lives(pid) for pid in family) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in family if _lives(pid)] == []
    assert _bihuan("down", surroundings).stderr == "Stopped.\n"


def test_a_taken_port_is_told_before_anything_is_made(surroundings: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(surroundings["BIHUAN_PORT"])))
        other.listen()
        done = _bihuan("up", surroundings)

    assert done.returncode == 1
    assert f"Port {surroundings['BIHUAN_PORT']} can't be used" in done.stderr
    assert not Path(surroundings["BIHUAN_HOME"]).exists()


@pytest.mark.server
def test_dsn_prints_one_line_and_leaves_the_database_running(surroundings: dict[str, str]) -> None:
    done = _bihuan("dsn", surroundings)

    (line,) = done.stdout.splitlines()
    with psycopg.connect(line) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("bihuan_app",)
    assert _bihuan("down", surroundings).returncode == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(line)


def test_a_server_that_cannot_be_reached_is_told(surroundings: dict[str, str]) -> None:
    url = f"postgresql://app:s3cret@127.0.0.1:{_free_port()}/none"

    done = _bihuan("dsn", {**surroundings, "BIHUAN_DATABASE_URL": url})

    assert done.returncode == 1
    assert "The database can't be reached" in done.stderr
    assert "s3cret" not in done.stderr


@pytest.mark.server
def test_a_server_is_prepared_by_its_owner(surroundings: dict[str, str], test_database: TestDatabase) -> None:
    with test_database.empty() as empty:
        both = {"BIHUAN_DATABASE_URL": empty.app_url, "BIHUAN_OWNER_DATABASE_URL": empty.owner_url}

        done = _bihuan("dsn", {**surroundings, **both})

        assert (done.returncode, done.stdout) == (0, empty.app_url + "\n")
        with psycopg.connect(empty.app_url) as connection:
            assert connection.execute("SELECT count(*) FROM cases_case").fetchone() == (0,)


def test_an_old_schema_is_told(
    surroundings: dict[str, str], test_database: TestDatabase, owner: psycopg.Connection
) -> None:
    removed = owner.execute("DELETE FROM django_migrations WHERE app = 'sessions' RETURNING id").fetchall()
    try:
        done = _bihuan("dsn", {**surroundings, "BIHUAN_DATABASE_URL": test_database.app_url})
    finally:
        test_database.renew()

    assert len(removed) == 1
    assert (done.returncode, done.stdout) == (1, "")
    assert "older than this program (1 changes missing)" in done.stderr
    assert "BIHUAN_OWNER_DATABASE_URL" in done.stderr


def test_a_newer_schema_is_told(
    surroundings: dict[str, str], test_database: TestDatabase, owner: psycopg.Connection
) -> None:
    owner.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_tomorrow', now())"
    )
    try:
        done = _bihuan("dsn", {**surroundings, "BIHUAN_DATABASE_URL": test_database.app_url})
    finally:
        test_database.renew()

    assert done.returncode == 1
    assert "newer than this program (cases.9999_tomorrow)" in done.stderr


def test_the_terminal_chooses_the_language(surroundings: dict[str, str]) -> None:
    done = _bihuan("down", {**surroundings, "LANG": "zh_CN.UTF-8"})

    assert done.stderr == "没有在运行。\n"


def test_an_unknown_command_is_wrong_usage(surroundings: dict[str, str]) -> None:
    done = _bihuan("fly", surroundings)

    assert done.returncode == 2
    assert "invalid choice: 'fly'" in done.stderr


def _bihuan(word: str, surroundings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "bihuan.cli", word]
    return subprocess.run(
        words, env=surroundings, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def _start_up(surroundings: Mapping[str, str]) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "bihuan.cli", "up"]
    up = subprocess.Popen(
        words, env=surroundings, stderr=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts
    )
    assert up.stderr is not None
    for line in up.stderr:
        if "serves at" in line:
            break
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{surroundings['BIHUAN_PORT']}/", timeout=10):
            pass
    except urllib.error.HTTPError as answer:
        answer.close()
    return up


def _heed_interrupts() -> None:
    """A shell that starts the tests in the background lets its children ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True
    )
    return [int(word) for word in found.stdout.split()]


def _lives(pid: int) -> bool:
    """A zombie, whose parent hasn't asked yet, lives no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
