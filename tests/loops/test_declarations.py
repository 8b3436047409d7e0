"""A wrong sheet of paper is found out when it is read, in one plain sentence with file and step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bihuan.kernel.loop import Loop, State, faults
from bihuan.kernel.step import EXECUTION, Step
from bihuan.kernel.words import Words
from bihuan.loops import steps
from bihuan.loops.catalogue import LOOPS, declaration_faults
from bihuan.loops.repair import REPAIR

TITLE = Words(zh="某步", en="Some step")


def step(code: str, **how: object) -> Step:
    """A step as wrong as the test wants it."""
    given = {"leaves": ("accepted",), "reaches": "", "side": EXECUTION, "by": "case.handle"} | how
    return Step(code, TITLE, **given)  # type: ignore[arg-type]


def with_step(added: Step) -> Loop:
    return replace(REPAIR, steps=(*REPAIR.steps, added))


def test_the_declared_loops_have_no_fault() -> None:
    assert declaration_faults() == []
    assert len({loop.code for loop in LOOPS}) == len({loop.prefix for loop in LOOPS}) == len(LOOPS)


@pytest.mark.parametrize(
    ("loop", "said"),
    [
        (with_step(step("arrive")), "step 'arrive' is declared twice"),
        (with_step(step("fly", leaves=("moon",))), "leaves 'moon', which is no state"),
        (with_step(step("fly", reaches="moon")), "reaches 'moon', which is no state"),
        (with_step(step("fly", marks=("landed",))), "marks 'landed', which is no moment"),
        (with_step(step("fly", leaves=("start",))), "exactly one step must leave the start"),
        (
            with_step(step("end", reaches="closed", ends=True)),
            "neither a verification step nor declared exempt",
        ),
        (with_step(step("end", reaches="closed", ends=True, exempt=True)), "must need a reason"),
        (with_step(step("fly", after=("swim", 2))), "comes after 'swim', which is no step"),
        (replace(REPAIR, states=(*REPAIR.states, State("limbo", TITLE))), "state 'limbo' is never reached"),
        (
            replace(
                REPAIR,
                states=(*REPAIR.states, State("limbo", TITLE)),
                steps=(*REPAIR.steps, step("stray", reaches="limbo")),
            ),
            "state 'limbo' is a dead end",
        ),
        (
            replace(
                REPAIR,
                states=(*REPAIR.states, State("limbo", TITLE)),
                steps=(*REPAIR.steps, step("stray", leaves=("limbo",), reaches="closed")),
            ),
            "step 'stray' can never happen",
        ),
    ],
)
def test_a_faulty_declaration_is_told(loop: Loop, said: str) -> None:
    told = faults(loop)

    assert any(said in fault for fault in told), told
    assert all(fault.startswith("loops/repair.py: ") for fault in told)


def test_every_ending_is_verified_or_gives_a_reason() -> None:
    endings = [step for loop in LOOPS for step in loop.steps if step.ends]

    assert {step.code for step in endings if not step.exempt} == {"confirm", "acknowledge", "check"}
    assert {step.code for step in endings if step.exempt} == {
        *("unreached", "withdraw", "exempt_call", "leave_out", "terminate", "reply"),
    }
    assert all(step.side == "verification" or step.exempt for step in endings)


def test_nobody_executes_and_verifies_with_one_permission() -> None:
    by_side: dict[str, set[str]] = {}
    for loop in LOOPS:
        for one in loop.steps:
            by_side.setdefault(one.side, set()).add(one.by)

    assert by_side["verification"].isdisjoint(by_side["execution"] | by_side["intake"])


def test_ready_made_steps_are_listed_not_copied() -> None:
    urging = [(loop, step) for loop in LOOPS if (step := loop.step("urge"))]
    assert {loop.code for loop in LOOPS} - {loop.code for loop, _ in urging} == {"praise", "action"}
    for _, step in urging:
        assert step == steps.urge(leaves=step.leaves)
