"""Independence and the timeline attacked by plain SQL as the application's role, whatever the row claims."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

from bihuan.cases.models import Entry
from bihuan.flow.rules import NotIndependent, NotPermitted
from bihuan.people.models import MembershipEnd
from tests.cast import Cast, appoint, gather, moment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]

INSERT = """INSERT INTO cases_entry (case_id, seq, cycle, step, side, at, recorded_at, actor_id, unit_id, facts, digest)
VALUES (%(case)s, %(seq)s, 1, %(step)s, %(side)s, %(at)s, %(at)s, %(actor)s, %(unit)s, '{}', '')"""


def _row(cast: Cast, case: Any, **other: Any) -> dict[str, Any]:
    return {
        "case": case.pk,
        "seq": 6,
        "step": "confirm",
        "side": "verification",
        "at": moment("2007-06-05 12:00"),
        "actor": cast.dispatcher.actor_id,
        "unit": cast.centre.pk,
    } | other


@pytest.fixture
def cast() -> Cast:
    return gather()


@pytest.fixture
def restored(cast: Cast) -> Any:
    case = cast.opens("repair")
    cast.restores(case)
    return case


@pytest.mark.parametrize("attack", [
    "UPDATE cases_entry SET at = now()",
    "DELETE FROM cases_entry",
    "TRUNCATE cases_entry",
    "UPDATE promises_verdict SET verdict = 'kept'",
    "DELETE FROM promises_verdict",
    "DELETE FROM promises_clock",
    "DELETE FROM cases_case",
    "UPDATE people_membership SET unit_id = unit_id",
    "DELETE FROM people_membership",
    "UPDATE people_unit SET bureau_id = NULL",
    "DELETE FROM people_staff",
    "DELETE FROM supply_account",
    "UPDATE cases_declaredstep SET side = 'intake'",
    "INSERT INTO cases_declaredstep (loop, step, side, permission) VALUES ('repair', 'x', 'intake', 'y')",
    "UPDATE cases_seal SET entries = 0",
    "UPDATE cases_note SET hash = ''",
    "ALTER TABLE cases_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER cases_entry_guard ON cases_entry",
    "CREATE TABLE mine (a int)",
    "SET session_replication_role = replica",
])  # fmt: skip
def test_the_application_may_not(app: psycopg.Connection, restored: Any, attack: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InternalError)):
        app.execute(attack)


def test_who_executed_cannot_verify_over_the_door(cast: Cast, restored: Any) -> None:
    appoint(cast.dispatcher.actor, cast.centre, "callback")

    with pytest.raises(NotIndependent):
        cast.takes(restored, "confirm", cast.dispatcher, facts={"solved": True, "satisfaction": "satisfied"})

    assert Entry.objects.filter(case=restored).count() == 5


def test_a_colleague_of_the_executing_bureau_cannot_verify_either(cast: Cast, restored: Any) -> None:
    appoint(cast.leader.actor, cast.centre, "callback")

    with pytest.raises(NotIndependent):
        cast.takes(restored, "confirm", cast.leader, facts={"solved": True, "satisfaction": "satisfied"})


def test_a_neighbour_without_the_post_may_not_verify(cast: Cast, restored: Any) -> None:
    with pytest.raises(NotPermitted):
        cast.takes(restored, "confirm", cast.neighbour, facts={"solved": True, "satisfaction": "satisfied"})


def test_plain_sql_in_the_name_of_the_executor_is_refused(
    app: psycopg.Connection, cast: Cast, restored: Any
) -> None:
    appoint(cast.dispatcher.actor, cast.centre, "callback")

    with pytest.raises(psycopg.Error, match="verifies what its own bureau carried out"):
        app.execute(INSERT, _row(cast, restored))


def test_a_verification_dressed_as_intake_is_refused(
    app: psycopg.Connection, cast: Cast, restored: Any
) -> None:
    with pytest.raises(psycopg.Error, match="no declared step of its side"):
        app.execute(INSERT, _row(cast, restored, side="intake"))


def test_a_verification_by_somebody_without_the_post_is_refused(
    app: psycopg.Connection, cast: Cast, restored: Any
) -> None:
    with pytest.raises(psycopg.Error, match="posts do not allow"):
        app.execute(INSERT, _row(cast, restored, actor=cast.neighbour.actor_id))


def test_another_actors_name_gives_no_more_than_that_actor_may(
    app: psycopg.Connection, cast: Cast, restored: Any
) -> None:
    appoint(cast.crew.actor, cast.centre, "callback")

    with pytest.raises(psycopg.Error, match="verifies what its own bureau carried out"):
        app.execute(INSERT, _row(cast, restored, actor=cast.crew.actor_id, unit=cast.centre.pk))


def test_a_temporary_table_does_not_shadow_the_look_ups(
    app: psycopg.Connection, cast: Cast, restored: Any
) -> None:
    appoint(cast.dispatcher.actor, cast.centre, "callback")
    app.execute("CREATE TEMPORARY TABLE people_membership (LIKE public.people_membership)")
    app.execute("CREATE TEMPORARY TABLE cases_entry_shadow (LIKE public.cases_entry)")
    app.execute("SET search_path = pg_temp, public")

    with pytest.raises(psycopg.Error, match="verifies what its own bureau carried out"):
        app.execute(INSERT.replace("INTO cases_entry", "INTO public.cases_entry"), _row(cast, restored))


@pytest.mark.parametrize("setting", ["pgtrigger.ignore", "bihuan.walls", "app.off"])
def test_a_session_setting_switches_nothing_off(
    app: psycopg.Connection, cast: Cast, restored: Any, setting: str
) -> None:
    appoint(cast.dispatcher.actor, cast.centre, "callback")
    app.execute(f"SET {setting} = 'off'")

    with pytest.raises(psycopg.Error, match="verifies what its own bureau carried out"):
        app.execute(INSERT, _row(cast, restored))


def test_an_old_snapshot_is_refused(app: psycopg.Connection, cast: Cast, restored: Any) -> None:
    app.execute("SET default_transaction_isolation = 'repeatable read'")

    with pytest.raises(psycopg.Error, match="read committed only"):
        app.execute(INSERT, _row(cast, restored, actor=cast.caller.actor_id))


def test_a_gap_and_the_future_are_refused(app: psycopg.Connection, cast: Cast, restored: Any) -> None:
    for wrong in ({"seq": 8}, {"at": moment("2107-01-01 00:00")}):
        with pytest.raises(psycopg.Error, match="in the future or leaves a gap"):
            app.execute(INSERT, _row(cast, restored, actor=cast.caller.actor_id, **wrong))


def test_a_membership_cannot_be_ended_in_the_past(app: psycopg.Connection, cast: Cast, restored: Any) -> None:
    held = appoint(cast.dispatcher.actor, cast.yang, "handler")

    with pytest.raises(psycopg.Error, match="cannot end before now"):
        app.execute(
            "INSERT INTO people_membershipend VALUES (%s, %s, %s)",
            [held.pk, moment("2007-02-01 00:00"), moment("2007-02-01 00:00")],
        )

    assert not MembershipEnd.objects.exists()


def test_two_inserts_at_once_one_executing_one_verifying_never_both_stand(
    test_database: Any, cast: Cast
) -> None:
    appoint(cast.dispatcher.actor, cast.centre, "callback")
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "YJP"})
    at = moment("2007-06-05 10:00")
    first = psycopg.connect(test_database.app_url)
    second = psycopg.connect(test_database.app_url)
    said: list[psycopg.Error] = []

    def verify() -> None:
        try:
            second.execute(INSERT, _row(cast, case, seq=4, at=at))
            second.commit()
        except psycopg.Error as refused:
            second.rollback()
            said.append(refused)

    first.execute(INSERT, _row(cast, case, seq=3, step="receive", side="execution", unit=cast.yang.pk, at=at))
    waiting = threading.Thread(target=verify)
    waiting.start()
    waiting.join(0.5)
    first.commit()
    waiting.join(10)
    first.close()
    second.close()

    sides = list(Entry.objects.filter(case=case).values_list("side", flat=True))
    assert sides == ["intake", "intake", "execution"]
    assert len(said) == 1
