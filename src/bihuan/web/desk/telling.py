"""A case told to a reader: the timeline with names and words, both sides of the same moment, the steps that are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, gettext

from bihuan.cases.models import Case, Cycle
from bihuan.cases.queries import Line
from bihuan.flow.rules.admission import may_act
from bihuan.kernel.fact import Fact, FactKind, parse_moment
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import EXECUTION, START, VERIFICATION, Step
from bihuan.people.models import Unit
from bihuan.promises.models import Clock
from bihuan.promises.rules import Standing, standing
from bihuan.standards import queries as standards
from bihuan.surveys import queries as surveys
from bihuan.surveys.rules.calling import Tried
from bihuan.web.ui.templatetags.bihuan import exact
from bihuan.web.ui.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it stands on the page. `moved_to` is a later correction of its time."""

    seq: int
    cycle: int
    title: str
    who: str
    unit: str
    at: datetime
    recorded_at: datetime
    late: bool
    facts: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str | None], ...]
    moved_to: datetime | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A step that stands open to this person, or why it doesn't."""

    step: Step
    refused: str = ""


LATE_SECONDS = 15 * 60
"""Written down so much later than it happened, the record time is worth a look."""


def timeline(
    loop: Loop, lines: Sequence[Line], names: Mapping[UUID, str], units: Mapping[str, Unit]
) -> list[Told]:
    """Newest first."""
    language = get_language() or "zh-hans"
    found = []
    for line in lines:
        entry = line.entry
        step = loop.step(entry.step)
        moved = next(
            (fix.facts["new_at"] for fix in reversed(line.corrections) if "new_at" in fix.facts), None
        )
        found.append(
            Told(
                seq=entry.seq,
                cycle=entry.cycle,
                title=step.title.in_language(language) if step else entry.step,
                who=names.get(entry.actor_id, entry.actor.label),
                unit=entry.unit.name(language) if entry.unit else "",
                at=entry.at,
                recorded_at=entry.recorded_at,
                late=(entry.recorded_at - entry.at).total_seconds() > LATE_SECONDS,
                facts=tuple(
                    _fact(_declared(step, code), code, value, units, timezone.localdate(entry.at), language)
                    for code, value in entry.facts.items()
                ),
                notes=tuple(
                    (_title(step.fact(code) if step else None, code, language), text)
                    for code, text in line.notes.items()
                ),
                moved_to=parse_moment(str(moved)) if moved else None,
                corrected=bool(line.corrections),
            )
        )
    return found[::-1]


def unit_codes(lines: Sequence[Line]) -> set[str]:
    """Every unit that a fact of the timeline names."""
    return {
        str(line.entry.facts[name])
        for line in lines
        for name in ("unit", "crew", "about")
        if line.entry.facts.get(name)
    }


def open_steps(
    case: Case, loop: Loop, lines: Sequence[Line], visitor: Visitor, now: Cycle | None, broken: bool
) -> list[Open]:
    """The steps that leave the present state and that a post of this person allows; `flow` has the last word.

    What can't be said of this case isn't offered: of a breach where none is, resuming what isn't suspended.
    """
    bureau = case.unit.path if case.unit else ""
    crew = case.crew.path if case.crew else ""
    found = []
    for step in loop.steps_from(case.state):
        if START in step.leaves or not may_act(
            step=step, held=visitor.held, bureau_path=bureau, crew_path=crew
        ):
            continue
        if _fits(step, case, now, broken):
            found.append(Open(step, _refused(step, case, loop, lines, visitor, now)))
    return sorted(found, key=lambda one: one.step.aside)


def is_broken(clock: Clock, at: datetime) -> bool:
    """Whether the promise is broken at this moment."""
    return (
        standing(
            started_at=clock.started_at,
            due_at=clock.due_at,
            by_day=clock.by_day,
            ended_at=clock.ended_at,
            void_at=clock.void_at,
            at=at,
            kind=clock.kind,
            suspended_at=clock.suspended_at,
        )
        is Standing.broken
    )


def _fits(step: Step, case: Case, now: Cycle | None, broken: bool) -> bool:
    if step.speaks_of:
        return broken
    if step.parts:
        return case.parent_id is not None
    if step.suspends or step.resumes:
        return step.suspends == (case.suspended_at is None)
    if step.only_if is not None and now is not None:
        column, values = step.only_if
        return getattr(now, column, "") in values
    return not (case.parent_id and any(fact.column == "parent" for fact in step.needs))


def _refused(
    step: Step, case: Case, loop: Loop, lines: Sequence[Line], visitor: Visitor, now: Cycle | None
) -> str:
    if step.side is VERIFICATION:
        mine = {held.bureau_id for held in visitor.held if held.bureau_id}
        for line in lines:
            entry = line.entry
            if entry.side == EXECUTION and (
                entry.actor_id == visitor.staff.actor_id or (entry.unit and entry.unit.bureau_id in mine)
            ):
                return gettext(
                    "You or your bureau carried this case out; somebody else must ask the customer."
                )
    if step.after:
        first, owed = step.after
        tries = [line for line in lines if (line.entry.step, line.entry.cycle) == (first, case.cycle)]
        made, declared = len(tries), loop.step(first)
        if declared is not None and declared.counts == "attempts" and now is not None and now.done_at:
            made, owed = surveys.attempts_made(
                loop=loop.code, owed=owed, done_at=now.done_at, tries=map(_tried, tries)
            )
        if made < owed:
            return gettext("Only after %(owed)s attempts; there are %(made)s.") % {"owed": owed, "made": made}
    return ""


def _tried(line: Line) -> Tried:
    """An attempt as later corrections have it: the last one of its time counts, and of each fact."""
    at, facts = line.entry.at, dict(line.entry.facts)
    for fix in line.corrections:
        at = parse_moment(str(fix.facts["new_at"])) if "new_at" in fix.facts else at
        facts |= {code: value for code, value in fix.facts.items() if code not in ("seq", "reason", "new_at")}
    return surveys.tried(at, facts)


def _declared(step: Step | None, code: str) -> Fact | None:
    """The fact as the step declares it; the class that the house proposed reads like the class that was chosen."""
    fact = step.fact(code) if step else None
    chosen = step.fact("leaf") if step and code == "proposed_leaf" else None
    return replace(fact, kind=chosen.kind, listing=chosen.listing) if fact and chosen else fact


def _fact(
    fact: Fact | None, code: str, value: object, units: Mapping[str, Unit], day: date, language: str
) -> tuple[str, str]:
    title = _title(fact, code, language)
    if fact is None:
        return title, str(value)
    match fact.kind:
        case FactKind.moment:
            return title, exact(parse_moment(str(value)))
        case FactKind.unit if str(value) in units:
            return title, units[str(value)].name(language)
        case FactKind.listed:
            found = standards.leaf(fact.listing, str(value), day)
            return title, found.title.in_language(language) if found else str(value)
        case FactKind.number if code == "seq":
            return title, f"#{value}"
        case _:
            return title, fact.title_of(value).in_language(language)


def _title(fact: Fact | None, code: str, language: str) -> str:
    return fact.title.in_language(language) if fact else code
