"""What the town plays, eventful as it is, leaves the same rows whether it is replayed or taken step by step."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Any

import pytest
from django.db import transaction

from bihuan.cases.models import Case, Cycle
from bihuan.flow import actions as flow
from bihuan.flow.queries import Checked, verify
from bihuan.promises.models import Breach, Clock, Verdict
from bihuan.scenarios import actions, queries
from bihuan.scenarios.actions.play import _due, _take_all
from bihuan.scenarios.rules import Story
from tests.cast import moment

FIRST, LAST = date(2007, 6, 4), date(2007, 6, 17)
END = moment("2007-07-20 00:00")
MADE_ANEW = {"id", "case_id", "clock_id", "parent_id", "repeat_of_id", "number", "digest", "repeated_at"}


@pytest.mark.slow
@pytest.mark.django_db
def test_replay_and_step_by_step_leave_the_same_rows() -> None:
    scenario = queries.scenario()
    actions.build_world(
        scenario=scenario, starts_at=moment("2007-05-01 00:00"), recorded_at=moment("2007-05-01 00:00")
    )
    chosen = eventful()
    steps = sum(len(story.history.steps) for story in chosen)

    with transaction.atomic():
        flow.replay(histories=[story.history for story in chosen])
        replayed = rows()
        differences = list(verify(Checked()))
        transaction.set_rollback(True)
    taken = _take_all(_due(chosen, since=None, until=END))

    assert differences == []
    assert len(chosen) > 60
    assert taken == steps
    assert rows() == replayed
    assert list(verify(Checked())) == []


def eventful() -> list[Story]:
    """For each kind and step the first story in which it occurs, with the cases that these name."""
    stories = list(queries.drawer().stories(first=FIRST, last=LAST))
    told = {story.history.number for story in stories if story.history.number}
    stories = [story.knowing(told) for story in stories]
    first: dict[tuple[str, str], str] = {}
    for story in stories:
        for past in story.history.steps:
            first.setdefault((story.history.loop, past.step), story.key)
    wanted = set(first.values())
    named = set(chain.from_iterable(story.named for story in stories if story.key in wanted))
    while more := {
        number
        for story in stories
        if story.history.number in named
        for number in story.named
        if number not in named
    }:
        named |= more
    return [story for story in stories if story.key in wanted or story.history.number in named]


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything derived, without what each making gives anew."""
    return {
        "cases": plain(Case.objects.order_by("loop", "opened_at", "premises_id").values()),
        "cycles": plain(
            Cycle.objects.order_by("loop", "case__opened_at", "case__premises_id", "cycle").values()
        ),
        "clocks": plain(
            Clock.objects.order_by(
                "loop", "case__opened_at", "case__premises_id", "cycle", "promise"
            ).values()
        ),
        "verdicts": plain(
            Verdict.objects.order_by(
                "clock__loop",
                "clock__case__opened_at",
                "clock__case__premises_id",
                "clock__cycle",
                "clock__promise",
                "recorded_at",
                "seq",
            ).values()
        ),
        "breaches": plain(
            Breach.objects.order_by(
                "loop", "case__opened_at", "case__premises_id", "cycle", "promise"
            ).values()
        ),
    }


def plain(found: Any) -> list[dict[str, Any]]:
    return [
        {
            name: sorted(map(str, value)) if name == "had" else value
            for name, value in row.items()
            if name not in MADE_ANEW
        }
        for row in found
    ]
