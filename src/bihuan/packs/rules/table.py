"""A table of a TOML file that knows where it stands, so that every fault names file, key and what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

_CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


class PackFault(BihuanError):
    """A pack or calendar says something that can't be; names the file, the key and what was expected."""

    def __init__(self, file: str, key: str, expected: Words) -> None:
        where = f"{file}: {key}" if key else file
        super().__init__(
            Words(zh=f"{where}：{expected.zh}。", en=f"{where}: expected {expected.en}."), field=key or None
        )
        self.file, self.key, self.expected = file, key, expected


@dataclass(frozen=True, slots=True)
class Sheet:
    """One TOML file: its name, for messages, and what it says."""

    file: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file that knows its own name, so that every fault says where it is."""

    file: str
    key: str
    content: Mapping[str, Any]

    def fault(self, key: str, expected: Words) -> PackFault:
        """The fault of this key."""
        return PackFault(self.file, f"{self.key}.{key}" if self.key else key, expected)

    def only(self, *keys: str) -> None:
        """Refuse every other key."""
        for key in self.content:
            if key not in keys:
                raise self.fault(
                    key,
                    Words(
                        zh=f"应为以下键之一：{', '.join(keys)}",
                        en=f"one of the keys {', '.join(keys)}",
                    ),
                )

    def text(self, key: str, default: str | None = None) -> str:
        """A text that says something; without a default it must be there."""
        value = self.content.get(key, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.fault(
                key,
                Words(
                    zh="应为文本",
                    en="a text",
                ),
            )
        return value

    def code(self, key: str) -> str:
        """A code."""
        value = self.text(key)
        if not _CODE.fullmatch(value):
            raise self.fault(
                key,
                Words(
                    zh="应为由小写字母、数字和连字符组成的代码",
                    en="a code of small letters, digits and hyphens",
                ),
            )
        return value

    def one_of(self, key: str, values: Iterable[str]) -> str:
        """One of these."""
        value = self.content.get(key)
        if value not in (allowed := list(values)):
            raise self.fault(
                key,
                Words(
                    zh=f"应为以下之一：{', '.join(allowed)}",
                    en=f"one of {', '.join(allowed)}",
                ),
            )
        return str(value)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.content.get(key)
        if not isinstance(value, bool):
            raise self.fault(
                key,
                Words(
                    zh="应为 true 或 false",
                    en="true or false",
                ),
            )
        return value

    def number(self, key: str, *, least: int, most: int) -> int:
        """A whole number between two others."""
        value = self.content.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(
                key,
                Words(
                    zh=f"应为 {least} 至 {most} 之间的整数",
                    en=f"a whole number from {least} to {most}",
                ),
            )
        return value

    def clock(self, key: str) -> time:
        """A whole minute of the clock."""
        value = self.content.get(key)
        if not isinstance(value, time) or value.second or value.microsecond:
            raise self.fault(
                key,
                Words(
                    zh="应为不加引号的整分钟时刻，如 08:30:00",
                    en="a time like 08:30:00, without quotes and of a whole minute",
                ),
            )
        return value

    def day(self, key: str) -> date:
        """A day without a time."""
        value = self.content.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fault(
                key,
                Words(
                    zh="应为不加引号的日期，如 2007-06-04",
                    en="a day like 2007-06-04, without quotes",
                ),
            )
        return value

    def words(self, key: str) -> Words:
        """A text in both languages."""
        value = self.content.get(key)
        if not isinstance(value, dict) or set(value) != {"zh", "en"}:
            raise self.fault(
                key,
                Words(
                    zh='应有两种语言：{ zh = "…", en = "…" }',
                    en='two languages, { zh = "…", en = "…" }',
                ),
            )
        both = Table(self.file, f"{self.key}.{key}" if self.key else key, value)
        return Words(zh=both.text("zh"), en=both.text("en"))

    def table(self, key: str) -> Table:
        """A table below this one."""
        value = self.content.get(key)
        if not isinstance(value, dict):
            raise self.fault(
                key,
                Words(
                    zh=f"应为表 [{key}]",
                    en=f"a table [{key}]",
                ),
            )
        return Table(self.file, f"{self.key}.{key}" if self.key else key, value)

    def tables(self, key: str) -> list[Table]:
        """A list of tables, empty if absent."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fault(
                key,
                Words(
                    zh=f"应为表的列表 [[{key}]]",
                    en=f"a list of tables [[{key}]]",
                ),
            )
        prefix = f"{self.key}." if self.key else ""
        return [Table(self.file, f"{prefix}{key}[{place}]", item) for place, item in enumerate(value, 1)]

    def codes(self, key: str) -> tuple[str, ...]:
        """A list of codes, empty if absent."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(item, str) and _CODE.fullmatch(item) for item in value
        ):
            raise self.fault(
                key,
                Words(
                    zh="应为代码的列表",
                    en="a list of codes",
                ),
            )
        return tuple(value)
