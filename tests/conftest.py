"""What every test stands on: a real PostgreSQL as the application's role, a closed network, no clock of its own.

`@pytest.mark.django_db` (or the fixture `db`) runs a test in a transaction that is rolled back; `django_db(transaction=True)`
(or `transactional_db`, `live_server`) commits, and gets a fresh clone afterwards. `owner` and `app` are plain connections to
the same database; they only see what is committed.
"""

from __future__ import annotations

import math
import socket
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase

from bihuan.bridges.postgres.dsn import django_database
from bihuan.standards import queries as standards
from tests import database


@pytest.fixture(scope="session")
def test_database() -> Iterator[database.TestDatabase]:
    """The clone that this run works on."""
    with database.running() as made:
        made.renew()
        yield made


@pytest.fixture(scope="session")
def django_db_setup(
    test_database: database.TestDatabase, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Instead of pytest-django's own: migrations ran as the owner, Django connects as the application's role."""
    connections.settings["default"].update(django_database(test_database.app_url))

    def renew(case: TransactionTestCase) -> None:
        # Django would TRUNCATE here, which the application's role may not.
        connections.close_all()
        test_database.renew()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield
    connections.close_all()


@pytest.fixture
def owner(test_database: database.TestDatabase) -> Iterator[psycopg.Connection]:
    """A connection as the owner, who stands above the walls."""
    with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def app(test_database: database.TestDatabase) -> Iterator[psycopg.Connection]:
    """A connection as the application's role, to attack the walls with plain SQL."""
    with psycopg.connect(test_database.app_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(autouse=True)
def standards_of_the_files() -> Iterator[None]:
    """Nothing is published but what the test itself publishes; and no query is spent on looking."""
    standards._seen[:] = [(math.inf, {})]
    yield
    standards._seen[:] = [(math.inf, {})]


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Nothing but this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address!r}; the network is closed")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
