"""An indicator: what is counted, of which rows, by which moment, and what is aimed at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bihuan.kernel.expression import Expression
from bihuan.kernel.words import Words

Measure = Literal["percent", "count", "minutes"]
Table = Literal["cycle", "clock"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the weekly report."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Indicator:
    """Rows of `table` that fulfil `where`, put into a period by `counted_at`.

    percent: rows that fulfil `denominator` and `numerator` over rows that fulfil `denominator`. count: rows that fulfil
    `denominator`. minutes: the sum of `numerator` over the rows that fulfil `denominator`, divided by their number.
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
    edition: int = 1
    """Goes up by one when the rule changes; frozen reports name it."""

    def __post_init__(self) -> None:
        if (self.numerator is None) != (self.measure == "count"):
            raise ValueError(f"{self.code}: a count has no numerator, every other measure needs one")
