"""Which limit of a promise applies to whom, and when a promise is in force."""

from __future__ import annotations

from datetime import date

import pytest

from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import LimitRow, Promise
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
