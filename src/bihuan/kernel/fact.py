"""What a step may state: coded facts and erasable words. How a form draws them is the desk's affair."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._#-]{0,63}")
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""A time outside these years is a slip of the keyboard."""

FactValue: TypeAlias = str | bool | int


class FactKind(StrEnum):
    """The form a fact takes. `moment` is an ISO 8601 time in UTC; `money` is whole fen (hundredths of the currency);
    `listed` is a code of a taxonomy kept as data; `code` is a short name that the step itself checks; `words` is erasable
    free text kept outside the entry."""

    choice = "choice"
    flag = "flag"
    number = "number"
    money = "money"
    moment = "moment"
    listed = "listed"
    code = "code"
    unit = "unit"
    case = "case"
    words = "words"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a coded fact may take."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Fact:
    """A named statement of a step. `column` is the column of the case's cycle that it fills, if any; `adds` says that each
    entry adds to that column instead of replacing it. `listing` names the taxonomy of a `listed` fact.
    `imported` marks a fact that only somebody else's history states, `unseen` one that no person types in.
    """

    code: str
    title: Words
    kind: FactKind
    choices: tuple[Choice, ...] = ()
    column: str = ""
    imported: bool = False
    unseen: bool = False
    adds: bool = False
    listing: str = ""
    hint: Words = field(default_factory=lambda: Words(zh="", en=""))

    def checked(self, value: object) -> FactValue:
        """The value in its canonical form; raises `FactInvalid` naming this fact."""
        match self.kind:
            case FactKind.flag if isinstance(value, bool):
                return value
            case FactKind.number | FactKind.money if (
                isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
            ):
                return value
            case FactKind.listed | FactKind.code if isinstance(value, str) and _CODE.fullmatch(value):
                return value
            case FactKind.choice if value in {choice.code for choice in self.choices}:
                return str(value)
            case FactKind.moment:
                return _moment(self, value)
            case FactKind.unit | FactKind.case if isinstance(value, str) and 0 < len(value) <= 64:
                return value
            case _:
                raise FactInvalid(self)

    def title_of(self, value: object) -> Words:
        """How a coded value reads; the value itself where it isn't coded."""
        for choice in self.choices:
            if choice.code == value:
                return choice.title
        if isinstance(value, bool):
            return Words(zh="是", en="yes") if value else Words(zh="否", en="no")
        if self.kind is FactKind.money and isinstance(value, int):
            yuan = f"{value // 100:,}.{value % 100:02d}"
            return Words(zh=f"{yuan} 元", en=f"{yuan} yuan")
        return Words(zh=str(value), en=str(value))


class FactInvalid(BihuanError):
    """A fact has a value that its declaration doesn't know."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(
            Words(
                zh=f"“{fact.title.zh}”的取值无效，请重新选择或填写。",
                en=f"“{fact.title.en}” has a value that isn't known here; choose or type it again.",
            ),
            field=fact.code,
        )


def parse_moment(value: str) -> datetime:
    """An ISO 8601 text with an offset as an aware UTC datetime. Raises ValueError."""
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("a time needs its offset")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("no calendar reaches there")
    return at.astimezone(UTC)


def moment_text(at: datetime) -> str:
    """The one way a time stands in a fact: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(fact: Fact, value: object) -> str:
    try:
        at = value if isinstance(value, datetime) else parse_moment(str(value))
        if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        raise FactInvalid(fact) from None
    return moment_text(at)
