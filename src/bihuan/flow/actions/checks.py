"""What a step is held against besides its declaration: units and taxonomies as they are, and the duty towards the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bihuan.cases.rules import Timeline
from bihuan.flow.queries import Place
from bihuan.flow.rules.refusals import TooFewAttempts, UnknownLeaf, UnknownUnit
from bihuan.kernel.fact import FactKind, FactValue
from bihuan.kernel.step import Step
from bihuan.packs import queries as packs
from bihuan.standards import queries as standards
from bihuan.surveys import queries as surveys


def check_attempts(step: Step, timeline: Timeline) -> None:
    """Whether the attempts of this round are as many and as far apart as the duty towards its customer asks.

    Raises `TooFewAttempts`. A case replayed from elsewhere isn't asked: its rules were others. No query.
    """
    now = timeline.round
    done_at = now.moments.get("done")
    if step.after is None or done_at is None:
        return
    first, owed = step.after
    declared = timeline.loop.step(first)
    if declared is None or declared.counts != "attempts":
        return
    tries = [
        surveys.tried(told.at, told.facts)
        for told in timeline.effective()
        if told.step == first and told.cycle == now.number
    ]
    made, needed = surveys.attempts_made(loop=timeline.loop.code, owed=owed, done_at=done_at, tries=tries)
    if made < needed:
        raise TooFewAttempts(step, declared.title, needed, made)


def check_data(step: Step, facts: Mapping[str, FactValue], units: Mapping[str, Place], at: datetime) -> None:
    """Units (open ones) and leaves that the facts name must be there. Raises `UnknownUnit` or `UnknownLeaf`."""
    for code, value in facts.items():
        fact = step.fact(code)
        if fact is None:
            continue
        if fact.kind is FactKind.unit and (str(value) not in units or not units[str(value)].active):
            raise UnknownUnit(str(value), code)
        if fact.kind is FactKind.listed:
            day = at.astimezone(packs.calendar().zone).date()
            if standards.leaf(fact.listing, str(value), day) is None:
                raise UnknownLeaf(fact, str(value))
