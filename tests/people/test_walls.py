"""Who belonged where, and what a post permits, attacked by plain SQL as the application's role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.utils import timezone

from bihuan.kernel.ids import uuid7
from bihuan.people.actions import BackdatedEnd, end_appointment
from bihuan.people.models import Membership, MembershipEnd
from bihuan.people.queries import memberships
from tests.cast import FOUNDED, Cast, gather

pytestmark = pytest.mark.django_db(transaction=True)

UNIT = """INSERT INTO people_unit (id, code, name_zh, name_en, kind, wing, parent_id, bureau_id, path, active)
VALUES (%(id)s, %(code)s, '假', '', %(kind)s, 'execution', %(parent)s, %(bureau)s, %(path)s, true)"""


@pytest.fixture
def cast() -> Cast:
    return gather()


@pytest.mark.parametrize("table", ["people_membership", "people_membershipend"])
@pytest.mark.parametrize("attack", ["UPDATE {} SET recorded_at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_history_of_memberships_cannot_be_changed(
    cast: Cast, app: psycopg.Connection, table: str, attack: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(attack.format(table))


@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO people_postpermission (post_id, permission) VALUES ('crew', 'callback.do')",
        "UPDATE people_post SET scope = 'company'",
        "DELETE FROM people_postpermission",
        "TRUNCATE people_post CASCADE",
        "UPDATE people_unit SET bureau_id = NULL",
        "UPDATE people_unit SET path = 'X/'",
        "UPDATE people_actor SET kind = 'machine'",
        "DELETE FROM people_actor",
    ],
)
def test_posts_and_places_cannot_be_talked_around(cast: Cast, app: psycopg.Connection, attack: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(attack)


def test_a_back_dated_end_is_refused_whatever_it_claims(cast: Cast, app: psycopg.Connection) -> None:
    membership = Membership.objects.get(actor=cast.dispatcher.actor)

    with pytest.raises(psycopg.DatabaseError, match="cannot end before now") as refusal:
        app.execute(
            "INSERT INTO people_membershipend (membership_id, ends_at, recorded_at) VALUES (%s, %s, %s)",
            [membership.pk, FOUNDED + timedelta(days=1), FOUNDED + timedelta(days=1)],
        )

    assert refusal.value.sqlstate == "BH006"
    assert not MembershipEnd.objects.exists()


def test_a_back_dated_end_is_refused_by_name(cast: Cast) -> None:
    membership = Membership.objects.get(actor=cast.dispatcher.actor)

    with pytest.raises(BackdatedEnd) as refusal:
        end_appointment(membership=membership, ends_at=FOUNDED, recorded_at=FOUNDED + timedelta(days=1))

    assert (refusal.value.code, refusal.value.field) == ("backdated_end", "ends_at")


def test_an_end_before_the_start_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    later = timezone.now() + timedelta(days=30)
    membership = Membership.objects.create(
        actor=cast.agent.actor, unit=cast.yang, post_id="handler", starts_at=later, recorded_at=later
    )

    with pytest.raises(psycopg.DatabaseError, match="before it starts"):
        app.execute(
            "INSERT INTO people_membershipend (membership_id, ends_at, recorded_at) VALUES (%s, %s, now())",
            [membership.pk, later - timedelta(days=1)],
        )


def test_an_appointment_ends_from_now_on_and_was_held_before(cast: Cast) -> None:
    now = timezone.now()
    membership = Membership.objects.get(actor=cast.dispatcher.actor)

    end_appointment(membership=membership, ends_at=now, recorded_at=now)

    actor = cast.dispatcher.actor_id
    assert [one.unit_code for one in memberships(actor, now - timedelta(seconds=1))] == ["YJP"]
    assert memberships(actor, now) == []


def placed(cast: Cast, **other: Any) -> dict[str, Any]:
    """A new crew of Yang, as it should be but for `other`."""
    row = {"id": uuid7(), "code": "YJP-Q9", "kind": "crew", "parent": cast.yang.pk, "bureau": cast.yang.pk}
    return row | {"path": "CQ/YJP/YJP-Q9/"} | other


def test_a_unit_that_is_where_its_parent_puts_it_is_taken(cast: Cast, app: psycopg.Connection) -> None:
    assert app.execute(UNIT, placed(cast)).rowcount == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"bureau": None},
        {"path": "CQ/NA/YJP-Q9/"},
        {"path": "YJP-Q9/"},
        {"kind": "bureau"},
        {"parent": UUID(int=1)},
    ],
)
def test_a_unit_that_lies_about_its_place_is_refused(
    cast: Cast, app: psycopg.Connection, lie: dict[str, Any]
) -> None:
    with pytest.raises(psycopg.DatabaseError, match="is not where its parent puts it") as refusal:
        app.execute(UNIT, placed(cast, **lie))

    assert refusal.value.sqlstate == "BH007"


def test_a_temporary_table_does_not_shadow_what_the_wall_looks_up(
    cast: Cast, app: psycopg.Connection
) -> None:
    app.execute("CREATE TEMPORARY TABLE people_unit (LIKE public.people_unit)")
    app.execute("CREATE TEMPORARY TABLE fresh (LIKE public.people_unit)")

    with pytest.raises(psycopg.DatabaseError, match="is not where its parent puts it"):
        app.execute(UNIT.replace("people_unit", "public.people_unit"), placed(cast, bureau=None))
