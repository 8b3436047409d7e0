"""What system, unit and customer each say of the same moment, and where they don't agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from bihuan.kernel.fact import Choice
from bihuan.kernel.words import Words
from bihuan.surveys.rules.sheet import Certainty

KINDS = ("arrival", "arrival_recorded", "rang", "first_day", "untrue")
"""What is compared. `arrival`: unit and customer on the arrival; `arrival_recorded`: unit and system on it; `rang`:
the unit says that it contacted the customer, who says nobody rang; `first_day`: the same of the first working day;
`untrue`: the customer says that the reply isn't what happened."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, and from how far apart on it is a finding."""

    kind: str
    title: Words
    tolerance: timedelta
    source: Words
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Statements:
    """One round: what the unit wrote, when the system recorded it, what the customer said. None: said nothing."""

    arrived_at: datetime | None = None
    arrival_recorded_at: datetime | None = None
    contacted_at: datetime | None = None
    customer_arrived_at: datetime | None = None
    rang_on_arrival: bool | None = None
    contacted_first_day: bool | None = None
    untrue: bool = False


class Mismatch(NamedTuple):
    """Two statements that don't agree. `minutes` is how far the other side is later than the unit; 0 where one side
    denies what the other says."""

    kind: str
    minutes: int
    unit_said_at: datetime | None
    other_said_at: datetime | None


def mismatches(said: Statements, comparisons: Iterable[Comparison]) -> list[Mismatch]:
    """Every pair of statements that differs by more than is tolerated."""
    found = []
    for one in comparisons:
        mismatch = _compare(said, one)
        if mismatch is not None:
            found.append(mismatch)
    return found


def _compare(said: Statements, by: Comparison) -> Mismatch | None:
    match by.kind:
        case "arrival":
            return _apart(by, said.arrived_at, said.customer_arrived_at)
        case "arrival_recorded":
            return _apart(by, said.arrived_at, said.arrival_recorded_at)
        case "rang" if said.rang_on_arrival is False and said.contacted_at is not None:
            return Mismatch(by.kind, 0, said.contacted_at, None)
        case "first_day" if said.contacted_first_day is False and said.contacted_at is not None:
            return Mismatch(by.kind, 0, said.contacted_at, None)
        case "untrue" if said.untrue:
            return Mismatch(by.kind, 0, None, None)
    return None


def _apart(by: Comparison, unit: datetime | None, other: datetime | None) -> Mismatch | None:
    if unit is None or other is None or abs(other - unit) <= by.tolerance:
        return None
    return Mismatch(by.kind, round((other - unit) / timedelta(minutes=1)), unit, other)


REASONS: Mapping[str, tuple[Choice, ...]] = {
    "explained": (
        Choice("recorded_late", Words(zh="先到场后补录", en="arrived first, recorded later")),
        Choice("clock_wrong", Words(zh="设备时间不准", en="the device's clock was wrong")),
        Choice("customer_mistaken", Words(zh="客户记忆有误", en="the customer is mistaken")),
        Choice(
            "other_person", Words(zh="联系的是客户家属或他人", en="somebody else of the household was rung")
        ),
        Choice(
            "entry_wrong",
            Words(zh="填写有误，已申请更正", en="the entry is wrong; a correction is asked for"),
        ),
        Choice("other", Words(zh="其他", en="other")),
    ),
    "upheld": (
        Choice("untrue_record", Words(zh="记录不实", en="the record isn't true")),
        Choice("careless", Words(zh="记录疏忽", en="careless recording")),
        Choice("no_contact", Words(zh="未按要求联系客户", en="the customer wasn't contacted as is owed")),
    ),
    "cleared": (
        Choice("explanation_holds", Words(zh="说明属实", en="the explanation holds")),
        Choice(
            "evidence",
            Words(zh="录音、定位等证据支持单位记录", en="recording or position bears the unit out"),
        ),
        Choice("customer_corrected", Words(zh="客户更正说法", en="the customer corrected himself")),
    ),
}
"""Why a finding is explained, upheld or cleared."""
