"""Figures of outages and voltage, each the length of the list behind it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bihuan.outages import actions, queries
from bihuan.outages.models import SupplyDay
from bihuan.outages.rules import Reading
from bihuan.people.rules import Scope
from tests.cast import CHONGQING, gather, moment
from tests.outages.told import fault, serves, tells
from tests.outages.world import june

pytestmark = pytest.mark.django_db

ALL = Scope(company=True, paths=())
JUNE: dict[str, date] = {"first": date(2007, 6, 1), "last": date(2007, 6, 30)}
JULY = moment("2007-07-02 09:00")


def counted(which: str) -> int:
    return queries.outages(ALL, queries.Wanted(which=which), JULY).count()


def test_the_chapter_of_notices_counts_what_its_lists_show() -> None:
    june(gather())

    told = queries.notices(ALL, since=moment("2007-06-01 00:00"), until=moment("2007-07-01 00:00"), at=JULY)

    assert told.kinds == {"fault": 3, "planned": 4}
    assert told.counts == {
        "notices": 7,
        "due": 6,
        "in_time": 4,
        "analysed": 6,
        "plans": 4,
        "not_executed": 2,
        "executed_late": 1,
        "long_fault": 1,
        "off": 5,
    }
    assert {name: counted(name) for name in told.counts} == told.counts
    assert counted("late") == told.counts["due"] - told.counts["in_time"]
    assert told.causes == {"": 1, "obstructed": 1, "weather": 1}
    assert told.as_planned.percent(2) == Decimal("25.00")


def test_reliability_of_a_bureau_and_of_the_company() -> None:
    june(gather())

    told = queries.reliability(ALL, **JUNE)

    whole, yang = told.rows
    # 9 + 11 hours planned of 10 users, faults of 10 for 9 hours and one, of 5 for two.
    lost = (9 + 11 + 9 + 1) * 10 + 2 * 5
    assert told.counted == 30
    assert whole.whole == yang.whole
    assert yang.whole.user_hours == Decimal(lost)
    assert yang.whole.rs1.below == 100 * 30 * 86_400
    assert yang.whole.rs1.percent() == Decimal("99.5694")
    assert yang.whole.rs2.above - yang.whole.rs1.above == 2 * 5 * 3600
    assert yang.whole.aihc == Decimal("3.100")
    assert yang.whole.aitc == Decimal("0.450")
    assert yang.areas == {"urban": yang.whole}


def test_an_outage_over_midnight_costs_both_days_but_counts_once() -> None:
    june(gather())

    first, second = SupplyDay.objects.filter(day__in=(date(2007, 6, 21), date(2007, 6, 22))).order_by("day")

    assert (first.lost, second.lost) == (5 * 3600, 5 * 3600)
    assert (first.customers_off, second.customers_off) == (400, 0)
    assert (first.customer_seconds, second.customer_seconds) == (400 * 7200, 0)


def test_a_day_not_over_isnt_counted_and_a_running_outage_costs_until_midnight() -> None:
    cast = gather()
    serves(cast)  # on 5 June: four days are over
    fault(cast, "2007-06-20 20:00")

    assert actions.count_days(at=moment("2007-06-21 10:00"), zone=CHONGQING) == 20 - 4
    assert actions.count_days(at=moment("2007-06-21 10:30"), zone=CHONGQING) == 0

    assert SupplyDay.objects.get(day=date(2007, 6, 20)).lost == 10 * 4 * 3600
    assert not SupplyDay.objects.filter(day=date(2007, 6, 21)).exists()


def test_a_correction_counts_the_day_anew() -> None:
    cast = gather()
    june(cast)
    longest = queries.outages(ALL, queries.Wanted(which="long_fault"), JULY).get()

    tells(cast, longest, "correct", "2007-07-01 10:00", ended_at=moment("2007-06-20 12:00"), reason="误记")

    assert SupplyDay.objects.get(day=date(2007, 6, 20)).lost == 10 * 2 * 3600


def test_more_users_from_a_day_on_change_only_the_days_from_then_on() -> None:
    cast = gather()
    june(cast)

    serves(cast, users=200, customers=18_000, since="2007-06-16", at="2007-07-02 09:00")

    days = dict(SupplyDay.objects.values_list("day", "users"))
    assert (days[date(2007, 6, 15)], days[date(2007, 6, 16)]) == (100, 200)
    assert queries.reliability(ALL, **JUNE).rows[0].whole.users == 15 * 100 + 15 * 200


def test_a_line_off_three_times_in_two_months_is_frequent() -> None:
    june(gather())

    (line,) = queries.frequent_lines(ALL, until=moment("2007-07-01 00:00"))

    assert (line.line, line.count, line.faults, line.severe) == ("YJP-L1", 4, 3, False)


def test_verify_would_name_a_day_that_was_changed_behind_the_outages() -> None:
    cast = gather()
    june(cast)
    assert queries.differing_days(zone=CHONGQING) == []

    SupplyDay.objects.filter(day=date(2007, 6, 20)).update(lost=0)

    assert queries.differing_days(zone=CHONGQING) == ["YJP urban 2007-06-20"]


def test_the_neighbour_sees_none_of_it() -> None:
    cast = gather()
    june(cast)
    nan = Scope(company=False, paths=(cast.nan.path,))

    assert queries.outages(nan, queries.Wanted(), JULY).count() == 0
    assert queries.reliability(nan, **JUNE).rows == ()
    assert queries.frequent_lines(nan, until=moment("2007-07-01 00:00")) == []
    assert queries.notices(nan, since=moment("2007-06-01 00:00"), until=JULY, at=JULY).counts["off"] == 0


def test_a_storm_is_a_major_event_day_and_an_ordinary_fault_isnt() -> None:
    cast = gather()
    serves(cast)
    for day, minutes in ((2, 10), (3, 12), (4, 9), (5, 14), (6, 11), (7, 13), (8, 10), (9, 12)):
        fault(cast, f"2007-06-{day:02} 10:00", f"2007-06-{day:02} 10:{minutes:02}")
    fault(cast, "2007-06-20 08:00", "2007-06-20 20:00", customers=8_000)
    actions.count_days(at=JULY, zone=CHONGQING)

    told = queries.major_days(ALL, first=date(2007, 6, 16), last=date(2007, 6, 30))

    assert told.limit is not None
    assert told.limit.days == 8
    assert [day for day, _ in told.days] == [date(2007, 6, 20)]
    assert told.days[0][1] == 8_000 * 720 / 9_000


def test_a_reading_said_again_is_a_correction_and_both_stay() -> None:
    cast = gather()
    point = actions.add_point(code="D1", name="首端", unit=cast.yang, area="urban", klass="D", nominal=220)
    new = actions.NewReading(point, date(2007, 6, 1), date(2007, 6, 30), Reading(43_200, 0, 500))
    told: dict[str, Any] = {"by": cast.dispatcher.actor, "at": JULY, "zone": CHONGQING}
    actions.read_voltage(given=new, **told)

    better = actions.NewReading(point, date(2007, 6, 1), date(2007, 6, 30), Reading(43_200, 0, 432))
    with pytest.raises(actions.ReadingRefused):
        actions.read_voltage(given=better, **told)
    actions.read_voltage(given=better, why="抄错", **told)

    ((row, reading, entries),) = queries.readings_of(point)
    assert reading.within.percent(2) == Decimal("99.00")
    assert [(entry.under, entry.why) for entry in entries] == [(500, ""), (432, "抄错")]
    assert row.within == 42_768
