"""An indicator: what is counted, of which rows, by which moment, and what is aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from bihuan.kernel.expression import Expression
from bihuan.kernel.words import Words

Measure = Literal["percent", "count", "minutes", "ratio"]
Table = Literal["cycle", "clock", "outage", "supply_day", "voltage"]
"""The tables that can be counted; `indicators/engines/sources.py` says where each stands."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the weekly report."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Indicator:
    """Rows of `table` that fulfil `where`, put into a period by `counted_at`.

    percent: rows that fulfil `denominator` and `numerator` over rows that fulfil `denominator`. count: rows that fulfil
    `denominator`. minutes: the sum of `numerator` over the rows that fulfil `denominator`, divided by their number. ratio: the
    sum of `numerator` over the sum of `denominator`, both whole numbers; its value is that times `scale` (100 for percent).
    """

    code: str
    title: Words
    source: Words
    rule: Words
    chapter: str
    table: Table
    measure: Measure
    where: Expression
    denominator: Expression
    counted_at: str
    numerator: Expression | None = None
    decimals: int = 2
    direction: Literal["higher", "lower", "none"] = "higher"
    target: Decimal | None = None
    scale: Fraction = Fraction(1)
    """Of a ratio only: 100 for percent, 1/3600 for hours out of seconds."""
    edition: int = 1
    """Goes up by one when the rule changes; frozen reports name it."""

    def __post_init__(self) -> None:
        if (self.numerator is None) != (self.measure == "count"):
            raise ValueError(f"{self.code}: a count has no numerator, every other measure needs one")
        if self.scale != 1 and self.measure != "ratio":
            raise ValueError(f"{self.code}: only a ratio has a scale")
