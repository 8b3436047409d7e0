"""What is said of an outage stays; what stands follows from it."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from bihuan.commands import verify
from bihuan.outages import actions, queries
from bihuan.outages.models import Outage, OutageEntry
from bihuan.people.rules import Scope
from tests.cast import gather, moment
from tests.outages.told import announced, fault, tells

pytestmark = pytest.mark.django_db


def test_a_notice_seven_days_ahead_keeps_the_promise() -> None:
    cast = gather()

    kept = announced(cast, at=moment("2007-06-08 23:59"))
    late = announced(cast, at=moment("2007-06-09 00:00"))

    assert kept.notice_due_at == late.notice_due_at == moment("2007-06-09 00:00")
    assert kept.notice_by_day
    assert kept.notice_promise.endswith(("/outage-notice", "/outage-notice-planned"))
    wanted = queries.Wanted(which="in_time")
    seen = everything()
    assert list(queries.outages(seen, wanted, moment("2007-06-20 00:00"))) == [kept]
    assert list(queries.outages(seen, queries.Wanted(which="late"), moment("2007-06-20 00:00"))) == [late]


def everything() -> Scope:

    return Scope(company=True, paths=())


def test_a_plan_goes_its_way() -> None:
    cast = gather()
    told = announced(cast)

    told = tells(cast, told, "start", "2007-06-15 08:10")
    assert told.state == "running"
    told = tells(cast, told, "part", "2007-06-15 12:10", users=4, customers=300)
    told = tells(cast, told, "restore", "2007-06-15 17:10")

    assert (told.state, told.last_seq) == ("over", 4)
    assert told.user_seconds == (10 * 4 + 4 * 5) * 3600
    assert (told.customers_off, told.customer_seconds) == (900, (900 * 4 + 300 * 5) * 3600)
    assert [entry.step for entry in queries.entries_of(told)] == ["announce", "start", "part", "restore"]


def test_a_plan_that_runs_over_must_say_why() -> None:
    cast = gather()
    told = tells(cast, announced(cast), "start", "2007-06-15 08:00")

    with pytest.raises(actions.OutageRefused) as refused:
        tells(cast, told, "restore", "2007-06-15 18:01")

    assert refused.value.field == "cause"
    assert OutageEntry.objects.count() == 2
    assert Outage.objects.get().state == "running"
    assert tells(cast, told, "restore", "2007-06-15 18:01", cause="weather").cause == "weather"


def test_a_plan_moved_to_an_earlier_day_is_told_anew() -> None:
    cast = gather()
    told = announced(cast, at=moment("2007-06-05 09:00"))

    moved = tells(
        cast,
        told,
        "change",
        "2007-06-06 10:00",
        planned_start_at=moment("2007-06-10 08:00"),
        planned_end_at=moment("2007-06-10 18:00"),
        cause="upstream",
    )

    assert moved.change == "plan_changed"
    assert moved.published_at == moment("2007-06-06 10:00")
    assert moved.notice_due_at == moment("2007-06-04 00:00")


def test_a_later_plan_keeps_the_day_of_its_notice() -> None:
    cast = gather()
    told = announced(cast, at=moment("2007-06-05 09:00"))

    moved = tells(
        cast,
        told,
        "change",
        "2007-06-06 10:00",
        planned_start_at=moment("2007-06-20 08:00"),
        planned_end_at=moment("2007-06-20 18:00"),
        cause="weather",
    )

    assert moved.published_at == moment("2007-06-05 09:00")


def test_a_withdrawn_plan_takes_no_more_steps() -> None:
    cast = gather()
    told = tells(cast, announced(cast), "withdraw", "2007-06-10 10:00", cause="preparation")

    with pytest.raises(actions.OutageRefused):
        tells(cast, told, "start", "2007-06-15 08:00")

    assert Outage.objects.get().state == "withdrawn"


def test_a_correction_stays_beside_what_it_corrects() -> None:
    cast = gather()
    told = fault(cast, "2007-06-05 10:00", "2007-06-05 12:00")

    told = tells(
        cast, told, "correct", "2007-06-06 09:00", ended_at=moment("2007-06-05 13:00"), reason="漏记"
    )

    assert told.user_seconds == 10 * 3 * 3600
    first, second = queries.entries_of(told)
    assert first.values["ended_at"] == "2007-06-05T04:00:00+00:00"
    assert second.values == {"ended_at": "2007-06-05T05:00:00+00:00", "reason": "漏记"}
    assert second.by == cast.dispatcher.actor


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"planned_end_at": moment("2007-06-15 07:00")}, "planned_end_at"),
        ({"planned_start_at": None}, "planned_start_at"),
        ({"places": ""}, "places"),
        ({"channel": ""}, "channel"),
        ({"important": 901}, "important"),
        ({"users": -1}, "users"),
        ({"started_at": moment("2007-06-30 00:00")}, "started_at"),
    ],
)
def test_a_notice_that_cant_be_is_refused_by_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(actions.OutageRefused) as refused:
        announced(gather(), **values)

    assert field in [name for name, _ in refused.value.faults]
    assert Outage.objects.count() == 0


def test_a_part_cant_bring_more_than_were_off() -> None:
    cast = gather()
    told = tells(cast, announced(cast), "start", "2007-06-15 08:00")

    with pytest.raises(actions.OutageRefused):
        tells(cast, told, "part", "2007-06-15 09:00", users=11, customers=10)
    with pytest.raises(actions.OutageRefused):
        tells(cast, told, "part", "2007-06-15 07:00", users=1, customers=10)


def test_two_people_dont_talk_over_each_other() -> None:
    cast = gather()
    told = announced(cast)
    tells(cast, told, "start", "2007-06-15 08:00", seq=1)

    with pytest.raises(actions.OutageMovedOn):
        tells(cast, told, "start", "2007-06-15 08:05", seq=1)


def test_what_stands_is_what_the_entries_say() -> None:
    cast = gather()
    told = tells(cast, announced(cast), "start", "2007-06-15 08:00")
    tells(cast, told, "part", "2007-06-15 09:00", users=3, customers=10)
    fault(cast, "2007-06-05 10:00", "2007-06-05 12:00")
    assert queries.differing() == []

    Outage.objects.filter(pk=told.pk).update(users=9)

    assert queries.differing() == [told.number]


def test_verify_names_an_outage_that_was_changed_behind_its_entries(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    told = announced(gather())
    assert verify.run(Namespace()) == 0

    Outage.objects.filter(pk=told.pk).update(customers=1)

    assert verify.run(Namespace()) == 1
    assert f"{told.number}: isn't what its entries say" in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement", ["UPDATE outages_outageentry SET step = 'x'", "DELETE FROM outages_outageentry"]
)
def test_the_application_cant_unsay_anything(statement: str) -> None:
    announced(gather())

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["outageentry", "usercount", "voltageentry"])
def test_what_was_said_can_only_be_added_to(table: str, app: psycopg.Connection) -> None:
    for statement in (f"UPDATE outages_{table} SET recorded_at = now()", f"DELETE FROM outages_{table}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)
