"""The embedded PostgreSQL: started once, stopped by the last one, closed to everybody else."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bihuan.bridges.postgres import client, lease
from bihuan.bridges.postgres.home import Home, HomeUnusable, choose_home, make_folders
from bihuan.bridges.postgres.prepare import ServerUnusable, prepare

FAST = {"fsync": "off"}


@pytest.fixture(scope="module")
def used_home() -> Iterator[Home]:
    """A home that several tests share; below the system's temporary folder, which the cluster's user may enter."""
    yield from _new_home()


@pytest.fixture
def home() -> Iterator[Home]:
    """A home of one test's own."""
    yield from _new_home()


def _new_home() -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="bihuan-"))
    folder.chmod(0o755)
    home = Home(folder / "home")
    yield home
    client.stop(home)
    shutil.rmtree(folder)


@pytest.mark.server
def test_a_new_home_gets_a_cluster_that_stops_with_its_last_user(used_home: Home) -> None:
    with lease.running(used_home, settings=FAST) as urls, psycopg.connect(urls.app) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == (
            "bihuan_app",
            "bihuan",
        )

    assert not client.is_running(used_home)


def test_starting_again_goes_on_where_it_was(used_home: Home) -> None:
    with lease.running(used_home, settings=FAST) as urls, psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    with lease.running(used_home, settings=FAST) as urls, psycopg.connect(urls.owner) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_who_leaves_first_leaves_the_cluster_to_the_other(used_home: Home) -> None:
    with lease.running(used_home, settings=FAST):
        with lease.running(used_home, settings=FAST):
            pass
        assert client.is_running(used_home)

    assert not client.is_running(used_home)


def test_a_kept_cluster_runs_until_it_is_let_go(used_home: Home) -> None:
    with lease.running(used_home, settings=FAST):
        lease.keep(used_home)
    assert client.is_running(used_home)

    lease.let_go(used_home)
    assert client.stop(used_home)

    assert not client.is_running(used_home)


@pytest.mark.server
def test_two_commands_at_once_start_it_once(home: Home) -> None:
    program = (
        "import psycopg, sys, time; from pathlib import Path\n"
        "from bihuan.bridges.postgres import lease; from bihuan.bridges.postgres.home import Home\n"
        "with lease.running(Home(Path(sys.argv[1]))) as urls, psycopg.connect(urls.app) as connection:\n"
        "    print(connection.execute('SELECT pg_postmaster_start_time()').fetchone()[0]); time.sleep(1)\n"
    )
    words = [sys.executable, "-c", program, str(home.path)]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate(timeout=60)[0] for each in both]

    assert [each.returncode for each in both] == [0, 0]
    assert said[0] == said[1] != ""
    assert not client.is_running(home)


def test_half_a_cluster_is_made_anew(home: Home) -> None:
    make_folders(home)
    (home.path / "data.new").mkdir()
    (home.path / "data.new" / "PG_VERSION").write_text("18\n")

    with lease.running(home, settings=FAST):
        assert client.is_running(home)


@pytest.mark.server
def test_the_application_owns_nothing_and_makes_nothing(used_home: Home) -> None:
    with (
        lease.running(used_home, settings=FAST) as urls,
        psycopg.connect(urls.app, autocommit=True) as connection,
    ):
        for attempt in (
            "CREATE TABLE mine (x int)",
            "CREATE SCHEMA mine",
            "CREATE ROLE mine",
            "CREATE DATABASE mine",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt)
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        ).fetchone()

    assert owned == (0,)


def test_without_its_secret_nobody_gets_in(used_home: Home) -> None:
    with lease.running(used_home, settings=FAST) as urls:
        guessed = urls.owner.replace(used_home.secret("bihuan_owner"), "guessed")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(guessed)


def test_secrets_are_readable_by_their_owner_alone(used_home: Home) -> None:
    with lease.running(used_home, settings=FAST):
        folder = used_home.path / "secrets"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_parent_folders_stay_as_they_were(home: Home) -> None:
    before = stat.S_IMODE(home.path.parent.stat().st_mode)

    with lease.running(home, settings=FAST):
        pass

    assert stat.S_IMODE(home.path.parent.stat().st_mode) == before


def test_a_long_path_listens_on_this_machine_alone(home: Home) -> None:
    deep = Home(home.path / ("deep" * 25))

    with lease.running(deep, settings=FAST) as urls, psycopg.connect(urls.app) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


@pytest.mark.server
def test_default_privileges_reach_what_migrations_make(home: Home) -> None:
    with lease.running(home, settings=FAST) as urls:

        def migrate() -> None:
            with psycopg.connect(urls.owner) as connection:
                connection.execute("CREATE TABLE django_migrations (id int)")
                connection.execute("CREATE TABLE thing (id serial, name text)")

        prepare(urls.owner, client.APP_ROLE, migrate=migrate)

        with psycopg.connect(urls.app, autocommit=True) as connection:
            connection.execute("INSERT INTO thing (name) VALUES ('x')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("TRUNCATE thing")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("INSERT INTO django_migrations VALUES (1)")


def test_the_owner_is_not_taken_for_the_application(used_home: Home) -> None:
    with (
        lease.running(used_home, settings=FAST) as urls,
        pytest.raises(ServerUnusable, match="one and the same"),
    ):
        prepare(urls.owner, client.OWNER_ROLE, migrate=lambda: None)


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(ServerUnusable, match="can't be reached") as told:
        prepare("postgresql://owner:s3cret@127.0.0.1:1/none", "app", migrate=lambda: None)

    assert "s3cret" not in str(told.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_closed_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(HomeUnusable, match="can't be written"):
        make_folders(Home(tmp_path / "home"))


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")

    with pytest.raises(HomeUnusable, match="can't be written"):
        make_folders(Home(tmp_path / "home"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a system user of ours")
def test_a_folder_closed_to_the_system_user_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    with pytest.raises(HomeUnusable, match="can't enter"):
        make_folders(Home(tmp_path / "home"))


def test_the_home_is_where_one_expects_it() -> None:
    usual = Path("/var/lib/bihuan") if os.geteuid() == 0 else Path("/data/bihuan")

    assert choose_home({"BIHUAN_HOME": "/elsewhere"}) == Home(Path("/elsewhere"))
    assert choose_home({"XDG_DATA_HOME": "/data"}) == Home(usual)
