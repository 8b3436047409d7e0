"""Outages, reliability and voltage at the desk: told by those who manage them, read by all, each figure opening to its list."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.outages import actions, queries
from bihuan.outages.models import Outage, SupplyDay, UserCount, VoltagePoint, VoltageReading
from bihuan.outages.rules import Reading
from bihuan.people.models import Staff
from bihuan.people.rules import Scope
from tests.cast import CHONGQING, Cast, gather, moment
from tests.outages.told import announced, fault, serves, tells
from tests.outages.world import june

pytestmark = pytest.mark.django_db

ALL = Scope(company=True, paths=())
JULY = moment("2007-07-02 09:00")
JUNE = "from=2007-06-01&to=2007-06-30"
NOTICE = {
    "kind": "planned",
    "unit": "YJP",
    "area": "urban",
    "line": "YJP-L1",
    "transformers": "YJP-T1、YJP-T2",
    "places": "石坪村",
    "users": "10",
    "customers": "900",
    "planned_start_at": "2007-07-20T08:00",
    "planned_end_at": "2007-07-20T18:00",
    "published_at": "2007-07-02T08:00",
    "channel": "newspaper",
}


def signed_in(person: Staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(client: Client, address: str, at: datetime = JULY) -> str:
    with time_machine.travel(at, tick=False):
        answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def posted(client: Client, address: str, now: Any = JULY, **fields: Any) -> int:
    with time_machine.travel(now, tick=False):
        return client.post(address, fields).status_code


def test_a_dispatcher_announces_a_plan() -> None:
    cast = gather()

    assert posted(signed_in(cast.dispatcher), "/outages/new/", **NOTICE) == 302

    made = Outage.objects.get()
    assert (made.state, made.unit, made.transformers) == ("announced", cast.yang, ["YJP-T1", "YJP-T2"])
    assert made.planned_start_at == moment("2007-07-20 08:00")
    assert made.notice_due_at == moment("2007-07-14 00:00")


def test_what_cant_be_is_refused_beside_its_field_and_kept_as_typed() -> None:
    cast = gather()
    with time_machine.travel(JULY, tick=False):
        answer = signed_in(cast.dispatcher).post(
            "/outages/new/", NOTICE | {"planned_end_at": "2007-07-20T07:00", "places": "石坪村南"}
        )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "must be later than planned start" in text
    assert "石坪村南" in text
    assert Outage.objects.count() == 0


@pytest.mark.parametrize(
    ("published", "word"), [("2007-07-13T23:59", "told in time"), ("2007-07-14T00:00", "told late")]
)
def test_the_form_says_by_when_it_must_be_told(published: str, word: str) -> None:
    cast = gather()
    asked = f"kind=planned&area=urban&planned_start_at=2007-07-20T08:00&published_at={published}"

    text = page(signed_in(cast.dispatcher), f"/outages/clock/?{asked}")

    assert "At the latest 2007-07-13 24:00" in text
    assert word in text


def test_a_bureau_doesnt_announce_for_its_neighbour() -> None:
    cast = gather()

    assert posted(signed_in(cast.dispatcher), "/outages/new/", **(NOTICE | {"unit": "NA"})) == 422
    assert Outage.objects.count() == 0


def test_an_outage_goes_its_way_on_its_page() -> None:
    cast = gather()
    one = announced(cast)
    client, address = signed_in(cast.dispatcher), f"/outages/{one.number}/"

    assert (
        posted(
            client, f"{address}start/", moment("2007-06-15 08:10"), at="2007-06-15T08:00", expected_seq="1"
        )
        == 302
    )
    assert posted(client, f"{address}restore/", moment("2007-06-15 19:10"), at="2007-06-15T19:00") == 422
    assert (
        posted(
            client, f"{address}restore/", moment("2007-06-15 19:10"), at="2007-06-15T19:00", cause="weather"
        )
        == 302
    )

    text = page(client, address)
    assert Outage.objects.get().user_seconds == 10 * 11 * 3600
    assert "110.0 user-hours" in text
    assert "told in time" in text


def test_a_stale_page_is_told_so() -> None:
    cast = gather()
    one = announced(cast)
    client = signed_in(cast.dispatcher)
    tells(cast, one, "start", "2007-06-15 08:00")

    with time_machine.travel(moment("2007-06-15 09:00"), tick=False):
        answer = client.post(
            f"/outages/{one.number}/correct/", {"reason": "x", "users": "3", "expected_seq": "1"}
        )

    assert answer.status_code == 422
    assert "Something was recorded of this outage since" in answer.content.decode()
    assert Outage.objects.get().users == 10


def test_who_only_reads_has_no_forms_and_isnt_heard() -> None:
    cast = gather()
    one = announced(cast)

    assert '<form method="post" action="/outages/' not in page(
        signed_in(cast.agent), f"/outages/{one.number}/"
    )
    assert posted(signed_in(cast.agent), f"/outages/{one.number}/start/") == 403
    assert posted(signed_in(cast.neighbour), f"/outages/{one.number}/start/") == 404
    assert signed_in(cast.neighbour).get(f"/outages/{one.number}/").status_code == 404
    assert one.number not in page(signed_in(cast.neighbour), "/outages/?which=past")
    assert Outage.objects.get().last_seq == 1


@pytest.mark.parametrize(
    "which",
    [
        *("published", "due", "in_time", "late", "not_analysed", "plans", "not_executed"),
        *("executed_late", "off_plan", "as_planned", "long_fault"),
    ],
)
def test_a_list_behind_a_figure_has_as_many_rows_as_the_figure_says(which: str) -> None:
    cast = gather()
    june(cast)
    told = queries.notices(ALL, since=moment("2007-06-01 00:00"), until=moment("2007-07-01 00:00"), at=JULY)
    expected = told.counts | {
        "published": told.counts["notices"],
        "late": told.counts["due"] - told.counts["in_time"],
        "not_analysed": told.counts["notices"] - told.counts["analysed"],
        "as_planned": told.as_planned.above,
        "off_plan": told.as_planned.below - told.as_planned.above,
    }

    rows = re.findall("<tr data-row", page(signed_in(cast.editor), f"/outages/?which={which}&{JUNE}"))

    assert len(rows) == expected[which]


def test_the_figures_show_reliability_notices_and_frequent_lines() -> None:
    cast = gather()
    june(cast)

    text = page(signed_in(cast.editor), f"/outages/figures/?{JUNE}")

    assert "99.5694" in text
    assert "310.0" in text
    assert "YJP-L1" in text
    assert "Threshold" in text


def test_a_period_that_is_none_is_the_last_thirteen_weeks() -> None:
    cast = gather()

    assert "2007-04-02 – 2007-07-01" in page(signed_in(cast.editor), "/outages/figures/?from=x&to=2007-99-01")


@pytest.mark.parametrize(
    ("code", "leads_to"),
    [
        ("outage.notice.timely", "which=late"),
        ("outage.plan.kept", "which=off_plan"),
        ("supply.rs1.urban", "/outages/figures/"),
        ("voltage.rural", "/voltage/"),
    ],
)
def test_a_figure_of_the_weekly_report_leads_to_what_is_behind(code: str, leads_to: str) -> None:
    cast = gather()
    june(cast)
    with time_machine.travel(JULY, tick=False):
        answer = signed_in(cast.editor).get(f"/reports/weekly/2007-W24/{code}/?part=missed")

    assert answer.status_code == 302
    assert leads_to in answer["Location"]
    assert "from=2007-06-11&to=2007-06-17" in answer["Location"]
    page(signed_in(cast.editor), answer["Location"])


def test_an_indicator_s_page_leads_to_its_outages_too() -> None:
    cast = gather()
    june(cast)

    text = page(signed_in(cast.editor), "/indicators/outage.notice.timely/?from=2007-06-01&to=2007-06-30")

    assert "/outages/?from=" in text
    assert "which=due" in text


def test_the_weekly_report_has_its_fourth_chapter_and_promise_one() -> None:
    cast = gather()
    june(cast)

    text = page(signed_in(cast.editor), "/reports/weekly/2007-W24/")

    assert "Outage notices" in text
    assert "Reliability in the city" in text
    assert "98.8095" in text  # 10 users off for 9 and for 11 hours, of 100 users in 168 hours


def test_intake_shows_what_is_known_where_the_caller_lives() -> None:
    cast = gather()
    fault(cast, "2007-07-02 08:00", places="石坪村")
    fault(cast, "2007-07-02 08:00", places="九龙镇", line="YJP-L9", transformers=())

    text = page(signed_in(cast.agent), "/intake/?account=500100001")

    assert "Known outage here" in text
    assert text.count("the address is named") == 1


def test_voltage_is_read_at_its_point_and_corrected_with_a_reason() -> None:
    cast = gather()
    client = signed_in(cast.dispatcher)
    fields = {
        "code": "D1",
        "name": "石坪首端",
        "unit": "YJP",
        "area": "urban",
        "klass": "D",
        "nominal": "220",
    }
    assert posted(client, "/voltage/new/", **fields) == 302
    assert posted(client, "/voltage/new/", **fields) == 422
    reading = {
        "first_date": "2007-06-01",
        "last_date": "2007-06-30",
        "monitored": "43200",
        "over": "0",
        "under": "432",
    }

    assert posted(client, "/voltage/D1/", **reading) == 302
    assert posted(client, "/voltage/D1/", **reading) == 422
    assert posted(client, "/voltage/D1/", **(reading | {"under": "864", "why": "抄错"})) == 302

    assert VoltageReading.objects.get().under == 864
    assert "98.00 %" in page(client, "/voltage/D1/")
    assert "98.00" in page(client, f"/voltage/?{JUNE}")
    assert posted(signed_in(cast.agent), "/voltage/D1/", **reading) == 404
    assert VoltagePoint.objects.count() == 1


def test_users_are_counted_from_a_day_on_by_who_manages_the_bureau() -> None:
    cast = gather()
    fields = {"unit": "YJP", "area": "urban", "from_date": "2007-06-01", "users": "100", "customers": "9000"}

    assert posted(signed_in(cast.agent), "/outages/users/", **fields) == 403
    assert posted(signed_in(cast.neighbour), "/outages/users/", **fields) == 422
    assert UserCount.objects.count() == 0
    assert posted(signed_in(cast.dispatcher), "/outages/users/", **fields) == 302

    assert "9,000" in page(signed_in(cast.agent), "/outages/users/")
    assert "9000" not in page(signed_in(cast.neighbour), "/outages/users/")
    assert SupplyDay.objects.count() == 31  # June and 1 July; 2 July isn't over


def cost(person: Staff, address: str) -> int:
    client = signed_in(person)
    page(client, address)
    with CaptureQueriesContext(connection) as seen:
        page(client, address)
    return len(seen)


def fill(cast: Cast, number: int) -> None:
    for place in range(number):
        fault(cast, f"2007-06-{place + 3:02} 10:00", f"2007-06-{place + 3:02} 12:00", line=f"L{place % 2}")
        announced(cast)
        point = actions.add_point(
            code=f"D{VoltagePoint.objects.count()}",
            name="x",
            unit=cast.yang,
            area="urban",
            klass="D",
            nominal=220,
        )
        new = actions.NewReading(point, date(2007, 6, 1), date(2007, 6, 30), Reading(43_200, 0, 0))
        actions.read_voltage(given=new, by=cast.dispatcher.actor, at=JULY, zone=CHONGQING)


@pytest.mark.parametrize(
    "address",
    ["/outages/?which=past", f"/outages/figures/?{JUNE}", f"/voltage/?{JUNE}", "/intake/?account=500100001"],
)
def test_a_page_costs_the_same_with_many_rows(address: str) -> None:
    cast = gather()
    serves(cast, at="2007-07-02 09:00")
    fill(cast, 3)
    few = cost(cast.agent, address)

    fill(cast, 9)

    assert cost(cast.agent, address) == few


def test_a_notice_sent_twice_is_one_outage() -> None:
    cast = gather()
    client = signed_in(cast.dispatcher)

    assert [posted(client, "/outages/new/", **NOTICE) for _ in range(2)] == [302, 302]
    assert posted(client, "/outages/new/", **NOTICE | {"line": "YJP-L2"}) == 302

    assert Outage.objects.count() == 2


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_users_of_a_year_that_cannot_be_are_refused_before_a_day_is_counted(day: str) -> None:
    cast = gather()
    fields = {"unit": "YJP", "area": "urban", "from_date": day, "users": "100", "customers": "9000"}

    assert posted(signed_in(cast.dispatcher), "/outages/users/", **fields) == 422
    assert (UserCount.objects.count(), SupplyDay.objects.count()) == (0, 0)
