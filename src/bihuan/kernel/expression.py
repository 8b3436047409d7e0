"""A tiny language for conditions on a row, so that one declaration counts and finds cases on any engine. No SQL here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


class Expression:
    """Something that can be said of a row; `&`, `|` and `~` join and turn."""

    __slots__ = ()

    def __and__(self, other: Expression) -> Expression:
        return Both(self, other)

    def __or__(self, other: Expression) -> Expression:
        return Either(self, other)

    def __invert__(self) -> Expression:
        return Not(self)


@dataclass(frozen=True, slots=True)
class Column(Expression):
    """A column of the row; a yes-or-no column is a condition by itself."""

    name: str

    def is_(self, value: str | int | bool) -> Expression:
        """It has this value."""
        return Compare("=", self, Value(value))

    def in_(self, *values: str) -> Expression:
        """It has one of these values."""
        return OneOf(self, values)

    def is_null(self) -> Expression:
        """Nothing is known of it."""
        return IsNull(self)

    def is_known(self) -> Expression:
        """Something is known of it."""
        return Not(IsNull(self))

    def before(self, other: Expression) -> Expression:
        """It is earlier."""
        return Compare("<", self, other)

    def by(self, other: Expression) -> Expression:
        """It is earlier or the same."""
        return Compare("<=", self, other)


@dataclass(frozen=True, slots=True)
class Value(Expression):
    """A fixed value."""

    value: str | int | bool


@dataclass(frozen=True, slots=True)
class AsOf(Expression):
    """The moment as of which is asked. Moments of a row that are later are null already."""


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    """Two values set side by side; unknown when either is null."""

    sign: Literal["=", "<", "<="]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf(Expression):
    """The column has one of these values."""

    column: Column
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsNull(Expression):
    """Nothing is known of the column."""

    column: Column


@dataclass(frozen=True, slots=True)
class Both(Expression):
    """One and the other."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Either(Expression):
    """One or the other."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """It doesn't hold."""

    part: Expression


@dataclass(frozen=True, slots=True)
class MinutesBetween(Expression):
    """Whole minutes from one moment to another; a begun minute doesn't count."""

    start: Column
    end: Column


@dataclass(frozen=True, slots=True)
class Times(Expression):
    """Two whole numbers multiplied; unknown when either is."""

    left: Expression
    right: Expression


def fixed(condition: Expression, name: str) -> frozenset[str] | None:
    """The values to which a condition ties a column, None when it leaves it open. Engines choose an index by it."""
    match condition:
        case Compare("=", Column(found), Value(str(value))) if found == name:
            return frozenset({value})
        case OneOf(Column(found), values) if found == name:
            return frozenset(values)
        case Both(left, right):
            ties = [tie for tie in (fixed(left, name), fixed(right, name)) if tie is not None]
            return frozenset.intersection(*ties) if ties else None
        case Either(left, right):
            one, other = fixed(left, name), fixed(right, name)
            return None if one is None or other is None else one | other
        case _:
            return None


def columns(expression: Expression) -> Iterator[str]:
    """The names of all columns spoken of."""
    match expression:
        case Column(name):
            yield name
        case (
            Compare(_, left, right)
            | Both(left, right)
            | Either(left, right)
            | MinutesBetween(left, right)
            | Times(left, right)
        ):
            yield from columns(left)
            yield from columns(right)
        case OneOf(part, _) | IsNull(part) | Not(part):
            yield from columns(part)
