"""Charts and texts of figures in the reader's own language; what they are made of is `reports.layouts.charts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language

from bihuan.indicators.rules import Figure, Period, week_name
from bihuan.indicators.rules.control import Chart
from bihuan.indicators.rules.league import League
from bihuan.kernel.indicator import Declared
from bihuan.kernel.words import Words
from bihuan.reports.layouts import charts
from bihuan.reports.layouts.charts import PLACES, Spec, control_of, counts, line_of, number, strip

__all__ = [
    "PLACES",
    "control",
    "control_of",
    "counts",
    "funnel_of",
    "language",
    "line_of",
    "moved",
    "number",
    "said",
    "signs",
    "strip",
    "suffix",
]


def language() -> str:
    """The reader's."""
    return get_language() or "zh-hans"


def said(words: Words) -> str:
    """A text of pure code in the reader's language."""
    return words.in_language(language())


def suffix(one: Declared) -> str:
    """What stands after a value."""
    return charts.suffix(one, language())


def signs(rules: Sequence[str]) -> str:
    """What a week of a control chart says."""
    return charts.signs(rules, language=language())


def control(line: Sequence[Figure], weeks: Sequence[Period], made: Chart, links: Sequence[str]) -> Spec:
    """Weeks with limits and signals."""
    return charts.control(line, [week_name(week.first) for week in weeks], made, links, language=language())


def funnel_of(
    made: League, names: Mapping[str, str], links: Mapping[str, str], one: Declared, aim: Decimal | None
) -> Spec | None:
    """Units by how many cases they had, with the limits of chance; None where nobody had any."""
    return charts.funnel_of(made, names, links, one, aim, language=language())


def moved(rows: Sequence[tuple[str, Fraction, Fraction]], unit: str, decimals: int) -> Spec:
    """Parts with their shares by mix and by their own rate, the largest first."""
    return charts.moved(rows, unit, decimals, language=language())
