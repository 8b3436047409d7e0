"""The declared indicators say of outages, supply and voltage what the pages say."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.indicators.queries import figures
from bihuan.indicators.rules import Figure, Period
from bihuan.outages import actions, queries
from bihuan.outages.rules import Reading
from bihuan.people.rules import Scope
from tests.cast import CHONGQING, gather, moment
from tests.outages.told import announced, fault, serves, tells
from tests.outages.world import june

pytestmark = pytest.mark.django_db

ALL = Scope(company=True, paths=())
JULY = moment("2007-07-02 09:00")
JUNE = Period(date(2007, 6, 1), date(2007, 6, 30), CHONGQING)


def told(*codes: str) -> dict[str, Figure]:
    """The company's figures of June."""
    (found,) = figures(periods=[JUNE], at=JULY, codes=codes)
    return {one.indicator.code: one for one in found if one.unit is None}


def test_the_chapter_of_notices_counts_what_the_page_counts() -> None:
    june(gather())
    page = queries.notices(ALL, since=JUNE.start, until=JUNE.end, at=JULY)

    found = told(
        "outage.notices",
        "outage.notices.planned",
        "outage.notices.fault",
        "outage.notice.timely",
        "outage.scope",
        "outage.plan.kept",
        "outage.plan.missed",
        "outage.plan.late",
        "outage.fault.long",
        "outage.fault.minutes",
    )

    assert {code: (one.numerator, one.denominator) for code, one in found.items()} == {
        "outage.notices": (page.counts["notices"], None),
        "outage.notices.planned": (page.kinds["planned"], None),
        "outage.notices.fault": (page.kinds["fault"], None),
        "outage.notice.timely": (page.timely.above, page.timely.below),
        "outage.scope": (page.to_household.above, page.to_household.below),
        "outage.plan.kept": (page.as_planned.above, page.as_planned.below),
        "outage.plan.missed": (page.counts["not_executed"], None),
        "outage.plan.late": (page.counts["executed_late"], None),
        "outage.fault.long": (page.counts["long_fault"], None),
        "outage.fault.minutes": (9 * 60 + 2 * 60 + 60, 3),
    }


def test_reliability_is_the_page_s() -> None:
    june(gather())
    whole = queries.reliability(ALL, first=JUNE.first, last=JUNE.last).rows[0].whole

    found = told(
        "supply.rs1",
        "supply.rs1.urban",
        "supply.rs1.rural",
        "supply.rs2",
        "supply.rs3",
        "supply.asai",
        "supply.caidi",
    )

    assert found["supply.rs1"].value == str(whole.rs1.percent()) == "99.5694"
    assert found["supply.rs1.urban"].met is False
    assert found["supply.rs1.rural"].value is None
    assert found["supply.rs2"].value == str(whole.rs2.percent())
    assert found["supply.rs3"].value == str(whole.rs3.percent())
    assert found["supply.asai"].value == str(whole.asai.percent())
    assert (found["supply.caidi"].numerator, found["supply.caidi"].denominator) == (
        whole.customer_seconds,
        whole.customers_off,
    )


def test_a_plan_off_by_less_than_an_hour_is_kept_and_by_an_hour_is_not() -> None:
    cast = gather()
    for begun in ("07:01", "08:59", "07:00", "09:00"):
        one = tells(cast, announced(cast), "start", f"2007-06-15 {begun}", cause="other")
        tells(cast, one, "restore", "2007-06-15 17:00", cause="other")

    found = told("outage.plan.kept", "outage.plan.late")

    assert (found["outage.plan.kept"].numerator, found["outage.plan.kept"].denominator) == (2, 4)
    assert found["outage.plan.late"].numerator == 2
    page = queries.notices(ALL, since=JUNE.start, until=JUNE.end, at=JULY)
    assert (page.as_planned.above, page.counts["executed_late"]) == (2, 2)


def test_as_of_a_day_before_the_end_nothing_later_is_counted() -> None:
    cast = gather()
    serves(cast)
    fault(cast, "2007-06-20 10:00", "2007-06-20 19:00")
    announced(cast)

    (found,) = figures(
        periods=[JUNE],
        at=moment("2007-06-14 12:00"),
        codes=["outage.notices", "outage.fault.long", "outage.plan.kept"],
    )

    assert [(one.indicator.code, one.numerator) for one in found if one.unit is None] == [
        ("outage.notices", 1),
        ("outage.fault.long", 0),
        ("outage.plan.kept", 0),
    ]


def test_voltage_by_class_and_at_homes_in_city_and_country() -> None:
    cast = gather()
    for code, klass, area, under in (
        ("A1", "A", "urban", 0),
        ("D1", "D", "urban", 432),
        ("D2", "D", "rural", 864),
    ):
        point = actions.add_point(
            code=code,
            name=code,
            unit=cast.yang,
            area=area,
            klass=klass,
            nominal=220 if klass == "D" else 10_000,
        )
        new = actions.NewReading(point, JUNE.first, JUNE.last, Reading(43_200, 0, under))
        actions.read_voltage(given=new, by=cast.dispatcher.actor, at=JULY, zone=CHONGQING)

    found = figures(
        periods=[JUNE],
        at=JULY,
        codes=["voltage.a", "voltage.d", "voltage.urban", "voltage.rural"],
    )[0]

    values = {one.indicator.code: (one.value, one.met) for one in found if one.unit is None}
    assert values == {
        "voltage.a": ("100.00", None),
        "voltage.d": ("98.50", None),
        "voltage.urban": ("99.00", True),
        "voltage.rural": ("98.00", True),
    }
