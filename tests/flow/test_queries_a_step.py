"""How many queries a step costs: a baseline. Raising it is a decision, not an accident."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.cases.models import Case
from bihuan.people.models import Staff
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db

LIMIT = 8


def test_no_step_of_a_repair_costs_more_than_eight_queries() -> None:
    cast = gather()
    counted: dict[str, int] = {}
    case = cast.opens("repair", client_id="begin")
    steps: list[tuple[str, Staff, dict[str, Any]]] = [
        ("dispatch", cast.agent, {"unit": "YJP"}),
        ("receive", cast.dispatcher, {"crew": "YJP-Q1"}),
        ("urge", cast.agent, {}),
        ("arrive", cast.crew, {}),
        ("restore", cast.crew, {"cause": "fuse"}),
        ("confirm", cast.caller, {"solved": True, "satisfaction": "satisfied"}),
    ]
    for step, person, facts in steps:
        cast.later(minutes=5)
        counted[step] = _count(cast, case, step, person, facts)

    assert {step: count for step, count in counted.items() if count > LIMIT} == {}


def _count(cast: Cast, case: Case, step: str, person: Staff, facts: dict[str, Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        cast.takes(case, step, person, facts=facts, client_id=step)
    told = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    return len(told)
