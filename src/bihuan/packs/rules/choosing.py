"""A pack, and which of several packs' promises hold on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bihuan.kernel.promise import Promise
from bihuan.kernel.words import Words

Moments = Mapping[str, frozenset[str]]
"""The moments that each loop's steps mark, by the loop's code."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of promises: one publisher, one edition. `calendar` is the code of the one its days are counted by."""

    code: str
    edition: str
    title: Words
    source: str
    promises: tuple[Promise, ...]
    calendar: str = "cn"

    def named(self, code: str, *, loop: str | None = None) -> tuple[Promise, ...]:
        """The promises of this code, of this loop if one is named, in the order of the pack."""
        return tuple(
            item for item in self.promises if item.code == code and (loop is None or loop in item.loops)
        )


def choose(
    *, packs: Iterable[Pack], code: str, loop: str, on: date, kind: str | None = None
) -> Promise | None:
    """The promise of this code for this loop, and this kind of case, from the first pack that has one on the day."""
    return next(
        (
            promise
            for promise in promises_for(packs=packs, loop=loop, on=on)
            if promise.code == code and (not promise.kinds or kind is None or kind in promise.kinds)
        ),
        None,
    )


def promises_for(*, packs: Iterable[Pack], loop: str, on: date) -> tuple[Promise, ...]:
    """What holds for this loop: of each code, and each kind of case, the first pack that has it on this day wins.

    So a case meets one promise of a code at most. A pack that has a code for all kinds adds nothing where one above has it
    for some: nobody could say then whether the others were left out on purpose.
    """
    chosen: dict[str, list[Promise]] = {}
    for pack in packs:
        for promise in pack.promises:
            if loop in promise.loops and promise.valid_on(on):
                above = chosen.setdefault(promise.code, [])
                if not any(_meet(one, promise) for one in above if one.pack != promise.pack):
                    above.append(promise)
    return tuple(promise for of_code in chosen.values() for promise in of_code)


def _meet(one: Promise, other: Promise) -> bool:
    return not one.kinds or not other.kinds or bool(set(one.kinds) & set(other.kinds))


def is_counted(promise: Promise, *, moments: Moments) -> bool:
    """Whether the promise makes clocks: a limit or an average between two moments of a loop that exists."""
    timed = promise.kind in ("step_limit", "average")
    return timed and any(loop in moments for loop in promise.loops)
