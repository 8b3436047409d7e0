"""When a limit is due, and why: one function that computes it and one that says it line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.words import Words


class LimitUnit(StrEnum):
    """What a limit counts. `days` are calendar days; `days_rolled` too, but never end on a day off."""

    minutes = "minutes"
    hours = "hours"
    days = "days"
    days_rolled = "days_rolled"
    working_days = "working_days"


_MINUTES, _HOURS, _DAYS, _ROLLED, _WORKING = LimitUnit
_SECOND = timedelta(seconds=1)
_UNIT_WORDS = {
    _MINUTES: Words(zh="分钟", en="minute"),
    _HOURS: Words(zh="小时", en="hour"),
    _DAYS: Words(zh="个自然日", en="calendar day"),
    _ROLLED: Words(zh="个自然日（末日遇休息日顺延）", en="calendar day, moved on from a day off"),
    _WORKING: Words(zh="个工作日", en="working day"),
}
_WEEKDAYS = (
    Words(zh="周一", en="Mon"),
    Words(zh="周二", en="Tue"),
    Words(zh="周三", en="Wed"),
    Words(zh="周四", en="Thu"),
    Words(zh="周五", en="Fri"),
    Words(zh="周六", en="Sat"),
    Words(zh="周日", en="Sun"),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many minutes, hours or days. 1 or more: nothing is promised for the moment itself."""

    amount: int
    unit: LimitUnit
    span: timedelta = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a limit is 1 or more, not {self.amount}")
        unit = LimitUnit(self.unit)
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "span", timedelta(minutes=self.amount * (60 if unit is _HOURS else 1)))

    @property
    def by_day(self) -> bool:
        """Whether it ends with a day instead of at a minute."""
        return self.unit not in (_MINUTES, _HOURS)

    @property
    def words(self) -> Words:
        """How people say it: 45 分钟, 45 minutes."""
        unit = _UNIT_WORDS[self.unit]
        head, comma, tail = unit.en.partition(",")
        plural = "" if self.amount == 1 else "s"
        return Words(zh=f"{self.amount} {unit.zh}", en=f"{self.amount} {head}{plural}{comma}{tail}")


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a limit. `by_day`: `at` is the midnight after the last day, exclusive; else it is inclusive.

    `provisional`: it was counted over days whose calendar isn't published.
    """

    at: datetime
    by_day: bool
    provisional: bool

    def kept_by(self, at: datetime) -> bool:
        """Whether something done at this moment was in time."""
        return at < self.at if self.by_day else at <= self.at

    def shown(self, zone: ZoneInfo) -> str:
        """ISO 8601 in this zone; a limit in days ends at 23:59:59 of its last day."""
        last = self.at - _SECOND if self.by_day else self.at
        return last.astimezone(zone).isoformat(timespec="seconds")


def due(*, start: datetime, limit: Limit, calendar: Calendar) -> Due:
    """When the limit ends. Days: that of the start isn't counted. Minutes and hours: nothing stops them."""
    if start.tzinfo is None:
        raise ValueError("a limit can't start at a time without an offset")
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


def explain(*, start: datetime, limit: Limit, calendar: Calendar) -> tuple[Words, ...]:
    """The same due moment, told line by line: start, what wasn't counted and why, the last day, the limit."""
    end = due(start=start, limit=limit, calendar=calendar)
    return tuple(_lines(start, limit, calendar, end))


def _lines(start: datetime, limit: Limit, calendar: Calendar, end: Due) -> Iterator[Words]:
    local = start.astimezone(calendar.zone)
    moment = local.strftime("%Y-%m-%d %H:%M" if not local.second else "%Y-%m-%d %H:%M:%S")
    weekday = _WEEKDAYS[local.weekday()]
    if not limit.by_day:
        yield Words(zh=f"起点：{moment}（{weekday.zh}）。", en=f"Start: {moment} ({weekday.en}).")
        yield Words(
            zh=f"时限：{limit.words.zh}，连续计算，夜间、周末和节假日不停。",
            en=f"Limit: {limit.words.en}, counted without a pause through nights, weekends and holidays.",
        )
        last = end.at.astimezone(calendar.zone)
        text = last.strftime("%Y-%m-%d %H:%M" if not last.second else "%Y-%m-%d %H:%M:%S")
        yield Words(zh=f"到期：{text}，含该时刻。", en=f"Due: {text}, that very moment included.")
        return
    yield Words(
        zh=f"起点：{moment}（{weekday.zh}），当天不计，从次日起算。",
        en=f"Start: {moment} ({weekday.en}); this day isn't counted, counting begins on the next.",
    )
    first, last_day = local.date(), (end.at - _SECOND).astimezone(calendar.zone).date()
    if limit.unit is _WORKING:
        yield from _stretches(first + timedelta(1), last_day, calendar)
    elif limit.unit is _ROLLED:
        yield from _rolled(first + timedelta(limit.amount), last_day, calendar)
    else:
        yield Words(
            zh="按自然日计算，周末和节假日照计，末日不顺延。",
            en="Calendar days: weekends and holidays count, and the last day doesn't move on.",
        )
    shown = _day(last_day)
    yield Words(
        zh=f"时限：{limit.words.zh}，最后一天是 {shown.zh}。",
        en=f"Limit: {limit.words.en}; the last day is {shown.en}.",
    )
    yield Words(zh=f"到期：{last_day} 24:00 之前。", en=f"Due: before the end (24:00) of {last_day}.")
    if end.provisional:
        yield Words(
            zh="暂定：所涉年份的放假安排尚未公布，仅按周末推算。",
            en="Provisional: a year it touches has no published holidays; only weekends were left out.",
        )


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
