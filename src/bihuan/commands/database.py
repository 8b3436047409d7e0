"""Gives a command its database: the embedded one or a server's, with a schema that fits this program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import conninfo_to_dict

from bihuan.bridges.postgres import lease
from bihuan.bridges.postgres.dsn import django_database
from bihuan.bridges.postgres.home import Home, choose_home, make_folders
from bihuan.bridges.postgres.prepare import unreachable
from bihuan.commands.say import progress
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words


class SchemaUnfit(BihuanError):
    """The database's schema and this program don't belong together, or couldn't be brought together."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where a command works: its home and the application's connection string."""

    home: Home
    url: str
    embedded: bool


@contextmanager
def prepared() -> Iterator[Database]:
    """A database that runs and has today's schema."""
    home = choose_home(os.environ)
    make_folders(home)
    if url := os.environ.get("BIHUAN_DATABASE_URL"):
        _bring_up_to_date(url, os.environ.get("BIHUAN_OWNER_DATABASE_URL"))
        yield Database(home=home, url=url, embedded=False)
        return
    with lease.running(home) as urls:
        _bring_up_to_date(urls.app, urls.owner)
        yield Database(home=home, url=urls.app, embedded=True)


def point_django_at(database: Database) -> None:
    """Arguments are read before a database is started, so Django was set up without one."""
    os.environ["BIHUAN_DATABASE_URL"] = database.url
    os.environ["BIHUAN_SECRET_KEY"] = os.environ.get("BIHUAN_SECRET_KEY") or database.home.secret(
        "django-key"
    )
    os.environ.pop("BIHUAN_OWNER_DATABASE_URL", None)
    settings.SECRET_KEY = os.environ["BIHUAN_SECRET_KEY"]
    connections.settings["default"].update(django_database(database.url))


def _bring_up_to_date(url: str, owner_url: str | None) -> None:
    missing = _missing(url)
    if not missing:
        return
    if not owner_url:
        raise SchemaUnfit(
            Words(
                zh=f"数据库结构较旧（缺 {missing} 项）。请设置 BIHUAN_OWNER_DATABASE_URL 后再运行一次，以便升级。",
                en=f"The database's schema is older than this program ({missing} changes missing). "
                "Set BIHUAN_OWNER_DATABASE_URL and run again, so that it is brought up to date.",
            )
        )
    progress(Words(zh="正在准备数据库结构……", en="Preparing the database's schema …"))
    _migrate(url, owner_url)


def _migrate(url: str, owner_url: str) -> None:
    """In a process of its own, the only one that ever loads the owner's connection string."""
    surroundings = {**os.environ, "BIHUAN_DATABASE_URL": url, "BIHUAN_OWNER_DATABASE_URL": owner_url}
    done = subprocess.run([sys.executable, "-m", "bihuan.cli", "migrate"], env=surroundings, check=False)
    if done.returncode:
        raise SchemaUnfit(
            Words(
                zh="数据库结构未能准备好（原因见上）。",
                en="The database's schema couldn't be prepared (the reason stands above).",
            )
        )


def _missing(url: str) -> int:
    """How many migrations and declarations the database lacks; more than ours is refused."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            applied = _applied(connection)
            wanted = set(MigrationLoader(None).disk_migrations)
            if unknown := sorted(f"{app}.{name}" for app, name in applied - wanted):
                raise SchemaUnfit(
                    Words(
                        zh=f"数据库结构比本程序新（{unknown[-1]}）。请升级 Bihuan。",
                        en=f"The database's schema is newer than this program ({unknown[-1]}). Upgrade Bihuan.",
                    )
                )
            return len(wanted - applied) or _undeclared(connection) or _untold(connection)
    except psycopg.OperationalError as fault:
        raise unreachable(fault) from fault


def _applied(connection: psycopg.Connection) -> set[tuple[str, str]]:
    if connection.execute("SELECT to_regclass('public.django_migrations') IS NULL").fetchone() == (True,):
        return set()
    rows = connection.execute("SELECT app, name FROM public.django_migrations").fetchall()
    return {(app, name) for app, name in rows}


def _undeclared(connection: psycopg.Connection) -> int:
    """Steps that the walls don't know yet: a business kind was added or changed since the last migration."""
    from bihuan.loops.catalogue import LOOPS

    wanted = {(loop.code, step.code, str(step.side), step.by) for loop in LOOPS for step in loop.steps}
    known = connection.execute(
        "SELECT loop, step, side, permission FROM public.cases_declaredstep"
    ).fetchall()
    return len(wanted - set(known))


def _untold(connection: psycopg.Connection) -> int:
    """The dictionary that other programs read (schema `reading`) isn't that of this program."""
    from bihuan.reports.rules.dictionary import fingerprint

    told = connection.execute("SELECT value FROM reading.about WHERE name = 'digest'").fetchone()
    return int(told != (fingerprint(settings.TIME_ZONE),))


def role_of(url: str) -> str:
    """The role that a connection string signs in as."""
    return str(conninfo_to_dict(url).get("user") or "")
