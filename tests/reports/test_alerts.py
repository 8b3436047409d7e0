"""The owner is told once: a rate that leaves its band, a unit that breaks a promise twice in a week."""

from __future__ import annotations

import pytest
from django.test import Client
from time_machine import travel

from bihuan.reports import actions
from bihuan.reports.models import Alert
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db
WEEK = "2007-W23"
AT = moment("2007-06-11 07:00")


def late(cast: Cast, times: int) -> None:
    for _ in range(times):
        case = cast.opens("repair")
        cast.later(minutes=55)
        cast.restores(case)


def test_a_promise_broken_twice_in_a_week_is_told_once() -> None:
    cast = gather()
    late(cast, 2)

    assert [actions.raise_alerts(week_name=WEEK, at=AT), actions.raise_alerts(week_name=WEEK, at=AT)] == [
        1,
        0,
    ]

    told = Alert.objects.get()
    assert (told.what, told.code, told.detail, told.unit) == ("breaches", "repair-arrival", "2", cast.yang)


def test_once_is_bad_luck() -> None:
    late(gather(), 1)

    assert actions.raise_alerts(week_name=WEEK, at=AT) == 0


def test_a_rate_that_falls_out_of_its_band_is_told_with_the_rule() -> None:
    cast = gather()
    for number in range(16):
        cast.now = moment("2007-02-12 09:00")
        cast.later(weeks=number)
        for _ in range(8):
            case = cast.opens("repair")
            cast.restores(case)
    cast.now = moment("2007-06-05 09:00")
    late(cast, 6)

    actions.raise_alerts(week_name=WEEK, at=AT)

    told = Alert.objects.filter(what="signal", code="repair.arrived_in_time")
    assert {(one.unit_id, one.detail) for one in told} == {(None, "outside"), (cast.yang.pk, "outside")}


def test_the_leader_sees_the_own_unit_s_alert_and_the_neighbour_does_not() -> None:
    cast = gather()
    late(cast, 2)
    actions.raise_alerts(week_name=WEEK, at=AT)
    pages = []
    with travel(AT, tick=False):
        for person in (cast.leader, cast.neighbour):
            client = Client()
            client.force_login(person)
            pages.append(client.get("/").content.decode())

    assert ["指标异常" in page for page in pages] == [True, False]
