"""A figure read with its league, its weeks, the reasons of its change, and the rows behind it as a reader may see them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.indicators.queries.export import Asked, every_row, rows_shown
from bihuan.indicators.queries.league import heat, read
from bihuan.indicators.queries.moved import why
from bihuan.indicators.queries.series import weekly
from bihuan.indicators.rules import Period, week, week_name
from bihuan.people.rules import Scope
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = week("2007-W23", ZONE)
MONDAY_AFTER = moment("2007-06-11 08:00")
ALL = Scope(company=True, paths=())
YANG = Scope(company=False, paths=("CQ/YJP/",))
NAN = Scope(company=False, paths=("CQ/NA/",))


@pytest.fixture
def cast() -> Cast:
    """Last week one repair in time; this week one in time and, in the countryside, one late."""
    made = gather()
    made.restores(made.opens(at=moment("2007-05-29 09:00")))
    made.restores(made.opens(at=moment("2007-06-05 09:00")))
    late = made.opens(at=moment("2007-06-06 09:00"), facts={"area": "rural"})
    made.later(hours=3)
    made.restores(late)
    return made


def test_a_reading_sets_the_period_beside_the_one_before_and_the_year_before(cast: Cast) -> None:
    reading = read(code="repair.arrived_in_time", period=WEEK, at=MONDAY_AFTER)

    company = reading.company
    assert (company.now.value, company.before.value, company.year.value) == ("50.00", "100.00", None)
    assert company.against_before.apart == Fraction(-50)
    assert company.against_before.chance is True
    assert company.against_year.apart is None
    assert [row.unit for row in reading.units] == ["NA", "YJP"]
    assert reading.league is not None
    assert [one.place for one in reading.league.standings] == ["empty", "small"]


def test_a_count_has_no_league(cast: Cast) -> None:
    reading = read(code="repair.count", period=WEEK, at=MONDAY_AFTER)

    assert reading.league is None
    assert reading.company.against_before.apart == 1


def test_a_year_of_which_nothing_was_kept_is_nothing_to_compare_with(cast: Cast) -> None:
    company = read(code="repair.count", period=WEEK, at=MONDAY_AFTER).company

    assert (company.year.numerator, company.against_year.apart, company.against_year.chance) == (
        0,
        None,
        None,
    )
    assert why(code="repair.count", before=WEEK.weeks_before(52), now=WEEK, at=MONDAY_AFTER) == []


def test_the_heat_has_every_rate_in_which_something_was_counted(cast: Cast) -> None:
    told = {company.indicator.code for company, _, _ in heat(period=WEEK, at=MONDAY_AFTER)}

    assert "repair.arrived_in_time" in told
    assert "repair.satisfied" not in told
    assert "repair.count" not in told


def test_a_year_of_weeks_takes_as_many_queries_as_two(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(10):
        two = weekly(until=WEEK, at=MONDAY_AFTER, codes=["repair.arrived_in_time"], count=2)
    with django_assert_num_queries(10):
        year = weekly(until=WEEK, at=MONDAY_AFTER, codes=["repair.arrived_in_time"])

    line = year.line("repair.arrived_in_time", "YJP")
    assert len(line) == 53
    assert line[-2:] == two.line("repair.arrived_in_time", "YJP")
    assert [one.denominator for one in line[-3:]] == [0, 1, 2]
    assert year.line("repair.arrived_in_time", "nobody") == ()


def test_a_week_that_is_not_over_is_not_drawn(cast: Cast) -> None:
    found = weekly(until=WEEK, at=moment("2007-06-08 08:00"), count=1)

    assert week_name(found.weeks[0].first) == "2007-W22"


def test_the_late_one_in_the_countryside_explains_the_fall(cast: Cast) -> None:
    told = {
        shares.dimension: [(part.key, part.before, part.now, part.total) for part in shares.parts]
        for shares in why(
            code="repair.arrived_in_time", before=WEEK.weeks_before(1), now=WEEK, at=MONDAY_AFTER
        )
    }

    assert sum(total for *_, total in told["area"]) == Fraction(-50)
    assert [(key, was, now) for key, was, now, _ in told["area"]] == [
        ("rural", (0, 0), (0, 1)),
        ("urban", (1, 1), (1, 1)),
    ]


@pytest.mark.parametrize("code", ["repair.count", "repair.arrival_minutes", "callback.owed", "promise.kept"])
def test_every_measure_is_split_so_that_it_adds_up(cast: Cast, code: str) -> None:
    cast.answers(cast.opens("complaint", at=moment("2007-06-07 09:00")))
    period = Period(WEEK.first, WEEK.last, ZONE)
    reading = read(code=code, period=period, at=MONDAY_AFTER)

    for shares in why(code=code, before=reading.before, now=period, at=MONDAY_AFTER):
        assert sum(part.total for part in shares.parts) == reading.company.against_before.apart


def test_the_rows_behind_tell_which_were_met(cast: Cast) -> None:
    asked = Asked("repair.arrived_in_time", WEEK, MONDAY_AFTER, ALL)

    found = rows_shown(asked, limit=50)

    assert [row.met for row in found.rows] == [True, False]
    assert {row.promise for row in found.rows} == {"repair-arrival"}
    assert (found.total, found.hidden) == (2, 0)
    assert list(every_row(asked)) == found.rows


def test_only_those_that_fell_short_are_asked_for(cast: Cast) -> None:
    asked = Asked("repair.arrived_in_time", WEEK, MONDAY_AFTER, ALL, part="missed")

    assert [row.met for row in rows_shown(asked, limit=50).rows] == [False]


def test_pages_follow_one_another(cast: Cast) -> None:
    asked = Asked("repair.count", WEEK, MONDAY_AFTER, YANG, unit="YJP")

    first, second = (rows_shown(asked, limit=1, offset=offset) for offset in (0, 1))

    assert [row.case.pk for row in (*first.rows, *second.rows)] == [row.case.pk for row in every_row(asked)]
    assert first.rows[0].met is None


def test_of_another_unit_only_the_number_is_told(cast: Cast) -> None:
    found = rows_shown(Asked("repair.count", WEEK, MONDAY_AFTER, NAN), limit=50)

    assert (found.rows, found.total, found.hidden) == ([], 0, 2)
    assert list(every_row(Asked("repair.count", WEEK, MONDAY_AFTER, NAN))) == []
