"""Reliability checked against published worked examples, and the laws that its figures obey."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bihuan.outages.rules import Stage, Sums, Threshold, major, rounded, sustained, threshold
from tests.cast import moment

# IEEE Std 1366, annex "Calculations and examples": the interruptions of one feeder with 2,000 customers in a year.
# Seconds off and customers; the second and the fifth are momentary.
FEEDER = [
    (490, 200),
    (30, 400),
    (4_278, 600),
    (1_818, 25),
    (60, 2_000),
    (16_032, 90),
    (7_200, 700),
    (600, 1_500),
    (2_400, 100),
]
YEAR = 365


def feeder_year() -> Sums:
    start = moment("2007-01-01 00:00")
    counted = [
        sustained([Stage(start, 1, customers)], start + timedelta(seconds=seconds))
        for seconds, customers in FEEDER
    ]
    return Sums(
        days=YEAR,
        customers=2_000 * YEAR,
        customer_due=2_000 * YEAR * 86_400,
        customers_off=sum(customers for customers, _ in counted),
        customer_seconds=sum(seconds for _, seconds in counted),
    )


def test_the_feeder_of_ieee_1366() -> None:
    year = feeder_year()

    assert year.customers_off == 3_215
    assert year.saifi == Decimal("1.6075")
    assert year.saidi == Decimal("86.11")
    assert year.caidi == Decimal("53.57")
    assert year.asai.rounded(6) == Decimal("0.999836")


def test_caidi_is_saidi_over_saifi() -> None:
    year = feeder_year()

    assert Fraction(year.customer_seconds, year.customers_off) == Fraction(
        year.customer_seconds, year.customers
    ) / Fraction(year.customers_off, year.customers)


def test_a_year_at_the_promised_city_reliability_is_8_point_76_hours_off() -> None:
    """99.90 % of 8,760 hours, the figure by which the promise is usually explained."""
    users = 1_000
    due = users * YEAR * 86_400
    year = Sums(days=YEAR, users=users * YEAR, due=due, lost=due // 1_000)

    assert year.rs1.percent() == Decimal("99.9000")
    assert year.aihc == Decimal("8.760")
    assert year.user_hours == Decimal("8760.0")


def test_what_comes_from_outside_and_from_shortage_is_taken_out_one_by_one() -> None:
    week = Sums(days=7, users=700, due=700 * 86_400, lost=60_480, lost_external=6_048, lost_shortage=30_240)

    assert week.rs1.percent() == Decimal("99.9000")
    assert week.rs2.percent() == Decimal("99.9100")
    assert week.rs3.percent() == Decimal("99.9500")


def test_outages_per_user_over_a_period_whose_users_grew() -> None:
    """Ten days with 100 users, ten with 300: 200 on average; 50 were off once."""
    assert Sums(days=20, users=10 * 100 + 10 * 300, users_off=50).aitc == Decimal("0.250")


def test_nothing_counted_is_no_figure() -> None:
    nothing = Sums()

    assert nothing.rs1.percent() is None
    assert nothing.saidi is None
    assert nothing.caidi is None


# The procedure of IEEE Std 1366, 3.5, on days whose logarithms can be added in the head: ln 1 = 0, ln e = 1, ln e² = 2.
E1, E2 = Fraction("2.718281828459045235"), Fraction("7.389056098930650227")


def test_the_threshold_of_major_event_days_by_hand() -> None:
    limit = threshold([Fraction(1), Fraction(0), E1, E2])

    assert limit is not None
    assert (round(limit.alpha, 12), round(limit.beta, 12), limit.days) == (Decimal(1), Decimal(1), 3)
    assert round(limit.minutes, 4) == Decimal("33.1155")  # exp(1 + 2.5)


def test_a_day_is_major_only_above_the_threshold() -> None:
    limit = Threshold(Decimal("33.1155"), Decimal(1), Decimal(1), 3)
    days = [("quiet", Fraction(33)), ("at it", Fraction("33.1155")), ("storm", Fraction(34))]

    assert major(days, limit) == [("storm", Fraction(34))]


@pytest.mark.parametrize("daily", [[], [Fraction(3)], [Fraction(0), Fraction(3)]])
def test_a_single_day_makes_no_threshold(daily: list[Fraction]) -> None:
    assert threshold(daily) is None
    assert major([("storm", Fraction(500))], None) == []


positive = some.fractions(min_value=Fraction(1, 1000), max_value=500)


@given(some.lists(positive, min_size=2, max_size=40), some.integers(0, 5))
def test_days_without_an_interruption_dont_move_the_threshold(daily: list[Fraction], quiet: int) -> None:
    assert threshold(daily) == threshold([*daily, *[Fraction(0)] * quiet])


@given(some.fractions(min_value=-100, max_value=100), some.integers(0, 6))
def test_rounding_is_never_further_off_than_half_a_step(exact: Fraction, decimals: int) -> None:
    assert abs(Fraction(rounded(exact, decimals)) - exact) <= Fraction(1, 2 * 10**decimals)
