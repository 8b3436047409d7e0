"""As known earlier: after everything that was recorded since, the figures are what they were at that time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.indicators.queries import figures, rows_behind
from bihuan.indicators.rules import week
from tests.cast import Cast, gather, moment

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
WEEKS = [week("2007-W23", ZONE), week("2007-W24", ZONE)]
AT = moment("2007-07-20 00:00")

Told = list[tuple[str, str | None, int, int | None]]


def told(known: datetime | None = None) -> Told:
    return [
        (row.indicator.code, row.unit, row.numerator, row.denominator)
        for rows in figures(periods=WEEKS, at=AT, known=known)
        for row in rows
    ]


def eventful(cast: Cast, then: Callable[[], None]) -> None:
    """A repair sent back and corrected, a complaint that comes again, one withdrawn; `then` is called after each."""
    repair = cast.opens(at=moment("2007-06-05 09:00"))
    then()
    cast.restores(repair)
    then()
    complaint = cast.opens("complaint", at=moment("2007-06-05 14:00"))
    then()
    cast.answers(complaint)
    then()
    cast.confirms(complaint)
    then()
    cast.now = moment("2007-06-06 09:00")
    cast.takes(repair, "send_back", cast.caller, facts={"reason": "not_solved"})
    then()
    cast.later(hours=1)
    cast.restores(repair)
    then()
    cast.confirms(repair)
    then()
    cast.later(hours=1)
    facts = {"seq": 4, "reason": "evidence", "new_at": "2007-06-05T02:00:00.000000Z"}
    cast.takes(repair, "correct", cast.inspector, facts=facts)
    then()
    cast.opens("complaint", at=moment("2007-06-12 09:00"), facts={"repeat_of": complaint.number})
    then()
    lapsed = cast.opens(at=moment("2007-06-12 10:00"))
    cast.takes(lapsed, "withdraw", cast.agent, at=cast.later(minutes=5), facts={"reason": "came_back"})
    then()


def test_figures_as_known_then_are_those_that_were_counted_then() -> None:
    cast = gather()
    seen: list[tuple[datetime, Told]] = []

    eventful(cast, lambda: seen.append((cast.now, told())))

    for known, counted in seen:
        assert told(known) == counted
    assert len({str(counted) for _, counted in seen}) > 8


def test_a_repeat_makes_a_solved_complaint_unsolved_only_once_it_is_recorded() -> None:
    cast = gather()
    eventful(cast, lambda: None)

    first_time = {
        known: next(pair[2:] for pair in told(moment(known)) if pair[:2] == ("complaint.first_time", None))
        for known in ("2007-06-11 12:00", "2007-06-12 09:00")
    }

    assert first_time == {"2007-06-11 12:00": (1, 1), "2007-06-12 09:00": (0, 1)}


def test_the_cases_behind_are_found_as_they_were_known() -> None:
    cast = gather()
    eventful(cast, lambda: None)

    def found(known: str) -> int:
        return len(
            rows_behind(
                code="repair.arrived_in_time", period=WEEKS[0], at=AT, known=moment(known), part="missed"
            )
        )

    assert (found("2007-06-06 08:00"), found("2007-06-30 08:00")) == (0, 1)


def test_asking_twice_in_one_transaction_leaves_nothing_behind() -> None:
    cast = gather()
    eventful(cast, lambda: None)

    assert told(moment("2007-06-06 08:00")) == told(moment("2007-06-06 08:00"))
