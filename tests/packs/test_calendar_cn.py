"""China's calendar as data, against the package it was made from and a second opinion."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from django.conf import settings

from bihuan.packs.queries import calendar

DAYS = [date(2004, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]


def test_the_file_is_what_the_tool_prints() -> None:
    tool = Path(__file__).parents[2] / "tools" / "make_calendar.py"

    printed = subprocess.run([sys.executable, tool], capture_output=True, check=True, encoding="utf-8").stdout

    assert printed == (settings.BIHUAN_PACKS_DIR / "calendars" / "cn.toml").read_text(encoding="utf-8")


def test_every_day_of_23_years_is_as_the_package_says() -> None:
    wrong = [day for day in DAYS if calendar().is_working_day(day) != chinese_calendar.is_workday(day)]

    assert wrong == []


def test_the_second_opinion_differs_on_one_day_only() -> None:
    other = holidays.country_holidays("CN", years=range(2004, 2027))

    differing = [day for day in DAYS if calendar().is_working_day(day) != other.is_working_day(day)]

    # A Saturday that `holidays` has as worked for New Year 2006; see docs/adr/0005-calendars-as-data.md.
    assert differing == [date(2005, 12, 31)]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2004, 252),
        (2005, 250),
        (2006, 251),
        (2007, 249),
        (2008, 251),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ],
)
def test_the_working_days_of_a_year(year: int, days: int) -> None:
    assert sum(calendar().is_working_day(day) for day in DAYS if day.year == year) == days


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2007, 2, 17), "make_up", "春节"),
        (date(2007, 10, 1), "holiday", "国庆节"),
        (date(2007, 10, 6), "weekend", "国庆节"),
        (date(2007, 6, 9), "weekend", None),
        (date(2007, 6, 8), "working", None),
        (date(2015, 9, 3), "holiday", "抗战胜利70周年纪念日"),
    ],
)
def test_a_day_says_why(day: date, kind: str, name: str | None) -> None:
    said = calendar().name(day)

    assert calendar().why(day) == kind
    assert (said.zh if said else None) == name


def test_a_year_after_the_last_is_not_published() -> None:
    assert calendar().published(date(2026, 12, 31))
    assert not calendar().published(date(2027, 1, 1))
    assert calendar().is_working_day(date(2027, 10, 1))
