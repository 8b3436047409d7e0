"""A deck of any size deals what its counts say, or says plainly that a year is too small; the scenario's decks come out in any year."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bihuan.scenarios import queries
from bihuan.scenarios.rules.deck import CONFIRMED, Deck, TooSmall
from bihuan.scenarios.rules.pace import Pace

ENDINGS = ("unreached", "sent_back", "withdrawn", "anonymous")
ZONE = ZoneInfo("Asia/Shanghai")


@st.composite
def decks(draw: st.DrawFn) -> dict[str, Any]:
    """A deck's counts and where in it two weeks lie: also none, a single card, and everything early."""
    count = draw(st.integers(1, 60))
    left, endings = count, {}
    for ending in draw(st.lists(st.sampled_from(ENDINGS), unique=True)):
        endings[ending] = draw(st.integers(0, min(left, 5)))
        left -= endings[ending]
    first, end = sorted((draw(st.integers(0, count)), draw(st.integers(0, count))))
    soon = draw(st.integers(first, end))
    draws, free = [], left
    for value in ("late", "lost"):
        number = draw(st.integers(0, min(free, 4)))
        free -= number
        draws.append({"group": "arrival", "value": value, "count": number})
    quotas: dict[str, Any] = {"endings": endings, "draws": draws}
    if draw(st.booleans()):
        quotas["joins"] = [{"count": draw(st.integers(0, 4)), "most": 2, "within": 3, "value": "yes"}]
    if draw(st.booleans()):
        quotas["chains"] = [
            {"count": draw(st.integers(0, 2)), "length": 2, "gap": (1, 3), "ending": CONFIRMED}
        ]
    return {"count": count, "quotas": quotas, "shown": range(first, end), "early": range(first, soon)}


@settings(max_examples=300, deadline=None)
@given(decks(), st.integers(0, 9))
def test_a_deck_deals_what_its_counts_say_or_says_that_a_year_is_too_small(
    asked: dict[str, Any], seed: int
) -> None:
    try:
        deck = Deck(seed=str(seed), **asked)
    except TooSmall:
        assume(False)

    quotas = asked["quotas"]
    ends = Counter(card["ending"] for card in deck.cards)
    assert len(deck.cards) == asked["count"]
    assert {ending: ends[ending] for ending in quotas["endings"]} == quotas["endings"]
    assert Counter(card["arrival"] for card in deck.cards if "arrival" in card) == Counter(
        {one["value"]: one["count"] for one in quotas["draws"] if one["count"]}
    )
    for join in quotas.get("joins", ()):
        assert sum("merged" in card for card in deck.cards) == join["count"]
    for chain in quotas.get("chains", ()):
        assert sum("repeated" in card for card in deck.cards) == chain["count"]


@settings(max_examples=300, deadline=None)
@given(decks(), st.integers(0, 9))
def test_whatever_ends_otherwise_is_among_the_cards_shown_if_there_is_room(
    asked: dict[str, Any], seed: int
) -> None:
    asked["quotas"] = {"endings": asked["quotas"]["endings"], "draws": []}
    kinds = {ending for ending, number in asked["quotas"]["endings"].items() if number}

    deck = Deck(seed=str(seed), **asked)

    shown = Counter(deck.cards[place]["ending"] for place in asked["shown"])
    room = shown[CONFIRMED] or any(number > 1 for ending, number in shown.items())
    assert kinds <= set(shown) or not room


@pytest.mark.parametrize("year", [1990, 2007, 2008, 2012, 2018, 2024, 2026, 2027, 2028, 2050])
def test_the_scenarios_decks_come_out_in_any_year(year: int) -> None:
    scenario = queries.scenario("chongqing-2007")
    place = scenario.volumes["shown"]
    for loop, sheet in scenario.volumes["loops"].items():
        if sheet["year"] > 3_000:
            continue  # there is room for everything, and many cards take their time
        pace = Pace(sheet=sheet, year=year, zone=ZONE)
        first = date(year, *place["from"])
        starts, early, end = (
            pace.cards_of(first + timedelta(days=days)).start
            for days in (0, place["early"], 7 * place["weeks"])
        )

        deck = Deck(
            seed=f"{scenario.seed}/{loop}/{year}",
            count=sheet["year"],
            quotas=scenario.quotas[loop],
            shown=range(starts, end),
            early=range(starts, early),
            day_of=pace.day_of,
        )

        ends = Counter(card["ending"] for card in deck.cards)
        told = scenario.quotas[loop]["endings"]
        assert {ending: ends[ending] for ending in told} == told
