"""The archive on one machine: DuckDB reads its Parquet files, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> None:
        self._connection = connection
        self._tables = tables

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What a statement gives. The tables it names stand before it: a view would open every file once more."""
        named = [
            f"{name} AS ({shown})" for name, shown in self._tables.items() if f"{name} AS kept" in statement
        ]
        return self._connection.execute(f"WITH {', '.join(named)} {statement}").fetchall()


@contextmanager
def reading(folder: Path, state: State) -> Iterator[Reader]:
    """The archive as `state` has it, for as long as the block lasts."""
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET parquet_metadata_cache = true")
        columns = ", ".join(f'"{column.name}" {column.type}' for column in CHANGE_COLUMNS)
        connection.execute(f"CREATE TABLE {CHANGE} ({columns})")
        written_again = list(changes(state))
        if written_again:
            files = _files(folder, written_again)
            connection.execute(
                f"INSERT INTO {CHANGE} SELECT case_id, max(page) FROM {files} GROUP BY case_id"
            )
        tables = {}
        for source in SOURCES.values():
            found = parts(source, state)
            shown = view(source, found, DUCKDB.name)
            for part in found:
                shown = shown.replace(
                    f"FROM {part.name} AS kept", f"FROM {_files(folder, part.paths)} AS kept"
                )
            tables[f"{PREFIX}{source.name}"] = shown
        yield Reader(connection, tables)


def _files(folder: Path, paths: Sequence[str]) -> str:
    quoted = ", ".join("'" + str(folder / path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{quoted}], hive_partitioning = false)"
