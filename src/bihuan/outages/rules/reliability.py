"""Reliability as China counts it (over medium-voltage users) and as IEEE 1366 counts it (over customers). Integers in, exact ratios out.

China (DL/T 836, as it was in 2007; from memory but for the meaning of AIHC-1): AIHC-1 hours off per user, AITC-1 outages
per user, RS-1 = 1 - AIHC-1 / T, RS-2 without what came from outside, RS-3 without shortage. A user is one medium-voltage user or one
public transformer. IEEE 1366: SAIDI, SAIFI, CAIDI, ASAI over customers and sustained interruptions; a major event day is
one whose SAIDI is above exp(alpha + 2.5 beta), alpha and beta the mean and the standard deviation of the natural
logarithms of the daily SAIDI of five years, days of zero left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

HOUR, MINUTE = 3600, 60
BETAS = Decimal("2.5")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two counts, kept apart so that each can be shown."""

    above: int
    below: int

    def exact(self) -> Fraction | None:
        """Their quotient; None where there is nothing to divide by."""
        return Fraction(self.above, self.below) if self.below else None

    def rounded(self, decimals: int, *, scale: int | Fraction = 1) -> Decimal | None:
        """The quotient times `scale`, rounded half-even from the two integers."""
        exact = self.exact()
        return None if exact is None else rounded(exact * scale, decimals)

    def percent(self, decimals: int = 4) -> Decimal | None:
        """The quotient in per cent."""
        return self.rounded(decimals, scale=100)


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted over some units and days. `due`: user-seconds that should have been supplied; `customer_due` likewise.

    `days` is the length of the period, `users` and `customers` are added up over its days.
    """

    days: int = 0
    users: int = 0
    customers: int = 0
    due: int = 0
    customer_due: int = 0
    lost: int = 0
    lost_external: int = 0
    lost_shortage: int = 0
    users_off: int = 0
    customers_off: int = 0
    customer_seconds: int = 0

    @property
    def rs1(self) -> Ratio:
        """Share of the user-seconds that were supplied."""
        return Ratio(self.due - self.lost, self.due)

    @property
    def rs2(self) -> Ratio:
        """The same without what came from outside."""
        return Ratio(self.due - self.lost + self.lost_external, self.due)

    @property
    def rs3(self) -> Ratio:
        """The same without shortage; the headline figure of 2007."""
        return Ratio(self.due - self.lost + self.lost_shortage, self.due)

    @property
    def aihc(self) -> Decimal | None:
        """AIHC-1: hours off per user over the whole period."""
        return Ratio(self.lost * self.days, self.users).rounded(3, scale=Fraction(1, HOUR))

    @property
    def aitc(self) -> Decimal | None:
        """AITC-1: outages per user over the whole period."""
        return Ratio(self.users_off * self.days, self.users).rounded(3)

    @property
    def user_hours(self) -> Decimal:
        """Hours times users off, 停电时户数."""
        return rounded(Fraction(self.lost, HOUR), 1)

    @property
    def saidi(self) -> Decimal | None:
        """Minutes off per customer served, sustained interruptions only."""
        return Ratio(self.customer_seconds * self.days, self.customers).rounded(2, scale=Fraction(1, MINUTE))

    @property
    def saifi(self) -> Decimal | None:
        """Sustained interruptions per customer served."""
        return Ratio(self.customers_off * self.days, self.customers).rounded(4)

    @property
    def caidi(self) -> Decimal | None:
        """Minutes per interruption: SAIDI over SAIFI, of the exact values."""
        return Ratio(self.customer_seconds, self.customers_off).rounded(2, scale=Fraction(1, MINUTE))

    @property
    def asai(self) -> Ratio:
        """Share of the customer-seconds that were supplied."""
        return Ratio(self.customer_due - self.customer_seconds, self.customer_due)


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a major event day begins: minutes of daily SAIDI. `days` that went into it; fewer than five years are told."""

    minutes: Decimal
    alpha: Decimal
    beta: Decimal
    days: int


def threshold(daily: Iterable[Fraction]) -> Threshold | None:
    """The 2.5-beta threshold of daily SAIDIs in minutes; None when fewer than two days had any interruption.

    Beta is the standard deviation of a sample (over n - 1), as spreadsheets and utilities take it.
    """
    with localcontext(prec=34) as exactly:
        logs = [(Decimal(one.numerator) / Decimal(one.denominator)).ln(exactly) for one in daily if one > 0]
        if len(logs) < 2:
            return None
        alpha = sum(logs, Decimal(0)) / len(logs)
        beta = (sum(((one - alpha) ** 2 for one in logs), Decimal(0)) / (len(logs) - 1)).sqrt()
        return Threshold((alpha + BETAS * beta).exp(), alpha, beta, len(logs))


def major(daily: Sequence[tuple[object, Fraction]], limit: Threshold | None) -> list[tuple[object, Fraction]]:
    """The days above the threshold, in their order."""
    if limit is None:
        return []
    return [(day, saidi) for day, saidi in daily if saidi > Fraction(limit.minutes)]


def rounded(exact: Fraction, decimals: int) -> Decimal:
    """Half-even."""
    return (
        Decimal(round(exact * 10**decimals))
        .scaleb(-decimals)
        .quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    )
