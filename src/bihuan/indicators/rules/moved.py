"""Why a figure moved: its parts' shares in a change, exact to the last digit, and whether the change is more than chance. No Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bihuan.indicators.rules.intervals import LEVEL, Interval, difference, tail

Pair = tuple[int, int]
"""Numerator and denominator."""
NOTHING: Pair = (0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One part's share in a change. For rates `mix` and `rate` add up to `total`; for counts all of it is `rate`.

    `mix`: the part has become a larger or smaller share of all cases, and is itself above or below the rest.
    `rate`: within the part it went better or worse.
    """

    key: str
    before: Pair
    now: Pair
    mix: Fraction
    rate: Fraction

    @property
    def total(self) -> Fraction:
        """The part's whole share."""
        return self.mix + self.rate


def parts_of_rate(before: Mapping[str, Pair], now: Mapping[str, Pair], scale: int = 1) -> list[Part] | None:
    """Each part's share in the change of sum over sum, the largest first; None where either side counted nothing.

    With `scale` 100 shares are percentage points.

    1. A part weighs w = its denominator over all, at the rate r = its numerator over its denominator.
    2. rate = (w0 + w1) / 2 * (r1 - r0); mix = (w1 - w0) * ((r0 + r1) / 2 - (R0 + R1) / 2), R being the whole's rate.
    3. The weights' changes add up to 0, so what is taken off for R changes no sum: all shares add up to R1 - R0 exactly.
    4. A part that was not there at all on one side has no rate there: it takes the other side's, and all of its share is mix.
    This is Kitagawa's decomposition (1955) with each part's mix told against the whole.
    """
    all_before, all_now = _sum(before), _sum(now)
    if not all_before[1] or not all_now[1]:
        return None
    middle = (Fraction(*all_before) + Fraction(*all_now)) / 2
    parts = []
    for key in dict.fromkeys((*before, *now)):
        was, is_ = before.get(key, NOTHING), now.get(key, NOTHING)
        if was[1] or is_[1]:
            parts.append(_part(key, was, is_, all_before[1], all_now[1], middle, scale))
    return _largest_first(parts)


def parts_of_count(before: Mapping[str, int], now: Mapping[str, int]) -> list[Part]:
    """Each part's share in the change of a count, the largest first."""
    parts = []
    for key in dict.fromkeys((*before, *now)):
        was, is_ = before.get(key, 0), now.get(key, 0)
        parts.append(Part(key, (was, was), (is_, is_), Fraction(0), Fraction(is_ - was)))
    return _largest_first(parts)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Half-even, with its decimals; nothing is plain 0."""
    return Decimal(round(value * 10**decimals)).scaleb(-decimals)


def shown(values: Sequence[Fraction], decimals: int) -> list[Decimal]:
    """Rounded so that what is shown adds up to the rounded sum: cut down, then the largest remainders are rounded up."""
    unit = Fraction(1, 10**decimals)
    floors = [value // unit for value in values]
    whole = sum(values, Fraction(0)) / unit
    wanted = round(whole)  # a fraction rounds half-even
    order = sorted(range(len(values)), key=lambda place: (floors[place] * unit - values[place], place))
    lifted = set(order[: wanted - sum(floors)])
    return [Decimal(floor + (place in lifted)).scaleb(-decimals) for place, floor in enumerate(floors)]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against another period's. `apart` is in the figure's own unit (percentage points for rates).

    `chance`: whether chance alone may well have made it; None where that can't be said.
    """

    before: Pair
    now: Pair
    apart: Fraction | None
    interval: Interval | None
    chance: bool | None


def change_of_rate(before: Pair, now: Pair) -> Change:
    """In percentage points, with Newcombe's interval; chance where it holds 0."""
    if not before[1] or not now[1]:
        return Change(before, now, None, None, None)
    found = difference(*now, *before)
    if found is None:
        raise ValueError("two counted rates have a difference")
    scaled = Interval(found.low * 100, found.high * 100)
    return Change(before, now, 100 * (Fraction(*now) - Fraction(*before)), scaled, found.holds(0.0))


def change_of_count(before: int, now: int, share: Fraction = Fraction(1, 2)) -> Change:
    """How many more; chance where the exact binomial tail of `now` among both is 5 % or more (cases by Poisson's law).

    `share` is the part of both periods' days that the present one has.
    """
    chance = tail(now, now + before, float(share)) >= 1 - LEVEL if now + before else None
    return Change((before, before), (now, now), Fraction(now - before), None, chance)


def change_of_mean(before: Pair, now: Pair, scale: Fraction = Fraction(1)) -> Change:
    """Of sums over sums, times `scale`; without their squares nothing is said of chance."""
    if not before[1] or not now[1]:
        return Change(before, now, None, None, None)
    return Change(before, now, scale * (Fraction(*now) - Fraction(*before)), None, None)


def _part(key: str, was: Pair, is_: Pair, all_was: int, all_is: int, middle: Fraction, scale: int) -> Part:
    weight, weight_now = Fraction(was[1], all_was), Fraction(is_[1], all_is)
    rate = Fraction(*was) if was[1] else Fraction(*is_)
    rate_now = Fraction(*is_) if is_[1] else rate
    return Part(
        key,
        was,
        is_,
        mix=scale * (weight_now - weight) * ((rate + rate_now) / 2 - middle),
        rate=scale * (weight + weight_now) / 2 * (rate_now - rate),
    )


def _largest_first(parts: list[Part]) -> list[Part]:
    return sorted(parts, key=lambda part: (-abs(part.total), -(part.before[1] + part.now[1]), part.key))


def _sum(pairs: Mapping[str, Pair]) -> Pair:
    return sum(pair[0] for pair in pairs.values()), sum(pair[1] for pair in pairs.values())
