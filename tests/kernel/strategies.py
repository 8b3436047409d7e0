"""Calendars, business hours, limits and suspensions of every shape, for the laws of time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.hours import DAY_GROUPS, BusinessHours, Window
from bihuan.kernel.limit import Limit, LimitUnit, Pause

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
YEAR = range(datetime(2007, 1, 1, tzinfo=UTC).toordinal(), datetime(2008, 12, 31, tzinfo=UTC).toordinal() + 1)
WEEKDAYS = [day for day in YEAR if day % 7 not in (6, 0)]
WEEKEND = [day for day in YEAR if day % 7 in (6, 0)]
BUSINESS = (LimitUnit.business_minutes, LimitUnit.business_hours)
BY_DAY = (LimitUnit.days, LimitUnit.days_rolled, LimitUnit.working_days)


def made(off: set[int], worked: set[int], zone: ZoneInfo = SHANGHAI) -> Calendar:
    """A calendar of 2007 and 2008 with these days off and these make-up days."""
    return Calendar("made", zone, 2007, 2008, frozenset(off), frozenset(worked))


@st.composite
def calendars(draw: st.DrawFn, zones: tuple[ZoneInfo, ...] = (SHANGHAI,)) -> Calendar:
    """Any calendar of two years, up to forty days off and twenty made up."""
    off = draw(st.sets(st.sampled_from(WEEKDAYS), max_size=40))
    return made(off, draw(st.sets(st.sampled_from(WEEKEND), max_size=20)), draw(st.sampled_from(zones)))


starts = st.datetimes(datetime(2004, 1, 1), datetime(2028, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
starts_2007 = st.datetimes(datetime(2006, 12, 1), datetime(2008, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))


@st.composite
def windows(draw: st.DrawFn, groups: tuple[str, ...] = DAY_GROUPS) -> Window:
    """An hour to a whole day, often past midnight, on one day of the week or more."""
    start = draw(st.integers(0, 1439))
    end = (start + draw(st.integers(60, 1440))) % 1440
    days = draw(st.lists(st.sampled_from(groups), min_size=1, max_size=7))
    return Window(tuple(days), time(*divmod(start, 60)), time(*divmod(end, 60)))


hours = st.lists(windows(), min_size=1, max_size=3).map(lambda found: BusinessHours(tuple(found)))
weekly_hours = st.lists(windows(DAY_GROUPS[:7]), min_size=1, max_size=3).map(
    lambda found: BusinessHours(tuple(found))
)


def limits_with(open_when: st.SearchStrategy[BusinessHours]) -> st.SearchStrategy[Limit]:
    """Limits of every unit, with and without cut-off and opening hours."""
    amounts = st.integers(1, 40)
    opens = st.none() | open_when
    plain = st.sampled_from([LimitUnit.minutes, LimitUnit.hours, LimitUnit.days, LimitUnit.days_rolled])
    return st.one_of(
        st.builds(Limit, amounts, plain, opens=opens),
        st.builds(Limit, amounts, st.just(LimitUnit.working_days), cutoff=st.none() | clocks, opens=opens),
        st.builds(Limit, amounts, st.sampled_from(BUSINESS), hours=open_when, opens=opens),
    )


limits = limits_with(hours)
weekly_limits = limits_with(weekly_hours)
notices = st.one_of(
    st.builds(Limit, st.integers(1, 60), st.sampled_from(list(LimitUnit)[:5])),
    st.builds(Limit, st.integers(1, 40), st.sampled_from(BUSINESS), hours=hours),
)


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to four suspensions from two days before a start to forty days after it."""
    spans = st.tuples(
        st.timedeltas(timedelta(days=-2), timedelta(days=40)), st.timedeltas(timedelta(0), timedelta(days=9))
    )
    found = draw(st.lists(spans, max_size=4))
    return [Pause(start + first, start + first + length, "weather") for first, length in found]
