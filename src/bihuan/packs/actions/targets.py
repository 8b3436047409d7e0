"""Set what an indicator is to reach, and which unit answers for it; appended, so that it stays known who set what when."""

from __future__ import annotations

from datetime import date, datetime

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import declared
from bihuan.packs.models import Owner, Target
from bihuan.packs.rules import SPANS, number
from bihuan.people import queries as people
from bihuan.people.models import Actor, Unit


class NoSuchTarget(BihuanError):
    """A target can't be set like this; says what is wrong."""


class MayNotSetTargets(BihuanError):
    """Only who answers for the figures sets what they are to reach."""

    def __init__(self) -> None:
        super().__init__(
            Words(zh="您的岗位不能设定指标目标。", en="Your post doesn't let you set targets."), field="by"
        )


def set_target(
    *,
    indicator: str,
    unit: str | None,
    from_date: date,
    value: str,
    span: str = "each",
    source: str,
    by: Actor,
    recorded_at: datetime,
) -> Target:
    """From this day on the unit (None: the company) is to reach `value`, a number as text; empty takes the target away.

    `span` "year" sets what a sum or count may come to in a year. Raises `NoSuchTarget` naming the field, `MayNotSetTargets`.
    """
    _may(by, recorded_at)
    measure = _measure(indicator)
    if span not in SPANS or (span == "year" and measure not in ("sum", "count")):
        raise NoSuchTarget(
            Words(zh="全年累计目标只用于件数和合计。", en="Only a count or a sum has a target for the year."),
            field="span",
        )
    told = number(value) if value.strip() else None
    if value.strip() and (told is None or told < 0):
        raise NoSuchTarget(
            Words(zh="目标应为数字，最多四位小数。", en="A target is a number with at most four decimals."),
            field="value",
        )
    if told is not None and measure == "percent" and told > 100:
        raise NoSuchTarget(
            Words(zh="百分率的目标不超过100。", en="The target of a rate is at most 100."), field="value"
        )
    if not source.strip() or len(source) > 200:
        raise NoSuchTarget(
            Words(
                zh="请写明目标依据（200字以内）。",
                en="Say what the target rests on, in at most 200 characters.",
            ),
            field="source",
        )
    return Target.objects.create(
        indicator=indicator,
        unit=_unit(unit),
        span=span,
        from_date=from_date,
        value=told,
        source=source.strip(),
        by=by,
        recorded_at=recorded_at,
    )


def set_owner(*, indicator: str, unit: str | None, by: Actor, recorded_at: datetime) -> Owner:
    """This unit answers for the indicator from now on; None: nobody. Raises `NoSuchTarget`, `MayNotSetTargets`."""
    _may(by, recorded_at)
    _measure(indicator)
    return Owner.objects.create(
        indicator=indicator,
        unit=_unit(unit),
        by=by,
        recorded_at=recorded_at,
    )


def _unit(code: str | None) -> Unit | None:
    if code is None:
        return None
    found = people.unit_by_code(code)
    if found is None:
        raise NoSuchTarget(
            Words(zh=f"没有编码为“{code}”的单位。", en=f"There is no unit '{code}'."), field="unit"
        )
    return found


def _may(by: Actor, recorded_at: datetime) -> None:
    if people.may(by.pk, "target.set", recorded_at) is None:
        raise MayNotSetTargets


def _measure(indicator: str) -> str:
    try:
        return declared(indicator).measure
    except KeyError:
        raise NoSuchTarget(
            Words(zh=f"没有名为“{indicator}”的指标。", en=f"There is no indicator '{indicator}'."),
            field="indicator",
        ) from None
