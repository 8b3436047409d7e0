"""How the archive's files become the tables that statements name; the same words for DuckDB and Spark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlglot import exp

from bihuan.indicators.engines.archive import State
from bihuan.indicators.engines.sources import Column, Source

PREFIX = "archived_"
CHANGE = f"{PREFIX}change"
"""case_id and the page that wrote the case's rows again."""
MARKS = (Column("page", "BIGINT", None),)
"""What every row of the archive has besides its columns."""
CHANGE_COLUMNS = (Column("case_id", "VARCHAR", None), *MARKS)


@dataclass(frozen=True, slots=True)
class Part:
    """Files with the same columns, under the name by which the view asks for them."""

    name: str
    columns: tuple[Column, ...]
    paths: tuple[str, ...]
    changed: bool
    """Whether some rows in them may have been written again since."""


def parts(source: Source, state: State) -> list[Part]:
    """The files of a table, put together by what they hold."""
    touched = state.touched
    known = {column.name: column for column in (*source.columns, *MARKS)}
    found = [
        _Kept(
            tuple(known[name] for name in file.columns if name in known),
            file.path in touched,
            file.path,
        )
        for _, file in state.of(source.name)
    ]
    found.sort(key=lambda kept: ([column.name for column in kept.columns], kept.changed, kept.path))
    together = groupby(found, key=attrgetter("columns", "changed"))
    return [
        Part(f"part_{source.name}_{number}", columns, tuple(kept.path for kept in group), changed)
        for number, ((columns, changed), group) in enumerate(together)
    ]


def view(source: Source, found: list[Part], dialect: str) -> str:
    """The SELECT that shows the newest rows of a table, whatever columns its files have."""
    if not found:
        nothing = ", ".join(_empty(column, dialect) for column in source.columns)
        return f"SELECT {nothing} WHERE 1 = 0"
    return " UNION ALL ".join(_shown(source, part, dialect) for part in found)


def _shown(source: Source, part: Part, dialect: str) -> str:
    there = {column.name for column in part.columns}
    columns = ", ".join(
        _quoted(column.name, dialect) if column.name in there else _empty(column, dialect)
        for column in source.columns
    )
    select = f"SELECT {columns} FROM {part.name} AS kept"
    if part.changed:
        select += f" WHERE NOT EXISTS (SELECT 1 FROM {CHANGE} AS c WHERE c.case_id = kept.case_id AND c.page > kept.page)"
    return select


def _empty(column: Column, dialect: str) -> str:
    value = exp.null() if column.default is None else exp.convert(column.default)
    cast = exp.cast(value, exp.DataType.build(column.type, dialect="duckdb"))
    return exp.alias_(cast, column.name, quoted=True).sql(dialect)


def _quoted(name: str, dialect: str) -> str:
    return exp.column(name, "kept", quoted=True).sql(dialect)


@dataclass(frozen=True, slots=True)
class _Kept:
    columns: tuple[Column, ...]
    changed: bool
    path: str


def changes(state: State) -> Iterator[str]:
    """The files that say which cases were written again."""
    return (file.path for _, file in state.of("change"))
