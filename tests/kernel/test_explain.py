"""A due date told line by line, in both languages."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bihuan.kernel.limit import Limit, LimitUnit, explain
from bihuan.packs.queries import calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def told(start: str, amount: int, unit: LimitUnit, language: str) -> list[str]:
    """The lines of an explanation."""
    moment = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    lines = explain(start=moment, limit=Limit(amount, unit), calendar=calendar())
    return [line.in_language(language) for line in lines]


def test_working_days_over_the_national_holiday_in_english() -> None:
    assert told("2007-09-28T15:00", 5, LimitUnit.working_days, "en") == [
        "Start: 2007-09-28 15:00 (Fri); this day isn't counted, counting begins on the next.",
        "Counted: 2007-09-29 (Sat) to 2007-09-30 (Sun), worked to make up for National Day.",
        "Not counted: 2007-10-01 (Mon) to 2007-10-07 (Sun), National Day.",
        "Limit: 5 working days; the last day is 2007-10-10 (Wed).",
        "Due: before the end (24:00) of 2007-10-10.",
    ]


def test_working_days_over_the_national_holiday_in_chinese() -> None:
    assert told("2007-09-28T15:00", 5, LimitUnit.working_days, "zh-hans") == [
        "起点：2007-09-28 15:00（周五），当天不计，从次日起算。",
        "计入：2007-09-29（周六）至 2007-09-30（周日）是国庆节调休的上班日。",
        "不计：2007-10-01（周一）至 2007-10-07（周日），国庆节。",
        "时限：5 个工作日，最后一天是 2007-10-10（周三）。",
        "到期：2007-10-10 24:00 之前。",
    ]


def test_a_weekend_is_named() -> None:
    assert "Not counted: 2007-06-09 (Sat) to 2007-06-10 (Sun), weekend." in told(
        "2007-06-08T09:00", 1, LimitUnit.working_days, "en"
    )


def test_calendar_days_say_that_nothing_moves_on() -> None:
    assert told("2007-06-04T09:00", 5, LimitUnit.days, "zh") == [
        "起点：2007-06-04 09:00（周一），当天不计，从次日起算。",
        "按自然日计算，周末和节假日照计，末日不顺延。",
        "时限：5 个自然日，最后一天是 2007-06-09（周六）。",
        "到期：2007-06-09 24:00 之前。",
    ]


def test_days_that_roll_say_from_where() -> None:
    assert told("2007-09-28T15:00", 5, LimitUnit.days_rolled, "en")[1:3] == [
        "Calendar days: 2007-10-03 (Wed) is a day off, so it moves on to the first working day after it.",
        "Not counted: 2007-10-03 (Wed) to 2007-10-07 (Sun), National Day.",
    ]


def test_minutes_say_that_they_run_on() -> None:
    assert told("2007-06-05T23:50", 45, LimitUnit.minutes, "en") == [
        "Start: 2007-06-05 23:50 (Tue).",
        "Limit: 45 minutes, counted without a pause through nights, weekends and holidays.",
        "Due: 2007-06-06 00:35, that very moment included.",
    ]


def test_a_year_not_published_is_said() -> None:
    lines = told("2026-12-30T09:00", 5, LimitUnit.working_days, "zh")

    assert lines[-2:] == [
        "暂定：所涉年份的放假安排尚未公布，仅按周末推算。",
        "到期：2027-01-06 24:00 之前。",
    ]
