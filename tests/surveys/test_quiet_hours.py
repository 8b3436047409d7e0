"""When a customer may be rung: quiet hours, attempts apart, his own time; and who comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kernel.words import Words
from bihuan.surveys.rules.calling import Tried, Waiting, Why, counted, line_up, next_number, offered, turn
from bihuan.surveys.rules.duties import Duty, leaves_no_hour, parse_quiet

CHONGQING = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")
ME, OTHER = uuid4(), uuid4()

DUTY = Duty(
    loops=("repair",),
    title=Words(zh="全部", en="all"),
    share=100,
    attempts=3,
    spacing=timedelta(hours=2),
    quiet=(parse_quiet("12:00-14:00"), parse_quiet("21:00-08:00")),
    own_time=timedelta(minutes=30),
    valid_from=date(2005, 1, 1),
    valid_to=None,
    source=Words(zh="自定", en="own"),
    certainty="design",
)


def at(text: str) -> datetime:
    """`06-05 11:59` of 2007 in Chongqing."""
    return datetime.fromisoformat(f"2007-{text}").replace(tzinfo=CHONGQING).astimezone(UTC)


def waiting(done: str = "06-05 09:00", **more: object) -> Waiting:
    fields: dict[str, object] = {
        "case_id": uuid4(),
        "number": "CQ-BX070605-000001",
        "cycle": 1,
        "seq": 5,
        "loop": "repair",
        "done_at": at(done),
    }
    return Waiting(**{**fields, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "rings"),
    [
        ("06-05 11:59", "06-05 11:59"),
        ("06-05 12:00", "06-05 14:00"),
        ("06-05 13:59", "06-05 14:00"),
        ("06-05 14:00", "06-05 14:00"),
        ("06-05 20:59", "06-05 20:59"),
        ("06-05 21:00", "06-06 08:00"),
        ("06-05 23:59", "06-06 08:00"),
        ("06-06 00:00", "06-06 08:00"),
        ("06-06 07:59", "06-06 08:00"),
        ("06-06 08:00", "06-06 08:00"),
    ],
)
def test_nobody_is_rung_at_noon_and_at_night(moment: str, rings: str) -> None:
    assert DUTY.rings_from(at(moment), CHONGQING) == at(rings)
    assert DUTY.is_quiet(at(moment), CHONGQING) is (moment != rings)


def test_quiet_hours_follow_the_utility_clock_through_the_change_of_summer_time() -> None:
    night = datetime(2007, 3, 24, 22, 30, tzinfo=LONDON)

    assert DUTY.rings_from(night.astimezone(UTC), LONDON) == datetime(2007, 3, 25, 7, 0, tzinfo=UTC)


@given(st.integers(0, 25 * 366 * 86_400), st.sampled_from([CHONGQING, LONDON]))
def test_the_time_found_is_never_quiet_never_earlier_and_the_first_such(seconds: int, zone: ZoneInfo) -> None:
    moment = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)

    found = DUTY.rings_from(moment, zone)

    assert found >= moment
    assert not DUTY.is_quiet(found, zone)
    assert found == moment or DUTY.is_quiet(found - timedelta(seconds=1), zone)


def test_hours_that_leave_no_minute_are_found() -> None:
    assert leaves_no_hour([parse_quiet("08:00-20:00"), parse_quiet("20:00-08:00")])
    assert not leaves_no_hour([parse_quiet("08:00-20:00"), parse_quiet("20:01-08:00")])
    assert parse_quiet("21:00-08:00").holds(time(3)) is True


def test_attempts_are_two_hours_apart() -> None:
    tried = waiting(last_attempt_at=at("06-05 09:30"), attempts=1)

    early = turn(tried, DUTY, CHONGQING, at("06-05 11:29"))
    late = turn(tried, DUTY, CHONGQING, at("06-05 11:30"))

    assert (early.rings_at, early.why) == (at("06-05 11:30"), Why.spaced)
    assert late.ready(at("06-05 11:30"))


def test_two_hours_that_end_at_noon_end_after_it() -> None:
    tried = waiting(last_attempt_at=at("06-05 10:30"), attempts=1)

    found = turn(tried, DUTY, CHONGQING, at("06-05 10:40"))

    assert (found.rings_at, found.why) == (at("06-05 14:00"), Why.quiet)


def test_the_customers_own_time_wins_over_spacing_and_quiet_hours() -> None:
    asked = waiting(last_attempt_at=at("06-05 11:50"), attempts=1, ring_at=at("06-05 12:30"))

    assert turn(asked, DUTY, CHONGQING, at("06-05 12:29")).why is Why.later
    assert turn(asked, DUTY, CHONGQING, at("06-05 12:30")).ready(at("06-05 12:30"))
    assert turn(asked, DUTY, CHONGQING, at("06-05 12:59")).why is Why.own_time


def test_a_time_that_was_missed_doesnt_open_the_night() -> None:
    asked = waiting(last_attempt_at=at("06-05 19:00"), attempts=1, ring_at=at("06-05 20:50"))

    found = turn(asked, DUTY, CHONGQING, at("06-05 22:00"))

    assert (found.rings_at, found.why) == (at("06-06 08:00"), Why.quiet)


def test_the_line_is_own_time_first_then_the_oldest_due_then_what_must_wait() -> None:
    now = at("06-05 15:00")
    due = waiting(number="due", due_at=at("06-05 18:00"))
    older = waiting(number="older", due_at=at("06-05 16:00"))
    without = waiting(number="no clock")
    own = waiting(number="own", ring_at=at("06-05 14:50"), due_at=at("06-07 09:00"))
    spaced = waiting(number="spaced", last_attempt_at=at("06-05 14:00"))
    later = waiting(number="later", ring_at=at("06-05 15:30"))

    turns = line_up([spaced, without, due, later, own, older], duty_of=lambda _: DUTY, zone=CHONGQING, at=now)

    assert [one.waiting.number for one in turns] == ["own", "older", "due", "no clock", "later", "spaced"]


def test_nobody_is_offered_what_another_has_and_everybody_his_own_first() -> None:
    now = at("06-05 15:00")
    until = at("06-05 15:05")
    theirs = waiting(number="theirs", claimed_by=OTHER, claimed_until=until, due_at=at("06-05 15:01"))
    free = waiting(number="free", due_at=at("06-05 15:02"))
    mine = waiting(number="mine", claimed_by=ME, claimed_until=until, due_at=at("06-05 15:03"))
    lapsed = waiting(number="lapsed", claimed_by=OTHER, claimed_until=now, due_at=at("06-05 15:04"))
    turns = line_up([theirs, free, mine, lapsed], duty_of=lambda _: DUTY, zone=CHONGQING, at=now)

    assert [one.number for one in offered(turns, actor_id=ME, at=now)] == ["mine", "free", "lapsed"]


@given(st.data())
def test_what_is_offered_may_be_rung_and_belongs_to_nobody_else(data: st.DataObject) -> None:
    now = at("06-05 00:00") + timedelta(minutes=data.draw(st.integers(0, 3 * 1440)))
    moments = st.none() | st.integers(-3000, 600).map(lambda minutes: now + timedelta(minutes=minutes))
    actors: st.SearchStrategy[UUID | None] = st.sampled_from([None, ME, OTHER])
    calls = [
        waiting(
            number=str(place),
            last_attempt_at=data.draw(moments),
            ring_at=data.draw(moments),
            due_at=data.draw(moments),
            claimed_by=data.draw(actors),
            claimed_until=data.draw(moments),
        )
        for place in range(data.draw(st.integers(0, 6)))
    ]

    turns = line_up(calls, duty_of=lambda _: DUTY, zone=CHONGQING, at=now)
    found = offered(turns, actor_id=ME, at=now)

    assert len(turns) == len(calls)
    for one in found:
        assert not one.held_by_another(ME, now)
        if one.ring_at is None:
            assert not DUTY.is_quiet(now, CHONGQING)
            assert one.last_attempt_at is None or now - one.last_attempt_at >= DUTY.spacing
        else:
            assert now >= one.ring_at


def test_the_number_tried_least_is_next_and_wrong_ones_never() -> None:
    assert next_number(3, []) == 1
    assert next_number(3, [Tried(1, "no_answer")]) == 2
    assert next_number(3, [Tried(1, "wrong_number"), Tried(2, "busy"), Tried(3, "no_answer")]) == 2
    assert next_number(2, [Tried(1, "no_answer"), Tried(2, "later")]) == 2
    assert next_number(1, [Tried(1, "wrong_number")]) is None
    assert next_number(0, []) is None


def test_a_duty_without_quiet_hours_rings_at_any_time() -> None:
    always = replace(DUTY, quiet=())

    assert always.rings_from(at("06-05 03:00"), CHONGQING) == at("06-05 03:00")


def test_attempts_pressed_one_after_the_other_count_once() -> None:
    hours = [
        Tried(1, "busy", at("06-05 09:00") + timedelta(minutes=minutes)) for minutes in (0, 1, 119, 120, 300)
    ]

    assert counted(hours, timedelta(hours=2)) == 3
    assert counted(hours[:3], timedelta(hours=2)) == 1
    assert counted([], timedelta(hours=2)) == 0


def test_an_attempt_at_the_customers_own_time_counts_whenever_it_was() -> None:
    asked = Tried(1, "later", at("06-05 09:00"), at("06-05 09:40"))

    assert counted([asked, Tried(1, "no_answer", at("06-05 09:41"))], timedelta(hours=2)) == 2
    assert counted([asked, Tried(1, "no_answer", at("06-05 09:39"))], timedelta(hours=2)) == 1


@given(st.lists(st.integers(0, 2_000), max_size=12), st.integers(0, 300))
def test_no_more_attempts_count_than_were_made_or_fit_into_the_time(minutes: list[int], apart: int) -> None:
    tried = [Tried(1, "busy", at("06-05 09:00") + timedelta(minutes=minute)) for minute in minutes]

    found = counted(tried, timedelta(minutes=apart))

    assert found <= len(tried)
    if apart and minutes:
        assert 1 <= found <= (max(minutes) - min(minutes)) // apart + 1
