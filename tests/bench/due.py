"""A million due dates in working days, beside two packages on the same work; the oracle's agreement; a file of rows."""

from __future__ import annotations

import csv
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import businesstimedelta
import holidays
from workalendar.asia import China

from bihuan import cli
from bihuan.kernel.limit import Limit, LimitUnit, Pause, due
from bihuan.packs import queries as packs
from tests.bench.figure import Figure
from tests.kernel.drawn import differences

COUNT = 1_000_000
THEIRS = 2_000
ORACLE = 20_000
ROWS = 100_000
YEARS = range(2024, 2027)
KNOWN_TO_WORKALENDAR = range(2018, 2024)


def measure() -> list[Figure]:
    """Limits of 1 to 30 working days, starting at every hour of eleven years, on one core, and what they are beside."""
    ours = _ours()
    return [
        Figure("due: working days", ours, "due dates/s", 500_000, "aim: 1,000,000 in 2 s"),
        Figure("due: 1,000,000 working days", COUNT / ours, "s", 2, "aim: 2 s on one core"),
        Figure(
            "due: beside workalendar", ours, "due dates/s", _workalendar(), "workalendar 17, 2018 to 2023"
        ),
        Figure(
            "due: beside businesstimedelta", ours, "due dates/s", _businesstimedelta(), "businesstimedelta 1"
        ),
        *_wrong_days(),
        Figure("due: suspended twice", _suspended(), "due dates/s"),
        _oracle(),
        Figure("due: rows of a file, explained", _batch(), "rows/s"),
    ]


def _rate(count: int, work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def _ours() -> float:
    calendar = packs.calendar("cn")
    starts = [datetime(2007, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(96_000)]
    limits = [Limit(days, LimitUnit.working_days) for days in range(1, 31)]

    def count() -> None:
        for index in range(COUNT):
            due(start=starts[index % 96_000], limit=limits[index % 30], calendar=calendar)

    return _rate(COUNT, count)


def _suspended() -> float:
    calendar = packs.calendar("cn")
    limits = [Limit(days, LimitUnit.working_days) for days in range(1, 31)]
    start, day = datetime(2007, 1, 1, tzinfo=UTC), timedelta(days=1)
    pauses = [Pause(start + day * 2, start + day * 4), Pause(start + day * 8, start + day * 9)]

    def count() -> None:
        for index in range(20_000):
            due(start=start, limit=limits[index % 30], calendar=calendar, pauses=pauses)

    return _rate(20_000, count)


def _workalendar() -> float:
    china = _china()
    days = [date(2019, 1, 1) + timedelta(index % 1_500) for index in range(THEIRS)]
    return _rate(THEIRS, lambda: [china.add_working_days(day, n % 30 + 1) for n, day in enumerate(days)])


def _businesstimedelta() -> float:
    rules = _rules()
    days = [datetime(2024, 1, 1) + timedelta(index % 700) for index in range(THEIRS)]  # noqa: DTZ001 - it has no zones
    spans = [businesstimedelta.BusinessTimeDelta(rules, hours=8 * n) for n in range(1, 31)]
    return _rate(THEIRS, lambda: [day + spans[n % 30] for n, day in enumerate(days)])


def _wrong_days() -> list[Figure]:
    """On how many days each is wrong about China, or doesn't know; ours are the published ones."""
    calendar, rules, china = packs.calendar("cn"), _rules(), _china()
    days = [date(YEARS[0], 1, 1) + timedelta(n) for n in range(_length(YEARS))]
    earlier = [
        date(KNOWN_TO_WORKALENDAR[0], 1, 1) + timedelta(n) for n in range(_length(KNOWN_TO_WORKALENDAR))
    ]

    def worked(day: date) -> bool:
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - it has no zones
        return bool(rules.difference(midnight, midnight + timedelta(hours=23)).hours)

    def refused(day: date) -> bool:
        try:
            china.is_working_day(day)
        except Exception as fault:
            # Its own CalendarError, which it raises for every year that isn't stocked.
            if type(fault).__name__ != "CalendarError":
                raise
            return True
        return False

    return [
        Figure(
            "due: days wrong, businesstimedelta",
            sum(worked(day) != calendar.is_working_day(day) for day in days),
            "days",
            None,
            f"of {len(days)}, 2024 to 2026: make-up days",
        ),
        Figure(
            "due: days unknown, workalendar",
            sum(refused(day) for day in days),
            "days",
            None,
            f"every weekday of {len(days)} days, 2024 to 2026",
        ),
        Figure(
            "due: days wrong, workalendar",
            sum(china.is_working_day(day) != calendar.is_working_day(day) for day in earlier),
            "days",
            None,
            f"of {len(earlier)}, 2018 to 2023, which it knows",
        ),
    ]


def _oracle() -> Figure:
    began = time.process_time()
    found = differences(ORACLE, seed=20261122)
    if found:
        raise AssertionError("\n".join(found[:3]))
    spent = time.process_time() - began
    return Figure(
        "due: cases on which the oracle agrees", ORACLE, "cases", ORACLE, f"all; {spent:.0f} s for both"
    )


def _batch() -> float:
    asked = [
        ("chongqing-2007", "repair-arrival", "urban", ""),
        ("sgcc-2022", "matter-answer", "", ""),
        ("sgcc-2005", "scheme-reply", "", "hv-dual"),
        ("sgcc-2011", "outage-notice-planned", "", ""),
    ]
    with TemporaryDirectory() as folder:
        file, out = Path(folder, "rows.csv"), Path(folder, "rows.jsonl")
        with file.open("w", encoding="utf-8", newline="") as rows:
            written = csv.writer(rows)
            written.writerow(("pack", "promise", "from", "area", "class"))
            for index in range(ROWS):
                pack, promise, area, klass = asked[index % 4]
                start = datetime(2007, 1, 1) + timedelta(hours=index)  # noqa: DTZ001 - the pack's own time
                written.writerow((pack, promise, start.isoformat(), area, klass))
        with out.open("w", encoding="utf-8") as lines, redirect_stdout(lines):
            return _rate(ROWS, lambda: cli.main(["due", "--batch", str(file), "--language", "en"]))


def _length(years: range) -> int:
    return (date(years[-1], 12, 31) - date(years[0], 1, 1)).days + 1


def _china() -> China:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it supports 2018 to 2023
        return China()


def _rules() -> businesstimedelta.Rules:
    """Monday to Friday from nine to five, but for the holidays that its own documentation takes."""
    weekdays = businesstimedelta.WorkDayRule(
        start_time=datetime.min.time().replace(hour=9),
        end_time=datetime.min.time().replace(hour=17),
        working_days=[0, 1, 2, 3, 4],
    )
    return businesstimedelta.Rules([weekdays, businesstimedelta.HolidayRule(holidays.country_holidays("CN"))])
