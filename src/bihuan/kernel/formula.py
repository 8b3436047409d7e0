"""A tiny language for a figure made of other figures: exact, and unknown as soon as what it needs is unknown. No SQL here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Side = Literal["value", "numerator", "denominator"]
Ask = Callable[[str, Side], Fraction | None]
"""Gives a figure by its code: its value (percent as 0 to 100) or one of its counts; None where it is unknown."""


class Formula(ABC):
    """A number that follows from figures of the same unit and period; `+`, `-`, `*` and `/` join."""

    __slots__ = ()

    @abstractmethod
    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """The exact number in a period of so many days; None where something that it needs is unknown."""

    @abstractmethod
    def codes(self) -> Iterator[str]:
        """The figures it is made of."""

    def __add__(self, other: Formula) -> Formula:
        return Joined("+", self, other)

    def __sub__(self, other: Formula) -> Formula:
        return Joined("-", self, other)

    def __mul__(self, other: Formula) -> Formula:
        return Joined("*", self, other)

    def __truediv__(self, other: Formula) -> Formula:
        return Joined("/", self, other)


@dataclass(frozen=True, slots=True)
class Of(Formula):
    """A figure of the catalogue, or one of its two counts."""

    code: str
    side: Side = "value"

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """As it was counted."""
        return ask(self.code, self.side)

    def codes(self) -> Iterator[str]:
        """Itself."""
        yield self.code


@dataclass(frozen=True, slots=True)
class Number(Formula):
    """A fixed number."""

    number: Fraction

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """Itself."""
        return self.number

    def codes(self) -> Iterator[str]:
        """None."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Days(Formula):
    """How many days the period has."""

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """The period's."""
        return Fraction(days)

    def codes(self) -> Iterator[str]:
        """None."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Joined(Formula):
    """Two numbers reckoned together; nothing can be divided by nought."""

    sign: Literal["+", "-", "*", "/"]
    left: Formula
    right: Formula

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """Unknown when either side is."""
        left, right = self.left.worth(ask, days), self.right.worth(ask, days)
        if left is None or right is None:
            return None
        match self.sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        return left / right if right else None

    def codes(self) -> Iterator[str]:
        """Those of both sides."""
        yield from self.left.codes()
        yield from self.right.codes()


@dataclass(frozen=True, slots=True)
class Mean(Formula):
    """The weighted mean of the parts that are known; those that aren't give their weight to the others."""

    parts: tuple[tuple[Fraction, Formula], ...]

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """Unknown when every part is."""
        known = [
            (weight, worth)
            for weight, part in self.parts
            if (worth := part.worth(ask, days)) is not None and weight
        ]
        if not known:
            return None
        return sum((weight * worth for weight, worth in known), Fraction(0)) / sum(
            (weight for weight, _ in known), Fraction(0)
        )

    def codes(self) -> Iterator[str]:
        """Those of every part."""
        for _, part in self.parts:
            yield from part.codes()


@dataclass(frozen=True, slots=True)
class AtLeast(Formula):
    """No lower than this."""

    part: Formula
    lowest: Fraction = Fraction(0)

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """The part, or the lowest."""
        worth = self.part.worth(ask, days)
        return None if worth is None else max(self.lowest, worth)

    def codes(self) -> Iterator[str]:
        """Those of the part."""
        yield from self.part.codes()


@dataclass(frozen=True, slots=True)
class Steps(Formula):
    """How many whole steps go into the part; a begun step doesn't count."""

    part: Formula
    step: Fraction

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """Whole steps."""
        worth = self.part.worth(ask, days)
        return None if worth is None else Fraction(worth // self.step)

    def codes(self) -> Iterator[str]:
        """Those of the part."""
        yield from self.part.codes()


@dataclass(frozen=True, slots=True)
class Else(Formula):
    """The part, or a fixed number where it is unknown."""

    part: Formula
    number: Fraction

    def worth(self, ask: Ask, days: int) -> Fraction | None:
        """Always known."""
        worth = self.part.worth(ask, days)
        return self.number if worth is None else worth

    def codes(self) -> Iterator[str]:
        """Those of the part."""
        yield from self.part.codes()


def mean(*parts: Formula) -> Mean:
    """The plain mean of the parts that are known."""
    return Mean(tuple((Fraction(1), part) for part in parts))
