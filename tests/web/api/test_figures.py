"""Figures over the API: the same rows as the command's, cut to what the token's holder may see."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.people.models import Staff
from tests.cast import Cast
from tests.web.api.conftest import Caller

WEEK = {"from": "2007-06-04", "to": "2007-06-10"}


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Two repairs at Yang, one in time and one forty minutes late; the customer of the first is satisfied."""
    first = cast.opens("repair")
    cast.restores(first)
    cast.confirms(first)
    second = cast.opens("repair", at=cast.later(hours=1))
    cast.later(minutes=60)
    cast.restores(second)
    return cast


def told(api_of: Caller, person: Staff, code: str, **query: str) -> dict[str | None, dict[str, Any]]:
    answer = api_of(person).get("figures", **(WEEK | query))
    assert answer.status_code == 200, answer.content
    return {row["unit"]: row for row in answer.json()["figures"] if row["code"] == code}


def test_the_whole_and_every_bureau_are_told(world: Cast, api_of: Caller) -> None:
    rows = told(api_of, world.editor, "repair.arrived_in_time")

    assert {unit: (row["numerator"], row["denominator"], row["value"]) for unit, row in rows.items()} == {
        None: (1, 2, "50.00"),
        "NA": (0, 0, None),
        "YJP": (1, 2, "50.00"),
    }


def test_a_leader_sees_the_own_bureau_alone(world: Cast, api_of: Caller) -> None:
    assert set(told(api_of, world.leader, "repair.count")) == {"YJP"}
    assert set(told(api_of, world.leader, "repair.count", unit="YJP")) == {"YJP"}

    answer = api_of(world.leader).get("figures", unit="NA", **WEEK)

    assert (answer.status_code, answer.json()["code"]) == (422, "unit_unknown")


def test_figures_are_told_as_of_a_moment(world: Cast, api_of: Caller) -> None:
    rows = told(api_of, world.editor, "repair.arrived_in_time", at="2007-06-05T09:30:00+08:00")

    assert (rows[None]["numerator"], rows[None]["denominator"]) == (1, 1)


def test_the_answer_says_of_what_it_speaks(world: Cast, api_of: Caller) -> None:
    answer = api_of(world.editor).get("figures", at="2007-06-11T00:00:00+08:00", **WEEK).json()

    assert (answer["from"], answer["to"], answer["seal"]) == ("2007-06-04", "2007-06-10", None)
    assert answer["at"] == "2007-06-11T00:00:00+08:00"


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"to": "2007-06-03"}, "period_refused", "to"),
        ({"from": "yesterday"}, "invalid_request", "from"),
        ({"unit": "YJP-Q1"}, "unit_has_no_figures", "unit"),
        ({"known": "2007"}, "invalid_request", "known"),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    world: Cast, api_of: Caller, query: dict[str, str], code: str, field: str
) -> None:
    answer = api_of(world.editor).get("figures", **(WEEK | query))

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


def test_who_may_read_no_figures_is_told_so(world: Cast, api_of: Caller) -> None:
    answer = api_of(world.crew).get("figures", **WEEK)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
