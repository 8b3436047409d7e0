"""Laws of a timeline: whatever legal steps come in whatever order, state and moments follow from the entries."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.cases.rules import FIRST_DIGEST, Timeline, Told, canonical, entry_digest
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import START
from bihuan.loops.catalogue import LOOPS

SOMEBODY = UUID(int=1)
START_AT = datetime(2007, 6, 4, tzinfo=UTC)


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Told]]:
    """Up to twenty legal steps of some loop, at times that need not be in order."""
    loop = draw(st.sampled_from(LOOPS))
    timeline = Timeline(loop)
    at = START_AT
    for seq in range(1, draw(st.integers(1, 20)) + 1):
        allowed = [
            step
            for step in loop.steps
            if timeline.state in step.leaves and not step.corrects and not (step.after and seq < 5)
        ]
        if not allowed:
            break
        step = draw(st.sampled_from(allowed))
        at = START_AT + timedelta(minutes=draw(st.integers(0, 10_000)))
        timeline.add(Told(seq, timeline.round.number, step.code, at, at, SOMEBODY, None, {}))
    return loop.code, timeline.entries


def loop_of(code: str) -> Loop:
    return next(loop for loop in LOOPS if loop.code == code)


@given(histories())
@settings(max_examples=200, deadline=None)
def test_reading_again_gives_the_same(history: tuple[str, list[Told]]) -> None:
    code, entries = history
    step_by_step, again = Timeline(loop_of(code)), Timeline(loop_of(code), entries)
    for entry in entries:
        step_by_step.add(entry)

    assert (again.state, again.rounds) == (step_by_step.state, step_by_step.rounds)
    assert again.state != START


@given(histories())
@settings(max_examples=200, deadline=None)
def test_a_moment_is_the_first_time_that_marked_it_in_the_cycle(history: tuple[str, list[Told]]) -> None:
    code, entries = history
    loop = loop_of(code)
    timeline = Timeline(loop, entries)
    marks = {step.code: step.marks for step in loop.steps}

    for now in timeline.rounds:
        for moment, at in now.moments.items():
            marking = [
                entry.at for entry in entries if entry.cycle == now.number and moment in marks[entry.step]
            ]
            if marking and not (moment == "accepted" and now.number > 1):
                assert at == min(marking)


@given(histories())
@settings(max_examples=100, deadline=None)
def test_cycles_are_one_more_than_send_backs(history: tuple[str, list[Told]]) -> None:
    code, entries = history

    assert len(Timeline(loop_of(code), entries).rounds) == 1 + sum(
        entry.step == "send_back" for entry in entries
    )


@given(histories(), st.integers(0, 100))
@settings(max_examples=100, deadline=None)
def test_changing_any_entry_changes_every_later_digest(history: tuple[str, list[Told]], place: int) -> None:
    _, entries = history
    place %= len(entries)
    changed = list(entries)
    old = changed[place]
    changed[place] = Told(
        old.seq,
        old.cycle,
        old.step,
        old.at + timedelta(microseconds=1),
        old.recorded_at,
        SOMEBODY,
        None,
        old.facts,
    )

    before, after = _digests(entries), _digests(changed)

    assert before[:place] == after[:place]
    assert all(one != other for one, other in zip(before[place:], after[place:], strict=True))


def test_canonical_json_is_that_of_rfc_8785() -> None:
    assert (
        canonical({"b": 1, "a": ["停电", True, None], "c": '"\\\n'})
        == '{"a":["停电",true,null],"b":1,"c":"\\"\\\\\\n"}'.encode()
    )


def test_an_entry_is_digested_in_canonical_json() -> None:
    entry = Told(2, 1, "dispatch", START_AT, START_AT, SOMEBODY, None, {"unit": "杨家坪", "area": "urban"})

    digest = entry_digest(
        previous=FIRST_DIGEST, number="CQ-1", side="intake", entry=entry, notes={"remark": "ab"}
    )

    at = int(START_AT.timestamp()) * 1_000_000
    told = {"actor": str(SOMEBODY), "at": at, "case": "CQ-1", "cycle": 1, "facts": dict(entry.facts)}
    told |= {
        "notes": {"remark": "ab"},
        "recorded_at": at,
        "seq": 2,
        "side": "intake",
        "step": "dispatch",
        "unit": None,
    }
    assert digest == hashlib.sha256(FIRST_DIGEST + canonical(told)).digest()


def _digests(entries: list[Told]) -> list[bytes]:
    previous, found = FIRST_DIGEST, []
    for entry in entries:
        previous = entry_digest(previous=previous, number="N", side="intake", entry=entry, notes={})
        found.append(previous)
    return found
