"""What holds for every limit, every start and every calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.limit import Limit, LimitUnit, due, explain
from bihuan.packs.queries import calendar
from tests.kernel.strategies import SHANGHAI, WEEKDAYS, WEEKEND, calendars, made, starts, starts_2007

SECOND = timedelta(seconds=1)
limits = st.builds(Limit, st.integers(1, 60), st.sampled_from(list(LimitUnit)[:5]))


@given(
    start=starts,
    amount=st.integers(1, 60),
    unit=st.sampled_from([LimitUnit.days_rolled, LimitUnit.working_days]),
)
def test_it_never_ends_on_a_day_off(start: datetime, amount: int, unit: LimitUnit) -> None:
    end = due(start=start, limit=Limit(amount, unit), calendar=calendar())

    assert calendar().is_working_day((end.at - SECOND).astimezone(SHANGHAI).date())


@given(
    start=starts_2007, later=st.timedeltas(timedelta(0), timedelta(days=40)), limit=limits, days=calendars()
)
def test_a_later_start_is_never_due_earlier(
    start: datetime, later: timedelta, limit: Limit, days: Calendar
) -> None:
    first = due(start=start, limit=limit, calendar=days)
    second = due(start=start + later, limit=limit, calendar=days)

    assert first.at <= second.at


@given(start=starts, amount=st.integers(1, 3000))
def test_minutes_never_stop_for_nights_or_holidays(start: datetime, amount: int) -> None:
    end = due(start=start, limit=Limit(amount, LimitUnit.minutes), calendar=calendar())

    assert end.at - start.astimezone(UTC) == timedelta(minutes=amount)


@given(start=starts, amount=st.integers(1, 500))
def test_hours_never_stop_either(start: datetime, amount: int) -> None:
    end = due(start=start, limit=Limit(amount, LimitUnit.hours), calendar=calendar())

    assert end.at - start.astimezone(UTC) == timedelta(hours=amount)


@given(start=starts_2007, limit=limits, days=calendars(), holiday=st.sampled_from(WEEKDAYS))
def test_a_holiday_never_makes_anything_due_earlier(
    start: datetime, limit: Limit, days: Calendar, holiday: int
) -> None:
    with_it = made({*days.days_off, holiday}, set(days.make_up))

    assert (
        due(start=start, limit=limit, calendar=with_it).at >= due(start=start, limit=limit, calendar=days).at
    )


@given(start=starts_2007, limit=limits, days=calendars(), saturday=st.sampled_from(WEEKEND))
def test_a_make_up_day_never_makes_anything_due_later(
    start: datetime, limit: Limit, days: Calendar, saturday: int
) -> None:
    with_it = made(set(days.days_off), {*days.make_up, saturday})

    assert (
        due(start=start, limit=limit, calendar=with_it).at <= due(start=start, limit=limit, calendar=days).at
    )


@given(saturday=st.sampled_from(WEEKEND))
def test_a_make_up_saturday_counts(saturday: int) -> None:
    days = made(set(), {saturday})
    before = datetime.fromordinal(saturday - 1).replace(hour=17, tzinfo=SHANGHAI)

    end = due(start=before, limit=Limit(1, LimitUnit.working_days), calendar=days)

    assert days.day_of(end.at - SECOND) == saturday


@given(start=starts_2007, amount=st.integers(1, 400), days=calendars())
def test_counting_one_day_after_the_other_gives_the_same(
    start: datetime, amount: int, days: Calendar
) -> None:
    day, left = start.date(), amount
    while left:
        day += timedelta(1)
        left -= days.is_working_day(day)

    end = due(start=start, limit=Limit(amount, LimitUnit.working_days), calendar=days)

    assert (end.at - SECOND).astimezone(SHANGHAI).date() == day


@given(start=starts, limit=limits)
def test_the_explanation_names_the_due_moment(start: datetime, limit: Limit) -> None:
    end = due(start=start, limit=limit, calendar=calendar())

    lines = explain(start=start, limit=limit, calendar=calendar())

    last = end.shown(SHANGHAI)[: 10 if end.by_day else 16].replace("T", " ")
    assert any(line.en.startswith("Due: ") and last in line.en for line in lines)
    assert any(line.zh.startswith("到期：") and last in line.zh for line in lines)
    assert any("Provisional" in line.en for line in lines) is end.provisional


@given(start=starts_2007, amount=st.integers(1, 60), days=calendars())
def test_what_the_explanation_leaves_out_adds_up(start: datetime, amount: int, days: Calendar) -> None:
    end = due(start=start, limit=Limit(amount, LimitUnit.working_days), calendar=days)
    span = (end.at - SECOND).astimezone(SHANGHAI).date() - start.date()

    lines = explain(start=start, limit=Limit(amount, LimitUnit.working_days), calendar=days)

    left_out = 0
    for line in lines:
        if line.en.startswith("Not counted: "):
            named = [word for word in line.en.replace(",", " ").split() if word[:2] == "20"]
            first, last = (datetime.fromisoformat(day) for day in (named[0], named[-1]))
            left_out += (last - first).days + 1
    assert span.days - left_out == amount
