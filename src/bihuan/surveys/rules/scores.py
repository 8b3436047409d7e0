"""How a callback is scored by a second listener: weighted items, and fatal ones that make everything nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.surveys.rules.sheet import Certainty

MARKS = (0, 50, 100)
"""Per cent of an item's weight: missed, half, full."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is listened for. `weight` is its part of 100; a fatal item has none and makes the whole 0."""

    code: str
    text: Words
    weight: int = 0
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What is listened for, and how many calls of an agent's week: `share` of a hundred, `least` at any rate.
    `passes` is the score from which a call counts as good."""

    code: str
    title: Words
    items: tuple[Item, ...]
    share: int
    least: int
    passes: int
    valid_from: date
    valid_to: date | None
    source: Words
    certainty: Certainty

    @property
    def weighted(self) -> tuple[Item, ...]:
        """The items that carry weight."""
        return tuple(item for item in self.items if not item.fatal)

    @property
    def fatal(self) -> tuple[Item, ...]:
        """The items that are fatal."""
        return tuple(item for item in self.items if item.fatal)

    def valid_on(self, day: date) -> bool:
        """Whether calls of this day are scored by it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class MarkMissing(BihuanError):
    """An item hasn't been marked, or not with a mark that there is."""

    def __init__(self, item: Item) -> None:
        super().__init__(
            Words(zh=f"请为“{item.text.zh}”评分。", en=f"Give “{item.text.en}” a mark."), field=item.code
        )


def total(card: Scorecard, *, marks: Mapping[str, int], fatal: Iterable[str]) -> int:
    """The score from 0 to 100. Raises `MarkMissing` when a weighted item has no mark, `KeyError` for an unknown fatal."""
    broken = set(fatal)
    if unknown := broken - {item.code for item in card.fatal}:
        raise KeyError(*sorted(unknown))
    for item in card.weighted:
        if marks.get(item.code) not in MARKS:
            raise MarkMissing(item)
    if broken:
        return 0
    return sum(item.weight * marks[item.code] for item in card.weighted) // 100
