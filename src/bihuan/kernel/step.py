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
    "planned",
    "reviewed",
    "inspected",
    "assessed",
    "paid",
    "recovered",
    "energised",
    "appealed",
    "decided",
    "supervised",
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
    `suspends` stops the clocks whose promise allows the step's `reason`; `resumes` lets them run on.
    `only_if` is (column, values): the step may be taken only where that column of the cycle has one of them.
    `at_most` is how often the step may stand in a cycle; 0 for any number.
    `not_over` are pairs of columns: after the step the first may not be more than the second (nothing is paid twice).
    `avoids` names the column of a unit to which the fact `unit` may not belong (whom a tip-off is about).
    `parts` takes a case out of the one into which it was merged.
    `shared` says that what is done to a case is done to every case merged into it.
    `speaks_of` says which breach the step is about ("explain", "ask", "grant", "refuse", "pay"): its facts name promise and cycle.
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
    suspends: bool = False
    resumes: bool = False
    only_if: tuple[str, tuple[str, ...]] | None = None
    at_most: int = 0
    not_over: tuple[tuple[str, str], ...] = ()
    avoids: str = ""
    parts: bool = False
    shared: bool = False
    speaks_of: str = ""
    _by_code: dict[str, Fact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {fact.code: fact for fact in self.facts})

    @property
    def aside(self) -> bool:
        """Whether it lies beside the way that most cases go, so that a page shows it further down."""
        return (
            self.side is SUPERVISION
            or self.exempt
            or self.suspends
            or self.resumes
            or self.parts
            or bool(self.speaks_of)
            or any(fact.column == "parent" for fact in self.needs)
        )

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Needed facts first, then the others."""
        return self.needs + self.may

    def fact(self, code: str) -> Fact | None:
        """The fact of this name, if the step may state it."""
        return self._by_code.get(code)
