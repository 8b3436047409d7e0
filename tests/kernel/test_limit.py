"""When limits end: the golden dates of the field, unit by unit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.limit import Due, Limit, LimitUnit, due
from bihuan.packs.queries import calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def ends(start: str, amount: int, unit: str) -> str:
    """How the end of a limit is shown."""
    return due(start=at(start), limit=Limit(amount, LimitUnit(unit)), calendar=calendar()).shown(SHANGHAI)


@pytest.mark.parametrize(
    ("start", "days", "last_day"),
    [
        ("2007-09-28", 5, "2007-10-10"),  # two make-up days count, the national holiday doesn't
        ("2007-02-15", 3, "2007-02-25"),  # a Sunday worked for the Spring Festival
        ("2024-02-08", 5, "2024-02-21"),
        ("2024-03-08", 7, "2024-03-19"),
        ("2024-03-09", 1, "2024-03-11"),  # a start on a Saturday isn't moved to the Monday first
        ("2007-06-01", 1, "2007-06-04"),
        ("2007-04-27", 1, "2007-04-28"),  # Saturday, made up
        ("2007-12-28", 2, "2008-01-02"),
        ("2026-02-13", 1, "2026-02-14"),
    ],
)
@pytest.mark.parametrize("hour", ["00:00", "09:30", "23:59:59"])
def test_a_limit_in_working_days_ends_on_the_golden_day(
    start: str, days: int, last_day: str, hour: str
) -> None:
    shown = ends(f"{start}T{hour}", days, "working_days")

    assert shown == f"{last_day}T23:59:59+08:00"


def test_minutes_run_over_midnight() -> None:
    assert ends("2007-06-05T23:50", 45, "minutes") == "2007-06-06T00:35:00+08:00"


def test_hours_run_through_the_national_holiday() -> None:
    assert ends("2007-09-30T18:00", 24, "hours") == "2007-10-01T18:00:00+08:00"


def test_calendar_days_end_inside_a_holiday() -> None:
    assert ends("2007-09-28T15:00", 5, "days") == "2007-10-03T23:59:59+08:00"


def test_calendar_days_that_roll_end_after_the_holiday() -> None:
    assert ends("2007-09-28T15:00", 5, "days_rolled") == "2007-10-08T23:59:59+08:00"


def test_calendar_days_that_roll_stop_on_a_make_up_saturday() -> None:
    assert ends("2007-09-24T15:00", 5, "days_rolled") == "2007-09-29T23:59:59+08:00"


def test_the_day_of_the_start_is_the_one_in_the_utilitys_zone() -> None:
    late_in_utc = datetime(2007, 6, 4, 16, 30, tzinfo=UTC)  # already the 5th in Chongqing

    end = due(start=late_in_utc, limit=Limit(1, LimitUnit.working_days), calendar=calendar())

    assert end.shown(SHANGHAI) == "2007-06-06T23:59:59+08:00"
    assert end.at == datetime(2007, 6, 6, 16, 0, tzinfo=UTC)


def test_a_limit_in_days_excludes_the_midnight_and_one_in_minutes_includes_its_end() -> None:
    end = datetime(2007, 6, 6, 16, 0, tzinfo=UTC)

    by_day, by_minute = Due(end, True, False), Due(end, False, False)

    assert not by_day.kept_by(end)
    assert by_day.kept_by(end - timedelta(microseconds=1))
    assert by_minute.kept_by(end)
    assert not by_minute.kept_by(end + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "provisional"),
    [
        ("2026-12-01T09:00", 5, "working_days", False),
        ("2026-12-30T09:00", 5, "working_days", True),
        ("2026-12-31T09:00", 5, "days", False),
        ("2026-12-31T09:00", 5, "days_rolled", True),
        ("2026-12-31T23:50", 45, "minutes", False),
        ("2031-05-01T09:00", 30, "working_days", True),
        ("2003-12-31T09:00", 2, "working_days", True),
        ("1999-05-03T09:00", 5, "working_days", True),
    ],
)
def test_a_due_date_is_provisional_when_a_calendar_it_needs_is_not_published(
    start: str, amount: int, unit: str, provisional: bool
) -> None:
    end = due(start=at(start), limit=Limit(amount, LimitUnit(unit)), calendar=calendar())

    assert end.provisional is provisional


@pytest.mark.parametrize(
    ("start", "amount", "last_day"),
    [
        ("2026-12-28", 30, "2027-02-08"),
        ("2026-12-28", 600, "2029-04-16"),
        ("2031-05-01", 3, "2031-05-06"),
        ("1999-05-03", 5, "1999-05-10"),
    ],
)
def test_beyond_the_calendar_only_weekends_are_off(start: str, amount: int, last_day: str) -> None:
    assert ends(f"{start}T09:00", amount, "working_days") == f"{last_day}T23:59:59+08:00"


def test_a_long_limit_from_before_the_calendar_meets_its_holidays() -> None:
    day, left = date(1999, 5, 3), 3000
    while left:
        day += timedelta(1)
        left -= calendar().is_working_day(day)

    assert ends("1999-05-03T09:00", 3000, "working_days") == f"{day}T23:59:59+08:00"


def test_a_midnight_that_daylight_saving_skips_is_the_moment_the_next_day_begins() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # 2022-03-27 began at 01:00
    days = Calendar("lb", beirut, 2022, 2022, frozenset(), frozenset())

    end = due(start=datetime(2022, 3, 25, 9, tzinfo=beirut), limit=Limit(1, LimitUnit.days), calendar=days)

    assert end.at == datetime(2022, 3, 26, 22, 0, tzinfo=UTC)
    assert end.shown(beirut) == "2022-03-26T23:59:59+02:00"


def test_a_start_without_an_offset_is_refused() -> None:
    naive = datetime(2007, 6, 5, 9)  # noqa: DTZ001

    with pytest.raises(ValueError, match="offset"):
        due(start=naive, limit=Limit(1, LimitUnit.days), calendar=calendar())


def test_a_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        Limit(0, LimitUnit.days)


def test_how_a_limit_is_said() -> None:
    assert Limit(45, LimitUnit.minutes).words.en == "45 minutes"
    assert Limit(1, LimitUnit.working_days).words.en == "1 working day"
    assert Limit(5, LimitUnit.days).words.zh == "5 个自然日"
