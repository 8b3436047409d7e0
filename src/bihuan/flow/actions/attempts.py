"""Attempts that count: an ending without the customer needs so many, as far apart as the duty says."""

from __future__ import annotations

from bihuan.cases.rules import Timeline
from bihuan.flow.rules.refusals import TooFewAttempts
from bihuan.kernel.step import Step
from bihuan.surveys import queries as surveys
from bihuan.surveys.rules.calling import counted


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
    duty = surveys.duty_for(timeline.loop.code, done_at)
    tries = [
        surveys.tried(told.at, told.facts)
        for told in timeline.effective()
        if told.step == first and told.cycle == now.number
    ]
    made, needed = counted(tries, duty.spacing), max(owed, duty.attempts)
    if made < needed:
        raise TooFewAttempts(step, declared.title, needed, made)
