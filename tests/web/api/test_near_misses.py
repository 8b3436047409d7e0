"""Requests that are almost good, one part of them strange: answered or refused by name, never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.cases.models import Case
from bihuan.loops.repair import REPAIR
from tests.cast import Cast
from tests.web.api.conftest import Caller

pytestmark = pytest.mark.slow

ODD_TIMES = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2007-06-05", "2026-02-30T00:00:00Z"]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=90),
    st.sampled_from(["\x00", "\ud800", "YJP", "CQ", "P1", "", "yes", *ODD_TIMES]),
    st.lists(st.integers(), max_size=2),
)
FACTS = {
    "kind": "lv",
    "area": "urban",
    "unit": "YJP",
    "crew": "YJP-Q1",
    "cause": "fuse",
    "solved": True,
    "satisfaction": "satisfied",
    "customer_arrived_at": "2007-06-05T09:50:00+08:00",
    "reason": "no_answer",
    "repeat_of": "none",
    "seq": 1,
    "new_at": "2007-06-05T09:50:00+08:00",
}


def near(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Each part good, strange, or missing."""
    parts = {key: st.one_of(st.just(value), st.just(value), JUNK) for key, value in good.items()}
    return st.fixed_dictionaries({}, optional=parts)


BEGIN = near(
    {
        "loop": "repair",
        "client_id": "c-1",
        "at": "2007-06-05T09:00:00+08:00",
        "account": "500100001",
        "premises": "P1",
        "notes": {"description": "停电"},
    }
)
TAKE = near({"client_id": "t-1", "at": "2007-06-05T12:00:00+08:00", "expected_seq": 5})
STEPS = st.sampled_from([step.code for step in REPAIR.steps])
MODEST = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@MODEST
@given(body=BEGIN, facts=near({"kind": "lv", "area": "urban", "repeat_of": "none"}))
def test_no_call_is_a_fault_of_ours(
    cast: Cast, api_of: Caller, body: dict[str, Any], facts: dict[str, Any]
) -> None:
    before = Case.objects.count()

    answer = api_of(cast.agent).post("cases", json.dumps(body | {"facts": facts}))

    assert answer.status_code in (201, 400, 403, 409, 422), answer.content
    if answer.status_code != 201:
        assert answer.json()["code"]
        assert Case.objects.count() == before


@MODEST
@given(
    step=STEPS, who=st.sampled_from(["agent", "caller", "crew", "inspector"]), body=TAKE, facts=near(FACTS)
)
def test_no_step_is_a_fault_of_ours(
    cast: Cast, api_of: Caller, step: str, who: str, body: dict[str, Any], facts: dict[str, Any]
) -> None:
    case = Case.objects.first() or cast.restores(cast.opens("repair"))
    kept = {key: value for key, value in facts.items() if _known(step, key)}

    answer = api_of(getattr(cast, who)).post(
        f"cases/{case.number}/steps", json.dumps(body | {"step": step, "facts": kept})
    )

    assert answer.status_code in (200, 400, 403, 409, 422), answer.content
    if answer.status_code != 200:
        assert answer.json()["code"]


def _known(step: str, fact: str) -> bool:
    declared = REPAIR.step(step)
    return declared is not None and declared.fact(fact) is not None
