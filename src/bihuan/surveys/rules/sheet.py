"""Tables of a TOML file that know their own name, so that every fault says file, key and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

Certainty = Literal["seen", "memory", "design"]
CERTAINTIES = ("seen", "memory", "design")
_CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


class CallbackFault(BihuanError):
    """A rule of the callbacks says something that can't be; names the file, the key and what was expected."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        where = f"{file}: {key}" if key else file
        super().__init__(
            Words(zh=f"{where}：应为 {expected}。", en=f"{where}: expected {expected}."), field=key or None
        )
        self.file, self.key, self.expected = file, key, expected


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of one file: `key` is where it stands there."""

    file: str
    content: Mapping[str, Any]
    key: str = ""

    def fault(self, key: str, expected: str) -> CallbackFault:
        """The fault at a key of this table."""
        return CallbackFault(
            self.file, f"{self.key}.{key}" if self.key and key else self.key or key, expected
        )

    def only(self, *keys: str) -> None:
        """Refuse keys that nobody reads."""
        for key in self.content:
            if key not in keys:
                raise self.fault(key, f"one of the keys {', '.join(keys)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; it may be empty only where a default is given."""
        value = self.content.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.fault(key, "a text")
        return value

    def code(self, key: str) -> str:
        """A short name."""
        value = self.text(key)
        if not _CODE.fullmatch(value):
            raise self.fault(key, "a code of small letters, digits, hyphens and underscores")
        return value

    def one_of(self, key: str, values: Iterable[str]) -> str:
        """One of some words."""
        value = self.content.get(key)
        if value not in (allowed := list(values)):
            raise self.fault(key, f"one of {', '.join(allowed)}")
        return str(value)

    def codes(self, key: str, known: Iterable[str]) -> tuple[str, ...]:
        """At least one of the known codes, each once."""
        value, allowed = self.content.get(key), list(known)
        if not isinstance(value, list) or not value or len(set(value)) != len(value):
            raise self.fault(key, f"a list of some of {', '.join(allowed)}, each once")
        for item in value:
            if item not in allowed:
                raise self.fault(key, f"codes among {', '.join(allowed)}, not '{item}'")
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.content.get(key, default)
        if not isinstance(value, bool):
            raise self.fault(key, "true or false")
        return value

    def number(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds, both included."""
        value = self.content.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(key, f"a whole number from {least} to {most}")
        return value

    def day(self, key: str) -> date:
        """A day of the calendar."""
        value = self.content.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fault(key, "a day like 2007-06-04, without quotes")
        return value

    def last_day(self, after: date) -> date | None:
        """`valid_to`, not before `after`; None while in force."""
        if "valid_to" not in self.content:
            return None
        last = self.day("valid_to")
        if last < after:
            raise self.fault("valid_to", f"a day not before {after}")
        return last

    def words(self, key: str) -> Words:
        """A text in both languages."""
        value = self.content.get(key)
        if not isinstance(value, dict) or set(value) != {"zh", "en"}:
            raise self.fault(key, 'two languages, { zh = "…", en = "…" }')
        both = Sheet(self.file, value, f"{self.key}.{key}" if self.key else key)
        return Words(zh=both.text("zh"), en=both.text("en"))

    def certainty(self) -> Certainty:
        """How sure we are of the text."""
        return cast(Certainty, self.one_of("certainty", CERTAINTIES))

    def tables(self, key: str) -> list[Sheet]:
        """The tables of a list."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(key, f"a list of tables [[{key}]]")
        before = f"{self.key}." if self.key else ""
        return [Sheet(self.file, item, f"{before}{key}[{place}]") for place, item in enumerate(value, 1)]
