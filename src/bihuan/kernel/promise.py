"""What a utility has promised: one clause of one edition, between two moments, with its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from bihuan.kernel.calendar import Calendar
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.words import Words

Certainty = Literal["seen", "memory", "design"]
PromiseKind = Literal["step_limit", "notice_before", "average", "period_level", "attested"]
Warned = Literal["person", "leader", "department", "supervision"]
"""Whom a warning reaches: who has the case, the unit's leader, the department above it, the supervision side."""

AREAS: dict[str, Words] = {
    "urban": Words(zh="城区", en="urban"),
    "rural": Words(zh="农村", en="rural"),
    "remote": Words(zh="特殊边远", en="remote"),
    "metro": Words(zh="大都市", en="metropolitan"),
    "hilly": Words(zh="山区农村", en="hilly and rural"),
}
PARENT_AREA = {"metro": "urban", "hilly": "rural"}
"""An area without a limit of its own takes the one of its parent."""

CUSTOMER_CLASSES: dict[str, Words] = {
    "resident": Words(zh="居民", en="resident"),
    "non-resident": Words(zh="非居民", en="non-resident"),
    "lv": Words(zh="低压电力", en="low voltage"),
    "hv-single": Words(zh="高压单电源", en="high voltage, single source"),
    "hv-dual": Words(zh="高压双电源", en="high voltage, dual source"),
}
PARENT_CLASS = {"lv": "non-resident", "hv-single": "non-resident", "hv-dual": "non-resident"}
"""A class without a limit of its own takes the one of its parent."""

MEASURES: dict[str, Words] = {
    "percent": Words(zh="%", en="%"),
    "hours_a_year": Words(zh="小时/年", en="hours a year"),
    "interruptions_a_year": Words(zh="次/年", en="interruptions a year"),
    "momentary_a_year": Words(zh="次短时中断/年", en="momentary interruptions a year"),
}
"""What the level of a period is counted in: at least so many per cent, at most so many of the others."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The limit for an area and a customer class; None where the promise doesn't tell them apart.

    `internal` is the shorter one that the utility sets itself, so that the public one is kept.
    """

    area: str | None
    customer_class: str | None
    limit: Limit
    internal: Limit | None = None


@dataclass(frozen=True, slots=True)
class Warn:
    """Somebody is told before a clock runs out: so long `before` it is due, or when so many per cent are gone."""

    before: Limit | None
    share: int | None
    to: Warned

    def __post_init__(self) -> None:
        if (self.before is None) is (self.share is None):
            raise ValueError("a warning comes either so long before the end or after a share of the time")
        if self.share is not None and not 1 <= self.share <= 100:
            raise ValueError(f"a share of the time is 1 to 100 per cent, not {self.share}")


@dataclass(frozen=True, slots=True)
class Compensation:
    """What a broken promise costs, in whole hundredths of the currency (ISO 4217).

    `amount` when it is late at all, `further` for each further whole period `every` (minutes, hours or calendar days),
    at most `cap` in all. `every` in working days counts those that have begun: from the first one after the last day in
    time to the day on which it came, both included. `automatic`: paid without being asked for; else on claim.
    """

    customer_class: str | None
    currency: str
    amount: int
    further: int = 0
    every: Limit | None = None
    cap: int | None = None
    automatic: bool = False
    certainty: Certainty = "seen"

    def __post_init__(self) -> None:
        if self.amount < 0 or self.further < 0 or (self.cap is not None and self.cap < self.amount):
            raise ValueError("sums aren't negative, and a cap isn't below the first sum")
        if (self.further > 0) is (self.every is None):
            raise ValueError("a further sum and its period come together")
        if self.every is not None and self.every.unit not in (*_PERIODS, LimitUnit.working_days):
            raise ValueError("a period of further sums is counted in minutes, hours, days or working days")


_PERIODS = {
    LimitUnit.minutes: timedelta(minutes=1),
    LimitUnit.hours: timedelta(hours=1),
    LimitUnit.days: timedelta(days=1),
}


def working_days_late(*, due_at: datetime, by_day: bool, ended_at: datetime, calendar: Calendar) -> int:
    """How many working days have begun since the last day in time, the one on which it came included.

    `by_day`: `due_at` is the midnight that ends that day.
    """
    last_in_time = calendar.day_of(due_at) - by_day
    return calendar.working_between(last_in_time + 1, calendar.day_of(ended_at))


def owed(compensation: Compensation, late: timedelta, *, working_days: int = 0) -> int:
    """The sum for being so late, in hundredths of the currency; 0 if it isn't late.

    `working_days` are those of `working_days_late`, needed where a further sum is for working days.
    """
    if late <= timedelta(0):
        return 0
    total = compensation.amount
    if compensation.every is not None:
        if compensation.every.unit is LimitUnit.working_days:
            periods = working_days // compensation.every.amount
        else:
            periods = late // (_PERIODS[compensation.every.unit] * compensation.every.amount)
        total += compensation.further * periods
    return total if compensation.cap is None else min(total, compensation.cap)


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of one edition. `starts` and `keeps` name moments; `valid_to` is its last day, if any.

    `level` is the promised level of a period in its `measure`, as the text has it; None where somebody else sets it.
    `indicator` is the figure by which that level is measured, empty where nothing measures it.
    `suspensions` are the reasons for which its clock may stand still. `kinds` are the kinds of a case that it is
    for; empty for all.
    """

    code: str
    pack: str
    edition: str
    clause: str
    title: Words
    source: str
    certainty: Certainty
    kind: PromiseKind
    public: bool
    loops: tuple[str, ...]
    starts: str
    keeps: str
    valid_from: date
    valid_to: date | None
    limits: tuple[LimitRow, ...]
    level: str | None = None
    measure: str = "percent"
    indicator: str = ""
    note: Words | None = None
    kinds: tuple[str, ...] = ()
    suspensions: tuple[str, ...] = ()
    warnings: tuple[Warn, ...] = ()
    compensation: tuple[Compensation, ...] = ()
    _table: dict[tuple[str | None, str | None], LimitRow] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_table", {(row.area, row.customer_class): row for row in self.limits})

    def valid_on(self, day: date) -> bool:
        """Whether this edition is in force on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def limit_for(self, *, area: str | None = None, customer_class: str | None = None) -> Limit | None:
        """The limit of the nearest class and area; None where the promise has none for them.

        A dimension that the promise doesn't tell apart is ignored.
        """
        row = self._row(area, customer_class)
        return row.limit if row else None

    def internal_for(self, *, area: str | None = None, customer_class: str | None = None) -> Limit | None:
        """The utility's own limit beside `limit_for`; None where it has none of its own."""
        row = self._row(area, customer_class)
        return row.internal if row else None

    def compensation_for(self, *, customer_class: str | None = None) -> Compensation | None:
        """What breaking it costs for the nearest class; None if nothing."""
        by_class = {item.customer_class: item for item in self.compensation}
        for klass in (customer_class, PARENT_CLASS.get(customer_class or ""), None):
            if klass in by_class:
                return by_class[klass]
        return None

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas that the promise tells apart, in its own order; empty if it doesn't."""
        return tuple(dict.fromkeys(row.area for row in self.limits if row.area))

    @property
    def customer_classes(self) -> tuple[str, ...]:
        """The customer classes that the promise tells apart, in its own order; empty if it doesn't."""
        return tuple(dict.fromkeys(row.customer_class for row in self.limits if row.customer_class))

    def _row(self, area: str | None, customer_class: str | None) -> LimitRow | None:
        for klass in (customer_class, PARENT_CLASS.get(customer_class or ""), None):
            for place in (area, PARENT_AREA.get(area or ""), None):
                found = self._table.get((place, klass))
                if found is not None:
                    return found
        return None
