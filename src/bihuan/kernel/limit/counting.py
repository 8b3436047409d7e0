"""When a limit ends, and until when something must be done ahead of an event. Time is UTC inside, days are the zone's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.hours import BusinessHours, Span
from bihuan.kernel.limit.value import Due, Limit, LimitUnit, Pause

_MINUTES, _HOURS, _DAYS, _ROLLED, _WORKING, *_ = LimitUnit


def due(*, start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """When the limit ends. Days: that of the start isn't counted. Minutes and hours: only a pause stops them.

    An open pause is ignored: nobody knows yet what it will cost. A closed one moves minutes and hours on by what
    it took of them. A day counts only if the clock ran up to its closing midnight. What lies before the start, or
    begins when the limit has run out, changes nothing.
    """
    if start.tzinfo is None:
        raise ValueError("a limit can't start at a time without an offset")
    if pauses or not limit.plain:
        return _special(start, limit, calendar, merged(pauses))
    unit = limit.unit
    if unit is _MINUTES or unit is _HOURS:
        return Due(start.astimezone(UTC) + limit.span, False, False)
    first = calendar.day_of(start)
    if unit is _WORKING:
        last = calendar.nth_ordinal_after(first, limit.amount)
        return Due(calendar.midnight_after(last), True, not calendar.published_ordinals(first, last))
    last = first + limit.amount
    if unit is _DAYS:
        return Due(calendar.midnight_after(last), True, False)
    rolled = calendar.ordinal_or_next_working(last)
    return Due(calendar.midnight_after(rolled), True, not calendar.published_ordinals(last, rolled))


def latest(*, event: datetime, limit: Limit, calendar: Calendar) -> Due:
    """The latest moment for something promised at least so long ahead of an event.

    Minutes and hours: the event less their span, that moment included. Days: any time of the day that lies so many
    dates before the event's. Working days: the n-th one before the event's day, which isn't counted itself.
    `days_rolled` moves back to a working day.
    """
    if event.tzinfo is None:
        raise ValueError("an event can't be at a time without an offset")
    if limit.cutoff is not None or limit.opens is not None:
        raise ValueError("a limit that is counted back from an event has no cut-off and no opening")
    at = event.astimezone(UTC)
    if limit.hours is not None:
        first_moment = _worked_back(limit.hours.before(at, calendar), limit.span)
        return Due(first_moment, False, _guessed(limit.hours, first_moment, at, calendar))
    if not limit.by_day:
        return Due(at - limit.span, False, False)
    day = calendar.day_of(at)
    first = day - limit.amount
    if limit.unit is _WORKING:
        first = calendar.nth_ordinal_before(day, limit.amount)
        return Due(calendar.midnight_after(first), True, not calendar.published_ordinals(first, day))
    if limit.unit is _DAYS:
        return Due(calendar.midnight_after(first), True, False)
    rolled = calendar.nth_ordinal_before(first + 1, 1)
    return Due(calendar.midnight_after(rolled), True, not calendar.published_ordinals(rolled, first))


def starting(*, start: datetime, limit: Limit, calendar: Calendar) -> tuple[datetime, int]:
    """When the clock of this limit really starts, in UTC, and the amount it then has."""
    if limit.opens is None:
        return start.astimezone(UTC), limit.amount
    opened = limit.opens.opening(start, calendar)
    return opened, limit.opens.amount_at(opened, calendar) or limit.amount


def counts_the_start(*, start: datetime, limit: Limit, calendar: Calendar) -> bool:
    """Whether the day of the start is the first one: received on a working day before the cut-off."""
    local = start.astimezone(calendar.zone)
    return limit.cutoff is not None and local.time() < limit.cutoff and calendar.is_working_day(local.date())


def merged(pauses: Iterable[Pause]) -> list[Span]:
    """The closed pauses in order, in UTC, those that meet or overlap made one."""
    spans: list[Span] = []
    for start, end in sorted(
        (pause.start.astimezone(UTC), pause.end.astimezone(UTC)) for pause in pauses if pause.end is not None
    ):
        if end <= start:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans


def skipped(pauses: Iterable[Span], calendar: Calendar) -> list[tuple[int, int]]:
    """The days (ordinals, both included) over whose closing midnight these merged pauses last.

    A pause that begins with a midnight leaves the day before alone; one that ends with it takes the day.
    """
    days = ((calendar.day_of(start), calendar.day_of(end) - 1) for start, end in pauses)
    return [(first, last) for first, last in days if first <= last]


def _special(start: datetime, limit: Limit, calendar: Calendar, pauses: list[Span]) -> Due:
    began, amount = starting(start=start, limit=limit, calendar=calendar)
    if not limit.by_day:
        span = limit.span // limit.amount * amount
        if limit.hours is None:
            return Due(_moved_on(began, span, pauses), False, _guessed(limit.opens, start, began, calendar))
        at = _worked_off(limit.hours.after(began, calendar), span, pauses)
        return Due(at, False, _guessed(limit.hours, start, at, calendar))
    first = calendar.day_of(began)
    before = first - counts_the_start(start=began, limit=limit, calendar=calendar)
    gaps = skipped(((max(a, began), b) for a, b in pauses if b > began), calendar)
    if limit.unit is _WORKING:
        last = _nth_working(before, amount, gaps, calendar)
        published = calendar.published_ordinals(calendar.day_of(start), last)
        return Due(calendar.midnight_after(last), True, not published)
    last = _nth_day(before, amount, gaps)
    if limit.unit is _ROLLED:
        rolled = _nth_working(last - 1, 1, gaps, calendar)
        published = calendar.published_ordinals(last, rolled)
        return Due(calendar.midnight_after(rolled), True, not published)
    return Due(calendar.midnight_after(last), True, False)


def _guessed(hours: BusinessHours | None, start: datetime, end: datetime, calendar: Calendar) -> bool:
    """Whether hours that ask the calendar asked it about a year that isn't published."""
    asks = hours is not None and hours.by_calendar
    return asks and not calendar.published_ordinals(calendar.day_of(start), calendar.day_of(end))


def _moved_on(start: datetime, span: timedelta, pauses: list[Span]) -> datetime:
    at = start + span
    for first, last in pauses:
        if first >= at:
            break
        if last > start:
            at += last - max(first, start)
    return at


def _worked_off(open_spans: Iterable[Span], left: timedelta, pauses: list[Span]) -> datetime:
    """The moment at which so much open time has passed outside the pauses."""
    for start, end in open_spans:
        for first, last in _without(start, end, pauses):
            if last - first >= left:
                return first + left
            left -= last - first
    raise AssertionError("business hours open again or say that they don't")


def _worked_back(open_spans: Iterable[Span], left: timedelta) -> datetime:
    """The moment from which so much open time lies ahead; the spans come latest first."""
    for start, end in open_spans:
        if end - start >= left:
            return end - left
        left -= end - start
    raise AssertionError("business hours were open before or say that they weren't")


def _without(start: datetime, end: datetime, pauses: list[Span]) -> Iterable[Span]:
    for first, last in pauses:
        if last <= start or first >= end:
            continue
        if first > start:
            yield start, first
        start = max(start, last)
    if start < end:
        yield start, end


def _nth_working(before: int, amount: int, gaps: list[tuple[int, int]], calendar: Calendar) -> int:
    """The n-th working day after `before` that doesn't lie in a gap."""
    for first, last in gaps:
        here = calendar.working_between(before + 1, first - 1)
        if here >= amount:
            break
        amount -= here
        before = max(before, last)
    return calendar.nth_ordinal_after(before, amount)


def _nth_day(before: int, amount: int, gaps: list[tuple[int, int]]) -> int:
    """The n-th day after `before` that doesn't lie in a gap."""
    for first, last in gaps:
        here = max(0, first - 1 - before)
        if here >= amount:
            break
        amount -= here
        before = max(before, last)
    return before + amount
