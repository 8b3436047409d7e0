"""What a loop's declaration says of the way that a case goes: straight on, and where it comes back."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.kernel.loop import Loop
from bihuan.kernel.step import SAME, START, VERIFICATION, Step


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the cases: those that went this way (and no other), from this step straight to that, or that came back; none: all.

    `move`: of an arrow, passing over steps that leave the state as it is.
    """

    way: tuple[str, ...] = ()
    arrow: tuple[str, str] | None = None
    move: bool = False
    came_back: bool = False


def straight_way(loop: Loop) -> tuple[str, ...]:
    """The declared way from the opening to an ending by a verifier: from each state the step that reaches the nearest next one."""
    order, back = _order(loop), goes_back(loop)
    way, state = [loop.opening.code], loop.opening.reaches
    while True:
        onwards = [
            step
            for step in loop.steps_from(state)
            if step.reaches != SAME
            and step.code not in back
            and order[step.reaches] > order[state]
            and not step.aside
            and (step.side is VERIFICATION or not step.ends)
        ]
        if not onwards:
            return tuple(way)
        step = min(onwards, key=lambda one: order[one.reaches])
        way.append(step.code)
        state = step.reaches


def goes_straight(loop: Loop, way: tuple[str, ...]) -> bool:
    """Whether a way is the declared one as far as it has come. What leaves the state as it is (a contact, an urging) may stand between."""
    gone = tuple(step for step in way if step not in stays(loop))
    return gone == straight_way(loop)[: len(gone)]


def stays(loop: Loop) -> frozenset[str]:
    """Steps on the way of most cases that leave the state as it is: a contact, an urging, an attempt to call."""
    return frozenset(step.code for step in loop.steps if step.reaches == SAME and not step.aside)


def goes_back(loop: Loop) -> frozenset[str]:
    """Steps that open another round, or reach a state no later than any that they leave."""
    order = _order(loop)

    def back(step: Step) -> bool:
        if step.opens_cycle:
            return True
        if step.reaches == SAME or START in step.leaves or step.ends:
            return False
        return order[step.reaches] <= min(order[state] for state in step.leaves)

    return frozenset(step.code for step in loop.steps if back(step))


def _order(loop: Loop) -> dict[str, int]:
    return {state.code: number for number, state in enumerate(loop.states)}
