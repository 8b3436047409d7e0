"""Voltage rates: of a point, and the combined one with and without classes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from bihuan.outages.rules import Reading, band, combined, combined_percent, reading_faults

MONTH = 30 * 24 * 60


def test_a_month_with_432_minutes_outside_is_99_per_cent() -> None:
    assert Reading(MONTH, 300, 132).within.percent(2) == Decimal("99.00")


def test_half_for_class_a_and_half_for_the_mean_of_the_others() -> None:
    by_class = {
        "A": Reading(1000, 10, 0),
        "B": Reading(1000, 20, 0),
        "C": Reading(1000, 0, 30),
        "D": Reading(1000, 20, 20),
    }

    assert combined(by_class) == Fraction(99, 200) + Fraction(98 + 97 + 96, 600)
    assert combined_percent(by_class) == Decimal("98.00")


def test_where_a_class_has_no_point_the_mean_is_over_those_that_are_there() -> None:
    a, d = Reading(1000, 0, 0), Reading(1000, 0, 50)

    assert combined_percent({"A": a, "C": Reading(1000, 0, 30), "D": d}) == Decimal("98.00")
    assert combined_percent({"A": a, "D": d}) == Decimal("97.50")
    assert combined_percent({"D": d}) == Decimal("95.00")
    assert combined_percent({"A": a}) == Decimal("100.00")
    assert combined_percent({"A": Reading(0, 0, 0)}) is None


def test_what_a_socket_may_have() -> None:
    assert band("D", 220) == (Decimal("198"), Decimal("235.4"))
    assert band("D", 380) == (Decimal("353.4"), Decimal("406.6"))
    assert band("A", 10_000) == (Decimal(10_000), Decimal(10_700))


def test_a_reading_that_cant_be() -> None:
    assert [field for field, _ in reading_faults(Reading(MONTH + 1, 0, 0), 30)] == ["monitored"]
    assert [field for field, _ in reading_faults(Reading(100, 60, 41), 30)] == ["over"]
    assert [field for field, _ in reading_faults(Reading(10, -1, 0), 30)] == ["over"]
    assert reading_faults(Reading(MONTH, MONTH, 0), 30) == []


readings = some.integers(1, 10_000).flatmap(
    lambda all_: some.integers(0, all_).map(lambda over: Reading(all_, over, 0))
)


@given(some.dictionaries(some.sampled_from("ABCD"), readings, min_size=1))
def test_the_combined_rate_lies_between_the_lowest_and_the_highest(by_class: dict[str, Reading]) -> None:
    rates = [one.within.exact() or Fraction(0) for one in by_class.values()]

    told = combined(by_class)

    assert told is not None
    assert min(rates) <= told <= max(rates)
