"""The archive on a cluster: Spark reads its Parquet files, with a master and two workers started here or one named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bihuan.indicators.engines.archive import State
from bihuan.indicators.engines.cluster import session
from bihuan.indicators.engines.compiling import Dialect
from bihuan.indicators.engines.reading import CHANGE, CHANGE_COLUMNS, PREFIX, changes, parts, view
from bihuan.indicators.engines.sources import SOURCES, Column

_MICROSECONDS = "(unix_micros(seen.{end}) - unix_micros(seen.{start}))"
SPARK = Dialect(
    name="spark",
    minutes=f"(({_MICROSECONDS} - pmod({_MICROSECONDS}, 60000000)) div 60000000)",
    key="text",
    tables=PREFIX,
)
_TYPES = {
    "BOOLEAN": "boolean",
    "TIMESTAMPTZ": "timestamp",
    "DATE": "date",
    "BIGINT": "bigint",
    "VARCHAR": "string",
}


class Reader:
    """A session on which statements compiled for `SPARK` run."""

    dialect = SPARK

    def __init__(self, running: Any) -> None:
        self._session = running

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What a statement gives."""
        return [tuple(row) for row in self._session.sql(statement).collect()]


@contextmanager
def reading(folder: Path, state: State, master: str = "") -> Iterator[Reader]:
    """The archive as `state` has it, on the cluster of `master`, else on one of its own that ends with the block.

    Raises `SparkMissing` and `ClusterFailed`.
    """
    with session(master) as running:
        show(running, folder, state)
        yield Reader(running)


def show(running: Any, folder: Path, state: State) -> None:
    """Let a session see the archive's tables."""
    _table(running, f"{CHANGE}_all", CHANGE_COLUMNS, [str(folder / path) for path in changes(state)])
    newest = running.sql(f"SELECT case_id, max(page) AS page FROM {CHANGE}_all GROUP BY case_id")
    newest.createOrReplaceTempView(CHANGE)
    for source in SOURCES.values():
        found = parts(source, state)
        for part in found:
            _table(running, part.name, part.columns, [str(folder / path) for path in part.paths])
        shown = running.sql(view(source, found, SPARK.name))
        shown.createOrReplaceTempView(f"{PREFIX}{source.name}")


def _table(running: Any, name: str, columns: tuple[Column, ...], paths: list[str]) -> None:
    schema = ", ".join(f"`{column.name}` {_TYPES[column.type]}" for column in columns)
    if paths:
        rows = running.read.schema(schema).parquet(*paths)
    else:
        nothing = ", ".join(f"CAST(NULL AS {_TYPES[column.type]}) AS `{column.name}`" for column in columns)
        rows = running.sql(f"SELECT {nothing} WHERE 1 = 0")
    rows.createOrReplaceTempView(name)
