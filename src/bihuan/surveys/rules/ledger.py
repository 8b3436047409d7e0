"""The ledger of calls owed: every one is made, open or exempt, and never two of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Where a call owed stands. Made: `reached`, `unreached`. Open: `tried`, `untried`. Exempt: `exempt`."""

    reached = "reached"
    unreached = "unreached"
    tried = "tried"
    untried = "untried"
    exempt = "exempt"


MADE, OPEN = (Part.reached, Part.unreached), (Part.tried, Part.untried)
NOT_OWED = "withdrawn"
"""An ending after which nobody is owed a call."""


def part(*, ending: str, called: bool, verified: bool, ended: bool) -> Part:
    """Where a round stands: `ending` as declared, whether somebody rang, spoke with the customer, and it is over.

    1. Ended by declared exemption, or by anything else without one call: exempt. 2. The customer was heard: reached.
    3. Ended after attempts without him: unreached. 4. Otherwise open, tried or not.
    """
    if ending == "exempt" or (ended and not called):
        return Part.exempt
    if verified:
        return Part.reached
    if ended:
        return Part.unreached
    return Part.tried if called else Part.untried


@dataclass(frozen=True, slots=True)
class Balance:
    """A line of the ledger: how many calls of each part."""

    counts: Mapping[Part, int]

    def of(self, one: Part) -> int:
        """So many of this part."""
        return self.counts.get(one, 0)

    @property
    def made(self) -> int:
        """The customer was asked, or tried as often as is owed."""
        return sum(self.of(one) for one in MADE)

    @property
    def open(self) -> int:
        """Still to be called."""
        return sum(self.of(one) for one in OPEN)

    @property
    def exempt(self) -> int:
        """Nobody needs to be called, with a reason."""
        return self.of(Part.exempt)

    @property
    def owed(self) -> int:
        """All of them."""
        return self.made + self.open + self.exempt
