"""Answers aren't validated when they are sent; here each is, and holds what is declared and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from bihuan.web.api.schemas import CaseTold, FiguresTold, LoopTold, Page, Standing
from tests.cast import Cast
from tests.web.api.conftest import Caller


@pytest.fixture
def world(cast: Cast) -> Cast:
    """A repair with notes, a correction and a verdict; a complaint that runs."""
    case = cast.opens("repair", notes={"description": "dark since noon"})
    cast.restores(case)
    cast.opens("complaint")
    return cast


def test_a_case_is_as_declared(world: Cast, api_of: Caller) -> None:
    reader = api_of(world.agent)

    for one in reader.get("cases").json()["cases"]:
        assert_told(CaseTold, reader.get(f"cases/{one['number']}").json())


def test_a_list_is_as_declared(world: Cast, api_of: Caller) -> None:
    told = api_of(world.agent).get("cases").json()

    assert len(told["cases"]) == 2
    assert_told(Page, told)


def test_a_step_is_answered_as_declared(world: Cast, api_of: Caller) -> None:
    given = {
        "loop": "repair",
        "client_id": "c-1",
        "account": "500100001",
        "facts": {"kind": "lv", "area": "urban"},
    }

    begun = api_of(world.agent).post("cases", given)
    taken = api_of(world.agent).post(
        f"cases/{begun.json()['number']}/steps", {"step": "dispatch", "facts": {"unit": "YJP"}}
    )

    assert (begun.status_code, taken.status_code) == (201, 200)
    assert begun["Content-Type"] == "application/json; charset=utf-8"
    assert_told(Standing, begun.json())
    assert_told(Standing, taken.json())


def test_the_catalogue_is_as_declared(world: Cast, api_of: Caller) -> None:
    for told in api_of(world.agent).get("loops").json():
        assert_told(LoopTold, told)


def test_figures_are_as_declared(world: Cast, api_of: Caller) -> None:
    told = api_of(world.leader).get("figures", **{"from": "2007-06-04", "to": "2007-06-10"}).json()

    assert len(told["figures"]) > 10
    assert_told(FiguresTold, told)


def assert_told(declared: type[BaseModel], told: Any) -> None:
    """Valid, and the same again when it is written out by the declaration: no field more, none less, none in another form."""
    adapter = TypeAdapter(declared)
    assert adapter.dump_python(adapter.validate_python(told), mode="json", by_alias=True) == told
