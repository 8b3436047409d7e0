"""What a limit, its end and a suspension are. How they are counted is in `counting`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bihuan.kernel.hours import BusinessHours
from bihuan.kernel.words import Words


class LimitUnit(StrEnum):
    """What a limit counts. `days` are calendar days; `days_rolled` too, but never end on a day off.

    `business_minutes` and `business_hours` run only inside the limit's own `hours`.
    """

    minutes = "minutes"
    hours = "hours"
    days = "days"
    days_rolled = "days_rolled"
    working_days = "working_days"
    business_minutes = "business_minutes"
    business_hours = "business_hours"


_MINUTES, _HOURS, _DAYS, _ROLLED, _WORKING, _OPEN_MINUTES, _OPEN_HOURS = LimitUnit
_BY_DAY = frozenset((_DAYS, _ROLLED, _WORKING))
_BUSINESS = frozenset((_OPEN_MINUTES, _OPEN_HOURS))
_SECOND = timedelta(seconds=1)
_UNIT_WORDS = {
    _MINUTES: Words(zh="分钟", en="minute"),
    _HOURS: Words(zh="小时", en="hour"),
    _DAYS: Words(zh="个自然日", en="calendar day"),
    _ROLLED: Words(zh="个自然日（末日遇休息日顺延）", en="calendar day, moved on from a day off"),
    _WORKING: Words(zh="个工作日", en="working day"),
    _OPEN_MINUTES: Words(zh="分钟（营业时间内）", en="minute, within business hours"),
    _OPEN_HOURS: Words(zh="小时（营业时间内）", en="hour, within business hours"),
}

SUSPENSIONS: dict[str, Words] = {
    "customer_papers": Words(zh="等待客户提供资料", en="waiting for the customer's papers"),
    "customer_works": Words(zh="等待客户工程", en="waiting for the customer's works"),
    "customer_payment": Words(zh="等待客户交费", en="waiting for the customer's payment"),
    "customer_absent": Words(zh="客户不在现场", en="the customer isn't there"),
    "customer_asked": Words(zh="客户要求延后", en="the customer asked for later"),
    "third_party": Words(zh="第三方原因", en="third party"),
    "weather": Words(zh="恶劣天气", en="severe weather"),
    "authority": Words(zh="等待政府部门", en="waiting for an authority"),
    "force_majeure": Words(zh="不可抗力", en="force majeure"),
}
"""Why a clock may be stopped, where its promise allows it."""


class Pause(NamedTuple):
    """A suspension: from `start`, included, to `end`, excluded; `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many minutes, hours or days. 1 or more: nothing is promised for the moment itself.

    `cutoff`, for working days: what comes in on a working day before this time has that day as its first.
    `hours`, for business minutes and hours: when time runs. `opens`: the clock starts only inside these
    hours, otherwise at the next opening; from there it runs as its unit says.
    """

    amount: int
    unit: LimitUnit
    cutoff: time | None = field(default=None, kw_only=True)
    hours: BusinessHours | None = field(default=None, kw_only=True)
    opens: BusinessHours | None = field(default=None, kw_only=True)
    span: timedelta = field(init=False, repr=False, compare=False)
    plain: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"a limit is 1 or more, not {self.amount}")
        unit = LimitUnit(self.unit)
        if (self.hours is None) is (unit in _BUSINESS):
            raise ValueError("business minutes and hours need their hours, and no other unit has any")
        if self.cutoff is not None and unit is not _WORKING:
            raise ValueError("only a limit in working days has a cut-off")
        hours = unit is _HOURS or unit is _OPEN_HOURS
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "span", timedelta(minutes=self.amount * (60 if hours else 1)))
        special = self.cutoff is not None or self.hours is not None or self.opens is not None
        object.__setattr__(self, "plain", not special)

    @property
    def by_day(self) -> bool:
        """Whether it ends with a day instead of at a minute."""
        return self.unit in _BY_DAY

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

    Counted backwards from an event it is the latest moment, by the same rule. `provisional`: it was counted over
    days whose calendar isn't published.
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
