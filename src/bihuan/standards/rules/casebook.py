"""The case book: typical cases with what counts, what doesn't, an example, the law and the handling. Read from data, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.kernel.words import Words
from bihuan.standards.rules.taxonomy import StandardFault, code_of, words_of

PARTS = ("title", "definition", "counts", "not_counts", "example", "law", "handling")


@dataclass(frozen=True, slots=True)
class TypicalCase:
    """One typical case. `leaf` is the class in detail under which such a matter is opened in the loop `loop`."""

    code: str
    loop: str
    leaf: str
    title: Words
    definition: Words
    counts: Words
    not_counts: Words
    example: Words
    law: Words
    handling: Words

    def told(self) -> str:
        """What of it helps to recognise the matter in a caller's words (Chinese)."""
        return "".join((self.title.zh, self.definition.zh, self.counts.zh, self.example.zh))


@dataclass(frozen=True, slots=True)
class CaseBook:
    """All typical cases of an edition, in its order."""

    code: str
    title: Words
    source: str
    certainty: str
    cases: tuple[TypicalCase, ...]

    def case(self, code: str) -> TypicalCase | None:
        """The typical case of this code."""
        return next((one for one in self.cases if one.code == code), None)


def casebook_from(file: str, content: Mapping[str, Any]) -> CaseBook:
    """The case book that a file tells of; raises `StandardFault`."""
    head = content.get("casebook")
    if not isinstance(head, dict):
        raise StandardFault(
            file,
            "casebook",
            Words(
                zh="应为表 [casebook]",
                en="a table [casebook]",
            ),
        )
    if not isinstance(head.get("valid_from"), date):
        raise StandardFault(
            file,
            "casebook.valid_from",
            Words(
                zh="应为不加引号的日期，如 2007-06-04",
                en="a day like 2007-06-04, without quotes",
            ),
        )
    cases = tuple(_case(file, place, row) for place, row in enumerate(content.get("case", []), 1))
    for place, one in enumerate(cases, 1):
        if any(other.code == one.code for other in cases[: place - 1]):
            raise StandardFault(
                file,
                f"case[{place}].code",
                Words(
                    zh=f"代码已存在（{one.code}）",
                    en=f"a code that isn't there yet ({one.code})",
                ),
            )
    return CaseBook(
        code=code_of(file, "casebook.code", head.get("code")),
        title=words_of(file, "casebook.title", head.get("title")),
        source=str(head.get("source", "")),
        certainty=str(head.get("certainty", "")),
        cases=cases,
    )


def _case(file: str, place: int, row: Any) -> TypicalCase:
    key = f"case[{place}]"
    if not isinstance(row, dict):
        raise StandardFault(
            file,
            key,
            Words(
                zh="应为表 [[case]]",
                en="a table [[case]]",
            ),
        )
    return TypicalCase(
        code=code_of(file, f"{key}.code", row.get("code")),
        loop=code_of(file, f"{key}.loop", row.get("loop")),
        leaf=code_of(file, f"{key}.leaf", row.get("leaf")),
        **{name: words_of(file, f"{key}.{name}", row.get(name)) for name in PARTS},
    )
