"""Intervals and exact limits against published figures, and the laws that they keep."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.indicators.rules.intervals import (
    below,
    chi_square_tail,
    difference,
    funnel,
    limit,
    mean,
    tail,
    wilson,
)


@pytest.mark.parametrize(
    ("met", "counted", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_figures_that_newcombe_published(
    met: int, counted: int, low: float, high: float
) -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3 (score).
    found = wilson(met, counted)

    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_a_difference_has_the_interval_that_newcombe_published(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10.
    found = difference(*counts)

    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_counted_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert difference(0, 0, 1, 2) is None
    assert mean(0, 0, 9) is None


def test_all_kept_of_a_few_proves_little_and_of_many_much() -> None:
    few, many = wilson(3, 3), wilson(3000, 3000)

    assert few is not None
    assert many is not None
    assert (round(few.low, 3), few.high) == (0.439, 1.0)
    assert (round(many.low, 4), many.high) == (0.9987, 1.0)


def test_a_mean_has_the_interval_of_its_sums() -> None:
    # Ten times 10 and ten times 20: mean 15, deviation sqrt(20 * 25 / 19).
    found = mean(300, 10 * 100 + 10 * 400, 20)

    assert found is not None
    assert (round(found.low, 3), round(found.high, 3)) == (12.752, 17.248)


@settings(deadline=None)
@given(
    counted=st.integers(1, 60),
    met=st.integers(-1, 60),
    rate=st.fractions(Fraction(1, 1000), Fraction(999, 1000), max_denominator=1000),
)
def test_the_binomial_sum_is_that_of_exact_fractions(counted: int, met: int, rate: Fraction) -> None:
    terms = (comb(counted, k) * rate**k * (1 - rate) ** (counted - k) for k in range(min(met, counted) + 1))

    assert below(met, counted, float(rate)) == pytest.approx(float(sum(terms)), abs=1e-11)


@settings(deadline=None)
@given(counted=st.integers(1, 5000), rate=st.floats(0.001, 0.9999))
def test_a_funnel_holds_its_centre_and_the_wider_one_holds_the_narrower(counted: int, rate: float) -> None:
    inner, outer = funnel(counted, rate, 0.95), funnel(counted, rate, 0.998)

    assert 0 <= outer.low <= inner.low <= inner.high <= outer.high <= 1
    assert outer.low - 1 / counted <= rate <= outer.high + 1 / counted


def test_the_limits_are_interpolated_as_spiegelhalter_says() -> None:
    # Statistics in Medicine 24 (2005), 1185-1202, appendix A.1: y = (r - a) / n, a = (P(R <= r) - p) / P(R = r).
    # Of ten with rate 1/2: P(R <= 1) = 11/1024, P(R <= 2) = 56/1024, so for p = 0.025 r = 2, a = 30.4/45.
    expected = (2 - (56 - 25.6) / 45) / 10

    assert limit(0.025, 10, 0.5) == pytest.approx(expected, abs=1e-12)
    assert funnel(10, 0.5, 0.95).high == pytest.approx(1 - expected, abs=1e-12)


@settings(deadline=None)
@given(counted=st.integers(1, 400), met=st.integers(0, 400), rate=st.floats(0.01, 0.99))
def test_a_tail_is_a_probability_and_the_same_seen_from_the_other_side(
    counted: int, met: int, rate: float
) -> None:
    met = min(met, counted)

    found = tail(met, counted, rate)

    assert 0 <= found <= 1
    assert found == pytest.approx(tail(counted - met, counted, 1 - rate), abs=1e-9)


@pytest.mark.parametrize(
    ("value", "freedom", "tail_"),
    [(5.991, 2, 0.05), (24.996, 15, 0.05), (30.578, 15, 0.01), (18.307, 10, 0.05)],
)
def test_the_tail_of_chi_square_is_that_of_the_tables(value: float, freedom: int, tail_: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(tail_, abs=0.002)


def test_half_a_million_promises_are_no_trouble() -> None:
    # 25 missed where 25 are expected: neither side is surprising.
    assert 0.4 < below(499_975, 500_000, 0.99995) < 0.6
