"""May this step be taken, by this person, with these facts, at this time? Every refusal is a named error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol
from uuid import UUID

from bihuan.cases.rules import Timeline
from bihuan.flow.rules.refusals import (
    FactMissing,
    NoBreach,
    NotHere,
    NotIndependent,
    NotPermitted,
    NotSuspended,
    OutOfOrder,
    Refusal,
    TimeRefused,
    TooFewAttempts,
    TooMuch,
    TooOften,
    UnitConcerned,
    UnknownFact,
    UnknownStep,
)
from bihuan.kernel.fact import FactKind, FactValue
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import START, VERIFICATION, Step
from bihuan.kernel.words import Words
from bihuan.promises.rules import Standing, Ticking, standing

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far a client's clock may be ahead of ours."""


class Held(Protocol):
    """A membership as the door reads it."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def unit_path(self) -> str: ...
    @property
    def bureau_id(self) -> UUID | None: ...
    @property
    def scope(self) -> str: ...
    @property
    def permissions(self) -> frozenset[str]: ...


class Proposal(NamedTuple):
    """A step that somebody wants to take. `bureau_path` and `crew_path` are where the case is now, `named_path` the unit
    that the facts name, `avoided_path` the one that the case speaks of."""

    step: str
    at: datetime
    recorded_at: datetime
    actor_id: UUID
    facts: Mapping[str, object]
    notes: Mapping[str, str]
    bureau_path: str = ""
    crew_path: str = ""
    imported: bool = False
    named_path: str = ""
    avoided_path: str = ""


def admit(
    *,
    timeline: Timeline,
    proposal: Proposal,
    held: Iterable[Held],
    executing_bureaus: frozenset[UUID],
) -> tuple[Step, Held, dict[str, FactValue]]:
    """The step, the membership under which it is taken and the facts in canonical form; or a `Refusal`.

    1. The step is declared and leaves the present state. 2. Its facts are there, known and valid.
    3. Its time is possible. 4. One of the person's posts at `at` allows it here.
    5. A verification is by somebody independent: `executing_bureaus` are those with an execution entry.
    `held` are the person's memberships at `proposal.at`. Imported history is spared 1 (order) and 2 (needs), and 4.
    """
    step = timeline.loop.step(proposal.step)
    if step is None:
        raise UnknownStep(timeline.loop, proposal.step)
    if timeline.state not in step.leaves and not (proposal.imported and timeline.state != START):
        raise OutOfOrder(timeline.loop, step, timeline.state)
    facts = _facts(step, proposal)
    _check_after(step, timeline)
    if not proposal.imported:
        _check_conditions(step, timeline, facts)
    if step.avoids and proposal.avoided_path and proposal.named_path.startswith(proposal.avoided_path):
        raise UnitConcerned
    _check_time(step, timeline, proposal, facts)
    here = list(held)
    found = may_act(step=step, held=here, bureau_path=proposal.bureau_path, crew_path=proposal.crew_path)
    if found is None and proposal.imported and here:
        found = here[0]
    if found is None:
        raise NotPermitted(step)
    if step.side is VERIFICATION and (
        proposal.actor_id in timeline.executed_by
        or any(one.bureau_id in executing_bureaus for one in here if one.bureau_id is not None)
    ):
        raise NotIndependent
    return step, found, facts


def may_act(*, step: Step, held: Iterable[Held], bureau_path: str, crew_path: str) -> Held | None:
    """The first membership that allows the step on a case that is with this bureau and crew.

    Scopes: company sees every case; a subtree those of its unit and below; own those of the unit itself,
    and those of its bureau that no crew has yet.
    """
    for one in held:
        if step.by not in one.permissions:
            continue
        if one.scope == "company":
            return one
        if one.scope == "subtree" and (
            bureau_path.startswith(one.unit_path) or crew_path.startswith(one.unit_path)
        ):
            return one
        if one.scope == "subtree" and bureau_path and one.unit_path.startswith(bureau_path) and not crew_path:
            return one
        if one.scope == "own" and one.unit_path in (crew_path, bureau_path):
            return one
        if one.scope == "own" and not crew_path and bureau_path and one.unit_path.startswith(bureau_path):
            return one
    return None


def _facts(step: Step, proposal: Proposal) -> dict[str, FactValue]:
    found: dict[str, FactValue] = {}
    for code, value in proposal.facts.items():
        fact = step.fact(code)
        if fact is None or fact.kind is FactKind.words:
            raise UnknownFact(step, code)
        if fact.imported and not proposal.imported:
            raise UnknownFact(step, code)
        found[code] = str(value) if proposal.imported and fact.choices else fact.checked(value)
    for code in proposal.notes:
        fact = step.fact(code)
        if fact is None or fact.kind is not FactKind.words:
            raise UnknownFact(step, code)
    if not proposal.imported:
        for fact in step.needs:
            given = proposal.notes.get(fact.code) if fact.kind is FactKind.words else found.get(fact.code)
            if given is None or given == "":
                raise FactMissing(step, fact.title, fact.code)
    return found


def _check_after(step: Step, timeline: Timeline) -> None:
    if step.after is None:
        return
    first, owed = step.after
    made = timeline.round.taken.get(first, 0)
    declared = timeline.loop.step(first)
    if made < owed and declared is not None:
        raise TooFewAttempts(step, declared.title, owed, made)


def _check_conditions(step: Step, timeline: Timeline, facts: Mapping[str, FactValue]) -> None:
    """What the declaration asks of the case itself: a column's value, how often, a stand-still, what is left to pay."""
    now = timeline.round
    if step.only_if is not None:
        column, values = step.only_if
        if now.columns.get(column) not in values:
            raise NotHere(step, _title_of_column(timeline.loop, column))
        given = facts.get("reason")
        if given in values and given != now.columns.get(column):
            raise NotHere(step, _title_of_column(timeline.loop, column))
    if step.at_most and now.taken.get(step.code, 0) >= step.at_most:
        raise TooOften(step)
    if step.suspends and now.suspended_at is not None:
        raise NotSuspended(step, suspended=True)
    if step.resumes and now.suspended_at is None:
        raise NotSuspended(step, suspended=False)
    for less, more in step.not_over:
        fact = next(fact for fact in step.facts if fact.column == less)
        left = timeline.total(more) - timeline.total(less)
        if int(str(facts.get(fact.code, 0))) > left:
            raise TooMuch(fact, left)
    if step.speaks_of:
        _check_said(step, timeline, facts)


def _check_said(step: Step, timeline: Timeline, facts: Mapping[str, FactValue]) -> None:
    """An exemption is decided after it was asked for; the round must be one of the case's."""
    if int(str(facts["round"])) not in {now.number for now in timeline.rounds}:
        raise Refusal(Words(zh="没有这一轮。", en="There is no such round."), field="round")
    asked = [
        said.speaks
        for said in timeline.said
        if (said.promise, said.cycle) == (facts["promise"], facts["round"])
        and said.speaks in ("ask", "grant", "refuse")
    ]
    if step.speaks_of in ("grant", "refuse") and asked[-1:] != ["ask"]:
        raise Refusal(
            Words(zh="没有待决定的免责申请。", en="No exemption has been asked for."), field="promise"
        )


def check_spoken_of(clocks: Iterable[Ticking], facts: Mapping[str, FactValue], at: datetime) -> None:
    """A statement about a breach is about one that is there at `at`, decided or running. Raises `NoBreach`."""
    for clock in clocks:
        if (clock.promise, clock.cycle) == (facts["promise"], facts["round"]):
            stands = standing(
                started_at=clock.started_at,
                due_at=clock.due_at,
                by_day=clock.by_day,
                ended_at=clock.ended_at,
                void_at=clock.void_at,
                at=at,
                kind=clock.kind,
                suspended_at=clock.suspended_at,
            )
            if stands is Standing.broken:
                return
    raise NoBreach


def _title_of_column(loop: Loop, column: str) -> Words:
    found = next((fact.title for step in loop.steps for fact in step.facts if fact.column == column), None)
    return found or Words(zh=column, en=column)


def _check_time(step: Step, timeline: Timeline, proposal: Proposal, facts: Mapping[str, FactValue]) -> None:
    if proposal.at > proposal.recorded_at + CLOCK_TOLERANCE:
        raise TimeRefused(Words(zh="发生时间在将来，请核对。", en="The time lies in the future; check it."))
    accepted = timeline.rounds[0].moments.get("accepted")
    if accepted is not None and proposal.at < accepted:
        raise TimeRefused(
            Words(
                zh="发生时间早于受理时间，请核对。", en="The time is before the case was accepted; check it."
            )
        )
    if proposal.at < _earliest(step, timeline) and not proposal.imported:
        raise TimeRefused(
            Words(
                zh="发生时间早于上一步，请核对。",
                en="The time is before the step that this one follows; check it.",
            )
        )
    if step.corrects:
        _check_correction(step, timeline, proposal, facts)


def _earliest(step: Step, timeline: Timeline) -> datetime:
    """A step that moves the case follows the one that brought it here; one that doesn't may have happened as soon
    as the cycle reached any state that it leaves (a crew rings before the dispatcher has clicked)."""
    if step.reaches:
        return timeline.reached_at
    reached = [timeline.round.reached[state] for state in step.leaves if state in timeline.round.reached]
    return min(reached, default=timeline.reached_at)


def _check_correction(
    step: Step, timeline: Timeline, proposal: Proposal, facts: Mapping[str, FactValue]
) -> None:
    target = next((entry for entry in timeline.entries if entry.seq == facts["seq"]), None)
    named = timeline.loop.step(target.step) if target else None
    if target is None or named is None or named.corrects:
        raise Refusal(
            Words(zh="没有可更正的这一条记录。", en="There is no such entry to correct."), field="seq"
        )
    moved = facts.get("new_at")
    if moved is None and set(facts) <= {"seq", "reason"}:
        raise Refusal(
            Words(zh="请写明更正后的时间或内容。", en="Say what the corrected time or fact is."),
            field="new_at",
        )
    if moved is None:
        return
    new_at = datetime.fromisoformat(str(moved).replace("Z", "+00:00"))
    first = timeline.rounds[0].moments.get("accepted")
    if new_at > proposal.recorded_at + CLOCK_TOLERANCE or (
        target.seq > 1 and first is not None and new_at < first
    ):
        raise TimeRefused(
            Words(
                zh="更正后的时间早于受理或在将来。",
                en="The corrected time is before acceptance or in the future.",
            )
        )
