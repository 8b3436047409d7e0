"""How every indicator is declared, in words and as conditions over the views of `reading`, for whoever counts it again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from fractions import Fraction

from bihuan.kernel import expression as say
from bihuan.kernel import formula as reckon
from bihuan.kernel.indicator import Declared, Index, Indicator
from bihuan.loops.indicators.catalogue import CHAPTERS, DECLARED
from bihuan.reports.rules.reading import VIEWS

COUNTED = {
    "cycle": "rounds",
    "clock": "clocks",
    "outage": "outages",
    "supply_day": "supply_days",
    "voltage": "voltage",
}
"""The view that tells the rows of a table."""
_DAYS = {("supply_day", "starts_at"): "day", ("voltage", "ends_at"): "last_date"}
_NAMES = {"cycle": "round"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """An indicator as it stands in the dictionary; the columns of `reading.indicators`, in their order.

    `numerator` and `denominator` are conditions or sums over the rows of `reading.<counts>`, written as SQL says them; of an index
    `numerator` is its formula over other figures.
    """

    code: str
    edition: int
    chapter: str
    chapter_zh: str
    chapter_en: str
    title_zh: str
    title_en: str
    rule_zh: str
    rule_en: str
    source_zh: str
    source_en: str
    measure: str
    unit: str
    decimals: int
    direction: str
    counts: str
    counted_on: str
    numerator: str
    denominator: str


def declarations() -> tuple[Declaration, ...]:
    """The whole catalogue, in its order."""
    return tuple(_declaration(one) for one in DECLARED)


def fingerprint(zone: str) -> str:
    """Changes when a declaration, a column's description or the zone does, so that what was written into a database is renewed."""
    told = [zone, [asdict(one) for one in declarations()], [asdict(view) for view in VIEWS]]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _declaration(one: Declared) -> Declaration:
    chapter = next(chapter.title for chapter in CHAPTERS if chapter.code == one.chapter)
    counts, counted_on, numerator, denominator = (
        ("", "", formula(one.formula), "") if isinstance(one, Index) else _counted(one)
    )
    return Declaration(
        code=one.code,
        edition=one.edition,
        chapter=one.chapter,
        chapter_zh=chapter.zh,
        chapter_en=chapter.en,
        title_zh=one.title.zh,
        title_en=one.title.en,
        rule_zh=one.rule.zh,
        rule_en=one.rule.en,
        source_zh=one.source.zh,
        source_en=one.source.en,
        measure=one.measure,
        unit=one.unit,
        decimals=one.decimals,
        direction=one.direction,
        counts=counts,
        counted_on=counted_on,
        numerator=numerator,
        denominator=denominator,
    )


def _counted(one: Indicator) -> tuple[str, str, str, str]:
    """View, day, numerator, denominator; a count and a sum have but one of the two."""
    day = _DAYS.get((one.table, one.counted_at)) or f"{one.counted_at.removesuffix('_at')}_on"
    among = condition(one.where if one.measure == "ratio" else one.where & one.denominator)
    rows = f"count(*) FILTER (WHERE {among})"
    if one.numerator is None:
        return COUNTED[one.table], day, rows, ""
    added = f"sum({condition(one.numerator)}) FILTER (WHERE {among})"
    match one.measure:
        case "percent":
            return (
                COUNTED[one.table],
                day,
                f"count(*) FILTER (WHERE {condition(one.where & one.denominator & one.numerator)})",
                rows,
            )
        case "ratio":
            return COUNTED[one.table], day, added, f"sum({condition(one.denominator)}) FILTER (WHERE {among})"
        case "sum":
            return COUNTED[one.table], day, added, ""
    return COUNTED[one.table], day, added, rows


def condition(expression: say.Expression) -> str:
    """An expression as SQL over a view of `reading`, as of now."""
    match expression:
        case say.Column(name):
            return _NAMES.get(name, name)
        case say.Value(bool(value)):
            return str(value).upper()
        case say.Value(value):
            return str(value) if isinstance(value, int) else _text(value)
        case say.AsOf():
            return "now()"
        case say.Compare(sign, left, right):
            return f"{condition(left)} {sign} {condition(right)}"
        case say.OneOf(column, values):
            return f"{condition(column)} IN ({', '.join(_text(value) for value in values)})"
        case say.Not(say.IsNull(column)):
            return f"{condition(column)} IS NOT NULL"
        case say.IsNull(column):
            return f"{condition(column)} IS NULL"
        case say.Both(left, right):
            return f"{condition(left)} AND {condition(right)}"
        case say.Either(left, right):
            return f"({condition(left)} OR {condition(right)})"
        case say.Not(part):
            return (
                f"NOT ({condition(part)})" if not isinstance(part, say.Column) else f"NOT {condition(part)}"
            )
        case say.MinutesBetween(start, end):
            return f"floor(extract(epoch FROM {condition(end)} - {condition(start)}) / 60)"
        case say.Times(left, right):
            return f"{condition(left)} * {condition(right)}"
    raise TypeError(f"no SQL for {expression!r}")


def formula(one: reckon.Formula) -> str:
    """A formula as people write it, over codes of other figures; `.n` and `.d` are their numerator and denominator."""
    match one:
        case reckon.Of(code, side):
            return code if side == "value" else f"{code}.{side[0]}"
        case reckon.Number(number):
            return _number(number)
        case reckon.Days():
            return "days"
        case reckon.Joined(sign, left, right):
            return f"({formula(left)} {sign} {formula(right)})"
        case reckon.Mean(parts):
            return f"mean({', '.join(f'{formula(part)} × {_number(weight)}' for weight, part in parts)})"
        case reckon.AtLeast(part, lowest):
            return f"max({_number(lowest)}, {formula(part)})"
        case reckon.Steps(part, step):
            return f"floor({formula(part)} / {_number(step)})"
        case reckon.Else(part, number):
            return f"({formula(part)} if known else {_number(number)})"
    raise TypeError(f"no words for {one!r}")


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"({value})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
