"""Attacks on who brought a confidential case, with plain SQL as the application's role: nobody learns it without leaving a look."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import errors

from bihuan.cases.models import Case
from bihuan.cases.queries import with_who_brought
from bihuan.flow import actions as flow
from bihuan.flow.queries import Checked, verify
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db(transaction=True)

WHO = "SELECT customer_id FROM cases_who_brought(%s, %s)"
LOOK = "INSERT INTO cases_look (id, case_id, actor_id, at, why) VALUES (gen_random_uuid(), %s, %s, now(), '')"


@pytest.fixture
def cast() -> Cast:
    return gather()


@pytest.fixture
def secret(cast: Cast) -> Case:
    return cast.opens("tipoff", facts={"kind": "abuse", "about": "YJP"})


def test_the_case_itself_tells_nothing(app: psycopg.Connection, secret: Case) -> None:
    row = app.execute(
        "SELECT customer_id, account_id, premises_id, confidential FROM cases_case WHERE id = %s", [secret.pk]
    )

    assert row.fetchone() == (None, None, None, True)


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM cases_brought",
        "INSERT INTO cases_brought (case_id) VALUES (gen_random_uuid())",
        "UPDATE cases_brought SET customer_id = NULL",
        "DELETE FROM cases_brought",
        "ALTER TABLE cases_case DISABLE TRIGGER cases_hide_who",
        "DROP FUNCTION cases_who_brought",
        "INSERT INTO cases_look (id, case_id, actor_id, at, why, written_in)"
        " SELECT gen_random_uuid(), id, id, now(), '', '3' FROM cases_case",
    ],
)
def test_the_table_behind_the_wall_is_out_of_reach(
    app: psycopg.Connection, secret: Case, attack: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(attack)


def test_without_a_look_nothing_is_told(app: psycopg.Connection, cast: Cast, secret: Case) -> None:
    assert app.execute(WHO, [secret.pk, cast.inspector.actor_id]).fetchall() == []


def test_a_look_that_is_rolled_back_tells_nothing(app: psycopg.Connection, cast: Cast, secret: Case) -> None:
    key: Any = [secret.pk, cast.inspector.actor_id]
    with app.transaction(force_rollback=True):
        with app.transaction():  # a savepoint has a number of its own
            app.execute(LOOK, key)
        assert app.execute(WHO, key).fetchall() == []

    assert app.execute("SELECT count(*) FROM cases_look").fetchone() == (0,)


def test_after_a_look_that_stays_it_is_told_to_him_who_looked(
    app: psycopg.Connection, cast: Cast, secret: Case
) -> None:
    app.execute(LOOK, [secret.pk, cast.inspector.actor_id])

    told = app.execute(WHO, [secret.pk, cast.inspector.actor_id]).fetchone()

    assert told == (cast.account.customer_id,)
    assert app.execute(WHO, [secret.pk, cast.caller.actor_id]).fetchall() == []


def test_an_old_look_tells_nothing_more(
    app: psycopg.Connection, owner: psycopg.Connection, cast: Cast, secret: Case
) -> None:
    app.execute(LOOK, [secret.pk, cast.inspector.actor_id])
    owner.execute("UPDATE cases_look SET written_at = written_at - interval '61 minutes'")

    assert app.execute(WHO, [secret.pk, cast.inspector.actor_id]).fetchall() == []


def test_a_table_that_stands_in_front_deceives_nobody(
    app: psycopg.Connection, cast: Cast, secret: Case
) -> None:
    app.execute("CREATE TEMPORARY TABLE cases_look (LIKE public.cases_look INCLUDING DEFAULTS)")
    app.execute("SET search_path = pg_temp, public")
    app.execute(LOOK, [secret.pk, cast.inspector.actor_id])

    assert (
        app.execute(
            WHO.replace("cases_who", "public.cases_who"), [secret.pk, cast.inspector.actor_id]
        ).fetchall()
        == []
    )


def test_nobody_can_put_somebody_else_in_his_place(app: psycopg.Connection, cast: Cast, secret: Case) -> None:
    app.execute("UPDATE cases_case SET premises_id = %s WHERE id = %s", [cast.account.premises_id, secret.pk])
    app.execute("UPDATE cases_case SET confidential = false WHERE id = %s", [secret.pk])
    app.execute(LOOK, [secret.pk, cast.inspector.actor_id])

    assert app.execute(WHO, [secret.pk, cast.inspector.actor_id]).fetchone() == (cast.account.customer_id,)


def test_the_application_tells_it_after_its_own_look(cast: Cast, secret: Case) -> None:
    before = with_who_brought(Case.objects.get(pk=secret.pk), cast.inspector.actor_id)
    flow.look(case_id=secret.pk, by=cast.inspector.actor, at=moment("2007-06-05 10:00"), why="appeal")

    after = with_who_brought(Case.objects.get(pk=secret.pk), cast.inspector.actor_id)

    assert before.customer is None
    assert after.customer == cast.account.customer
    assert after.premises == cast.account.premises


def test_a_case_that_is_no_secret_keeps_its_customer(cast: Cast) -> None:
    case = cast.opens("repair")

    assert Case.objects.get(pk=case.pk).customer == cast.account.customer


def test_verify_finds_nothing_amiss(cast: Cast, secret: Case) -> None:
    assert list(verify(Checked())) == []
