"""Taxonomies as data: every leaf in both languages and under a class that the loop knows; a mistake names file and key."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bihuan.flow.rules.refusals import UnknownLeaf
from bihuan.loops.catalogue import LOOPS
from bihuan.standards import queries
from bihuan.standards.rules import StandardFault, taxonomy_from
from tests.cast import gather

TODAY = date(2007, 6, 5)
LEAF: dict[str, Any] = {
    "code": "reading",
    "class": {"code": "business", "zh": "营业投诉", "en": "business"},
    "group": {"zh": "抄表催费", "en": "reading"},
    "title": {"zh": "抄表", "en": "meter reading"},
    "certainty": "seen",
}
HEAD = {"code": "some", "title": {"zh": "某类", "en": "some"}, "valid_from": date(2004, 1, 1)}


def listings() -> list[tuple[str, str]]:
    """(loop, taxonomy) of every loop that has leaves."""
    return [(loop.code, fact.listing) for loop in LOOPS for fact in loop.opening.facts if fact.listing]


@pytest.mark.parametrize(("loop", "taxonomy"), listings())
def test_every_listing_of_a_loop_is_there(loop: str, taxonomy: str) -> None:
    assert queries.grouped(taxonomy, TODAY), f"{loop}: no taxonomy {taxonomy}"


def test_the_classes_of_the_complaint_tree_are_those_of_the_loop() -> None:
    loop = next(loop for loop in LOOPS if loop.code == "complaint")
    kind = loop.opening.fact("kind")
    assert kind is not None

    assert {leaf.klass for leaf in queries.load("complaint", TODAY).leaves} == {
        one.code for one in kind.choices
    }


@pytest.mark.django_db
def test_a_leaf_that_is_not_there_is_refused() -> None:
    cast = gather()

    with pytest.raises(UnknownLeaf):
        cast.opens("complaint", facts={"leaf": "no-such-leaf"})
    assert cast.opens("complaint", facts={"leaf": "hall-attitude"}).leaf == "hall-attitude"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"code": "Reading"}, "leaf[1].code"),
        ({"class": "business"}, "leaf[1].class"),
        ({"group": {"zh": "抄表"}}, "leaf[1].group"),
        ({"title": None}, "leaf[1].title"),
        ({"certainty": "sure"}, "leaf[1].certainty"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(change: dict[str, Any], key: str) -> None:
    with pytest.raises(StandardFault) as told:
        taxonomy_from("some.toml", {"taxonomy": HEAD, "leaf": [LEAF | change]})

    assert told.value.field == key
    assert "some.toml" in told.value.words.en


def test_the_same_leaf_twice_is_a_mistake() -> None:
    with pytest.raises(StandardFault, match="isn't there yet"):
        taxonomy_from("some.toml", {"taxonomy": HEAD, "leaf": [LEAF, LEAF]})


def test_a_leaf_that_is_retired_is_not_offered_any_more_and_old_cases_keep_it() -> None:
    tree = taxonomy_from("some.toml", {"taxonomy": HEAD, "leaf": [LEAF | {"valid_to": date(2014, 12, 31)}]})

    assert tree.leaf("reading", TODAY) is not None
    assert tree.leaf("reading", date(2015, 1, 1)) is None
