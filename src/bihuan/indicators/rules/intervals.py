"""What chance alone can do to a rate: intervals, exact binomial limits and tails. Standard library only; no Django."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

LEVEL = 0.95
"""Of intervals on pages: nineteen of twenty such intervals hold the true rate."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the value lies in it."""
        return self.low <= value <= self.high


def wilson(met: int, counted: int, level: float = LEVEL) -> Interval | None:
    """Wilson's score interval of a rate between 0 and 1 (1927); None where nothing was counted.

    It stays within 0 and 1, and at 100 % it still says how little a few cases prove. Brown, Cai and DasGupta (2001)
    recommend it for small samples.
    """
    if counted == 0:
        return None
    z = _normal((1 + level) / 2)
    rate, square = met / counted, z * z / counted
    middle = (rate + square / 2) / (1 + square)
    half = z * math.sqrt(rate * (1 - rate) / counted + square / (4 * counted)) / (1 + square)
    # At the ends the formula gives 0 and 1 but for the last digit.
    low = 0.0 if met == 0 else max(0.0, middle - half)
    high = 1.0 if met == counted else min(1.0, middle + half)
    return Interval(low, high)


def difference(
    met: int, counted: int, other_met: int, other_counted: int, level: float = LEVEL
) -> Interval | None:
    """Newcombe's hybrid score interval (1998, method 10) of the first rate less the second; None without a count."""
    one, other = wilson(met, counted, level), wilson(other_met, other_counted, level)
    if one is None or other is None:
        return None
    rate, other_rate = met / counted, other_met / other_counted
    apart = rate - other_rate
    return Interval(
        apart - math.hypot(rate - one.low, other.high - other_rate),
        apart + math.hypot(one.high - rate, other_rate - other.low),
    )


def mean(total: int, squares: int, counted: int, level: float = LEVEL) -> Interval | None:
    """An interval of a mean from the sum and the sum of squares, by the normal law; None below ten values."""
    if counted < _FEW:
        return None
    half = _normal((1 + level) / 2) * deviation(total, squares, counted) / math.sqrt(counted)
    return Interval(total / counted - half, total / counted + half)


def deviation(total: int, squares: int, counted: int) -> float:
    """The standard deviation of a sample from its sums; 0 below two values."""
    if counted < 2:
        return 0.0
    return math.sqrt(max(0, counted * squares - total * total) / (counted * (counted - 1)))


def below(most: int, counted: int, rate: float) -> float:
    """How likely at most `most` of `counted` are met, where each is met with `rate`: exact binomial."""
    if most < 0:
        return 0.0
    if most >= counted:
        return 1.0
    return _beta(1 - rate, counted - most, most + 1)


def tail(met: int, counted: int, rate: float) -> float:
    """How likely a count at least so far from what `rate` lets expect, on either side: twice the smaller tail, at most 1."""
    smaller = min(below(met, counted, rate), 1 - below(met - 1, counted, rate))
    return min(1.0, 2 * max(0.0, smaller))


def chi_square_tail(value: float, freedom: int) -> float:
    """How likely a chi-square so large is, by Wilson and Hilferty's cube root (1931); good to three digits from two degrees on."""
    step = 2 / (9 * freedom)
    return 1 - NormalDist().cdf(((value / freedom) ** (1 / 3) - (1 - step)) / math.sqrt(step))


def limit(part: float, counted: int, rate: float) -> float:
    """The rate below which so large a `part` of chance's results lie: exact binomial, interpolated as in Spiegelhalter (2005).

    With r the first count whose cumulated probability reaches `part`, the limit is (r - a) / n with
    a = (P(R <= r) - part) / P(R = r), which makes the funnel smooth.
    """
    low, high = -1, counted
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle, counted, rate) >= part else (middle, high)
    reached, before = below(high, counted, rate), below(high - 1, counted, rate)
    share = (reached - part) / (reached - before) if reached > before else 0.0
    return min(1.0, max(0.0, (high - share) / counted))


def funnel(counted: int, rate: float, level: float) -> Interval:
    """Between which rates chance leaves a unit of `counted` cases in `level` of all samples, where all units are alike.

    A unit lies outside exactly where the probability of so few met, or of so many, is below half of what `level` leaves. The
    upper limit is the lower one of the cases not met: Spiegelhalter's own formula for it would call a unit with all cases met
    outside even where nearly all such units have all met.
    """
    if counted == 0 or rate <= 0 or rate >= 1:
        return Interval(0.0, 1.0) if counted == 0 else Interval(rate, rate)
    part = (1 - level) / 2
    return Interval(limit(part, counted, rate), 1 - limit(part, counted, 1 - rate))


_FEW = 10


@lru_cache(maxsize=256)
def _normal(part: float) -> float:
    return NormalDist().inv_cdf(part)


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function by its continued fraction (Lentz's way); good to some thirteen digits."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    d = 1 / _apart(1 - (a + b) * x / (a + 1), tiny)
    c, found = 1.0, d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _apart(1 + even * d, tiny), _apart(1 + even / c, tiny)
        found *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _apart(1 + odd * d, tiny), _apart(1 + odd / c, tiny)
        found *= d * c
        if abs(d * c - 1) < 1e-15:
            return found
    raise ArithmeticError(f"the continued fraction of I_{x}({a}, {b}) doesn't settle")


def _apart(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
