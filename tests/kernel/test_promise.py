"""Which limit of a promise applies to whom, and when a promise is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import Compensation, LimitRow, Promise, Warn, owed
from bihuan.kernel.words import Words


def promise(*rows: tuple[str | None, str | None, int]) -> Promise:
    """A promise with these limits in working days."""
    return Promise(
        code="energise",
        pack="test",
        edition="1",
        clause="",
        title=Words(zh="送电", en="Energise"),
        source="",
        certainty="design",
        kind="step_limit",
        public=True,
        loops=("connection",),
        starts="inspected",
        keeps="energised",
        valid_from=date(2005, 4, 8),
        valid_to=date(2011, 10, 12),
        limits=tuple(
            LimitRow(area, klass, Limit(days, LimitUnit.working_days)) for area, klass, days in rows
        ),
    )


@pytest.mark.parametrize(
    ("klass", "days"), [("resident", 3), ("non-resident", 5), ("lv", 5), ("hv-single", 5), ("hv-dual", 9)]
)
def test_a_class_without_a_limit_takes_its_parents(klass: str, days: int) -> None:
    asked = promise((None, "resident", 3), (None, "non-resident", 5), (None, "hv-dual", 9))

    found = asked.limit_for(area="urban", customer_class=klass)

    assert found == Limit(days, LimitUnit.working_days)


def test_a_dimension_that_it_does_not_tell_apart_is_ignored() -> None:
    assert promise((None, None, 5)).limit_for(area="nowhere", customer_class="nobody") is not None


def test_without_the_dimension_that_it_needs_there_is_no_limit() -> None:
    assert promise(("urban", None, 1), ("rural", None, 2)).limit_for(customer_class="lv") is None


def test_a_parent_does_not_take_its_childrens_limits() -> None:
    assert promise((None, "lv", 7)).limit_for(customer_class="non-resident") is None


def test_the_nearer_class_wins_over_the_nearer_area() -> None:
    asked = promise(("urban", None, 1), (None, "lv", 2), (None, None, 3))

    assert asked.limit_for(area="urban", customer_class="lv") == Limit(2, LimitUnit.working_days)
    assert asked.limit_for(area="urban", customer_class="resident") == Limit(1, LimitUnit.working_days)
    assert asked.limit_for(area="rural", customer_class="resident") == Limit(3, LimitUnit.working_days)


@pytest.mark.parametrize(
    ("day", "valid"),
    [("2005-04-07", False), ("2005-04-08", True), ("2011-10-12", True), ("2011-10-13", False)],
)
def test_it_is_in_force_from_its_first_to_its_last_day(day: str, valid: bool) -> None:
    assert promise((None, None, 5)).valid_on(date.fromisoformat(day)) is valid


def test_it_lists_the_areas_and_classes_that_it_tells_apart() -> None:
    asked = promise(("urban", "lv", 1), ("rural", "lv", 2))

    assert asked.areas == ("urban", "rural")
    assert asked.customer_classes == ("lv",)


def test_an_area_without_a_limit_takes_its_parents() -> None:
    asked = promise(("urban", None, 3), ("rural", None, 5))

    found = [asked.limit_for(area=area) for area in ("metro", "hilly", "remote")]

    assert found == [Limit(3, LimitUnit.working_days), Limit(5, LimitUnit.working_days), None]


def test_the_internal_limit_stands_beside_the_public_one_of_the_same_row() -> None:
    days = [Limit(days, LimitUnit.working_days) for days in range(1, 8)]
    rows = (LimitRow(None, "resident", days[4], days[3]), LimitRow(None, "lv", days[6]))

    asked = replace(promise(), limits=rows)

    assert [asked.internal_for(customer_class=klass) for klass in ("resident", "lv", "hv-dual")] == [
        days[3],
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("klass", "amount"), [("resident", 1), ("lv", 2), ("non-resident", 2), (None, 3), ("nobody", 3)]
)
def test_what_is_owed_goes_by_the_nearest_class(klass: str | None, amount: int) -> None:
    rows = [
        Compensation(name, "GBP", sum_) for name, sum_ in (("resident", 1), ("non-resident", 2), (None, 3))
    ]

    found = replace(promise(), compensation=tuple(rows)).compensation_for(customer_class=klass)

    assert found is not None
    assert found.amount == amount


def test_a_promise_without_sums_owes_nothing() -> None:
    assert promise().compensation_for(customer_class="resident") is None


RESTORATION = Compensation(None, "GBP", 7500, 3500, Limit(12, LimitUnit.hours), 30000)


@pytest.mark.parametrize(
    ("late", "sum_"),
    [
        (timedelta(0), 0),
        (timedelta(hours=-3), 0),
        (timedelta(seconds=1), 7500),
        (timedelta(hours=12) - timedelta(seconds=1), 7500),
        (timedelta(hours=12), 11000),
        (timedelta(hours=25), 14500),
        (timedelta(days=3), 7500 + 6 * 3500),
        (timedelta(days=4), 30000),
        (timedelta(days=400), 30000),
    ],
)
def test_a_sum_grows_by_whole_further_periods_up_to_its_cap(late: timedelta, sum_: int) -> None:
    assert owed(RESTORATION, late) == sum_


def test_a_sum_without_further_periods_stays() -> None:
    assert owed(Compensation(None, "GBP", 3000), timedelta(days=9)) == 3000


@pytest.mark.parametrize(
    ("amount", "further", "every", "cap"),
    [
        (-1, 0, None, None),
        (5, -1, Limit(1, LimitUnit.days), None),
        (5, 0, None, 4),
        (5, 1, None, None),
        (5, 0, Limit(1, LimitUnit.days), None),
        (5, 1, Limit(1, LimitUnit.days_rolled), None),
    ],
)
def test_a_sum_that_cannot_be_is_refused(
    amount: int, further: int, every: Limit | None, cap: int | None
) -> None:
    with pytest.raises(ValueError, match="sum"):
        Compensation(None, "GBP", amount, further, every, cap)


@pytest.mark.parametrize(
    ("before", "share"), [(None, None), (Limit(1, LimitUnit.days), 50), (None, 0), (None, 101)]
)
def test_a_warning_that_cannot_be_is_refused(before: Limit | None, share: int | None) -> None:
    with pytest.raises(ValueError, match="share"):
        Warn(before, share, "person")
