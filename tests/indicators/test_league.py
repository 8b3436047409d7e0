"""The league is fair: nobody is named for noise, small units are marked, ranks say how sure they are."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.indicators.rules.league import holm, league, small

EQUALS = {"A": (95, 100), "B": (190, 200), "C": (47, 50), "D": (480, 500)}


def test_equal_bureaus_are_not_told_apart() -> None:
    found = league(EQUALS)

    assert {one.place for one in found.standings} == {"within"}
    assert {one.ranks for one in found.standings} == {(1, 4)}
    assert [one.unit for one in found.ordered] == ["D", "A", "B", "C"]


def test_a_bureau_far_below_the_others_is_a_weak_link_and_surely_the_last() -> None:
    found = league(EQUALS | {"E": (150, 200)})

    weak = found.placed("weak")
    assert [one.unit for one in weak] == ["E"]
    assert weak[0].ranks == (5, 5)
    assert weak[0].chance is not None
    assert weak[0].chance < 0.001


def test_where_less_is_better_the_same_bureau_is_a_model() -> None:
    found = league(EQUALS | {"E": (150, 200)}, "lower")

    assert [one.unit for one in found.placed("model")] == ["E"]
    assert found.placed("model")[0].rank == 1


def test_where_neither_way_is_better_nobody_is_named_or_ranked() -> None:
    found = league(EQUALS | {"E": (150, 200)}, "none")

    assert [one.unit for one in found.placed("apart")] == ["E", "D"]
    assert {one.rank for one in found.standings} == {None}


def test_a_small_bureau_that_missed_half_is_marked_and_not_shamed() -> None:
    found = league(EQUALS | {"E": (2, 4)})

    (little,) = found.placed("small")
    assert (little.unit, little.rank, little.chance) == ("E", None, None)
    assert little.interval is not None
    assert little.interval.high > 0.8


def test_where_one_case_would_brand_a_bureau_it_is_small_however_many_it_has() -> None:
    # Of promises of which one in twenty thousand is broken, four hundred prove nothing.
    assert small(399, 400, 0.99995, "higher")
    assert not small(1000, 1000, 0.99995, "higher")
    assert not small(8, 10, 0.95, "higher")
    assert small(9, 9, 0.95, "higher")


def test_a_bureau_without_cases_is_empty() -> None:
    found = league({"A": (19, 20), "B": (0, 0)})

    assert [one.place for one in found.standings] == ["within", "empty"]


def test_where_all_was_kept_nobody_stands_out() -> None:
    found = league({"A": (100, 100), "B": (30, 30)})

    assert {one.place for one in found.standings} == {"within"}
    assert found.mean == 1


def test_nothing_at_all_is_no_league_but_no_fault() -> None:
    found = league({"A": (0, 0)})

    assert (found.mean, found.standings[0].place) == (None, "empty")


def test_units_that_vary_more_than_chance_are_told_apart_as_a_whole() -> None:
    assert league(EQUALS).spread is None
    # Two of a thousand, 90 % and 94 %: chi-square 10.9 at one degree.
    found = league({"A": (900, 1000), "B": (940, 1000)}).spread
    assert found is not None
    assert round(found, 1) == 10.9


def test_the_spread_is_not_told_where_hardly_a_bad_case_is_to_be_expected() -> None:
    assert league({"A": (49, 50), "B": (200, 200), "C": (200, 200)}).spread is None


def test_holm_is_that_of_his_paper() -> None:
    # S. Holm, Scandinavian Journal of Statistics 6 (1979): at 5 %, 0.005 and 0.01 go, 0.03 and 0.04 stay.
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == {"a", "d"}


def test_sixteen_equal_bureaus_name_somebody_in_at_most_one_of_twenty_weeks() -> None:
    chance = random.Random(20071123)
    named = 0
    for _ in range(400):
        units = {str(n): (sum(chance.random() < 0.95 for _ in range(40)), 40) for n in range(16)}
        named += bool(league(units).placed("weak", "model"))

    assert named <= 20


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("ABCDEFGH"),
        st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=1,
    )
)
def test_a_rank_lies_in_its_own_range(units: dict[str, tuple[int, int]]) -> None:
    found = league(units)

    ranked = [one for one in found.standings if one.rank is not None]
    for one in ranked:
        assert one.ranks is not None
        assert one.rank is not None
        assert 1 <= one.ranks[0] <= one.rank <= one.ranks[1] <= len(ranked)
        assert one.outer.low <= one.inner.low <= one.inner.high <= one.outer.high
