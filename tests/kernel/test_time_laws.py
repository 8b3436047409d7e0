"""What holds for every limit: business hours, cut-off, opening hours, suspensions, counting back."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.hours import BusinessHours
from bihuan.kernel.limit import Limit, LimitUnit, Pause, due, explain, explain_latest, latest
from tests.kernel.strategies import (
    LONDON,
    SHANGHAI,
    WEEKDAYS,
    calendars,
    hours,
    limits,
    made,
    notices,
    pauses_after,
    starts_2007,
    weekly_limits,
)

SECOND = timedelta(seconds=1)
both = calendars(zones=(SHANGHAI, LONDON))


@given(start=starts_2007, limit=limits, days=both, data=st.data())
def test_a_suspension_never_makes_anything_due_earlier(
    start: datetime, limit: Limit, days: Calendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))

    plain = due(start=start, limit=limit, calendar=days)
    fewer = due(start=start, limit=limit, calendar=days, pauses=pauses[1:])
    all_of_them = due(start=start, limit=limit, calendar=days, pauses=pauses)

    assert plain.at <= fewer.at <= all_of_them.at


@given(start=starts_2007, limit=limits, days=both, data=st.data())
def test_suspensions_that_overlap_count_once_in_any_order(
    start: datetime, limit: Limit, days: Calendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    cut = [
        part
        for pause in pauses
        if pause.end is not None
        for half in (pause.start + (pause.end - pause.start) / 2,)
        for part in (Pause(half, pause.end), pause, Pause(pause.start, half))
    ]

    once = due(start=start, limit=limit, calendar=days, pauses=pauses)
    thrice = due(start=start, limit=limit, calendar=days, pauses=list(reversed(cut)))

    assert once == thrice


@given(start=starts_2007, limit=limits, days=both, data=st.data())
def test_a_suspension_before_the_start_after_the_end_or_still_open_changes_nothing(
    start: datetime, limit: Limit, days: Calendar, data: st.DataObject
) -> None:
    end = due(start=start, limit=limit, calendar=days)
    long = timedelta(days=30)
    idle = [Pause(start - long, start), Pause(end.at, end.at + long), Pause(start, None)]

    assert due(start=start, limit=limit, calendar=days, pauses=idle) == end


@given(start=starts_2007, amount=st.integers(1, 3000), days=both, data=st.data())
def test_minutes_run_on_by_what_the_suspensions_took(
    start: datetime, amount: int, days: Calendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    limit = Limit(amount, LimitUnit.minutes)

    end = due(start=start, limit=limit, calendar=days, pauses=pauses)

    moments = sorted(
        {start, end.at, *(at for pause in pauses for at in pause[:2] if isinstance(at, datetime))}
    )
    ran = sum(
        (
            b - a
            for a, b in pairwise(moments)
            if start <= a < end.at and not any(p.start <= a < p.end for p in pauses if p.end is not None)
        ),
        timedelta(0),
    )
    assert ran == timedelta(minutes=amount)


@given(
    start=starts_2007,
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
    days=both,
    data=st.data(),
    limit=limits,
)
def test_a_later_start_is_never_due_earlier_whatever_stops_the_clock(
    start: datetime, later: timedelta, limit: Limit, days: Calendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))

    first = due(start=start, limit=limit, calendar=days, pauses=pauses)
    second = due(start=start + later, limit=limit, calendar=days, pauses=pauses)

    assert first.at <= second.at


@given(
    start=starts_2007,
    limit=weekly_limits,
    days=calendars(),
    holiday=st.sampled_from(WEEKDAYS),
    data=st.data(),
)
def test_a_holiday_never_makes_anything_due_earlier_whatever_stops_the_clock(
    start: datetime, limit: Limit, days: Calendar, holiday: int, data: st.DataObject
) -> None:
    # Hours by days of the week only: those that open on days off open on a holiday.
    with_it = made({*days.days_off, holiday}, set(days.make_up))
    pauses = data.draw(pauses_after(start))

    before = due(start=start, limit=limit, calendar=days, pauses=pauses)
    after = due(start=start, limit=limit, calendar=with_it, pauses=pauses)

    assert before.at <= after.at


@given(start=starts_2007, limit=limits, days=both, data=st.data())
def test_a_working_day_limit_never_ends_on_a_day_off(
    start: datetime, limit: Limit, days: Calendar, data: st.DataObject
) -> None:
    assume(limit.unit in (LimitUnit.working_days, LimitUnit.days_rolled))
    pauses = data.draw(pauses_after(start))

    end = due(start=start, limit=limit, calendar=days, pauses=pauses)

    assert days.is_working_day((end.at - SECOND).astimezone(days.zone).date())


@given(start=starts_2007, amount=st.integers(1, 40), open_when=hours, days=both)
def test_business_hours_end_while_it_is_open_and_hold_just_the_limit(
    start: datetime, amount: int, open_when: BusinessHours, days: Calendar
) -> None:
    end = due(start=start, limit=Limit(amount, LimitUnit.business_hours, hours=open_when), calendar=days).at

    inside = timedelta(0)
    for day in range(days.day_of(start), days.day_of(end) + 1):
        for opens, closes in open_when.spans(day, days):
            inside += max(timedelta(0), min(closes, end) - max(opens, start))
    assert inside == timedelta(hours=amount)


@given(day=st.sampled_from(WEEKDAYS), open_when=hours, days=both)
def test_open_spans_lie_in_their_day_in_order_and_apart(
    day: int, open_when: BusinessHours, days: Calendar
) -> None:
    edges = [edge for span in open_when.spans(day, days) for edge in span]

    assert edges == sorted(set(edges))
    assert all(days.midnight_after(day - 1) <= edge <= days.midnight_after(day) for edge in edges)


@given(event=starts_2007, limit=notices, days=both)
def test_what_is_told_at_the_latest_moment_is_told_in_time_and_a_moment_later_isnt(
    event: datetime, limit: Limit, days: Calendar
) -> None:
    end = latest(event=event, limit=limit, calendar=days)

    assert end.at <= event
    assert end.kept_by(end.at - timedelta(microseconds=1))
    assert end.kept_by(end.at) is not end.by_day
    assert not end.kept_by(end.at + timedelta(microseconds=1))


@given(event=starts_2007, limit=notices, days=both)
def test_counting_forward_from_the_latest_moment_meets_the_event(
    event: datetime, limit: Limit, days: Calendar
) -> None:
    end = latest(event=event, limit=limit, calendar=days)
    again = Limit(limit.amount, LimitUnit.days) if limit.unit is LimitUnit.days_rolled else limit

    forward = due(start=end.at - end.by_day * SECOND, limit=again, calendar=days).at

    met = days.midnight_after(days.day_of(event)) if limit.by_day else event
    match limit.unit:
        case LimitUnit.minutes | LimitUnit.hours | LimitUnit.days:
            assert forward == met
        case LimitUnit.working_days:
            assert forward >= met
        case _:
            assert forward <= met


@given(start=starts_2007, limit=limits, days=both, data=st.data())
def test_the_last_line_of_an_explanation_is_the_due_moment(
    start: datetime, limit: Limit, days: Calendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    end = due(start=start, limit=limit, calendar=days, pauses=pauses)

    lines = explain(start=start, limit=limit, calendar=days, pauses=pauses)

    shown = end.shown(days.zone)[: 10 if end.by_day else 16].replace("T", " ")
    assert lines[-1].en.startswith("Due: ")
    assert lines[-1].zh.startswith("到期：")
    assert shown in lines[-1].en
    assert shown in lines[-1].zh
    assert any(line.en.startswith("Provisional") for line in lines) is end.provisional


@given(event=starts_2007, limit=notices, days=both)
def test_the_last_line_of_an_explanation_is_the_latest_moment(
    event: datetime, limit: Limit, days: Calendar
) -> None:
    end = latest(event=event, limit=limit, calendar=days)

    last = explain_latest(event=event, limit=limit, calendar=days)[-1]

    shown = end.shown(days.zone)[: 10 if end.by_day else 16].replace("T", " ")
    assert last.en.startswith("Latest: ")
    assert shown in last.en
    assert shown in last.zh
