"""Other programs read views without persons, texts and confidential cases; their role reads nothing else (docs/howto/open-data.md)."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests import database
from tests.cast import gather

HOWTO = (Path(__file__).parents[2] / "docs/howto/open-data.md").read_text("utf-8")
STATEMENTS = re.findall(r"```sql\n(.*?)```", HOWTO, flags=re.DOTALL)
VIEWS = ("units", "cases", "rounds", "clocks", "breaches")


@pytest.mark.django_db
def test_the_views_tell_of_cases_and_not_of_persons() -> None:
    cast = gather()
    cast.restores(cast.opens("repair"))
    cast.opens("tipoff", facts={"about": "YJP"})
    with connection.cursor() as cursor:
        told = ""
        for view in VIEWS:
            cursor.execute(f"SELECT * FROM reading.{view}")
            told += str(cursor.fetchall())
        cursor.execute("SELECT loop, state, unit FROM reading.cases")
        assert cursor.fetchall() == [("repair", "restored", "YJP")]
        cursor.execute(STATEMENTS[1])
        assert [(unit, *counts) for unit, _, *counts in cursor.fetchall()] == [("YJP", 1, 1)]

    assert not [secret for secret in ("周末", "13800000001", "石坪村", "500100001") if secret in told]


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_howto_reads_the_views_and_nothing_else(
    owner: psycopg.Connection, test_database: database.TestDatabase
) -> None:
    role, name = sql.Identifier("bihuan_reader_test"), owner.info.dbname
    wanted = [line for line in STATEMENTS[0].split(";\n") if line.strip() and "CREATE ROLE" not in line]
    with database._superuser(test_database._home) as above:
        above.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
        above.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'reads-only'").format(role))
        try:
            for line in wanted:
                told = line.replace("superset", "bihuan_reader_test")
                owner.execute(told.replace("DATABASE bihuan", f"DATABASE {name}").encode())
            asked = test_database.owner_url
            reader = psycopg.conninfo.make_conninfo(asked, user="bihuan_reader_test", password="reads-only")
            with psycopg.connect(reader, autocommit=True) as connected:
                for view in VIEWS:
                    connected.execute(sql.SQL("SELECT * FROM reading.{}").format(sql.Identifier(view)))
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connected.execute("SELECT * FROM public.supply_customer")
        finally:
            for what in ("ALL TABLES IN SCHEMA reading", "SCHEMA reading", f"DATABASE {name}"):
                owner.execute(f"REVOKE ALL ON {what} FROM bihuan_reader_test".encode())
            above.execute(sql.SQL("DROP ROLE {}").format(role))
