"""Seconds lost: staged restoration, days, momentary interruptions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from bihuan.outages.rules import Stage, lost_by_day, seconds_lost, sustained
from tests.cast import CHONGQING, moment

NIGHT = moment("2007-06-05 22:00")
HOUR = 3600

moments = some.integers(0, 364 * 86_400).map(
    lambda late: datetime(2007, 1, 1, tzinfo=UTC) + timedelta(seconds=late)
)


@some.composite
def outages(draw: some.DrawFn) -> tuple[list[Stage], datetime]:
    steps = sorted(draw(some.sets(some.integers(1, 400_000), max_size=5)))
    start = draw(moments)
    users = sorted((draw(some.integers(0, 500)) for _ in range(len(steps) + 1)), reverse=True)
    stages = [
        Stage(start + timedelta(seconds=step), count, count * 100)
        for step, count in zip([0, *steps], users, strict=True)
    ]
    return stages, stages[-1].at + timedelta(seconds=draw(some.integers(1, 400_000)))


@given(outages(), some.sampled_from(["Asia/Shanghai", "Europe/London", "Pacific/Apia"]))
def test_the_days_of_an_outage_add_up_to_the_whole(told: tuple[list[Stage], datetime], zone: str) -> None:
    stages, until = told

    days = lost_by_day(stages, until, ZoneInfo(zone))

    assert sum(days.values()) == seconds_lost(stages, until, "users")
    assert list(days) == sorted(days)


@given(outages())
def test_bringing_some_back_sooner_never_costs_more(told: tuple[list[Stage], datetime]) -> None:
    stages, until = told

    assert seconds_lost(stages, until, "customers") <= seconds_lost(stages[:1], until, "customers")
    assert sustained(stages, until)[1] <= seconds_lost(stages, until, "customers")


def test_an_outage_over_midnight_is_lost_on_both_days() -> None:
    days = lost_by_day([Stage(NIGHT, 30, 2000)], NIGHT + timedelta(hours=5), CHONGQING)

    assert days == {date(2007, 6, 5): 30 * 2 * HOUR, date(2007, 6, 6): 30 * 3 * HOUR}


def test_who_is_back_earlier_loses_less() -> None:
    stages = [Stage(NIGHT, 30, 2000), Stage(NIGHT + timedelta(hours=1), 10, 500)]

    assert seconds_lost(stages, NIGHT + timedelta(hours=3), "users") == (30 * 1 + 10 * 2) * HOUR
    assert seconds_lost(stages, NIGHT + timedelta(hours=3), "customers") == (2000 + 500 * 2) * HOUR


def test_five_minutes_are_momentary_and_a_second_more_is_sustained() -> None:
    off = [Stage(NIGHT, 1, 100)]

    assert sustained(off, NIGHT + timedelta(minutes=5)) == (0, 0)
    assert sustained(off, NIGHT + timedelta(minutes=5, seconds=1)) == (100, 100 * 301)


def test_customers_back_within_five_minutes_are_left_out_of_a_sustained_interruption() -> None:
    stages = [Stage(NIGHT, 3, 100), Stage(NIGHT + timedelta(minutes=4), 1, 40)]

    assert sustained(stages, NIGHT + timedelta(minutes=60)) == (40, 40 * HOUR)


def test_what_hasnt_ended_is_lost_until_now() -> None:
    assert seconds_lost([Stage(NIGHT, 7, 7)], NIGHT + timedelta(minutes=1), "users") == 7 * 60
