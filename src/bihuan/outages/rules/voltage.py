"""Voltage quality: what a point may have, its pass rate, and the combined one of a company (from memory; the standard's text wasn't seen).

A point's rate is one less the share of the monitored time outside its limits. Combined: half the rate of class A and half the mean of
B, C and D; where a class has no point, the mean is over the classes that are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bihuan.kernel.words import Words
from bihuan.outages.rules.reliability import Ratio, rounded

MOST_MINUTES = 24 * 60
"""In a day."""

BANDS: dict[str, tuple[int, int]] = {"A": (0, 70), "B": (-50, 50), "C": (-70, 70), "D": (-70, 70)}
"""Thousandths below and above the nominal voltage. B: the absolute deviations add up to at most 10 %; half of it each way is ours."""

BAND_220 = (-100, 70)


@dataclass(frozen=True, slots=True)
class Reading:
    """Minutes monitored, and of these above and below the limits."""

    monitored: int
    over: int
    under: int

    @property
    def within(self) -> Ratio:
        """Minutes within the limits over minutes monitored."""
        return Ratio(self.monitored - self.over - self.under, self.monitored)

    def __add__(self, other: Reading) -> Reading:
        return Reading(self.monitored + other.monitored, self.over + other.over, self.under + other.under)


def band(klass: str, nominal: int) -> tuple[Decimal, Decimal]:
    """The lowest and the highest voltage allowed, in volts; 220 V has a band of its own."""
    low, high = BAND_220 if klass == "D" and nominal == 220 else BANDS[klass]
    return _volts(nominal, low), _volts(nominal, high)


def combined(by_class: Mapping[str, Reading]) -> Fraction | None:
    """The combined rate as a share of one; None when nothing was monitored."""
    rates = {name: rate for name, one in by_class.items() if (rate := one.within.exact()) is not None}
    others = [rates[name] for name in ("B", "C", "D") if name in rates]
    mean = sum(others, Fraction(0)) / len(others) if others else None
    if "A" not in rates:
        return mean
    return rates["A"] if mean is None else (rates["A"] + mean) / 2


def combined_percent(by_class: Mapping[str, Reading], decimals: int = 2) -> Decimal | None:
    """The combined rate in per cent, rounded once, at the end."""
    exact = combined(by_class)
    return None if exact is None else rounded(exact * 100, decimals)


def reading_faults(reading: Reading, days: int) -> list[tuple[str, Words]]:
    """What is wrong with a reading of so many days: field and sentence."""
    found = []
    for name in ("monitored", "over", "under"):
        if getattr(reading, name) < 0:
            found.append((name, Words(zh="不能为负", en="can't be negative")))
    if reading.monitored > days * MOST_MINUTES:
        most = days * MOST_MINUTES
        found.append(
            (
                "monitored",
                Words(zh=f"超过该期间的 {most} 分钟", en=f"more than the {most} minutes of the period"),
            )
        )
    if reading.over + reading.under > reading.monitored:
        found.append(("over", Words(zh="越限时间超过监测时间", en="more time outside than was monitored")))
    return found


def _volts(nominal: int, thousandths: int) -> Decimal:
    return Decimal(nominal * (1000 + thousandths)) / 1000
