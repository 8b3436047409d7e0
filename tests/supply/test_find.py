"""Intake finds a customer by whatever the caller says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.people.rules import Scope
from bihuan.supply import actions, queries
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cast() -> Cast:
    """Zhou at Shiping village 7 (Yang); Sun at Nanping street 100%, in the south (Nan)."""
    cast = gather()
    place = actions.add_premises(code="P2", address="南坪西路100%号_A栋", area="urban", unit=cast.nan)
    sun = actions.add_customer(number="K2", name="孙明 Sun Ming", phone="13900000002")
    actions.add_account(number="500200002", customer=sun, premises=place, meter="M2")
    return cast


def numbers(term: str, **more: Any) -> list[str]:
    return [account.number for account in queries.find(term, **more)]


@pytest.mark.parametrize(
    "term",
    [
        "500200002",
        "5002",
        "13900000002",
        "M2",
        "K2",
        "P2",
        "孙明",
        "明",
        "sun",
        "南坪西",
        "坪西路",
        "100%",
        "_A栋",
        "孙 南坪",
        "  南坪   西路 ",
    ],
)
def test_it_finds_by_number_telephone_meter_name_and_any_part_of_the_address(term: str) -> None:
    assert numbers(term) == ["500200002"]


@pytest.mark.parametrize("term", ["", "  ", "%", "北碚", "周末 南坪", "'; DROP TABLE supply_account", "\x00"])
def test_it_finds_nothing_where_nothing_fits(term: str) -> None:
    assert numbers(term) == (["500200002"] if term == "%" else [])


def test_what_is_typed_is_no_pattern() -> None:
    assert numbers("1_0") == []
    assert numbers("5%2") == []


def test_exact_hits_come_first(cast: Cast) -> None:
    other = actions.add_customer(number="K3", name="坪")
    actions.add_account(number="900", customer=other, premises=cast.account.premises)

    assert numbers("坪") == ["900", "500100001", "500200002"]


def test_everything_intake_shows_comes_in_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        (found,) = queries.find("孙明")
        shown = (
            found.customer.name,
            found.premises.address,
            found.premises.unit.code,
            found.premises.unit.bureau,
        )

    assert shown[:3] == ("孙明 Sun Ming", "南坪西路100%号_A栋", "NA")


def test_a_scope_narrows_it_to_its_places() -> None:
    assert numbers("坪", seen=Scope(company=False, paths=("CQ/YJP/",))) == ["500100001"]
    assert numbers("坪", seen=Scope(company=False, paths=())) == []
    assert numbers("坪", seen=Scope(company=True, paths=())) == ["500100001", "500200002"]


def test_no_more_than_asked_for() -> None:
    assert numbers("坪", limit=1) == ["500100001"]


def test_however_much_is_typed_the_question_stays_small() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert numbers(" ".join(f"w{place}" for place in range(3_000))) == []

    assert [len(one["sql"]) < 10_000 for one in asked] == [True]
