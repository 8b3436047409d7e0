"""Charts as data, for page and paper: what `chart-options.js` makes a picture of. Rates in percent; a table stands beside each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bihuan.indicators.rules import Figure, Period
from bihuan.indicators.rules.control import RULES, Chart, laney, xmr
from bihuan.indicators.rules.intervals import funnel
from bihuan.indicators.rules.league import INNER, OUTER, League, Standing
from bihuan.kernel.indicator import Declared, Index
from bihuan.kernel.words import Words

Spec = dict[str, Any]
"""What to draw; plain enough for JSON."""
STEPS = 28
"""Points of a funnel's curve."""
PLACES: dict[str, Words] = {
    "model": Words(zh="标杆单位", en="model unit"),
    "good": Words(zh="偏高，可能属偶然", en="better, but it may be chance"),
    "within": Words(zh="与全公司无明显差别", en="not told apart from the company"),
    "poor": Words(zh="偏低，可能属偶然", en="worse, but it may be chance"),
    "weak": Words(zh="短木板", en="weak link"),
    "small": Words(zh="样本小，不排名", en="too few cases to rank"),
    "empty": Words(zh="无此类业务", en="no cases"),
    "apart": Words(zh="与全公司有差别", en="differs from the company"),
}
STEPS_SAID = {
    "monthly": (("周", "个月"), ("week", "month")),
    "yearly": (("周", "年"), ("week", "year")),
}
WORDS = {
    "low": Words(zh="下限", en="lower limit"),
    "high": Words(zh="上限", en="upper limit"),
    "centre": Words(zh="中心线", en="centre"),
    "target": Words(zh="目标", en="target"),
    "cases": Words(zh="计入件数", en="cases counted"),
    "mean": Words(zh="全公司", en="company"),
    "inner": Words(zh="95% 界限", en="limits (95 %)"),
    "outer": Words(zh="99.8% 界限", en="limits (99.8 %)"),
    "mix": Words(zh="结构影响", en="by mix"),
    "rate": Words(zh="水平影响", en="by its own level"),
}
SUFFIXES = {"percent": Words(zh="%", en="%"), "minutes": Words(zh="分钟", en="min")}


def suffix(one: Declared, language: str) -> str:
    """What stands after a value."""
    if one.in_percent:
        return "%"
    found = SUFFIXES.get(one.measure)
    return found.in_language(language) if found else ""


def number(figure: Figure) -> float | None:
    """A figure as a chart takes it: percent, minutes, or how many."""
    return None if figure.value is None else float(figure.value)


def control_of(line: Sequence[Figure], kind: str) -> Chart | None:
    """The control chart of a line of weeks: Laney's p' for rates, XmR for everything else and when asked for."""
    one = line[0].indicator if line else None
    if one is None:
        return None
    if kind != "xmr" and one.measure == "percent":
        return laney([(week.numerator, week.denominator or 0) for week in line])
    values = [number(week) for week in line]
    most = 100 if one.in_percent else one.most if isinstance(one, Index) else None
    return xmr(values, floor=0.0, ceiling=math.inf if most is None else float(most))


def line_of(line: Sequence[Figure], weeks: Sequence[Period]) -> tuple[tuple[Figure, ...], tuple[Period, ...]]:
    """The weeks from the first in which anything was counted."""
    first = next((place for place, one in enumerate(line) if one.denominator or one.numerator), len(line))
    return tuple(line[first:]), tuple(weeks[first:])


def control(
    line: Sequence[Figure],
    labels: Sequence[str],
    made: Chart,
    links: Sequence[str],
    *,
    language: str,
    step: str = "weekly",
) -> Spec:
    """Weeks, months or years (`step`: a kind of report) by their names, with limits and signals."""
    one, scale = line[0].indicator, 100 if made.kind == "p" else 1
    return {
        "kind": "control",
        "labels": list(labels),
        "values": [number(week) for week in line],
        "low": [point.low * scale for point in made.points],
        "high": [point.high * scale for point in made.points],
        "centre": made.centre * scale,
        "target": None if line[-1].aim is None else float(line[-1].aim),
        "signals": [signs(point.signals, language=language, step=step) for point in made.points],
        "counts": [counts(week) for week in line],
        "links": list(links),
        "decimals": one.decimals,
        "suffix": suffix(one, language),
        "words": {"value": one.title.in_language(language)}
        | _said(language, "low", "high", "centre", "target"),
    }


def signs(rules: Sequence[str], *, language: str, step: str = "weekly") -> str:
    """What a point says; the rules speak of weeks, and are the same for months and years."""
    told = "; ".join(words.in_language(language) for rule, words in RULES.items() if rule in rules)
    for week, other in STEPS_SAID.get(step, ()):
        told = told.replace(week, other)
    return told


def counts(figure: Figure) -> str:
    """The two integers; an index has none of its own."""
    if isinstance(figure.indicator, Index):
        return ""
    return "" if figure.denominator is None else f"{figure.numerator:,} / {figure.denominator:,}"


def funnel_of(
    made: League,
    names: Mapping[str, str],
    links: Mapping[str, str],
    one: Declared,
    aim: Decimal | None,
    *,
    language: str,
) -> Spec | None:
    """Units by how many cases they had, with the limits of chance; None where nobody had any."""
    there = [unit for unit in made.standings if unit.counted]
    if not there or made.mean is None:
        return None
    mean, most = float(made.mean), max(unit.counted for unit in there)
    low, high = _window(there, mean)
    curve = [(n, funnel(n, mean, INNER), funnel(n, mean, OUTER)) for n in _spread(most)]
    return {
        "kind": "funnel",
        "mean": mean * 100,
        "target": None if aim is None else float(aim),
        "curve": [
            [n, *(bound * 100 for bound in (inner.low, inner.high, outer.low, outer.high))]
            for n, inner, outer in curve
        ],
        "points": [
            {
                "name": names.get(unit.unit, unit.unit),
                "at": [unit.counted, unit.met / unit.counted * 100],
                "counts": f"{unit.met:,} / {unit.counted:,}",
                "place": unit.place,
                "said": PLACES[unit.place].in_language(language),
                "link": links.get(unit.unit, ""),
            }
            for unit in there
        ],
        "floor": low * 100,
        "roof": high * 100,
        "decimals": one.decimals,
        "suffix": "%",
        "words": _said(language, "cases", "mean", "inner", "outer", "target"),
    }


def moved(rows: Sequence[tuple[str, Fraction, Fraction]], unit: str, decimals: int, *, language: str) -> Spec:
    """Parts with their shares by mix and by their own rate, the largest first."""
    return {
        "kind": "moved",
        "labels": [name for name, _, _ in rows],
        "mix": [float(mix) for _, mix, _ in rows],
        "rate": [float(rate) for _, _, rate in rows],
        "split": any(mix for _, mix, _ in rows),
        "decimals": decimals,
        "suffix": unit,
        "words": _said(language, "mix", "rate"),
    }


def strip(unit: Standing, low: float, mean: float) -> dict[str, float] | None:
    """An interval as a small drawing of 120 by 14, from `low` to 1."""
    if unit.interval is None or low >= 1:
        return None

    def x(value: float) -> float:
        return round(2 + max(0.0, (value - low) / (1 - low)) * 116, 1)

    start, end = x(unit.interval.low), x(unit.interval.high)
    return {
        "start": start,
        "width": round(max(1.0, end - start), 1),
        "at": x(unit.met / unit.counted),
        "mean": x(mean),
    }


def _said(language: str, *names: str) -> dict[str, str]:
    return {name: WORDS[name].in_language(language) for name in names}


def _spread(most: int) -> list[int]:
    """Whole numbers from 1 up, closer together where they are small."""
    top = max(most * 1.08, 12)
    return sorted({max(1, round(top ** (step / STEPS))) for step in range(STEPS + 1)} | {most})


def _window(there: Sequence[Standing], mean: float) -> tuple[float, float]:
    """Between which rates the drawing lies: all units, and the limits of a unit of middling size."""
    middle = sorted(unit.counted for unit in there)[len(there) // 2]
    outer = funnel(middle, mean, OUTER)
    rates = [unit.met / unit.counted for unit in there]
    low, high = min(*rates, outer.low, mean), max(*rates, outer.high, mean)
    room = max(high - low, 0.01) * 0.08
    return max(0.0, low - room), min(1.0, high + room)
