"""Control charts: is a weekly figure another one, or the same one with its ordinary ups and downs? No Django.

XmR by Wheeler for any figure; for rates also Laney's p' chart (2002), whose limits follow each week's count. Signals are the
first four rules of Provost and Murray, "The Health Care Data Guide" (2011): a point outside the limits; eight in a row on
one side of the centre; six in a row rising or falling; two of three in the same outer third.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Literal

from bihuan.indicators.rules.intervals import funnel, tail
from bihuan.kernel.words import Words

Rule = Literal["outside", "run", "trend", "near"]
RULES: dict[Rule, Words] = {
    "outside": Words(zh="超出控制限", en="outside the limits"),
    "run": Words(zh="连续8周在中心线同一侧", en="eight weeks in a row on one side"),
    "trend": Words(zh="连续6周上升或下降", en="six weeks in a row rising or falling"),
    "near": Words(zh="3周中有2周接近同一控制限", en="two of three weeks near the same limit"),
}
RUN, TREND = 8, 6
D2, D4 = 1.128, 3.267
"""Of moving ranges of two: what turns their mean into a standard deviation, and into their own upper limit."""
THREE_SIGMA = 0.9973
"""What the normal law leaves within three deviations."""
ENOUGH = 12
"""With fewer points the limits are provisional."""


@dataclass(frozen=True, slots=True)
class Point:
    """A week: its value (None: nothing was counted), its limits, and the signals that it completes."""

    value: float | None
    low: float
    high: float
    range: float | None
    signals: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A series with its centre. `provisional` where there are too few points to trust the limits."""

    kind: Literal["xmr", "p"]
    centre: float
    sigma: float
    points: tuple[Point, ...]
    provisional: bool
    range_limit: float | None = None
    """Above it a step from week to week is a signal by itself (XmR only)."""

    @property
    def signalling(self) -> list[int]:
        """The places of the points that say something."""
        return [place for place, point in enumerate(self.points) if point.signals]


def xmr(
    values: Sequence[float | None], *, floor: float = -math.inf, ceiling: float = math.inf
) -> Chart | None:
    """Individual values with limits from their moving ranges; None below two values. Gaps are passed over.

    Limits: mean -/+ 3 times the mean moving range over 1.128 (Wheeler writes 2.66 for 3/1.128), cut at `floor` and `ceiling`.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    centre = sum(known) / len(known)
    ranges = _ranges(values)
    moved = [one for one in ranges if one is not None]
    sigma = sum(moved) / len(moved) / D2
    low, high = max(floor, centre - 3 * sigma), min(ceiling, centre + 3 * sigma)
    distances = [None if value is None else _steps(value - centre, sigma) for value in values]
    found = signals(distances, values, rest=_rest(values, floor, ceiling))
    points = tuple(
        Point(value, low, high, moving, told)
        for value, moving, told in zip(values, ranges, found, strict=True)
    )
    return Chart("xmr", centre, sigma, points, len(known) < ENOUGH, D4 * sigma * D2)


def laney(pairs: Sequence[tuple[int, int]], factor: float | None = None) -> Chart | None:
    """Laney's p' chart of (met, counted): the p chart's limits, times what the weeks vary beyond the binomial law.

    The factor is the mean moving range of the weeks' z values over 1.128, and never taken below 1, so that limits aren't drawn
    tighter than chance alone allows. Where it is 1 the weeks vary as the binomial law has it, and the limits are that law's own,
    exact, with the probability of three deviations: near 100 % one missed of few is no signal. `factor` given takes its place,
    with the normal law's limits (1: the p chart of the books). None below two weeks with counts.
    """
    known = [(met, counted) for met, counted in pairs if counted]
    if len(known) < 2:
        return None
    centre = sum(met for met, _ in known) / sum(counted for _, counted in known)
    sigmas = [math.sqrt(centre * (1 - centre) / counted) if counted else math.nan for _, counted in pairs]
    values = [met / counted if counted else None for met, counted in pairs]
    zs = [
        None if value is None else _steps(value - centre, sigma)
        for value, sigma in zip(values, sigmas, strict=True)
    ]
    moved = [one for one in _ranges(zs) if one is not None]
    given, factor = factor, factor or max(1.0, sum(moved) / len(moved) / D2)
    if given is None and factor == 1:
        limits = [_exact(counted, centre) for _, counted in pairs]
        distances = [_surprise(*pair, centre) if pair[1] else None for pair in pairs]
    else:
        limits = [_limits(centre, sigma * factor) for sigma in sigmas]
        distances = [None if z is None else z / factor for z in zs]
    found = signals(distances, values, rest=_rest(values, 0.0, 1.0))
    points = tuple(
        Point(value, *bounds, None, told) for value, bounds, told in zip(values, limits, found, strict=True)
    )
    return Chart("p", centre, factor, points, len(known) < ENOUGH)


def signals(
    distances: Sequence[float | None], values: Sequence[float | None], rest: float | None = None
) -> list[tuple[Rule, ...]]:
    """For each point the rules that it completes. `distances` are in standard deviations from the centre; gaps are passed over.

    A point at `rest` lies on neither side and ends a run.
    """
    places = [place for place, value in enumerate(values) if value is not None]
    far = [distance for distance in distances if distance is not None]
    known = [value for value in values if value is not None]
    sides = [0.0 if value == rest else distance for value, distance in zip(known, far, strict=True)]
    found: list[tuple[Rule, ...]] = [()] * len(values)
    for index, place in enumerate(places):
        told: list[Rule] = []
        if abs(far[index]) > 3:
            told.append("outside")
        if _one_side(sides[max(0, index - RUN + 1) : index + 1]):
            told.append("run")
        if _trending(known[max(0, index - TREND + 1) : index + 1]):
            told.append("trend")
        last = far[max(0, index - 2) : index + 1]
        if abs(far[index]) > 2 and sum(one * far[index] > 0 and abs(one) > 2 for one in last) >= 2:
            told.append("near")
        found[place] = tuple(told)
    return found


def _ranges(values: Sequence[float | None]) -> list[float | None]:
    found: list[float | None] = []
    before: float | None = None
    for value in values:
        found.append(None if value is None or before is None else abs(value - before))
        before = before if value is None else value
    return found


def _steps(distance: float, sigma: float) -> float:
    """In standard deviations; what doesn't vary at all has no distance, whatever the last digit says."""
    return 0.0 if sigma < 1e-12 else distance / sigma


def _rest(values: Sequence[float | None], *bounds: float) -> float | None:
    """The bound at which most weeks lie: being there is the ordinary, and a row of such weeks says nothing."""
    known = [value for value in values if value is not None]
    return next((bound for bound in bounds if 2 * known.count(bound) > len(known)), None)


def _exact(counted: int, centre: float) -> tuple[float, float]:
    found = funnel(counted, centre, THREE_SIGMA)
    return found.low, found.high


def _surprise(met: int, counted: int, centre: float) -> float:
    """How far a week lies from the centre, as deviations of a normal law of the same exact probability."""
    apart = met / counted - centre
    if apart == 0 or centre in (0.0, 1.0):
        return 0.0
    far = max(1e-9, -NormalDist().inv_cdf(max(1e-300, min(1.0, tail(met, counted, centre)) / 2)))
    return math.copysign(far, apart)


def _limits(centre: float, sigma: float) -> tuple[float, float]:
    if math.isnan(sigma):
        return 0.0, 1.0
    return max(0.0, centre - 3 * sigma), min(1.0, centre + 3 * sigma)


def _one_side(last: Sequence[float]) -> bool:
    return len(last) == RUN and (all(one > 0 for one in last) or all(one < 0 for one in last))


def _trending(last: Sequence[float]) -> bool:
    if len(last) < TREND:
        return False
    steps = [after - before for before, after in pairwise(last)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)
