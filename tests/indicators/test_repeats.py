"""Solved the first time: whether a matter came back is asked of each confirmation, whenever it was written down."""

from __future__ import annotations

import pytest

from bihuan.flow.queries.verify import Checked, verify
from bihuan.indicators.queries import figures
from bihuan.indicators.rules import week
from tests.cast import CHONGQING, Cast, gather, moment

pytestmark = pytest.mark.django_db
WEEK = week("2007-W23", CHONGQING)
AT = moment("2007-07-20 00:00")


@pytest.fixture
def cast() -> Cast:
    return gather()


def first_time(known: str | None = None) -> tuple[int, int | None]:
    (rows,) = figures(
        periods=[WEEK], at=AT, known=moment(known) if known else None, codes=["complaint.first_time"]
    )
    assert list(verify(Checked())) == []
    return rows[0].numerator, rows[0].denominator


def test_a_call_while_the_complaint_was_open_hides_none_that_came_after_it_was_solved(cast: Cast) -> None:
    complaint = cast.opens("complaint", at=moment("2007-06-05 09:00"))
    cast.answers(complaint)
    cast.opens("complaint", at=moment("2007-06-05 18:00"), facts={"repeat_of": complaint.number})
    cast.now = moment("2007-06-06 09:00")
    cast.confirms(complaint)
    assert first_time() == (1, 1)

    cast.opens("complaint", at=moment("2007-06-08 09:00"), facts={"repeat_of": complaint.number})

    assert first_time() == (0, 1)
    assert first_time(known="2007-06-07 00:00") == (1, 1)


def test_a_confirmation_written_down_after_the_matter_came_back(cast: Cast) -> None:
    complaint = cast.opens("complaint", at=moment("2007-06-05 09:00"))
    cast.answers(complaint)
    cast.opens("complaint", at=moment("2007-06-07 09:00"), facts={"repeat_of": complaint.number})
    cast.now = moment("2007-06-08 09:00")
    facts = {"solved": True, "satisfaction": "satisfied"}
    cast.takes(
        complaint, "confirm", cast.caller, at=moment("2007-06-06 09:00"), recorded_at=cast.now, facts=facts
    )

    assert first_time() == (0, 1)


def test_a_confirmation_corrected_to_after_the_matter_came_back(cast: Cast) -> None:
    complaint = cast.opens("complaint", at=moment("2007-06-05 09:00"))
    cast.answers(complaint)
    cast.now = moment("2007-06-06 08:00")
    cast.confirms(complaint)
    cast.opens("complaint", at=moment("2007-06-07 09:00"), facts={"repeat_of": complaint.number})
    assert first_time() == (0, 1)

    last = complaint.entries.latest("seq")
    cast.now = moment("2007-06-09 09:00")
    facts = {"seq": last.seq, "reason": "evidence", "new_at": "2007-06-08T01:00:00.000000Z"}
    cast.takes(complaint, "correct", cast.inspector, facts=facts)

    assert first_time() == (1, 1)
