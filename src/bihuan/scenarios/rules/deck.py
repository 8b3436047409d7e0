"""Fates as cards: what befalls each case of a year, drawn without replacement from counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, repeat
from random import Random
from typing import Any, TypeAlias

Fate: TypeAlias = Mapping[str, str]
"""What befalls one case, by group: `{"ending": "confirmed", "arrival": "late"}`."""

CONFIRMED = "confirmed"
PLAIN = (CONFIRMED, "unreached")
"""Endings of cases that are merged, or into which others are."""
NOWHERE = range(0)
PATIENCE = 2_000
"""So often a place is looked for at random."""


DayOf: TypeAlias = Callable[[int], date]
"""On which day a card is dealt."""


def same_day(card: int) -> date:
    """Where it doesn't matter."""
    return date.min


class TooSmall(ValueError):
    """A year has too few cases for what its counts ask."""


class Deck:
    """A year's cards in the order in which they are dealt; the same seed gives the same order."""

    def __init__(
        self,
        *,
        seed: str,
        count: int,
        quotas: Mapping[str, Any],
        shown: range = NOWHERE,
        early: range = NOWHERE,
        day_of: DayOf = same_day,
    ) -> None:
        """1. One card a case, with its ending. 2. Shuffle. 3. Chains: the same matter, brought again. 4. Joins: cases merged into
        the one before them. 5. Each draw marks so many cards that have one of its endings and nothing yet of its group.

        `shown` are the cards among which one of everything is to be seen, however rare: by exchange, so that no count
        changes. `early` are those of them that are dealt soon enough to be over by then; `day_of` says on which day.
        """
        self._chance = Random(seed)  # noqa: S311  a play, no secret
        self._shown, self._early, self._day_of = shown, early, day_of
        endings = [ending for ending, number in quotas["endings"].items() for _ in range(number)]
        if len(endings) > count:
            raise TooSmall(f"{len(endings)} endings for {count} cases")
        endings += [CONFIRMED] * (count - len(endings))
        self._chance.shuffle(endings)
        self._cards: list[dict[str, str]] = [{"ending": ending} for ending in endings]
        for chain in quotas.get("chains", ()):
            self._link(chain)
        for join in quotas.get("joins", ()):
            self._join(join)
        for ending in quotas["endings"]:
            self._show(ending)
        for draw in quotas["draws"]:
            self._mark(draw)

    @property
    def cards(self) -> Sequence[Fate]:
        """Every card."""
        return self._cards

    def _show(self, ending: str) -> None:
        """One card of this ending among those that are shown."""
        there = Counter(self._cards[place]["ending"] for place in self._shown)
        if any(self._cards[place]["ending"] == ending for place in self._early or self._shown):
            return
        free = [
            place
            for place in self._shown
            if (there[self._cards[place]["ending"]] > 1 or self._cards[place]["ending"] == CONFIRMED)
            and not _linked(self._cards[place])
        ]
        others = any(card["ending"] == ending and not _linked(card) for card in self._cards)
        if free and others:  # a kind with few cases has no room for everything in some years
            self._give(self._chance.choice(self._soon(free)), ending)

    def _give(self, place: int, ending: str) -> None:
        """Exchange this card's ending with that of another card that has the ending wanted."""
        if self._cards[place]["ending"] == ending:
            return
        shown = {id(self._cards[number]) for number in self._early or self._shown}

        def fits(card: Fate) -> bool:
            return card["ending"] == ending and id(card) not in shown and not _linked(card)

        if not any(map(fits, self._cards)):
            raise TooSmall(f"no other card ends with {ending}")
        other = self._card()
        while not fits(other):
            other = self._card()
        other["ending"], self._cards[place]["ending"] = self._cards[place]["ending"], ending

    def _card(self) -> dict[str, str]:
        return self._cards[self._chance.randrange(len(self._cards))]

    def _link(self, chain: Mapping[str, Any]) -> None:
        """Chains of `length` cards, each `gap` cards after the one before; all but the last end with `ending`."""
        for number in range(chain["count"]):
            places = self._places(chain, shown=number == 0 and bool(self._shown))
            for place in places[:-1]:
                self._give(place, chain["ending"])
                self._cards[place]["repeated"] = "yes"
            if chain.get("last"):
                self._give(places[-1], chain["last"])
            for times, (earlier, later) in enumerate(pairwise(places), 2):
                self._cards[later] |= {"repeats": str(earlier), "times": str(times)}

    def _places(self, chain: Mapping[str, Any], *, shown: bool) -> list[int]:
        least, most = chain["gap"]
        for among in self._tries(shown=shown):
            places = [self._chance.choice(among)]
            while len(places) < chain["length"]:
                places.append(places[-1] + self._chance.randint(least, most))
            if places[-1] in among and not any(_linked(self._cards[place]) for place in places):
                return places
        raise TooSmall("a year has too few cases for so many that hang together")

    def _join(self, join: Mapping[str, Any]) -> None:
        """Runs of cards, at most `most`, merged into the card before them `within` so many days, `count` in all."""
        left = join["count"]
        while left:
            run = self._run(min(left, join["most"]), join["within"], shown=left == join["count"])
            for place in run:
                if self._cards[place]["ending"] not in PLAIN:
                    self._give(place, CONFIRMED)
                main = place == run[0]
                self._cards[place] |= {"main": "yes"} if main else {"merged": join["value"]}
            left -= len(run) - 1

    def _run(self, most: int, within: int, *, shown: bool) -> range:
        for among in self._tries(shown=shown, short=True):
            first = self._chance.choice(among)
            run = range(first, first + self._chance.randint(1, most) + 1)
            if run[-1] not in among or any(_linked(self._cards[place]) for place in run):
                continue
            if (self._day_of(run[-1]) - self._day_of(first)).days <= within:
                return run
        raise TooSmall("a year has too few cases for so many that hang together")

    def _soon(self, places: Sequence[int]) -> Sequence[int]:
        """Those among them that are over when the weeks shown are, as far as there are such."""
        return [place for place in places if place in self._early] or places

    def _tries(self, *, shown: bool, short: bool = False) -> Iterator[range]:
        """Where to look for places: at first among the cards that are shown (what is `short` among the later ones, to
        leave the early ones to what takes longer), then anywhere; not for ever.
        """
        whole = range(len(self._cards))
        later = range(self._early.stop, self._shown.stop) if short and self._early else NOWHERE
        yield from repeat((later or self._shown or whole) if shown else whole, PATIENCE)
        yield from repeat(whole, PATIENCE)

    def _mark(self, draw: Mapping[str, Any]) -> None:
        if not draw["count"]:
            return
        group, among = draw["group"], frozenset(draw.get("of", (CONFIRMED,)))
        barred, owed = {group, *draw.get("without", ())}, frozenset(draw.get("with", ()))
        free = [
            place
            for place, card in enumerate(self._cards)
            if card["ending"] in among and not barred & card.keys() and (not owed or owed & card.keys())
        ]
        chosen = []
        if seen := [place for place in free if place in self._shown]:
            chosen = seen[:1] if draw.get("first") else [self._chance.choice(self._soon(seen))]
        rare = draw["count"] * len(self._shown) < len(self._cards)
        rest = [place for place in free if place not in (self._shown if rare and chosen else chosen)]
        if len(rest) < draw["count"] - len(chosen):
            rest = [place for place in free if place not in chosen]
        if len(rest) < draw["count"] - len(chosen):
            raise TooSmall(f"{draw['count']} cards of {len(free)} are to be {draw['value']}")
        for place in (*chosen, *self._chance.sample(rest, draw["count"] - len(chosen))):
            self._cards[place][group] = draw["value"]


def _linked(card: Fate) -> bool:
    """Whether it hangs together with another card already."""
    return not {"repeats", "repeated", "merged", "main"}.isdisjoint(card)
