"""Fates as cards: what befalls each case of a year, drawn without replacement from counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

Fate: TypeAlias = Mapping[str, str]
"""What befalls one case, by group: `{"ending": "confirmed", "arrival": "late"}`."""

CONFIRMED = "confirmed"


class Deck:
    """A year's cards in the order in which they are dealt; the same seed gives the same order."""

    def __init__(self, *, seed: str, count: int, quotas: Mapping[str, Any]) -> None:
        """1. One card a case, with its ending. 2. Shuffle. 3. Each draw marks so many cards that have one of its
        endings and nothing yet of its group.
        """
        chance = Random(seed)  # noqa: S311  a play, no secret
        endings = [ending for ending, number in quotas["endings"].items() for _ in range(number)]
        endings += [CONFIRMED] * (count - len(endings))
        chance.shuffle(endings)
        self._cards: list[dict[str, str]] = [{"ending": ending} for ending in endings]
        for draw in quotas["draws"]:
            self._mark(chance, draw)

    def _mark(self, chance: Random, draw: Mapping[str, Any]) -> None:
        group, among = draw["group"], frozenset(draw["of"])
        free = [card for card in self._cards if card["ending"] in among and group not in card]
        for card in chance.sample(free, draw["count"]):
            card[group] = draw["value"]

    @property
    def cards(self) -> Sequence[Fate]:
        """Every card."""
        return self._cards
