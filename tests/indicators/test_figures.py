"""Figures of a week, and the cases behind them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.indicators.queries import UnitHasNoFigures, figures, rows_behind
from bihuan.indicators.rules import week
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db

WEEK = week("2007-W23", ZoneInfo("Asia/Shanghai"))
MONDAY_AFTER = moment("2007-06-11 08:00")


@pytest.fixture
def cast() -> Cast:
    return gather()


def told(
    code: str, unit: str | None = None, at: datetime = MONDAY_AFTER, known: datetime | None = None
) -> tuple[int, int | None, str | None]:
    (found,) = figures(periods=[WEEK], at=at, known=known, codes=[code])
    row = next(figure for figure in found if figure.unit == unit)
    return row.numerator, row.denominator, row.value


def test_a_repair_arrived_at_in_time_counts_for_the_whole_and_its_bureau(cast: Cast) -> None:
    cast.confirms(cast.restores(cast.opens()))

    assert told("repair.count") == (1, None, "1")
    assert told("repair.arrived_in_time") == (1, 1, "100.00")
    assert told("repair.arrived_in_time", "YJP") == (1, 1, "100.00")
    assert told("repair.arrived_in_time", "NA") == (0, 0, None)
    assert told("repair.arrival_minutes", "YJP") == (25, 1, "25.0")
    assert told("repair.satisfied") == (1, 1, "100.00")


def test_a_late_arrival_is_missed_and_found_again(cast: Cast) -> None:
    kept, late = cast.opens(), cast.opens()
    cast.restores(kept)
    cast.later(hours=2)
    cast.restores(late)

    assert told("repair.arrived_in_time") == (1, 2, "50.00")
    behind = rows_behind(code="repair.arrived_in_time", period=WEEK, at=MONDAY_AFTER, part="missed")
    assert [row.key for row in behind] == [late.pk]
    behind = rows_behind(code="repair.arrived_in_time", period=WEEK, at=MONDAY_AFTER, part="numerator")
    assert [row.key for row in behind] == [kept.pk]


def test_a_running_clock_is_in_neither_count_until_it_is_past_due(cast: Cast) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))

    assert told("repair.arrived_in_time", at=moment("2007-06-05 09:45")) == (0, 0, None)
    assert told("repair.arrived_in_time", at=moment("2007-06-05 09:46")) == (0, 1, "0.00")


def test_what_happened_after_the_moment_asked_about_is_not_known_yet(cast: Cast) -> None:
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))

    assert told("repair.satisfied", at=moment("2007-06-05 10:00")) == (0, 0, None)
    assert told("callback.made", at=moment("2007-06-05 10:00")) == (0, 1, "0.00")
    assert told("callback.made") == (1, 1, "100.00")


def test_withdrawn_before_arrival_is_in_neither_count(cast: Cast) -> None:
    case = cast.opens()
    cast.takes(case, "withdraw", cast.agent, at=cast.later(minutes=5), facts={"reason": "came_back"})

    assert told("repair.count") == (1, None, "1")
    assert told("repair.arrived_in_time") == (0, 0, None)


def test_a_complaint_sent_back_is_not_solved_the_first_time(cast: Cast) -> None:
    cast.confirms(cast.answers(cast.opens("complaint")))
    again = cast.answers(cast.opens("complaint"))
    cast.takes(again, "send_back", cast.caller, at=cast.later(hours=1), facts={"reason": "not_solved"})
    cast.confirms(cast.answers(again))

    assert told("complaint.count") == (2, None, "2")
    assert told("complaint.first_time") == (1, 2, "50.00")
    assert told("callback.owed") == (3, None, "3")
    assert told("callback.sent_back") == (1, None, "1")


def test_a_limit_in_days_belongs_to_its_last_day(cast: Cast) -> None:
    # Five calendar days after Tuesday end with Sunday, at the midnight that begins the next week.
    cast.answers(cast.opens("complaint", at=moment("2007-06-05 09:00")))

    assert told("promise.kept.matter-answer") == (1, 1, "100.00")


def test_as_known_before_a_correction_the_figure_is_as_it_was(cast: Cast) -> None:
    case = cast.opens(at=moment("2007-06-05 09:00"))
    cast.confirms(cast.restores(case))
    cast.now = moment("2007-06-12 10:00")
    cast.takes(
        case,
        "correct",
        cast.inspector,
        facts={"seq": 4, "reason": "evidence", "new_at": "2007-06-05T02:00:00.000000Z"},
    )

    assert told("repair.arrived_in_time") == (0, 1, "0.00")
    assert told("repair.arrived_in_time", known=moment("2007-06-11 12:00")) == (1, 1, "100.00")
    assert told("repair.arrived_in_time", known=moment("2007-06-12 10:00")) == (0, 1, "0.00")
    assert told("repair.satisfied", known=moment("2007-06-05 09:30")) == (0, 0, None)


def test_as_known_before_it_was_recorded_a_case_is_not_there(cast: Cast) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))

    assert told("repair.count", known=moment("2007-06-05 08:59")) == (0, None, "0")


def test_thirteen_weeks_are_counted_in_one_pass(cast: Cast, django_assert_num_queries: object) -> None:
    cast.restores(cast.opens(at=moment("2007-05-29 09:00")))
    cast.restores(cast.opens(at=moment("2007-06-05 09:00")))
    weeks = [WEEK.weeks_before(count) for count in range(12, -1, -1)]

    # Units, targets, and the one pass between the settings and the marks of two transactions.
    with django_assert_num_queries(10):  # type: ignore[operator]
        found = figures(periods=weeks, at=MONDAY_AFTER, codes=["repair.count"])

    assert [rows[0].numerator for rows in found] == [0] * 11 + [1, 1]


def test_a_unit_below_a_bureau_has_no_figures(cast: Cast) -> None:
    with pytest.raises(UnitHasNoFigures):
        figures(periods=[WEEK], at=MONDAY_AFTER, unit="YJP-Q1")


def test_a_bureau_alone_shows_its_own_row(cast: Cast) -> None:
    cast.restores(cast.opens())

    (found,) = figures(periods=[WEEK], at=MONDAY_AFTER, unit="YJP", codes=["repair.count"])

    assert [(row.unit, row.numerator) for row in found] == [("YJP", 1)]


def test_an_index_is_reckoned_from_the_counts_of_its_parts(cast: Cast) -> None:
    """Two matters, one of them urged twice; nobody is called back, so that nothing is deducted."""
    case = cast.opens("complaint")
    for minutes in (5, 9):
        cast.takes(case, "urge", cast.agent, at=cast.later(minutes=minutes))
    cast.opens("situation")

    (found,) = figures(periods=[WEEK], at=MONDAY_AFTER, codes=["index.service", "business.count"])
    told = {(row.indicator.code, row.unit): row for row in found}

    assert told["index.service", None].value == "50.00"
    assert told["business.count", None].numerator == 2
    assert {code for code, _ in told} == {"index.service", "business.count"}


def test_an_index_of_nothing_is_unknown(cast: Cast) -> None:
    (found,) = figures(periods=[WEEK], at=MONDAY_AFTER, codes=["index.service", "promise.kept.mean"])

    assert {row.value for row in found} == {None}
