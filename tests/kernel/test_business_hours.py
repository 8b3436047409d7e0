"""Business hours, cut-off, opening hours and suspensions, told by examples."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.hours import BusinessHours, Window
from bihuan.kernel.limit import Limit, LimitUnit, Pause, due, explain, explain_latest, latest
from bihuan.packs.queries import calendar

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
WEEK = ("mon", "tue", "wed", "thu", "fri")
DESK = BusinessHours(
    (
        Window(WEEK, time(9), time(12)),
        Window(WEEK, time(14), time(18)),
        Window(("sat",), time(22), time(2)),
    )
)
HALL = BusinessHours((Window(("working",), time(9), time(17)),))
HOURS, MINUTES = LimitUnit.business_hours, LimitUnit.business_minutes
GREENWICH = Calendar("gb", LONDON, 2024, 2024, frozenset(), frozenset())


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A time in Shanghai, or in another zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def ends(start: str, limit: Limit, *pauses: tuple[str, str | None]) -> str:
    """The end of a limit, by China's calendar."""
    stops = [Pause(at(first), at(last) if last else None) for first, last in pauses]
    return due(start=at(start), limit=limit, calendar=calendar(), pauses=stops).shown(SHANGHAI)[:16]


# 2007-06-04 was a Monday.
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2007-06-04T09:00", 3, "2007-06-04T12:00"),  # filled by noon, not by two
        ("2007-06-04T11:00", 2, "2007-06-04T15:00"),
        ("2007-06-04T06:00", 1, "2007-06-04T10:00"),
        ("2007-06-04T13:00", 4, "2007-06-04T18:00"),
        ("2007-06-08T17:00", 2, "2007-06-09T23:00"),  # Friday evening goes on on Saturday night
        ("2007-06-08T17:00", 5, "2007-06-10T02:00"),  # and past its midnight
        ("2007-06-08T17:00", 6, "2007-06-11T10:00"),
        ("2007-06-10T01:00", 2, "2007-06-11T10:00"),  # the rest of Saturday's night, on Sunday
    ],
)
def test_hours_with_several_windows_a_day_and_one_past_midnight(start: str, hours: int, end: str) -> None:
    assert ends(start, Limit(hours, HOURS, hours=DESK)) == end


def test_hours_of_working_days_follow_the_calendar() -> None:
    hours = Limit(10, HOURS, hours=HALL)

    # The weekend of 29 September 2007 was worked, the week after it wasn't.
    assert ends("2007-09-28T16:00", hours) == "2007-09-30T10:00"
    assert ends("2007-09-30T16:00", hours) == "2007-10-09T10:00"


def test_an_hour_that_is_skipped_is_not_open_and_one_that_is_repeated_is_open_twice() -> None:
    night = BusinessHours((Window(("sun",), time(0), time(4)),))

    spring, autumn = (night.spans(date(2024, *day).toordinal(), GREENWICH) for day in ((3, 31), (10, 27)))

    assert [(b - a).total_seconds() / 3600 for a, b in (*spring, *autumn)] == [3.0, 5.0]


def test_a_window_that_begins_in_the_hour_that_is_skipped_opens_after_it() -> None:
    early = BusinessHours((Window(("sun",), time(1, 30), time(3)),))

    end = due(start=at("2024-03-30T12:00", LONDON), limit=Limit(30, MINUTES, hours=early), calendar=GREENWICH)

    assert end.at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)  # 02:30 by the clock


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2007-06-04T11:59", "2007-06-06"),  # before the cut-off: Monday is the first of three
        ("2007-06-04T12:00", "2007-06-07"),
        ("2007-06-09T09:00", "2007-06-13"),  # a Saturday is no first day
        ("2007-04-28T09:00", "2007-04-30"),  # but one that is made up is
    ],
)
def test_what_comes_before_the_cut_off_has_that_day_as_its_first(start: str, end: str) -> None:
    assert ends(start, Limit(3, LimitUnit.working_days, cutoff=time(12))) == f"{end}T23:59"


def test_a_clock_starts_when_the_hours_open_and_then_runs_through_the_night() -> None:
    limit = Limit(10, LimitUnit.hours, opens=HALL)

    assert ends("2007-06-04T16:59", limit) == "2007-06-05T02:59"
    assert ends("2007-06-04T17:00", limit) == "2007-06-05T19:00"
    assert ends("2007-06-08T18:00", limit) == "2007-06-11T19:00"


def test_the_window_may_say_how_long_the_limit_is() -> None:
    fuse = BusinessHours(
        (Window(WEEK, time(7), time(19)), Window(("sat", "sun"), time(9), time(17), amount=4))
    )
    limit = Limit(3, LimitUnit.hours, opens=fuse)

    assert ends("2007-06-04T18:59", limit) == "2007-06-04T21:59"
    assert ends("2007-06-08T19:00", limit) == "2007-06-09T13:00"
    assert ends("2007-06-10T17:00", limit) == "2007-06-11T10:00"


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        ([("2007-06-04T10:00", "2007-06-04T10:20")], "2007-06-04T12:20"),
        ([("2007-06-04T08:00", "2007-06-04T09:20")], "2007-06-04T12:20"),  # what lies before the start is free
        ([("2007-06-04T12:00", "2007-06-05T09:20")], "2007-06-04T12:00"),  # it had run out
        ([("2007-06-04T11:59", "2007-06-05T11:59")], "2007-06-05T12:00"),
        ([("2007-06-04T10:00", "2007-06-04T10:20"), ("2007-06-04T10:10", "2007-06-04T10:30")], "2007-06-04T12:30"),
        ([("2007-06-04T10:00", None)], "2007-06-04T12:00"),  # nobody knows yet what it costs
        # The first moves the end on into the second.
        ([("2007-06-04T10:00", "2007-06-04T10:20"), ("2007-06-04T12:10", "2007-06-04T13:10")], "2007-06-04T13:20"),
    ],
)  # fmt: skip
def test_hours_run_on_by_what_a_suspension_took(pauses: list[tuple[str, str | None]], end: str) -> None:
    assert ends("2007-06-04T09:00", Limit(3, LimitUnit.hours), *pauses) == end


@pytest.mark.parametrize(
    ("pauses", "last_day"),
    [
        ([("2007-06-05T08:00", "2007-06-05T20:00")], "2007-06-06"),  # resumed within the day
        ([("2007-06-05T08:00", "2007-06-06T08:00")], "2007-06-07"),  # over the midnight that ends the 5th
        ([("2007-06-05T00:00", "2007-06-06T00:00")], "2007-06-07"),  # just the 5th
        (
            [("2007-06-04T15:00", "2007-06-06T08:00")],
            "2007-06-07",
        ),  # the day of the start isn't counted anyway
        ([("2007-06-06T20:00", "2007-06-11T08:00")], "2007-06-11"),
        ([("2007-06-07T00:00", "2007-06-11T08:00")], "2007-06-06"),  # it had run out
        ([("2007-06-05T08:00", None)], "2007-06-06"),
    ],
)
def test_a_working_day_counts_only_if_the_clock_ran_at_its_end(
    pauses: list[tuple[str, str | None]], last_day: str
) -> None:
    assert ends("2007-06-04T09:00", Limit(2, LimitUnit.working_days), *pauses) == f"{last_day}T23:59"


def test_business_hours_stand_still_while_suspended() -> None:
    pause = ("2007-06-04T11:00", "2007-06-05T15:00")

    assert ends("2007-06-04T09:00", Limit(4, HOURS, hours=DESK), pause) == "2007-06-05T17:00"


@pytest.mark.parametrize(
    ("event", "limit", "latest_moment"),
    [
        ("2007-06-10T08:00", Limit(7, LimitUnit.days), "2007-06-03T23:59:59"),
        ("2007-06-10T08:00", Limit(24, LimitUnit.hours), "2007-06-09T08:00:00"),
        ("2007-06-10T08:00", Limit(30, LimitUnit.minutes), "2007-06-10T07:30:00"),
        ("2007-10-09T08:00", Limit(2, LimitUnit.working_days), "2007-09-30T23:59:59"),
        ("2007-10-08T08:00", Limit(3, LimitUnit.days_rolled), "2007-09-30T23:59:59"),
        ("2007-06-11T10:00", Limit(2, HOURS, hours=DESK), "2007-06-10T01:00:00"),
    ],
)
def test_so_long_ahead_of_an_event(event: str, limit: Limit, latest_moment: str) -> None:
    found = latest(event=at(event), limit=limit, calendar=calendar())

    assert found.shown(SHANGHAI) == f"{latest_moment}+08:00"


def test_a_notice_at_the_latest_moment_is_in_time() -> None:
    by_hour = latest(event=at("2007-06-10T08:00"), limit=Limit(24, LimitUnit.hours), calendar=calendar())
    by_day = latest(event=at("2007-06-10T08:00"), limit=Limit(7, LimitUnit.days), calendar=calendar())

    assert [by_hour.kept_by(at(f"2007-06-09T08:00:0{second}")) for second in (0, 1)] == [True, False]
    assert [by_day.kept_by(at(f"2007-06-0{day}")) for day in (3, 4)] == [True, False]


def test_a_notice_before_a_year_without_holidays_is_provisional() -> None:
    event = at("2027-01-06T08:00")

    found = latest(event=event, limit=Limit(2, LimitUnit.working_days), calendar=calendar())

    assert found.provisional
    assert explain_latest(event=event, limit=Limit(2, LimitUnit.working_days), calendar=calendar())[
        -2
    ].en.startswith("Provisional")


@pytest.mark.parametrize(
    ("limit", "provisional"),
    [
        (Limit(9, HOURS, hours=HALL), True),  # whether 1 January 2027 is worked isn't published
        (Limit(9, HOURS, hours=DESK), False),  # hours by days of the week don't ask
        (Limit(1, HOURS, hours=HALL), False),
        (Limit(9, LimitUnit.hours, opens=HALL), False),
        (Limit(1, LimitUnit.working_days, opens=HALL), True),
    ],
)
def test_hours_of_working_days_are_provisional_where_the_calendar_is(limit: Limit, provisional: bool) -> None:
    end = due(start=at("2026-12-31T15:00"), limit=limit, calendar=calendar())

    assert end.provisional is provisional


def test_a_clock_that_starts_in_a_year_without_holidays_is_provisional() -> None:
    limit = Limit(1, LimitUnit.hours, opens=HALL)

    end = due(start=at("2026-12-31T17:30"), limit=limit, calendar=calendar())

    assert (end.shown(SHANGHAI), end.provisional) == ("2027-01-01T10:00:00+08:00", True)


def test_suspensions_are_explained_line_by_line() -> None:
    lines = explain(
        start=at("2007-06-04T09:00"),
        limit=Limit(2, LimitUnit.working_days),
        calendar=calendar(),
        pauses=[
            Pause(at("2007-06-04T10:00"), at("2007-06-04T11:00"), "weather"),
            Pause(at("2007-06-05T08:00"), at("2007-06-06T08:00"), "customer_absent"),
            Pause(at("2007-06-07T08:00"), None, "moon"),
        ],
    )

    assert [line.en for line in lines] == [
        "Start: 2007-06-04 09:00 (Mon); this day isn't counted, counting begins on the next.",
        "Paused: 2007-06-04 10:00 to 2007-06-04 11:00 (severe weather); resumed within the day, which costs no day.",
        "Paused: 2007-06-05 08:00 to 2007-06-06 08:00 (the customer isn't there); not counted, as it was paused when"
        " the day ended: 2007-06-05 (Tue).",
        "Paused since 2007-06-07 08:00 (moon): the due moment moves on when it resumes.",
        "Limit: 2 working days; the last day is 2007-06-07 (Thu).",
        "Due: before the end (24:00) of 2007-06-07.",
    ]
    assert lines[1].zh == "暂停：2007-06-04 10:00 至 2007-06-04 11:00（恶劣天气），当天内恢复，不影响天数。"


def test_minutes_that_stood_still_are_explained() -> None:
    lines = explain(
        start=at("2007-06-05T23:50"),
        limit=Limit(45, LimitUnit.minutes),
        calendar=calendar(),
        pauses=[Pause(at("2007-06-06T00:00"), at("2007-06-06T01:00"))],
    )

    assert [line.zh for line in lines] == [
        "起点：2007-06-05 23:50（周二）。",
        "暂停：2007-06-06 00:00 至 2007-06-06 01:00，不计时。",
        "时限：45 分钟，除暂停外连续计算，夜间、周末和节假日不停。",
        "到期：2007-06-06 01:35，含该时刻。",
    ]


def test_business_hours_are_named_in_the_explanation() -> None:
    lines = explain(start=at("2007-06-04T11:00"), limit=Limit(2, HOURS, hours=DESK), calendar=calendar())

    assert [line.en for line in lines][1:] == [
        "Limit: 2 hours, within business hours, counted only during Mon to Fri 09:00–12:00; Mon to Fri 14:00–18:00;"
        " Sat 22:00–02:00.",
        "Due: 2007-06-04 15:00, that very moment included.",
    ]
    assert "周一至周五 09:00–12:00" in lines[1].zh


@pytest.mark.parametrize(
    "make",
    [
        lambda: Limit(1, HOURS),
        lambda: Limit(1, LimitUnit.hours, hours=DESK),
        lambda: Limit(1, LimitUnit.days, cutoff=time(12)),
        lambda: BusinessHours(()),
        lambda: Window((), time(9), time(12)),
        lambda: Window(("monday",), time(9), time(12)),
        lambda: Window(WEEK, time(9, 0, 1), time(12)),
        lambda: Window(WEEK, time(9), time(12), amount=0),
        lambda: latest(
            event=at("2007-06-04T09:00"),
            limit=Limit(1, LimitUnit.working_days, cutoff=time(9)),
            calendar=calendar(),
        ),
        lambda: latest(event=datetime(2007, 6, 4), limit=Limit(1, LimitUnit.days), calendar=calendar()),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_counted_is_refused(make: object) -> None:
    assert callable(make)

    with pytest.raises(ValueError, match=r"business|window|cut-off|limit|offset"):
        make()


def test_hours_that_hold_too_little_are_refused_instead_of_searched_for_ever() -> None:
    one_minute = BusinessHours((Window(("mon",), time(9), time(9, 1)),))

    with pytest.raises(ValueError, match="40 years"):
        due(start=at("2007-06-04T09:00"), limit=Limit(100, HOURS, hours=one_minute), calendar=calendar())
