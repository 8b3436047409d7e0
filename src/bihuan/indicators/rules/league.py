"""A fair league (同业对标): who stands apart from the company by more than chance, and how sure a rank is. No Django.

Each unit is held against the company's own rate by exact binomial limits (a funnel: the fewer cases, the wider). To be named as
a model or a weak link its tail probability must pass Holm's step-down test over all units at 5 %: where no unit truly differs,
a league names anybody in at most one of twenty readings. Ranks are ranges: from one after the units that are surely better to
one before those that are surely worse, each pair compared by Newcombe's interval at 5 % shared among a unit's pairs (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from bihuan.indicators.rules.intervals import Interval, chi_square_tail, difference, funnel, tail, wilson

INNER, OUTER = 0.95, 0.998
"""Of a funnel (Spiegelhalter 2005): about two and three standard deviations."""
SURE = 0.05
MINIMUM = 10
"""With fewer cases a unit isn't ranked. Ours, not the field's."""

Direction = Literal["higher", "lower", "none"]
Place = Literal["model", "good", "within", "poor", "weak", "small", "empty", "apart"]
"""`model` and `weak` are named; `good` and `poor` lie outside the inner limits only, which chance does now and then.

`apart`: outside, where neither direction is the better one. `small`: too few cases to be told from chance. `empty`: none.
"""
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one unit stands. `ranks` are the best and the worst that it may truly hold; `chance` is the tail probability."""

    unit: str
    met: int
    counted: int
    interval: Interval | None
    inner: Interval
    outer: Interval
    chance: float | None
    place: Place
    rank: int | None = None
    ranks: tuple[int, int] | None = None

    @property
    def rate(self) -> Fraction | None:
        """Between 0 and 1."""
        return Fraction(self.met, self.counted) if self.counted else None


@dataclass(frozen=True, slots=True)
class League:
    """All units of one reading, in the order given. `mean` is the company's rate: all met over all counted."""

    met: int
    counted: int
    standings: tuple[Standing, ...]
    direction: Direction

    @property
    def mean(self) -> Fraction | None:
        """Between 0 and 1; None where nothing was counted."""
        return Fraction(self.met, self.counted) if self.counted else None

    @property
    def spread(self) -> float | None:
        """How much more the units' rates vary than chance lets them (Pearson's chi-square over its degrees of freedom).

        None where that is no more than chance at 5 %, or where less than one bad case is to be expected of a unit.
        """
        there = [one for one in self.standings if one.chance is not None]
        mean = self.met / self.counted if self.counted else 0.0
        part = mean * (1 - mean)
        if len(there) < 2 or min(mean, 1 - mean) * self.counted < len(there):
            return None
        squares = sum((one.met - one.counted * mean) ** 2 / (one.counted * part) for one in there)
        freedom = len(there) - 1
        return squares / freedom if chi_square_tail(squares, freedom) < SURE else None

    def placed(self, *places: Place) -> list[Standing]:
        """The units that stand there, the surest first."""
        found = [one for one in self.standings if one.place in places]
        return sorted(found, key=lambda one: (one.chance or 0, one.unit))

    @property
    def ordered(self) -> list[Standing]:
        """By rank, ties in the order given; then those without one."""
        return sorted(self.standings, key=lambda one: (one.rank is None, one.rank or 0, not one.counted))


def league(units: Mapping[str, Pair], direction: Direction = "higher") -> League:
    """Units by code, each with how many were met and counted."""
    met, counted = sum(pair[0] for pair in units.values()), sum(pair[1] for pair in units.values())
    mean = met / counted if counted else 0.0
    chances = {
        code: tail(*pair, mean)
        for code, pair in units.items()
        if counted and not small(*pair, mean, direction)
    }
    named = holm(chances)
    ranked = _ranks({code: units[code] for code in chances}, direction)
    standings = []
    for code, pair in units.items():
        inner, outer = funnel(pair[1], mean, INNER), funnel(pair[1], mean, OUTER)
        place = _place(pair, mean, direction, chances.get(code), code in named)
        rank, ranks = ranked.get(code, (None, None))
        standings.append(
            Standing(code, *pair, wilson(*pair), inner, outer, chances.get(code), place, rank, ranks)
        )
    return League(met, counted, tuple(standings), direction)


def small(met: int, counted: int, mean: float, direction: Direction) -> bool:
    """Whether a unit has too few cases to be judged: below the minimum, or so few that one single bad case would brand it.

    The second: where chance gives not one bad case to 97.5 % of such units, the first one carries a unit beyond the inner limit.
    """
    bad = mean if direction == "lower" else 1 - mean
    if counted < MINIMUM:
        return True
    return 0 < bad < 1 and 1 - (1 - bad) ** counted < (1 - INNER) / 2


def holm(chances: Mapping[str, float], level: float = SURE) -> frozenset[str]:
    """Holm's step-down test (1979): whose probability is so small that at most `level` of leagues of equals name anybody."""
    found: set[str] = set()
    ordered = sorted(chances.items(), key=lambda one: (one[1], one[0]))
    for place, (code, chance) in enumerate(ordered):
        if chance > level / (len(ordered) - place):
            break
        found.add(code)
    return frozenset(found)


def _place(pair: Pair, mean: float, direction: Direction, chance: float | None, named: bool) -> Place:
    met, counted = pair
    if not counted:
        return "empty"
    if chance is None:
        return "small"
    if chance >= 1 - INNER and not named:
        return "within"
    if direction == "none":
        return "apart"
    better = (met / counted > mean) == (direction == "higher")
    if named:
        return "model" if better else "weak"
    return "good" if better else "poor"


def _ranks(
    units: Mapping[str, Pair], direction: Direction
) -> dict[str, tuple[int | None, tuple[int, int] | None]]:
    if direction == "none" or not units:
        return {}
    sign = 1 if direction == "higher" else -1
    rates = {code: sign * Fraction(met, counted) for code, (met, counted) in units.items()}
    level = 1 - SURE / max(1, len(units) - 1)
    found: dict[str, tuple[int | None, tuple[int, int] | None]] = {}
    for code, pair in units.items():
        apart = [_surely(pair, other, level) * sign for name, other in units.items() if name != code]
        rank = 1 + sum(other > rates[code] for other in rates.values())
        found[code] = rank, (1 + apart.count(-1), len(units) - apart.count(1))
    return found


def _surely(pair: Pair, other: Pair, level: float) -> int:
    """1 where the first rate is surely the higher, -1 where the lower, 0 where nobody can tell."""
    apart = difference(*pair, *other, level)
    if apart is None or apart.holds(0.0):
        return 0
    return 1 if apart.low > 0 else -1
