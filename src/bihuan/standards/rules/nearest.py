"""Which typical cases are nearest to what a caller says: naive Bayes over single characters.

Chinese characters carry meaning by themselves, and a caller's sentence is short: on the held-out sentences single characters
found the right case first in 76 of 100, among three in 95; words cut by a segmenter in 58 and 76 (docs/adr/0013, measured by
`python -m tests.bench propose`). The person decides; this only proposes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import NamedTuple

SMOOTHING = 3.0
"""Added to every count, so that a character never seen in a case doesn't rule it out."""


class Near(NamedTuple):
    """A case that is near, how near (higher is nearer), and the stretches of text that it shares."""

    code: str
    score: float
    shared: tuple[str, ...]


@dataclass(slots=True)
class Index:
    """What is known of each case, counted by character."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def learn(self, code: str, text: str) -> None:
        """Take in one more text of a case."""
        self.counts.setdefault(code, Counter()).update(characters(text))
        self.texts.setdefault(code, []).append(text)

    def nearest(self, text: str, limit: int = 3) -> list[Near]:
        """The nearest cases, best first; none for a text without a character that is known."""
        known = {sign for counted in self.counts.values() for sign in counted}
        said = set(characters(text)) & known
        if not said:
            return []
        rare = {sign: log(1 + len(self.counts) / self._cases_with(sign)) for sign in said}
        scores = {
            code: sum(rare[sign] * self._weight(counted, sign, len(known)) for sign in said)
            for code, counted in self.counts.items()
        }
        best = sorted(scores, key=lambda code: (-scores[code], code))[:limit]
        return [Near(code, scores[code], self._shared(code, text)) for code in best]

    def _cases_with(self, sign: str) -> int:
        return sum(sign in counted for counted in self.counts.values())

    def _weight(self, counted: Mapping[str, int], sign: str, known: int) -> float:
        return log((counted.get(sign, 0) + SMOOTHING) / (sum(counted.values()) + SMOOTHING * known) * known)

    def _shared(self, code: str, text: str) -> tuple[str, ...]:
        """The longest stretches of two characters and more that the text shares with the case."""
        found: list[str] = []
        place = 0
        while place < len(text):
            longest = next(
                (
                    end
                    for end in range(min(len(text), place + 8), place + 1, -1)
                    if any(text[place:end] in told for told in self.texts[code])
                ),
                0,
            )
            if longest and characters(text[place:longest]):
                found.append(text[place:longest])
                place = longest
            else:
                place += 1
        return tuple(dict.fromkeys(found))


def characters(text: str) -> list[str]:
    """The Chinese characters and the digits of a text, in order."""
    return [sign for sign in text if "\u4e00" <= sign <= "\u9fff" or sign.isdigit()]


def index_of(texts: Iterable[tuple[str, str]]) -> Index:
    """An index over (code, text)."""
    index = Index()
    for code, text in texts:
        index.learn(code, text)
    return index
