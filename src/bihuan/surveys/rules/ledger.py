"""The ledger of calls owed: every one is made, open or exempt, and never two of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """Where a call owed stands. Made (called at least once): `reached`, `unreached`, `tried`. Open: `untried`. `exempt`."""

    reached = "reached"
    unreached = "unreached"
    tried = "tried"
    untried = "untried"
    exempt = "exempt"


MADE, OPEN = (Part.reached, Part.unreached, Part.tried), (Part.untried,)
"""As the indicators `callback.made`, `callback.open` and `callback.exempt` count them."""
NOT_OWED = "withdrawn"
"""An ending after which nobody is owed a call."""


def part(*, ending: str, called: bool, verified: bool, ended: bool) -> Part:
    """Where a round stands: `ending` as declared, whether somebody rang, spoke with the customer, and it is over.

    1. Ended by declared exemption: exempt. 2. The customer was heard: reached. 3. Called and over without him:
    unreached. 4. Called and not over: tried. 5. Never called: untried, even if it ended some other way, so that a call that
    was forgotten stays in sight.
    """
    if ending == "exempt":
        return Part.exempt
    if verified:
        return Part.reached
    if not called:
        return Part.untried
    return Part.unreached if ended else Part.tried


@dataclass(frozen=True, slots=True)
class Balance:
    """A line of the ledger: how many calls of each part."""

    counts: Mapping[Part, int]

    def of(self, one: Part) -> int:
        """So many of this part."""
        return self.counts.get(one, 0)

    @property
    def made(self) -> int:
        """Called at least once."""
        return sum(self.of(one) for one in MADE)

    @property
    def open(self) -> int:
        """Never called yet."""
        return sum(self.of(one) for one in OPEN)

    @property
    def exempt(self) -> int:
        """Nobody needs to be called, with a reason."""
        return self.of(Part.exempt)

    @property
    def owed(self) -> int:
        """All of them."""
        return self.made + self.open + self.exempt
