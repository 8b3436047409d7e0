"""What two sides say of a moment; what a second listener gives; where a call owed stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.surveys.rules.ledger import MADE, OPEN, Balance, Part, part
from bihuan.surveys.rules.scores import MARKS, MarkMissing, total
from bihuan.surveys.rules.statements import Mismatch, Statements, mismatches
from tests.cast import moment
from tests.surveys.books import house_book

BOOK = house_book()
CARD = BOOK.scorecards[0]
FULL = {item.code: 100 for item in CARD.weighted}


def differs(**said: object) -> list[Mismatch]:
    return mismatches(Statements(**said), BOOK.comparisons)  # type: ignore[arg-type]


def at(text: str) -> datetime:
    return moment(f"2007-06-05 {text}")


@pytest.mark.parametrize(
    ("customer", "minutes"),
    [("10:45", None), ("10:46", 16), ("11:20", 50), ("10:15", None), ("10:14", -16)],
)
def test_the_unit_says_half_past_ten_and_the_customer_something_else(
    customer: str, minutes: int | None
) -> None:
    found = differs(arrived_at=at("10:30"), customer_arrived_at=at(customer))

    expected = [] if minutes is None else [Mismatch("arrival", minutes, at("10:30"), at(customer))]
    assert found == expected


def test_the_system_wrote_the_arrival_down_much_later() -> None:
    found = differs(arrived_at=at("10:30"), arrival_recorded_at=at("11:01"))

    assert found == [Mismatch("arrival_recorded", 31, at("10:30"), at("11:01"))]
    assert differs(arrived_at=at("10:30"), arrival_recorded_at=at("11:00")) == []


def test_the_unit_says_it_rang_and_the_customer_that_nobody_did() -> None:
    said = Mismatch("rang", 0, at("10:10"), None)

    assert differs(contacted_at=at("10:10"), rang_on_arrival=False) == [said]
    assert differs(contacted_at=at("10:10"), rang_on_arrival=True) == []
    assert differs(contacted_at=None, rang_on_arrival=False) == []


def test_first_day_contact_and_untrue_replies_are_compared_too() -> None:
    assert [one.kind for one in differs(contacted_at=at("10:10"), contacted_first_day=False)] == ["first_day"]
    assert [one.kind for one in differs(untrue=True)] == ["untrue"]


@given(st.integers(-600, 600), st.integers(-600, 600))
def test_nothing_is_found_exactly_where_everybody_is_within_the_tolerance(ours: int, theirs: int) -> None:
    start = at("10:30")
    customer, system = start + timedelta(minutes=ours), start + timedelta(minutes=theirs)

    found = {
        one.kind
        for one in differs(arrived_at=start, customer_arrived_at=customer, arrival_recorded_at=system)
    }

    assert ("arrival" in found) is (abs(ours) > 15)
    assert ("arrival_recorded" in found) is (abs(theirs) > 30)


def test_everything_full_is_a_hundred_and_half_is_fifty() -> None:
    assert total(CARD, marks=FULL, fatal=[]) == 100
    assert total(CARD, marks=dict.fromkeys(FULL, 50), fatal=[]) == 50
    assert total(CARD, marks=FULL | {"questions": 0}, fatal=[]) == 80


def test_one_fatal_item_makes_the_whole_nothing() -> None:
    for item in CARD.fatal:
        assert total(CARD, marks=FULL, fatal=[item.code]) == 0


def test_an_item_without_a_mark_and_an_unknown_fatal_are_refused() -> None:
    with pytest.raises(MarkMissing) as missing:
        total(CARD, marks={code: 100 for code in FULL if code != "manner"}, fatal=[])
    assert missing.value.field == "manner"
    with pytest.raises(KeyError):
        total(CARD, marks=FULL, fatal=["opening"])


@given(st.fixed_dictionaries({item.code: st.sampled_from(MARKS) for item in CARD.weighted}))
def test_a_better_mark_never_makes_the_score_worse(marks: dict[str, int]) -> None:
    before = total(CARD, marks=marks, fatal=[])

    assert 0 <= before <= 100
    for code in marks:
        assert total(CARD, marks=marks | {code: 100}, fatal=[]) >= before


@pytest.mark.parametrize(
    ("ending", "called", "verified", "ended", "stands"),
    [
        ("", False, False, False, Part.untried),
        ("", True, False, False, Part.tried),
        ("confirmed", True, True, True, Part.reached),
        ("sent_back", True, True, True, Part.reached),
        ("unreached", True, False, True, Part.unreached),
        ("exempt", False, True, True, Part.exempt),
        ("exempt", True, True, True, Part.exempt),
        ("terminated", False, False, True, Part.untried),
    ],
)
def test_where_a_call_owed_stands(
    ending: str, called: bool, verified: bool, ended: bool, stands: Part
) -> None:
    assert part(ending=ending, called=called, verified=verified, ended=ended) is stands


def test_every_round_stands_in_exactly_one_place_and_the_sum_holds() -> None:
    counts: dict[Part, int] = {}
    flags = (True, False)
    for ending, called in product(("", "confirmed", "sent_back", "unreached", "exempt"), flags):
        for verified, ended in product(flags, flags):
            one = part(ending=ending, called=called, verified=verified, ended=ended)
            counts[one] = counts.get(one, 0) + 1

    balance = Balance(counts)

    assert balance.owed == 40 == balance.made + balance.open + balance.exempt
    assert set(MADE) | set(OPEN) | {Part.exempt} == set(Part)
