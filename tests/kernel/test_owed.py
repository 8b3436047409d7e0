"""What a breach costs per working day, per hour and up to its cap, against an oracle that walks; and each pack's sums."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.limit import Limit, LimitUnit, due
from bihuan.kernel.promise import Compensation, owed, working_days_late
from bihuan.packs import queries as packs
from bihuan.packs.queries import calendar

STARTS = st.integers(0, 660 * 24 * 60).map(
    lambda minutes: datetime(2007, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
LATE = st.timedeltas(timedelta(seconds=1), timedelta(days=45))
BY_DAY = (LimitUnit.working_days, LimitUnit.days)


def walked(compensation: Compensation, due_at: datetime, by_day: bool, ended_at: datetime) -> int:
    """The slow way: one period after another, day by day."""
    zone, total, moment = calendar().zone, compensation.amount, due_at
    every = compensation.every
    if every is not None and every.unit is LimitUnit.working_days:
        day = (due_at - timedelta(microseconds=1) if by_day else due_at).astimezone(zone).date()
        begun = 0
        while day < ended_at.astimezone(zone).date():
            day += timedelta(days=1)
            if calendar().is_working_day(day):
                begun += 1
                if begun % every.amount == 0:
                    total += compensation.further
    elif every is not None:
        length = timedelta(**{str(every.unit): every.amount})
        while (moment := moment + length) <= ended_at:
            total += compensation.further
    return min(total, compensation.cap) if compensation.cap is not None else total


@st.composite
def compensations(draw: st.DrawFn) -> Compensation:
    unit = draw(st.sampled_from([*BY_DAY, LimitUnit.hours, LimitUnit.minutes, None]))
    amount = draw(st.integers(0, 20_000))
    cap = draw(st.none() | st.integers(amount, amount + 200_000))
    if unit is None:
        return Compensation(None, "GBP", amount, cap=cap)
    least = 240 if unit is LimitUnit.minutes else 1
    every = Limit(draw(st.integers(least, least + 24)), unit)
    return Compensation(None, "GBP", amount, draw(st.integers(1, 10_000)), every, cap)


@given(compensations(), STARTS, st.sampled_from([*BY_DAY, LimitUnit.hours]), st.integers(1, 12), LATE)
def test_a_sum_is_what_somebody_who_walks_the_calendar_would_pay(
    compensation: Compensation, start: datetime, unit: LimitUnit, amount: int, late: timedelta
) -> None:
    end = due(start=start, limit=Limit(amount, unit), calendar=calendar())
    ended_at = end.at + late

    days = working_days_late(due_at=end.at, by_day=end.by_day, ended_at=ended_at, calendar=calendar())

    expected = walked(compensation, end.at, end.by_day, ended_at)
    assert owed(compensation, late, working_days=days) == expected


@pytest.mark.parametrize(
    ("ended_at", "pounds"),
    [
        ("2015-06-08T23:59", 0),  # Monday, the fifth working day: in time
        ("2015-06-09T00:00", 15),
        ("2015-06-09T18:00", 15),
        ("2015-06-12T10:00", 60),  # Friday
        ("2015-06-14T10:00", 60),  # Sunday
        ("2015-06-15T10:00", 75),
    ],
)
def test_a_quotation_costs_fifteen_pounds_for_each_working_day_late(ended_at: str, pounds: int) -> None:
    pack, kept = packs.load("gb-2015"), packs.calendar("gb")
    promise = pack.named("scheme-reply")[0]
    start = datetime(2015, 6, 1, 10, tzinfo=kept.zone)
    limit, compensation = promise.limit_for(customer_class="resident"), promise.compensation_for()
    assert limit is not None
    assert compensation is not None
    end = due(start=start, limit=limit, calendar=kept)
    came = datetime.fromisoformat(ended_at).replace(tzinfo=kept.zone)

    days = working_days_late(due_at=end.at, by_day=end.by_day, ended_at=came, calendar=kept)

    assert owed(compensation, came - end.at + timedelta(seconds=not (came - end.at)), working_days=days) == (
        pounds * 100
    )
