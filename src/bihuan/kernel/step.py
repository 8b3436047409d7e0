"""The words of a loop's declaration: a step, its side, what it marks. Nothing here knows a business kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bihuan.kernel.fact import Fact
from bihuan.kernel.words import Words

START = "start"
"""The state before the first step."""

SAME = ""
"""`reaches=SAME`: the step is recorded and the state stays."""

MOMENTS = (
    "accepted",
    "dispatched",
    "received",
    "contacted",
    "arrived",
    "restored",
    "answered",
    "done",
    "called",
    "verified",
    "confirmed",
    "ended",
)
"""Every moment a step may mark; each is a column of a case's cycle (`<moment>_at`)."""


class Side(StrEnum):
    """On whose behalf a step is taken. Who has executed, or whose bureau has, can't verify (house.md, Side)."""

    INTAKE = "intake"
    EXECUTION = "execution"
    VERIFICATION = "verification"
    SUPERVISION = "supervision"


INTAKE, EXECUTION, VERIFICATION, SUPERVISION = (
    Side.INTAKE,
    Side.EXECUTION,
    Side.VERIFICATION,
    Side.SUPERVISION,
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody does to a case, and what it leaves behind.

    `by` names a permission. `ending` says that the step ends the cycle, and how; `ends` that it ends the case.
    `after` is (step, n): the step may be taken only once that other step stands n times in the cycle.
    `hands_over` says that the fact `unit` names the bureau that is responsible from now on.
    `counts` names the column of the cycle that counts this step.
    `corrects` says that the step names an earlier entry by `seq` and puts something right.
    """

    code: str
    title: Words
    leaves: tuple[str, ...]
    reaches: str
    side: Side
    by: str
    needs: tuple[Fact, ...] = ()
    may: tuple[Fact, ...] = ()
    marks: tuple[str, ...] = ()
    ending: str = ""
    ends: bool = False
    exempt: bool = False
    opens_cycle: bool = False
    hands_over: bool = False
    after: tuple[str, int] | None = None
    corrects: bool = False
    counts: str = ""
    _by_code: dict[str, Fact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {fact.code: fact for fact in self.facts})

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Needed facts first, then the others."""
        return self.needs + self.may

    def fact(self, code: str) -> Fact | None:
        """The fact of this name, if the step may state it."""
        return self._by_code.get(code)
