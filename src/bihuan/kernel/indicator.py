"""An indicator: what is counted, of which rows, by which moment; or an index, made of other figures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from bihuan.kernel.expression import Expression
from bihuan.kernel.formula import Formula
from bihuan.kernel.words import Words

Measure = Literal["percent", "count", "minutes", "ratio", "sum"]
Direction = Literal["higher", "lower", "none"]
Table = Literal["cycle", "clock", "outage", "supply_day", "voltage"]
"""The tables that can be counted; `indicators/engines/sources.py` says where each stands."""


PER_CENT = 100


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
    sum: the sum of `numerator` over the rows that fulfil `denominator`, times `scale`.

    What is aimed at is no part of it: aims are data, by unit and year (`packs/targets`).
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
    direction: Direction = "higher"
    scale: Fraction = Fraction(1)
    """Of a ratio or sum only: 100 for percent, 1/3600 for hours out of seconds."""
    plain_unit: str = "1"
    """Of a ratio or sum that isn't in percent: the unit of its value in UCUM (h, min, d; 1 for a plain number)."""
    edition: int = 1
    """Goes up by one when the rule changes; frozen reports name it."""

    def __post_init__(self) -> None:
        if (self.numerator is None) != (self.measure == "count"):
            raise ValueError(f"{self.code}: a count has no numerator, every other measure needs one")
        if self.scale != 1 and self.measure not in ("ratio", "sum"):
            raise ValueError(f"{self.code}: only a ratio or a sum has a scale")

    @property
    def in_percent(self) -> bool:
        """Whether its value is said in percent."""
        return self.measure == "percent" or (self.measure == "ratio" and self.scale == PER_CENT)

    @property
    def unit(self) -> str:
        """The unit of its value in UCUM."""
        if self.in_percent:
            return "%"
        return "min" if self.measure == "minutes" else self.plain_unit


@dataclass(frozen=True, slots=True)
class Index:
    """A figure that follows from other figures of the same unit and period; it counts no rows of its own.

    Its exact value is a fraction of whole numbers. `in_percent` says that a hundred stands for the whole; `most` is the most
    that it can be, None where it has no bound.
    """

    code: str
    title: Words
    source: Words
    rule: Words
    chapter: str
    formula: Formula
    in_percent: bool = True
    most: int | None = None
    decimals: int = 2
    direction: Direction = "higher"
    edition: int = 1

    @property
    def measure(self) -> Literal["index"]:
        """What it is."""
        return "index"

    @property
    def unit(self) -> str:
        """The unit of its value in UCUM: per cent, or a plain number."""
        return "%" if self.in_percent else "1"

    @property
    def parts(self) -> tuple[str, ...]:
        """The codes of the figures it is made of, each once."""
        return tuple(dict.fromkeys(self.formula.codes()))


Declared = Indicator | Index
"""What the catalogue holds."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Counts or rates of one table split by a column of its rows: repairs by class, complaints by leaf, promises one by one.

    With `days` the rows of so many days up to the period's last are counted instead of the period's own. A value that the
    first figure counts fewer than `at_least` times isn't shown: lines that were off three times in two months.
    """

    code: str
    title: Words
    of: tuple[str, ...]
    by: str
    days: int | None = None
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Roll:
    """Cases, or outages, that a chapter names one by one: those of one part of a figure."""

    code: str
    title: Words
    of: str
    part: Literal["numerator", "denominator", "missed"]
