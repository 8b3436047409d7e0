"""Control charts against published worked examples, and each signal by itself."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.indicators.rules.control import laney, signals, xmr
from bihuan.indicators.rules.intervals import funnel

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
CANS = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]


def test_individual_values_have_the_limits_of_the_nist_handbook() -> None:
    # NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches.
    chart = xmr(FLOW)

    assert chart is not None
    assert round(chart.centre, 2) == 50.81
    assert (round(chart.points[0].low, 4), round(chart.points[0].high, 4)) == (45.8159, 55.8041)
    assert [round(point.range or 0, 1) for point in chart.points] == [
        0,
        2,
        2.3,
        1.4,
        3.5,
        3.4,
        1.4,
        0.2,
        1.2,
        1.5,
    ]
    assert round(chart.range_limit or 0, 2) == 6.13
    assert chart.signalling == []
    assert chart.provisional


def test_individual_values_have_the_limits_of_montgomery() -> None:
    # D. C. Montgomery, Introduction to Statistical Quality Control, viscosity of aircraft primer paint.
    paint = [33.75, 33.05, 34, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33, 33.54, 33.12, 33.84]

    chart = xmr(paint)

    assert chart is not None
    assert round(chart.centre, 2) == 33.52
    assert (round(chart.points[0].low, 2), round(chart.points[0].high, 2)) == (32.24, 34.80)
    assert not chart.provisional


def test_the_p_chart_has_the_limits_of_montgomery() -> None:
    # The same book: thirty samples of fifty cans of orange juice; samples 15 and 23 are out of control.
    chart = laney([(cans, 50) for cans in CANS], factor=1.0)

    assert chart is not None
    assert round(chart.centre, 4) == 0.2313
    assert (round(chart.points[0].low, 4), round(chart.points[0].high, 4)) == (0.0524, 0.4102)
    assert [place + 1 for place, point in enumerate(chart.points) if "outside" in point.signals] == [15, 23]


def test_laney_widens_the_limits_by_what_the_weeks_vary_beyond_chance() -> None:
    # D. B. Laney, Quality Engineering 14 (2002): the factor is the mean moving range of z over 1.128. Patients seen within
    # four hours, six weeks (Mohammed and others, Quality and Safety in Health Care 22, 2013): far beyond the binomial law.
    weeks = [
        (266501, 280443),
        (264225, 276823),
        (276532, 291681),
        (281461, 296155),
        (269071, 282343),
        (261215, 275888),
    ]

    plain, prime = laney(weeks, factor=1.0), laney(weeks)

    assert plain is not None
    assert prime is not None
    assert [point.signals for point in plain.points if point.signals] != []
    assert prime.signalling == []
    zs = [(met / n - plain.centre) / (plain.centre * (1 - plain.centre) / n) ** 0.5 for met, n in weeks]
    assert prime.sigma == pytest.approx(sum(abs(b - a) for a, b in pairwise(zs)) / 5 / 1.128)
    assert round(prime.sigma, 2) == 9.42
    first, first_plain = prime.points[0], plain.points[0]
    assert (first.high - prime.centre) / (first_plain.high - plain.centre) == pytest.approx(prime.sigma)


def test_limits_are_never_tighter_than_chance_allows() -> None:
    chart = laney([(5, 10)] * 12)

    assert chart is not None
    bounds = funnel(10, 0.5, 0.9973)
    assert chart.sigma == 1.0
    assert (chart.points[0].low, chart.points[0].high) == (bounds.low, bounds.high)


def test_near_all_one_missed_of_few_is_no_signal_and_a_row_of_perfect_weeks_none() -> None:
    weeks = [(24, 24)] * 4 + [(23, 24)] + [(30, 30)] * 9

    prime, single = laney(weeks), xmr([met / counted for met, counted in weeks], floor=0.0, ceiling=1.0)

    assert prime is not None
    assert prime.signalling == []
    assert single is not None
    assert [single.points[place].signals for place in single.signalling] == [("outside",)]


def test_many_missed_at_once_are_a_signal_however_good_the_others_were() -> None:
    chart = laney([(24, 24)] * 12 + [(20, 24)])

    assert chart is not None
    assert chart.points[12].signals == ("outside",)


def test_all_kept_for_long_after_much_was_missed_is_a_run() -> None:
    chart = laney([(90, 100), (92, 100)] * 6 + [(100, 100)] * 8)

    assert chart is not None
    assert "run" in chart.points[-1].signals


def told(distances: list[float]) -> list[list[str]]:
    return [list(found) for found in signals(distances, distances)]


def test_a_point_outside_is_a_signal() -> None:
    assert told([0.5, 3.1, -0.5])[1] == ["outside"]
    assert told([0.5, 3.0, -0.5])[1] == []


def test_the_eighth_on_one_side_is_a_signal_and_the_seventh_not() -> None:
    found = told([-0.5, *[0.2, 0.4] * 4])

    assert found[7] == []
    assert found[8] == ["run"]


def test_a_value_on_the_centre_ends_a_run() -> None:
    assert told([0.5, 0.2, 0.4, 0.0, 0.3, 0.2, 0.4, 0.1, 0.3])[8] == []


def test_six_rising_are_a_signal_five_are_not() -> None:
    found = told([-1.0, -0.6, -0.2, 0.2, 0.6, 1.0])

    assert found[4] == []
    assert found[5] == ["trend"]


def test_equal_values_are_no_trend() -> None:
    assert told([-1.0, -0.6, -0.2, -0.2, 0.6, 1.0])[5] == []


def test_two_of_three_near_the_same_limit_are_a_signal_on_opposite_sides_not() -> None:
    assert told([2.1, 0.0, 2.2])[2] == ["near"]
    assert told([2.1, 0.0, -2.2])[2] == []
    assert told([2.1, 0.0, 0.0, 2.2])[3] == []


def test_a_week_without_cases_is_passed_over() -> None:
    with_gap, without = xmr([3.0, None, 5.0, 4.0]), xmr([3.0, 5.0, 4.0])

    assert with_gap is not None
    assert without is not None
    assert (with_gap.centre, with_gap.sigma) == (without.centre, without.sigma)
    assert with_gap.points[1].value is None
    assert with_gap.points[1].signals == ()


def test_what_never_varies_says_nothing() -> None:
    chart = xmr([0.1] * 20)

    assert chart is not None
    assert chart.signalling == []
    assert xmr([None, 1.0, None]) is None
    assert laney([(0, 0), (1, 2)]) is None


@settings(deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=60))
def test_another_scale_tells_the_same_signals(values: list[float]) -> None:
    rounded = [round(value, 2) for value in values]
    one, other = xmr(rounded), xmr([round(value * 4 + 256, 2) for value in rounded])

    assert one is not None
    assert other is not None
    near = [abs(abs((v or 0) - one.centre) - k * one.sigma) < 1e-6 for v in rounded for k in (0, 2, 3)]
    if not any(near):
        assert one.signalling == other.signalling
