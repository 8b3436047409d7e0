"""Rows become Parquet: taken in by DuckDB as CSV, written out by week and bureau."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import duckdb

from bihuan.indicators.engines.archive import HALF, Archive, File, file_digest
from bihuan.indicators.engines.sources import Column

NULL = "\\N"
"""How null stands in the CSV; an empty text is an empty text."""
PLACE = (Column("week", "VARCHAR", None), Column("bureau", "VARCHAR", None))
"""The last two columns of what is taken in: where a row belongs."""


class Writer:
    """Takes tables in and writes the files of one page after another."""

    def __init__(self, archive: Archive, scratch: Path) -> None:
        self._archive, self._scratch = archive, scratch
        self._connection = duckdb.connect(str(scratch / "staging"))
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute(f"SET temp_directory = '{_literal(str(scratch / 'spill'))}'")

    def close(self) -> None:
        """Let the scratch file go."""
        self._connection.close()

    def take(self, table: str, columns: Sequence[Column], feed: Callable[[BinaryIO], None]) -> None:
        """Take a table's rows in, as CSV without a header; those taken in before are forgotten."""
        path = self._scratch / f"{table}.csv"
        with path.open("wb") as out:
            feed(out)
        declared = ", ".join(f"'{column.name}': '{column.type}'" for column in (*columns, *PLACE))
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv('{_literal(str(path))}', auto_detect = false,"
            f" header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '{NULL}', allow_quoted_nulls = false,"
            f" max_line_size = 16777216, columns = {{{declared}}})"
        )
        path.unlink()

    def make(self, table: str, columns: Sequence[Column]) -> None:
        """An empty table, for rows that come by `fill`."""
        declared = [f'"{column.name}" {column.type} DEFAULT {_default(column)}' for column in columns]
        declared += [f"{column.name} {column.type}" for column in PLACE]
        self._connection.execute(f"CREATE OR REPLACE TABLE {table} ({', '.join(declared)})")

    def fill(self, statement: str, values: Mapping[str, object] | None = None) -> None:
        """Run a statement that brings rows."""
        self._connection.execute(statement, values)

    def weeks(self, tables: Sequence[str]) -> set[str]:
        """The weeks that have any row."""
        asked = " UNION ".join(f"SELECT week FROM {table}" for table in tables)
        return {str(week) for (week,) in self._connection.execute(asked).fetchall()}

    def holding(self, table: str, paths: Sequence[str]) -> tuple[str, ...]:
        """Those of the archive's files that have a row of a case in the table."""
        if not paths:
            return ()
        folder = self._archive.folder
        files = ", ".join(f"'{_literal(str(folder / path))}'" for path in paths)
        found = self._connection.execute(
            f"SELECT DISTINCT kept.filename FROM read_parquet([{files}], filename = true, hive_partitioning = false) AS kept"
            f" WHERE kept.case_id IN (SELECT case_id FROM {table})"
        ).fetchall()
        return tuple(sorted(str(Path(name).relative_to(folder)) for (name,) in found))

    def digests(self, table: str) -> dict[str, str]:
        """SHA-256 of each week's rows."""
        found = self._connection.execute(
            f"SELECT kept.week, sha256(string_agg(CAST(kept AS VARCHAR), chr(10) ORDER BY CAST(kept AS VARCHAR)))"
            f" FROM {table} AS kept GROUP BY kept.week"
        ).fetchall()
        return dict(found)

    def write(
        self,
        table: str,
        columns: Sequence[Column],
        *,
        page: int,
        order: str,
        weeks: Sequence[str] | None = None,
    ) -> list[File]:
        """Write the rows of these weeks (None: of all), in order, as files of a page that isn't there yet."""
        places = self._connection.execute(
            f"SELECT week, bureau, count(*) FROM {table} GROUP BY week, bureau ORDER BY week, bureau"
        ).fetchall()
        return [
            self._file(table, columns, page, order, week, bureau, rows)
            for week, bureau, rows in places
            if weeks is None or week in weeks
        ]

    def _file(
        self,
        table: str,
        columns: Sequence[Column],
        page: int,
        order: str,
        week: str,
        bureau: str,
        rows: int,
    ) -> File:
        path = f"{table}/week={week}/bureau={quote(bureau, safe='')}/{page:06}.parquet"
        whole = self._archive.folder / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        half = whole.with_name(whole.name + HALF)
        listed = ", ".join(f'"{column.name}"' for column in columns)
        self._connection.execute(
            f"COPY (SELECT {listed}, CAST({page} AS BIGINT) AS page FROM {table}"
            f" WHERE week = '{_literal(week)}' AND bureau = '{_literal(bureau)}' ORDER BY {order})"
            f" TO '{_literal(str(half))}' (FORMAT parquet, COMPRESSION zstd)"
        )
        half.replace(whole)
        return File(
            table=table,
            week=week,
            bureau=bureau,
            path=path,
            rows=rows,
            size=whole.stat().st_size,
            sha256=file_digest(whole),
            columns=(*(column.name for column in columns), "page"),
        )


def _literal(text: str) -> str:
    return text.replace("'", "''")


def _default(column: Column) -> str:
    match column.default:
        case None:
            return "NULL"
        case str(text):
            return f"'{_literal(text)}'"
        case number:
            return str(number).lower()
