"""A taxonomy: classes, groups and leaves with their words, read from data and checked key by key. No Django."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Literal, get_args

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

Certainty = Literal["seen", "memory", "design"]
SETS = ("class-1", "class-2", "production", "not-counted")
"""How an appraisal weighs a leaf: marketing misconduct of the first and second class, production, or not at all."""
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


class StandardFault(BihuanError):
    """A text of the standards says something that it can't: file, key, and what was expected."""

    def __init__(self, file: str, key: str, expected: Words) -> None:
        super().__init__(
            Words(zh=f"{file}：“{key}”{expected.zh}。", en=f"{file}: '{key}' must be {expected.en}."),
            field=key,
        )


@dataclass(frozen=True, slots=True)
class Leaf:
    """The finest class. `klass` is the code of the class above, which is the case's own `kind`; `sets` are those in which an
    appraisal counts it (`SETS`)."""

    code: str
    title: Words
    klass: str
    klass_title: Words
    group: Words
    certainty: Certainty
    valid_from: date
    valid_to: date | None = None
    definition: Words | None = None
    sets: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether it may be chosen on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All leaves of all times, in the order of the file."""

    code: str
    title: Words
    source: str
    leaves: tuple[Leaf, ...]
    _by_code: dict[str, Leaf] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {leaf.code: leaf for leaf in self.leaves})

    def leaf(self, code: str, on: date) -> Leaf | None:
        """The leaf of this code, if it holds on this day."""
        found = self._by_code.get(code)
        return found if found is not None and found.valid_on(on) else None

    def grouped(self, on: date) -> list[tuple[Words, list[Leaf]]]:
        """The leaves of this day below «class · group»."""
        valid = [leaf for leaf in self.leaves if leaf.valid_on(on)]
        return [
            (_path(klass, group), list(leaves))
            for (klass, group), leaves in groupby(valid, key=lambda leaf: (leaf.klass_title, leaf.group))
        ]


def taxonomy_from(file: str, content: Mapping[str, Any]) -> Taxonomy:
    """The taxonomy that a file tells of; raises `StandardFault`."""
    head = content.get("taxonomy")
    if not isinstance(head, dict):
        raise StandardFault(
            file,
            "taxonomy",
            Words(
                zh="应为表 [taxonomy]",
                en="a table [taxonomy]",
            ),
        )
    start = head.get("valid_from")
    if not isinstance(start, date):
        raise StandardFault(
            file,
            "taxonomy.valid_from",
            Words(
                zh="应为不加引号的日期，如 2007-06-04",
                en="a day like 2007-06-04, without quotes",
            ),
        )
    rows = content.get("leaf", [])
    leaves = tuple(_leaf(file, place, row, start) for place, row in enumerate(rows, 1))
    for place, leaf in enumerate(leaves, 1):
        if any(other.code == leaf.code for other in leaves[: place - 1]):
            raise StandardFault(
                file,
                f"leaf[{place}].code",
                Words(
                    zh=f"代码已存在（{leaf.code}）",
                    en=f"a code that isn't there yet ({leaf.code})",
                ),
            )
    return Taxonomy(
        code=code_of(file, "taxonomy.code", head.get("code")),
        title=words_of(file, "taxonomy.title", head.get("title")),
        source=str(head.get("source", "")),
        leaves=leaves,
    )


def _leaf(file: str, place: int, row: Any, start: date) -> Leaf:
    key = f"leaf[{place}]"
    if not isinstance(row, dict) or not isinstance(row.get("class"), dict):
        raise StandardFault(
            file,
            f"{key}.class",
            Words(
                zh='应为 { code = "…", zh = "…", en = "…" }',
                en='{ code = "…", zh = "…", en = "…" }',
            ),
        )
    certainty: Certainty | None = next(
        (one for one in get_args(Certainty) if one == row.get("certainty")), None
    )
    if certainty is None:
        raise StandardFault(
            file,
            f"{key}.certainty",
            Words(
                zh="应为 seen、memory 或 design",
                en="seen, memory or design",
            ),
        )
    sets = row.get("sets", [])
    if not isinstance(sets, list) or not set(sets) <= set(SETS):
        raise StandardFault(
            file,
            f"{key}.sets",
            Words(
                zh=f"应为以下的列表：{', '.join(SETS)}",
                en=f"a list of {', '.join(SETS)}",
            ),
        )
    for name in ("valid_from", "valid_to"):
        if name in row and not isinstance(row[name], date):
            raise StandardFault(
                file,
                f"{key}.{name}",
                Words(
                    zh="应为不加引号的日期，如 2007-06-04",
                    en="a day like 2007-06-04, without quotes",
                ),
            )
    told = row.get("definition")
    klass = row["class"]
    return Leaf(
        code=code_of(file, f"{key}.code", row.get("code")),
        title=words_of(file, f"{key}.title", row.get("title")),
        klass=code_of(file, f"{key}.class.code", klass.get("code")),
        klass_title=words_of(file, f"{key}.class", {name: klass.get(name) for name in ("zh", "en")}),
        group=words_of(file, f"{key}.group", row.get("group")),
        certainty=certainty,
        valid_from=row.get("valid_from", start),
        valid_to=row.get("valid_to"),
        definition=None if told is None else words_of(file, f"{key}.definition", told),
        sets=tuple(sets),
    )


def code_of(file: str, key: str, value: object) -> str:
    """A code, or a fault."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise StandardFault(
            file,
            key,
            Words(
                zh="应为由小写字母、数字和连字符组成的代码",
                en="a code of small letters, digits and hyphens",
            ),
        )
    return value


def words_of(file: str, key: str, value: object) -> Words:
    """Both languages, or a fault."""
    if not isinstance(value, dict) or not all(value.get(name) for name in ("zh", "en")):
        raise StandardFault(
            file,
            key,
            Words(
                zh='应有两种语言：{ zh = "…", en = "…" }',
                en='two languages, { zh = "…", en = "…" }',
            ),
        )
    return Words(zh=str(value["zh"]), en=str(value["en"]))


def _path(klass: Words, group: Words) -> Words:
    if klass == group:
        return klass
    return Words(zh=f"{klass.zh} · {group.zh}", en=f"{klass.en} · {group.en}")
