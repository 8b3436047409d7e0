"""Other programs read views without persons, texts and confidential cases, and can count every indicator again from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from bihuan.bridges.postgres.reading import ROLE, reading_url
from bihuan.indicators.queries import figures
from bihuan.indicators.rules import Period
from bihuan.outages import actions as outages
from bihuan.outages.rules import Reading
from bihuan.reports.actions import freeze
from bihuan.reports.rules.dictionary import declarations
from bihuan.reports.rules.reading import VIEWS
from tests import database
from tests.cast import CHONGQING, Cast, gather, moment
from tests.outages.world import JULY, june

HOWTO = (Path(__file__).parents[2] / "docs/howto/open-data.md").read_text("utf-8")
STATEMENTS = re.findall(r"```sql\n(.*?)```", HOWTO, flags=re.DOTALL)
TYPES = {
    "boolean": "bool",
    "integer": "int",
    "bigint": "int",
    "smallint": "int",
    "date": "day",
    "timestamp with time zone": "moment",
    "numeric": "number",
    "text": "text",
    "character varying": "text",
}
JUNE = Period(date(2007, 6, 1), date(2007, 6, 30), CHONGQING)
LATER = moment("2026-11-01 00:00")
"""The views tell what is so now; nothing of the cast happens after this."""


@pytest.fixture
def reader(transactional_db: None, test_database: database.TestDatabase) -> Iterator[psycopg.Connection]:
    """Connected as `bihuan dsn --reading` says."""
    with psycopg.connect(
        reading_url(test_database._home, database=test_database.name), autocommit=True
    ) as made:
        yield made


def month(cast: Cast) -> None:
    """Repairs in time, late, open and sent back; complaints satisfied and not; a situation report; outages; voltage."""
    june(cast)
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    late = cast.opens(at=moment("2007-06-06 09:00"), facts={"area": "rural"})
    cast.later(hours=3)
    cast.restores(late)
    cast.opens(at=moment("2007-06-07 09:00"))
    again = cast.restores(cast.opens(at=moment("2007-06-08 09:00")))
    unsolved = {"reason": "not_solved", "solved": False}
    cast.takes(again, "send_back", cast.caller, at=cast.later(hours=1), facts=unsolved)
    cast.confirms(cast.answers(cast.opens("complaint", at=moment("2007-06-12 09:00"))))
    unhappy = cast.answers(cast.opens("complaint", at=moment("2007-06-13 09:00")))
    cast.confirms(unhappy, facts={"satisfaction": "dissatisfied"})
    cast.confirms(cast.answers(cast.opens("situation", at=moment("2007-06-14 23:50"))))
    gone = cast.opens("situation", at=moment("2007-06-15 09:00"))
    cast.takes(gone, "withdraw", cast.agent, at=cast.later(minutes=5), facts={"reason": "customer_asked"})
    point = outages.add_point(code="D1", name="D1", unit=cast.yang, area="urban", klass="D", nominal=220)
    new = outages.NewReading(point, JUNE.first, JUNE.last, Reading(43_200, 0, 432))
    outages.read_voltage(given=new, by=cast.dispatcher.actor, at=JULY, zone=CHONGQING)


def test_every_indicator_is_counted_again_from_the_views_alone(reader: psycopg.Connection) -> None:
    month(gather())
    (told,) = figures(periods=[JUNE], at=LATER)
    ours = {(one.indicator.code, one.unit or ""): (one.numerator, one.denominator) for one in told}

    rows = reader.execute(
        "SELECT code, counts, counted_on, numerator, denominator FROM reading.indicators"
    ).fetchall()
    theirs = {}
    for code, counts, day, numerator, denominator in rows:
        if not counts:
            continue
        asked = (
            f"SELECT coalesce(bureau, ''), coalesce({numerator}, 0)::bigint, coalesce({denominator or 0}, 0)::bigint"
            f" FROM reading.{counts} WHERE {day} BETWEEN %s AND %s GROUP BY GROUPING SETS ((), (bureau))"
        )
        for bureau, above, below in reader.execute(asked.encode(), [JUNE.first, JUNE.last]):
            theirs[code, bureau] = (above, below if denominator else None)

    counted = {one.code for one in declarations() if one.counts}
    assert len(counted) > 50
    empty: dict[bool, Any] = {True: (0, 0), False: (0, None)}
    assert {
        key: theirs.get(key, empty[pair[1] is not None]) for key, pair in ours.items() if key[0] in counted
    } == {key: pair for key, pair in ours.items() if key[0] in counted}
    assert ours["repair.arrived_in_time", "YJP"] == (2, 4)
    assert ours["matter.satisfied", ""] == (2, 3)
    assert ours["callback.made", ""] == (5, 6)
    assert ours["supply.rs1", "YJP"][1]
    assert ours["voltage.d", "YJP"] == (42_768, 43_200)


def test_what_is_told_in_confidence_is_only_added_to_the_week(reader: psycopg.Connection) -> None:
    cast = gather()
    cast.confirms(cast.answers(cast.opens("complaint", at=moment("2007-06-05 09:00"))))
    cast.confirms(cast.answers(cast.opens("tipoff", at=moment("2007-06-05 13:00"), facts={"about": "NA"})))
    cast.opens("tipoff", at=moment("2007-06-05 14:00"), facts={"about": "NA"})

    seen = []
    for statement in STATEMENTS[3:5]:
        for week, code, *pair in reader.execute(statement.encode()):
            first = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
            days = Period(first, first + timedelta(days=6), CHONGQING)
            told = figures(periods=[days], at=LATER, codes=[code])[0][0]
            assert pair == [told.numerator, told.denominator]
            seen.append((week, code, *pair))
    assert ("2007-W23", "callback.made", 2, 2) in seen
    assert {code for _, code, *_ in seen} == {"promise.kept", "callback.made"}
    asked = "SELECT sum(decided), (SELECT count(*) FROM reading.clocks) FROM reading.withheld_clocks"
    withheld, shown = reader.execute(asked.encode()).fetchone() or (0, 0)
    assert withheld > 0
    assert shown > 0
    assert reader.execute("SELECT DISTINCT loop FROM reading.cases").fetchall() == [("complaint",)]


def test_a_frozen_report_is_read_as_it_was_read_out(reader: psycopg.Connection) -> None:
    cast = gather()
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    monday = moment("2007-06-11 08:00")
    kept = freeze(
        kind="weekly", name="2007-W23", at=monday, known=monday, by=cast.editor.actor, recorded_at=monday
    )

    rows = reader.execute(
        "SELECT version, latest, digest, approved_at, edition, unit, numerator, denominator, value, target, to_date"
        " FROM reading.figures WHERE period = '2007-W23' AND code = 'repair.arrived_in_time' ORDER BY unit NULLS FIRST"
    ).fetchall()

    version, latest, digest, approved, edition, unit, above, below, value, target, to = rows[0]
    assert (version, latest, digest, approved, unit) == (1, True, kept.digest, None, None)
    assert (edition, above, below, str(value), str(target)) == (1, 1, 1, "100.00", "100.00")
    assert to == date(2007, 6, 10)
    assert [row[5] for row in rows] == [None, "NA", "YJP"]


@pytest.mark.django_db
def test_the_views_tell_of_cases_and_not_of_persons() -> None:
    cast = gather()
    cast.restores(cast.opens("repair"))
    cast.opens("tipoff", facts={"about": "YJP"})
    with connection.cursor() as cursor:
        told = ""
        for view in VIEWS:
            cursor.execute(f"SELECT * FROM reading.{view.name}")
            told += str(cursor.fetchall())
        cursor.execute("SELECT loop, state, unit FROM reading.cases")
        assert cursor.fetchall() == [("repair", "restored", "YJP")]
        cursor.execute(STATEMENTS[2])
        assert [(unit, *counts) for unit, _, *counts in cursor.fetchall()] == [("YJP", 1, 1)]

    assert not [secret for secret in ("周末", "13800000001", "石坪村", "500100001") if secret in told]


@pytest.mark.django_db
def test_every_column_is_described_as_it_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type,"
            " col_description(format('reading.%I', table_name)::regclass, ordinal_position)"
            " FROM information_schema.columns WHERE table_schema = 'reading' ORDER BY table_name, ordinal_position"
        )
        found: dict[str, list[tuple[str, str, str]]] = {}
        for view, name, kind, comment in cursor.fetchall():
            found.setdefault(view, []).append((name, TYPES[kind], comment))

    assert found == {view.name: [(one.name, one.type, one.comment) for one in view.columns] for view in VIEWS}
    known = {f"{view.name}.{one.name}" for view in VIEWS for one in view.columns}
    assert {one.refers for view in VIEWS for one in view.columns if one.refers} <= known


def test_the_reading_role_reads_the_views_and_nothing_else(reader: psycopg.Connection) -> None:
    for view in VIEWS:
        reader.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(view.name)))
    for refused in ("SELECT * FROM public.supply_customer", "SELECT * FROM public.cases_entry"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(refused.encode())
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reader.execute("CREATE TABLE reading.mine ()")
    reader.execute("SET default_transaction_read_only = off")
    for refused in ("CREATE TABLE reading.mine ()", "DELETE FROM reading.about", "CREATE SCHEMA mine"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(refused.encode())


def test_a_view_of_tomorrow_is_read_too(
    reader: psycopg.Connection, test_database: database.TestDatabase
) -> None:
    with psycopg.connect(test_database.owner_url, autocommit=True) as owner:
        owner.execute("CREATE VIEW reading.tomorrow AS SELECT 1 AS one")

    assert reader.execute("SELECT one FROM tomorrow").fetchall() == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_howto_reads_the_views_and_nothing_else(test_database: database.TestDatabase) -> None:
    def said(statement: str) -> bytes:
        told = statement.replace("superset", "bihuan_reader_test")
        return told.replace("DATABASE bihuan", f"DATABASE {test_database.name}").encode()

    with (
        database._superuser(test_database._home) as above,
        psycopg.connect(test_database.owner_url, autocommit=True) as owner,
    ):
        if above.execute("SELECT 1 FROM pg_roles WHERE rolname = 'bihuan_reader_test'").fetchone():
            above.execute("DROP ROLE bihuan_reader_test")
        above.execute(said(STATEMENTS[0]))
        try:
            owner.execute(said(STATEMENTS[1]))
            asked = psycopg.conninfo.make_conninfo(
                test_database.owner_url, user="bihuan_reader_test", password="choose-one"
            )
            with psycopg.connect(asked, autocommit=True) as connected:
                for view in VIEWS:
                    connected.execute(sql.SQL("SELECT * FROM reading.{}").format(sql.Identifier(view.name)))
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connected.execute("SELECT * FROM public.supply_customer")
        finally:
            owner.execute(said(REVOKED))
            above.execute("DROP ROLE bihuan_reader_test")


REVOKED = """
ALTER DEFAULT PRIVILEGES IN SCHEMA reading REVOKE SELECT ON TABLES FROM superset;
REVOKE ALL ON ALL TABLES IN SCHEMA reading FROM superset;
REVOKE ALL ON SCHEMA reading FROM superset;
REVOKE ALL ON DATABASE bihuan FROM superset;
"""


def test_the_role_is_made_once_and_found_again(
    reader: psycopg.Connection, test_database: database.TestDatabase
) -> None:
    assert reading_url(test_database._home, database=test_database.name).startswith(f"postgresql://{ROLE}:")
    assert reader.execute("SELECT current_user, current_setting('search_path')").fetchone() == (
        ROLE,
        "reading",
    )
