"""Which published text and which order hold on a day, and from when a new one may hold. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

LONGEST_AHEAD = timedelta(days=3_660)
"""So far ahead something may be published: further is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Text:
    """A published text of a pack."""

    code: str
    number: int
    effective_from: date
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """Which packs apply, in the order in which they win."""

    effective_from: date
    packs: tuple[str, ...]


_Dated = TypeVar("_Dated", Text, Order)


def in_force(told: Iterable[_Dated], day: date) -> _Dated | None:
    """What holds on this day: the latest that has begun; of one day's, the one published last.

    `told` is in the order of publication.
    """
    found: _Dated | None = None
    for one in told:
        if one.effective_from <= day and (found is None or one.effective_from >= found.effective_from):
            found = one
    return found


def may_begin(effective_from: date, *, today: date) -> bool:
    """Nothing takes effect before tomorrow: clocks that have started keep what they began with."""
    return today < effective_from <= today + LONGEST_AHEAD


def with_draft(order: Sequence[str], code: str) -> tuple[str, ...]:
    """The order in which a draft is tried: where its pack stands, or before all others if it isn't adopted."""
    return tuple(order) if code in order else (code, *order)
