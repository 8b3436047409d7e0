"""Two editions side by side, article by article and limit by limit; two texts line by line. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Literal

from bihuan.kernel.promise import LimitRow, Promise
from bihuan.packs.rules.choosing import Pack

How = Literal["same", "changed", "only_one", "only_other"]

_WHERE_IT_STANDS = ("code", "pack", "edition", "limits")
"""Fields of a promise that say where it stands, or that are compared one by one."""

_OF_THE_EDITION = ("clause", "source", "valid_from", "valid_to")
"""Fields that differ between any two editions by their nature: no change of the promise, unless a pack is compared with itself."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What both say for an area and a customer class; None where one says nothing for just this pair."""

    area: str | None
    customer_class: str | None
    one: LimitRow | None
    other: LimitRow | None

    @property
    def same(self) -> bool:
        """Whether both say the same, to the public and to the house."""
        return self.one == self.other


@dataclass(frozen=True, slots=True)
class Change:
    """A field in which two promises differ."""

    name: str
    one: object
    other: object


@dataclass(frozen=True, slots=True)
class Article:
    """A promise of one edition beside that of the other."""

    code: str
    how: How
    one: Promise | None
    other: Promise | None
    cells: tuple[Cell, ...]
    changes: tuple[Change, ...]

    @property
    def shown(self) -> Promise:
        """The promise whose title is told: the first edition's, where it has it."""
        found = self.one or self.other
        if found is None:
            raise ValueError("an article stands in at least one edition")
        return found


def compare(one: Pack, other: Pack) -> tuple[Article, ...]:
    """Every promise of either pack, in the order of the first and then what only the second has.

    Promises belong together when they have the same code and apply to the same loops and kinds, as nearly as may be.
    Between two packs, another article number, source and validity are no change; between two versions of one they are.
    """
    left = list(other.promises)
    out = _WHERE_IT_STANDS if one.code == other.code else _WHERE_IT_STANDS + _OF_THE_EDITION
    articles = [_article(promise, _take(promise, left), out) for promise in one.promises]
    return (*articles, *(_article(None, promise, out) for promise in left))


def _take(promise: Promise, left: list[Promise]) -> Promise | None:
    same_code = [item for item in left if item.code == promise.code]
    if not same_code:
        return None
    found = min(
        same_code,
        key=lambda item: (
            item.loops != promise.loops,
            item.kinds != promise.kinds,
            item.valid_from != promise.valid_from,
        ),
    )
    if found.loops == promise.loops or set(found.loops) & set(promise.loops):
        left.remove(found)
        return found
    return None


def _article(one: Promise | None, other: Promise | None, out: tuple[str, ...]) -> Article:
    shown = one or other
    if shown is None:
        raise ValueError("an article stands in at least one edition")
    cells = tuple(_cells(one, other))
    changes = tuple(_changes(one, other, out)) if one and other else ()
    how: How = "same"
    if one is None or other is None:
        how = "only_other" if one is None else "only_one"
    elif changes or not all(cell.same for cell in cells):
        how = "changed"
    return Article(shown.code, how, one, other, cells, changes)


def _cells(one: Promise | None, other: Promise | None) -> Iterator[Cell]:
    tables = [
        {(row.area, row.customer_class): row for row in (promise.limits if promise else ())}
        for promise in (one, other)
    ]
    for area, klass in dict.fromkeys((*tables[0], *tables[1])):
        yield Cell(area, klass, tables[0].get((area, klass)), tables[1].get((area, klass)))


def _changes(one: Promise, other: Promise, out: tuple[str, ...]) -> Iterator[Change]:
    for field in fields(Promise):
        if field.name in out or not field.compare:
            continue
        before, after = getattr(one, field.name), getattr(other, field.name)
        if before != after:
            yield Change(field.name, before, after)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: `sign` is `+` or `-` where it came or went, blank where it stayed, `…` for lines left out."""

    sign: str
    before: int | None
    after: int | None
    text: str


def lines_changed(before: str, after: str, *, around: int = 3) -> tuple[Line, ...]:
    """What changed from one text to the other, with so many lines around each change; empty when nothing did."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for place, group in enumerate(matcher.get_grouped_opcodes(around)):
        if place or group[0][1] or group[0][3]:
            found.append(Line("…", None, None, ""))
        for tag, first, last, begin, end in group:
            if tag == "equal":
                found += [
                    Line(" ", first + n + 1, begin + n + 1, old[first + n]) for n in range(last - first)
                ]
                continue
            found += [Line("-", n + 1, None, old[n]) for n in range(first, last)]
            found += [Line("+", None, n + 1, new[n]) for n in range(begin, end)]
    return tuple(found)


def count(articles: Iterable[Article]) -> dict[How, int]:
    """How many articles are the same, changed, and only here or there."""
    told: dict[How, int] = {"same": 0, "changed": 0, "only_one": 0, "only_other": 0}
    for article in articles:
        told[article.how] += 1
    return told
