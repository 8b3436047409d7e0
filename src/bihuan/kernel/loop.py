"""A business kind as a sheet of paper, and the check that the sheet makes sense."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bihuan.kernel.step import MOMENTS, SAME, START, VERIFICATION, Step
from bihuan.kernel.words import Words


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands between two steps."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Loop:
    """One business kind: its states, its steps in the order people take them, and where it is declared.

    `agenda`: its cases are what a meeting agreed; the report lists them, last week's first.
    `confidential`: who brought a case is shown only to those with the permission `case.identity`, and each look is recorded.
    """

    code: str
    title: Words
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    prefix: str
    file: str
    confidential: bool = False
    agenda: bool = False
    _by_code: dict[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {step.code: step for step in self.steps})

    def step(self, code: str) -> Step | None:
        """The step of this name, or None."""
        return self._by_code.get(code)

    def state(self, code: str) -> State | None:
        """The state of this name, or None."""
        return next((state for state in self.states if state.code == code), None)

    @property
    def opening(self) -> Step:
        """The step with which a case begins."""
        return next(step for step in self.steps if START in step.leaves)

    @property
    def at_once(self) -> Step | None:
        """The step with which whoever takes a case in may end it there and then, if the loop has one."""
        opening = self.opening
        return next(
            (
                step
                for step in self.steps_from(opening.reaches)
                if step.ends and step.by == opening.by and step.side is opening.side
            ),
            None,
        )

    def steps_from(self, state: str) -> tuple[Step, ...]:
        """What may be done in this state, in the order of the declaration."""
        return tuple(step for step in self.steps if state in step.leaves)

    @property
    def open_states(self) -> tuple[str, ...]:
        """States in which something is still to be done for the customer."""
        ended = {step.reaches for step in self.steps if step.ends}
        return tuple(state.code for state in self.states if state.code not in ended)


def faults(loop: Loop) -> list[str]:
    """Every mistake of a declaration, each a plain sentence with file and step."""
    return list(_faults(loop))


def _faults(loop: Loop) -> Iterable[str]:
    states = {state.code for state in loop.states}
    codes = [step.code for step in loop.steps]
    where = f"{loop.file}: "
    if sum(START in step.leaves for step in loop.steps) != 1:
        yield f"{where}exactly one step must leave the start."
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{where}step '{code}' is declared twice."
    reached = _reachable(loop)
    for step in loop.steps:
        name = f"{where}step '{step.code}' "
        for state in step.leaves:
            if state != START and state not in states:
                yield f"{name}leaves '{state}', which is no state of this loop."
        if step.reaches != SAME and step.reaches not in states:
            yield f"{name}reaches '{step.reaches}', which is no state of this loop."
        if not any(state == START or state in reached for state in step.leaves):
            yield f"{name}can never happen: nothing reaches {', '.join(step.leaves) or 'any state it leaves'}."
        for moment in step.marks:
            if moment not in MOMENTS:
                yield f"{name}marks '{moment}', which is no moment; known are {', '.join(MOMENTS)}."
        if step.ends and step.side is not VERIFICATION and not step.exempt:
            yield f"{name}ends the case though it is neither a verification step nor declared exempt."
        if step.exempt and not any(fact.code == "reason" for fact in step.needs):
            yield f"{name}is an exempt ending and must need a reason."
        if step.after and step.after[0] not in codes:
            yield f"{name}comes after '{step.after[0]}', which is no step of this loop."
        if (step.suspends or step.speaks_of) and step.reaches != SAME:
            yield f"{name}stops clocks or speaks of a breach and must leave the state as it is."
        if step.suspends and not any(other.resumes for other in loop.steps):
            yield f"{name}suspends, and no step resumes."
        if step.avoids and step.fact("unit") is None:
            yield f"{name}avoids a unit and has no fact 'unit'."
    ended = {step.reaches for step in loop.steps if step.ends}
    for place in loop.states:
        if place.code not in reached:
            yield f"{where}state '{place.code}' is never reached."
        elif place.code not in ended and not any(
            step.reaches != SAME for step in loop.steps_from(place.code)
        ):
            yield f"{where}state '{place.code}' is a dead end."


def _reachable(loop: Loop) -> set[str]:
    found, new = set[str](), {START}
    while new:
        found |= new
        new = {
            step.reaches for step in loop.steps if step.reaches != SAME and set(step.leaves) & found
        } - found
    return found
