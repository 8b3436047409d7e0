"""The jobs of the callbacks: three lines each, and safe to run twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from bihuan.cases.models import Cycle
from bihuan.flow import jobs as flow_jobs
from bihuan.people.actions import house_machine
from bihuan.surveys import jobs, queries
from bihuan.surveys.models import Finding
from bihuan.surveys.rules.sampling import sampled
from tests.cast import gather

pytestmark = pytest.mark.django_db


def test_what_another_door_recorded_is_compared_within_minutes() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    arrived = Cycle.objects.get(case=case).arrived_at
    assert arrived is not None
    cast.confirms(case, facts={"customer_arrived_at": arrived + timedelta(minutes=30)})

    with time_machine.travel(cast.now + timedelta(minutes=5), tick=False):
        jobs.mismatches(timestamp=0)
        jobs.mismatches(timestamp=0)

    assert Finding.objects.get().minutes == 30


def test_the_night_finds_what_the_minutes_missed() -> None:
    cast = gather()
    case = cast.restores(cast.opens("repair"))
    cast.takes(case, "send_back", cast.caller, at=cast.later(hours=1), facts={"reason": "untrue"})

    with time_machine.travel(cast.now + timedelta(days=1), tick=False):
        jobs.mismatches(timestamp=0)
        assert not Finding.objects.exists()
        jobs.all_mismatches(timestamp=0)

    assert Finding.objects.get().kind == "untrue"


def test_the_house_ends_what_wasnt_drawn_once() -> None:
    cast = gather()
    assert house_machine(at=cast.now) is not None
    cases = [cast.answers(cast.opens("suggestion")) for _ in range(5)]
    expected = sum(not sampled(queries.sample_key(), case.number, 1, 30) for case in cases)

    with time_machine.travel(cast.later(minutes=10), tick=False):
        flow_jobs.leave_out(timestamp=0)
        flow_jobs.leave_out(timestamp=0)

    assert Cycle.objects.filter(ending="exempt").count() == expected
