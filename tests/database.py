"""The tests' PostgreSQL: one embedded cluster for all runs on this machine, a migrated template, a clone for each run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from bihuan.bridges.postgres import client, lease
from bihuan.bridges.postgres.home import Home, locked

ROOT = Path(__file__).resolve().parents[1]
# Nothing here must outlive a power cut.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class TestDatabase:
    """A clone of the migrated template, reached as the application's role; `renew` makes it as good as new."""

    __test__ = False

    def __init__(self, home: Home, template: str) -> None:
        self._home = home
        self._template = template
        self.name = f"test_{os.getpid()}"

    def renew(self) -> None:
        """Drop the clone, whoever is connected, and make another."""
        with _superuser(self._home) as connection:
            _drop(connection, self.name)
            _create(connection, self.name, template=self._template)

    @contextmanager
    def empty(self) -> Iterator[TestDatabase]:
        """A database beside this one in which nobody has migrated anything."""
        other = TestDatabase(self._home, "template0")
        other.name = f"{self.name}_empty"
        other.renew()
        try:
            yield other
        finally:
            other.drop()

    def drop(self) -> None:
        """At the end of the run."""
        with _superuser(self._home) as connection:
            _drop(connection, self.name)

    @property
    def app_url(self) -> str:
        """As the application's role."""
        return client._url(self._home, client.APP_ROLE, self.name)

    @property
    def owner_url(self) -> str:
        """As the owner, who may do behind the application's back what a test needs done."""
        return client._url(self._home, client.OWNER_ROLE, self.name)


@contextmanager
def running() -> Iterator[TestDatabase]:
    """Several runs at once share the cluster; the last one stops it."""
    home = _home()
    with lease.running(home, settings=HASTE):
        with locked(Home(home.path / "templates")):
            template = _template(home)
        database = TestDatabase(home, template)
        try:
            yield database
        finally:
            database.drop()


def _home() -> Home:
    """Outside the repository: as root, the cluster's system user must be able to enter every parent folder."""
    kind = hashlib.sha256(os.environ.get("BIHUAN_POSTGRES_BIN", "").encode()).hexdigest()[:6]
    path = Path(tempfile.gettempdir()) / f"bihuan-tests-{os.getuid()}-{kind}"
    path.mkdir(exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise RuntimeError(f"{path} belongs to somebody else")
    (path / "templates").mkdir(exist_ok=True)
    return Home(path)


def _template(home: Home) -> str:
    """Made anew when a migration, a loop or the posts changed."""
    name = f"template_{_fingerprint()}"
    with _superuser(home) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        _drop_leftovers(connection)
        half = f"{name}_half"
        _drop(connection, half)
        _create(connection, half, template="template0")
        _migrate(home, half)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (half, name)))
        )
    return name


def _fingerprint() -> str:
    source = ROOT / "src" / "bihuan"
    patterns = (
        "*/migrations/*.py",
        "loops/**/*.py",
        "people/*.toml",
        "commands/migrate.py",
        "reports/rules/*.py",
    )
    files = sorted(file for pattern in patterns for file in source.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _migrate(home: Home, name: str) -> None:
    """Through the command that everybody uses."""
    surroundings = {
        **os.environ,
        "BIHUAN_DATABASE_URL": client._url(home, client.APP_ROLE, name),
        "BIHUAN_OWNER_DATABASE_URL": client._url(home, client.OWNER_ROLE, name),
    }
    subprocess.run([sys.executable, "-m", "bihuan.cli", "migrate"], env=surroundings, check=True)


def _superuser(home: Home) -> psycopg.Connection:
    return psycopg.connect(client.superuser_url(home), autocommit=True)


def _create(connection: psycopg.Connection, name: str, *, template: str) -> None:
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy")
    connection.execute(words.format(*map(sql.Identifier, (name, template, client.OWNER_ROLE))))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    words = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
    connection.execute(words.format(sql.Identifier(name), sql.Identifier(client.APP_ROLE)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _drop_leftovers(connection: psycopg.Connection) -> None:
    """Of runs that were killed, and of templates that nobody needs: another run may still clone from a younger one."""
    for name, old in connection.execute(
        "SELECT datname, (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '2 hours'"
        " FROM pg_database WHERE datname ~ '^(test|template)_'"
    ).fetchall():
        kind, mark, *_ = name.split("_")
        if old if kind == "template" else not Path(f"/proc/{mark}").exists():
            # Somebody may be cloning it this moment.
            with suppress(psycopg.errors.ObjectInUse):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
