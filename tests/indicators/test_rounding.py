"""Figures are rounded half-even from their two integers, and from nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.indicators.rules import Figure, Period, PeriodRefused, value, week, week_name
from bihuan.loops.indicators.catalogue import indicator

RATE = indicator("repair.arrived_in_time")
CHONGQING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (16_604, 16_629, "99.85"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 800, "0.12"),  # 0.125: the even neighbour
        (3, 800, "0.38"),  # 0.375
        (72, 89, "80.90"),
        (0, 5, "0.00"),
        (5, 5, "100.00"),
        (99_999, 100_000, "100.00"),
        (0, 0, None),
    ],
)
def test_a_rate_is_rounded_half_even(numerator: int, denominator: int, shown: str | None) -> None:
    assert value(RATE, numerator, denominator) == shown


@given(st.integers(1, 10**9), st.data())
def test_a_rate_is_never_further_off_than_half_a_step(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, denominator))

    shown = value(RATE, numerator, denominator)

    assert shown is not None
    assert abs(Fraction(shown) - Fraction(numerator * 100, denominator)) <= Fraction(1, 200)


def test_whether_a_target_is_met_is_asked_of_the_exact_ratio() -> None:
    assert value(RATE, 99_999, 100_000) == "100.00"
    assert Figure(RATE, None, 99_999, 100_000, Decimal(100)).met is False
    assert Figure(RATE, None, 100_000, 100_000, Decimal(100)).met is True
    assert Figure(RATE, None, 0, 0, Decimal(100)).met is None


def test_a_count_is_its_own_value() -> None:
    assert value(indicator("repair.count"), 320, None) == "320"


def test_minutes_are_an_average() -> None:
    assert value(indicator("repair.arrival_minutes"), 62, 4) == "15.5"


def test_a_week_runs_from_monday_to_sunday_in_the_zone_of_the_utility() -> None:
    found = week("2007-W23", CHONGQING)

    assert (found.first, found.last) == (date(2007, 6, 4), date(2007, 6, 10))
    assert found.start.isoformat() == "2007-06-03T16:00:00+00:00"
    assert found.end.isoformat() == "2007-06-10T16:00:00+00:00"
    assert week_name(found.last) == "2007-W23"


@pytest.mark.parametrize("name", ["2007-W54", "2007-W00", "2007", "W23", "9999-W53", "2007-23"])
def test_a_week_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(PeriodRefused):
        week(name, CHONGQING)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeriodRefused):
        Period(date(2007, 6, 10), date(2007, 6, 4), CHONGQING)
