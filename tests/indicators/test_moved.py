"""Why a figure moved: the parts add up, exactly, and the biggest stands first."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.indicators.rules.moved import (
    change_of_count,
    change_of_mean,
    change_of_rate,
    parts_of_count,
    parts_of_rate,
    shown,
)

NONE = Fraction(0)
PAIRS = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)


@settings(deadline=None)
@given(PAIRS, PAIRS)
def test_the_parts_add_up_to_the_change_of_the_whole(
    before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]
) -> None:
    was, is_ = (
        (sum(p[0] for p in side.values()), sum(p[1] for p in side.values())) for side in (before, now)
    )

    parts = parts_of_rate(before, now)

    if not was[1] or not is_[1]:
        assert parts is None
        return
    assert parts is not None
    assert sum(part.total for part in parts) == Fraction(*is_) - Fraction(*was)
    assert [abs(part.total) for part in parts] == sorted((abs(part.total) for part in parts), reverse=True)


def test_a_bureau_that_got_worse_has_a_rate_effect() -> None:
    parts = parts_of_rate({"A": (95, 100), "B": (95, 100)}, {"A": (95, 100), "B": (75, 100)})

    assert parts is not None
    assert [(part.key, part.mix, part.rate) for part in parts] == [
        ("B", NONE, Fraction(-1, 10)),
        ("A", NONE, NONE),
    ]


def test_more_cases_of_the_harder_kind_are_a_mix_effect() -> None:
    # Each kind is as good as before; there are only more of the harder one.
    parts = parts_of_rate({"easy": (90, 100), "hard": (50, 100)}, {"easy": (45, 50), "hard": (75, 150)})

    assert parts is not None
    assert [(part.key, part.mix, part.rate) for part in parts] == [
        ("hard", Fraction(-1, 4) * Fraction(3, 20), NONE),
        ("easy", Fraction(-1, 4) * Fraction(1, 4), NONE),
    ][::-1]
    assert sum(part.total for part in parts) == Fraction(120, 200) - Fraction(140, 200)


def test_a_kind_that_is_new_is_all_mix() -> None:
    parts = parts_of_rate({"old": (9, 10)}, {"old": (9, 10), "new": (0, 10)})

    assert parts is not None
    assert [part.rate for part in parts] == [0, 0]
    assert sum(part.mix for part in parts) == Fraction(-9, 20)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 99)),
    st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 99)),
)
def test_counts_add_up_too(before: dict[str, int], now: dict[str, int]) -> None:
    parts = parts_of_count(before, now)

    assert sum(part.total for part in parts) == sum(now.values()) - sum(before.values())


@settings(deadline=None)
@given(st.lists(st.fractions(-50, 50, max_denominator=5000), max_size=20), st.integers(0, 3))
def test_what_is_shown_adds_up_to_the_rounded_sum(values: list[Fraction], decimals: int) -> None:
    found = shown(values, decimals)

    assert sum(found) == Decimal(round(sum(values, Fraction(0)) * 10**decimals)).scaleb(-decimals)
    for exact, told in zip(values, found, strict=True):
        assert abs(Fraction(told) - exact) < Fraction(1, 10**decimals) or len(values) == 0


def test_half_a_point_of_a_few_hundred_is_chance_and_of_a_hundred_thousand_not() -> None:
    few = change_of_rate((285, 300), (284, 300))
    many = change_of_rate((99_850, 100_000), (99_350, 100_000))

    assert (few.chance, few.apart) == (True, Fraction(-1, 3))
    assert (many.chance, many.apart) == (False, Fraction(-1, 2))
    assert change_of_rate((0, 0), (1, 2)).apart is None


def test_ten_more_cases_may_be_chance_a_hundred_are_not() -> None:
    assert change_of_count(100, 110).chance is True
    assert change_of_count(100, 200).chance is False
    assert change_of_count(0, 0).chance is None
    assert change_of_count(100, 400, Fraction(4, 5)).chance is True


def test_of_means_nothing_is_said_of_chance() -> None:
    found = change_of_mean((100, 10), (150, 10))

    assert (found.apart, found.chance) == (Fraction(5), None)
