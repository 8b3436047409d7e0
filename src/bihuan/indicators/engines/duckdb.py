"""The archive on one machine: DuckDB reads its Parquet files, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bihuan.indicators.engines.archive import State
from bihuan.indicators.engines.compiling import Dialect
from bihuan.indicators.engines.reading import CHANGE, CHANGE_COLUMNS, PREFIX, changes, parts, view
from bihuan.indicators.engines.sources import SOURCES

_MICROSECONDS = "(epoch_us(seen.{end}) - epoch_us(seen.{start}))"
# `//` cuts towards zero; the remainder is taken off first, so that a time before the start is rounded down like elsewhere.
DUCKDB = Dialect(
    name="duckdb",
    minutes=f"(({_MICROSECONDS} - (({_MICROSECONDS} % 60000000) + 60000000) % 60000000) // 60000000)",
    key="text",
    tables=PREFIX,
)


class Reader:
    """A connection on which statements compiled for `DUCKDB` run."""

    dialect = DUCKDB

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What a statement gives."""
        return self._connection.execute(statement).fetchall()


@contextmanager
def reading(folder: Path, state: State) -> Iterator[Reader]:
    """The archive as `state` has it, for as long as the block lasts."""
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        paths = [str(folder / path) for path in changes(state)]
        columns = ", ".join(f'"{column.name}" {column.type}' for column in CHANGE_COLUMNS)
        connection.execute(f"CREATE TABLE {CHANGE} ({columns})")
        if paths:
            connection.execute(
                f"INSERT INTO {CHANGE} SELECT case_id, max(page) FROM read_parquet({_listed(paths)}) GROUP BY case_id"
            )
        for source in SOURCES.values():
            found = parts(source, state)
            for part in found:
                files = [str(folder / path) for path in part.paths]
                connection.execute(
                    f"CREATE VIEW {part.name} AS SELECT * FROM read_parquet({_listed(files)}, hive_partitioning = false)"
                )
            connection.execute(f"CREATE VIEW {PREFIX}{source.name} AS {view(source, found, DUCKDB.name)}")
        yield Reader(connection)


def _listed(paths: list[str]) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"[{quoted}]"
