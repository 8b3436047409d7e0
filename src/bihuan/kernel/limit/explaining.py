"""Why a limit ends when it does, told line by line in both languages; the last line is the due moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.limit.counting import counts_the_start, due, latest, merged, skipped, starting
from bihuan.kernel.limit.value import SUSPENSIONS, Due, Limit, LimitUnit, Pause
from bihuan.kernel.words import Words

_SECOND = timedelta(seconds=1)
_WORKING, _ROLLED = LimitUnit.working_days, LimitUnit.days_rolled
_WEEKDAYS = (
    Words(zh="周一", en="Mon"),
    Words(zh="周二", en="Tue"),
    Words(zh="周三", en="Wed"),
    Words(zh="周四", en="Thu"),
    Words(zh="周五", en="Fri"),
    Words(zh="周六", en="Sat"),
    Words(zh="周日", en="Sun"),
)
_PROVISIONAL = Words(
    zh="暂定：所涉年份的放假安排尚未公布，仅按周末推算。",
    en="Provisional: a year it touches has no published holidays; only weekends were left out.",
)


def explain(
    *, start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> tuple[Words, ...]:
    """The same as `due`, told: start, what wasn't counted and why, suspensions, the limit, the due moment last."""
    end = due(start=start, limit=limit, calendar=calendar, pauses=pauses)
    return tuple(_lines(start, limit, calendar, pauses, end))


def explain_latest(*, event: datetime, limit: Limit, calendar: Calendar) -> tuple[Words, ...]:
    """The same as `latest`, told: the event, how it was counted back, the limit, the latest moment last."""
    end = latest(event=event, limit=limit, calendar=calendar)
    return tuple(_lines_back(event, limit, calendar, end))


def _lines(
    start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause], end: Due
) -> Iterator[Words]:
    began, amount = starting(start=start, limit=limit, calendar=calendar)
    counted = Limit(amount, limit.unit, hours=limit.hours)
    yield from _start(start, began, limit, calendar)
    if limit.by_day:
        first = began.astimezone(calendar.zone).date()
        if not counts_the_start(start=began, limit=limit, calendar=calendar):
            first += timedelta(1)
        last = (end.at - _SECOND).astimezone(calendar.zone).date()
        if limit.unit is _WORKING:
            yield from _stretches(first, last, calendar)
        yield from _paused_days(began, end, pauses, calendar)
        if limit.unit is _ROLLED:
            yield from _rolled(_planned(began, limit, amount, calendar, pauses), last, calendar)
        elif limit.unit is not _WORKING:
            yield Words(
                zh="按自然日计算，周末和节假日照计，末日不顺延。",
                en="Calendar days: weekends and holidays count, and the last day doesn't move on.",
            )
        shown = _day(last)
        yield Words(
            zh=f"时限：{counted.words.zh}，最后一天是 {shown.zh}。",
            en=f"Limit: {counted.words.en}; the last day is {shown.en}.",
        )
        if end.provisional:
            yield _PROVISIONAL
        yield Words(zh=f"到期：{last} 24:00 之前。", en=f"Due: before the end (24:00) of {last}.")
        return
    stops = list(_paused_minutes(began, end, pauses, calendar))
    yield from stops
    if limit.hours is not None:
        open_when = limit.hours.words
        yield Words(
            zh=f"时限：{counted.words.zh}，只在 {open_when.zh} 计时。",
            en=f"Limit: {counted.words.en}, counted only during {open_when.en}.",
        )
    else:
        but = (
            Words(zh="除暂停外", en=" but for the suspensions")
            if stops
            else Words(zh="", en=" without a pause")
        )
        yield Words(
            zh=f"时限：{counted.words.zh}，{but.zh}连续计算，夜间、周末和节假日不停。",
            en=f"Limit: {counted.words.en}, counted{but.en} through nights, weekends and holidays.",
        )
    if end.provisional:
        yield _PROVISIONAL
    text = _moment(end.at, calendar)
    yield Words(zh=f"到期：{text}，含该时刻。", en=f"Due: {text}, that very moment included.")


def _start(start: datetime, began: datetime, limit: Limit, calendar: Calendar) -> Iterator[Words]:
    told = _moment_and_weekday(start, calendar)
    if limit.opens is not None:
        hours = limit.opens.words
        yield Words(zh=f"收到：{told.zh}。", en=f"Received: {told.en}.")
        if began != start.astimezone(UTC):
            yield Words(
                zh=f"不在起算时段内（{hours.zh}），从下一时段开始时起算。",
                en=f"Outside the hours in which the clock starts ({hours.en}); it starts with the next ones.",
            )
        told = _moment_and_weekday(began, calendar)
    if not limit.by_day:
        yield Words(zh=f"起点：{told.zh}。", en=f"Start: {told.en}.")
    elif counts_the_start(start=began, limit=limit, calendar=calendar):
        yield Words(
            zh=f"起点：{told.zh}，工作日 {limit.cutoff:%H:%M} 之前，当天即为第一天。",
            en=f"Start: {told.en}, a working day and before {limit.cutoff:%H:%M}; this day is the first.",
        )
    else:
        yield Words(
            zh=f"起点：{told.zh}，当天不计，从次日起算。",
            en=f"Start: {told.en}; this day isn't counted, counting begins on the next.",
        )


def _lines_back(event: datetime, limit: Limit, calendar: Calendar, end: Due) -> Iterator[Words]:
    told = _moment_and_weekday(event, calendar)
    if not limit.by_day:
        yield Words(zh=f"事件：{told.zh}，向前推算。", en=f"Event: {told.en}, counted back from there.")
        if limit.hours is None:
            yield Words(
                zh=f"时限：至少提前 {limit.words.zh}，夜间、周末和节假日照计。",
                en=f"Limit: at least {limit.words.en} ahead; nights, weekends and holidays count.",
            )
        else:
            hours = limit.hours.words
            yield Words(
                zh=f"时限：至少提前 {limit.words.zh}，只在 {hours.zh} 计时。",
                en=f"Limit: at least {limit.words.en} ahead, counted only during {hours.en}.",
            )
        if end.provisional:
            yield _PROVISIONAL
        text = _moment(end.at, calendar)
        yield Words(zh=f"最迟：{text}，含该时刻。", en=f"Latest: {text}, that very moment included.")
        return
    yield Words(
        zh=f"事件：{told.zh}，当天不计，向前推算。",
        en=f"Event: {told.en}; its day isn't counted, counting goes back from the day before.",
    )
    day = event.astimezone(calendar.zone).date()
    last = (end.at - _SECOND).astimezone(calendar.zone).date()
    if limit.unit is _WORKING:
        yield from _stretches(last, day - timedelta(1), calendar)
    elif limit.unit is _ROLLED and last != day - timedelta(limit.amount):
        planned = day - timedelta(limit.amount)
        shown = _day(planned)
        yield Words(
            zh=f"按自然日计算，{shown.zh}是休息日，提前到其前一个工作日。",
            en=f"Calendar days: {shown.en} is a day off, so it moves back to the working day before it.",
        )
        yield from _stretches(last, planned, calendar)
    else:
        yield Words(zh="按自然日计算，周末和节假日照计。", en="Calendar days: weekends and holidays count.")
    shown = _day(last)
    yield Words(
        zh=f"时限：至少提前 {limit.words.zh}，最迟的一天是 {shown.zh}。",
        en=f"Limit: at least {limit.words.en} ahead; the latest day is {shown.en}.",
    )
    if end.provisional:
        yield _PROVISIONAL
    yield Words(zh=f"最迟：{last} 24:00 之前。", en=f"Latest: before the end (24:00) of {last}.")


def _paused_minutes(
    began: datetime, end: Due, pauses: Sequence[Pause], calendar: Calendar
) -> Iterator[Words]:
    for pause in _told(pauses, began, end):
        span, why = _pause(pause, calendar)
        if pause.end is None:
            yield _open_pause(span, why)
        else:
            yield Words(
                zh=f"暂停：{span.zh}{why.zh}，不计时。", en=f"Paused: {span.en}{why.en}; time didn't run."
            )


def _paused_days(began: datetime, end: Due, pauses: Sequence[Pause], calendar: Calendar) -> Iterator[Words]:
    for pause in _told(pauses, began, end):
        span, why = _pause(pause, calendar)
        if pause.end is None:
            yield _open_pause(span, why)
            continue
        shortened = pause._replace(start=max(pause.start.astimezone(UTC), began))
        days = skipped(merged([shortened]), calendar)
        if not days:
            yield Words(
                zh=f"暂停：{span.zh}{why.zh}，当天内恢复，不影响天数。",
                en=f"Paused: {span.en}{why.en}; resumed within the day, which costs no day.",
            )
            continue
        a, b = (_day(date.fromordinal(day)) for day in days[0])
        run = a if a == b else Words(zh=f"{a.zh}至 {b.zh}", en=f"{a.en} to {b.en}")
        yield Words(
            zh=f"暂停：{span.zh}{why.zh}，{run.zh}终了时仍在暂停，不计。",
            en=f"Paused: {span.en}{why.en}; not counted, as it was paused when the day ended: {run.en}.",
        )


def _told(pauses: Sequence[Pause], began: datetime, end: Due) -> list[Pause]:
    """The pauses that touch the time between start and end, in order."""
    return [
        pause
        for pause in sorted(
            pauses, key=lambda pause: (pause.start, pause.end is None, pause.end or pause.start)
        )
        if pause.start < end.at and (pause.end is None or (pause.end > began and pause.end > pause.start))
    ]


def _pause(pause: Pause, calendar: Calendar) -> tuple[Words, Words]:
    """From when to when, and why."""
    start = _moment(pause.start, calendar)
    if pause.end is None:
        span = Words(zh=f"自 {start} 起", en=f"since {start}")
    else:
        end = _moment(pause.end, calendar)
        span = Words(zh=f"{start} 至 {end}", en=f"{start} to {end}")
    if not pause.reason:
        return span, Words(zh="", en="")
    reason = SUSPENSIONS.get(pause.reason, Words(zh=pause.reason, en=pause.reason))
    return span, Words(zh=f"（{reason.zh}）", en=f" ({reason.en})")


def _open_pause(span: Words, why: Words) -> Words:
    return Words(
        zh=f"暂停中：{span.zh}{why.zh}，恢复后到期时刻顺延。",
        en=f"Paused {span.en}{why.en}: the due moment moves on when it resumes.",
    )


def _planned(began: datetime, limit: Limit, amount: int, calendar: Calendar, pauses: Sequence[Pause]) -> date:
    """The last calendar day before it was moved on from a day off."""
    plain = Limit(amount, LimitUnit.days)
    end = due(start=began, limit=plain, calendar=calendar, pauses=pauses)
    return (end.at - _SECOND).astimezone(calendar.zone).date()


def _stretches(first: date, last: date, calendar: Calendar) -> Iterator[Words]:
    """The days from `first` to `last` that weren't plain working days, one line a run."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    for (kind, name), run in groupby(days, key=lambda day: _kind_and_name(day, calendar)):
        if kind != "working":
            found = list(run)
            yield _stretch(found[0], found[-1], kind, name)


def _kind_and_name(day: date, calendar: Calendar) -> tuple[str, Words | None]:
    """A weekend inside a holiday is told together with it."""
    kind, name = calendar.why(day), calendar.name(day)
    if kind == "working":
        return kind, None
    return ("holiday" if kind == "weekend" and name else kind), name


def _rolled(planned: date, last: date, calendar: Calendar) -> Iterator[Words]:
    shown = _day(planned)
    if planned == last:
        yield Words(
            zh=f"按自然日计算，{shown.zh}不是休息日，不顺延。",
            en=f"Calendar days: {shown.en} isn't a day off, so it doesn't move on.",
        )
        return
    yield Words(
        zh=f"按自然日计算，{shown.zh}是休息日，顺延到其后第一个工作日。",
        en=f"Calendar days: {shown.en} is a day off, so it moves on to the first working day after it.",
    )
    yield from _stretches(planned, last, calendar)


def _stretch(first: date, last: date, kind: str, name: Words | None) -> Words:
    a, b = _day(first), _day(last)
    span = a if first == last else Words(zh=f"{a.zh}至 {b.zh}", en=f"{a.en} to {b.en}")
    if kind == "make_up":
        why = name or Words(zh="节假日", en="a holiday")
        return Words(
            zh=f"计入：{span.zh}是{why.zh}调休的上班日。",
            en=f"Counted: {span.en}, worked to make up for {why.en}.",
        )
    why = name or (Words(zh="周末", en="weekend") if kind == "weekend" else Words(zh="放假", en="day off"))
    return Words(zh=f"不计：{span.zh}，{why.zh}。", en=f"Not counted: {span.en}, {why.en}.")


def _day(day: date) -> Words:
    weekday = _WEEKDAYS[day.weekday()]
    return Words(zh=f"{day}（{weekday.zh}）", en=f"{day} ({weekday.en})")


def _moment(at: datetime, calendar: Calendar) -> str:
    local = at.astimezone(calendar.zone)
    return local.strftime("%Y-%m-%d %H:%M" if not local.second else "%Y-%m-%d %H:%M:%S")


def _moment_and_weekday(at: datetime, calendar: Calendar) -> Words:
    text, weekday = _moment(at, calendar), _WEEKDAYS[at.astimezone(calendar.zone).weekday()]
    return Words(zh=f"{text}（{weekday.zh}）", en=f"{text} ({weekday.en})")
