"""What stands on paper as plain values: words in one language, numbers as text, points of lines. `sheet.py` fills them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from bihuan.kernel.words import Words

UNITS = {
    "percent": Words(zh="%", en="%"),
    "minutes": Words(zh="分钟", en="min"),
    "count": Words(zh="", en=""),
    "ratio": Words(zh="", en=""),
    "sum": Words(zh="", en=""),
    "index": Words(zh="", en=""),
}
TEXTS = {
    "week": Words(zh="统计期", en="Period"),
    "at": Words(zh="统计时刻", en="As of"),
    "known": Words(zh="数据截至", en="As known at"),
    "seal": Words(zh="封存号", en="Seal"),
    "none": Words(zh="未封存", en="not sealed"),
    "draft": Words(zh="未封存", en="not frozen"),
    "version": Words(zh="第{}版", en="version {}"),
    "indicator": Words(zh="指标", en="Indicator"),
    "change": Words(zh="环比", en="Change"),
    "year_before": Words(zh="上年同期", en="A year before"),
    "year_change": Words(zh="同比", en="On the year"),
    "to_date": Words(zh="本年累计", en="Year to date"),
    "rank": Words(zh="名次", en="Rank"),
    "budget": Words(zh="全年", en="year"),
    "share": Words(zh="占比", en="Share"),
    "due": Words(zh="应兑现", en="Due"),
    "kept": Words(zh="已兑现", en="Kept"),
    "missed": Words(zh="未兑现", en="Not kept"),
    "others": Words(zh="另有{}件", en="and {} more"),
    "other_rows": Words(zh="另有{}行", en="and {} more rows"),
    "target": Words(zh="目标", en="Target"),
    "counts": Words(zh="计数", en="Counts"),
    "bureau": Words(zh="单位", en="Unit"),
    "whole": Words(zh="全公司", en="Whole company"),
    "idle": Words(zh="以下单位本期无此类业务：", en="Nothing of this kind in this period: "),
    "numerator": Words(zh="分子", en="Numerator"),
    "denominator": Words(zh="分母", en="Denominator"),
    "actions": Words(zh="议定事项", en="Agreed actions"),
    "action": Words(zh="事项", en="What"),
    "by_when": Words(zh="期限", en="By"),
    "state": Words(zh="状态", en="State"),
    "earlier": Words(zh="此前议定", en="agreed before"),
    "breaches": Words(zh="超时限明细", en="Breaches named"),
    "case": Words(zh="工单", en="Case"),
    "named": Words(zh="点名工单", en="Cases named"),
    "about": Words(zh="事项", en="About"),
    "promise": Words(zh="承诺", en="Promise"),
    "late": Words(zh="超时（分钟）", en="Late, minutes"),
    "running": Words(zh="仍未办到", en="still open"),
    "cause": Words(zh="原因", en="Cause"),
    "note": Words(
        zh="比率由分子、分母两个整数按四舍六入五成双取得；“—”表示分母为零。红色为未达目标。",
        en="Rates are rounded half-even from the two integers; — means that there was nothing to count. Red misses the target.",
    ),
}
DASH = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number on paper; `missed` where it falls short of its target."""

    text: str
    counts: str
    missed: bool
    code: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of the whole: this week, the week before, the line."""

    code: str
    title: str
    measure: str
    suffix: str
    now: Cell
    before: str
    change: str
    year_before: str
    year_change: str
    to_date: str
    target: str
    rank: str
    points: tuple[float | None, ...]
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau's numbers of a chapter."""

    code: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A table of a chapter split by class, leaf, cause: heads, then rows with counts now and before.

    On paper stand those `shown`; `more` says how many others there are.
    """

    code: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shown: tuple[tuple[str, ...], ...]
    more: str


@dataclass(frozen=True, slots=True)
class Called:
    """Cases or outages that a chapter names: number, unit, what it is about; `more` says how many aren't named.

    `page` is the page that shows one of them.
    """

    code: str
    title: str
    cases: tuple[tuple[str, str, str], ...]
    total: int
    more: str
    page: Literal["case", "outage"] = "case"


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter on paper."""

    code: str
    title: str
    rows: tuple[Row, ...]
    heads: tuple[str, ...]
    bureaus: tuple[Bureau, ...]
    idle: tuple[str, ...]
    words: str
    tables: tuple[Breakdown, ...]
    rolls: tuple[Called, ...]


@dataclass(frozen=True, slots=True)
class Breached:
    """A breach on paper."""

    case: str
    promise: str
    unit: str
    due: str
    late: str
    cause: str


@dataclass(frozen=True, slots=True)
class Action:
    """An agreed action on paper."""

    case: str
    what: str
    unit: str
    by_when: str
    state: str
    earlier: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole report on paper."""

    texts: dict[str, str]
    language: str
    kind: str
    name: str
    days: str
    at: str
    known: str
    seal: str
    version: str
    unit: str
    points: tuple[str, ...]
    sections: tuple[Section, ...]
    breaches: tuple[Breached, ...]
    breaches_more: str
    actions: tuple[Action, ...]

    def plain(self) -> dict[str, object]:
        """As JSON takes it."""
        return asdict(self)
