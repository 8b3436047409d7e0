"""The catalogue on PostgreSQL, DuckDB and Spark over the same rows, beside hand-written DuckDB and Polars as the limit.

Only what figures read is made: cycles and clocks, one case for every five entries, over a year and sixteen bureaus, written
straight to the archive's Parquet files and from there into PostgreSQL. BIHUAN_BENCH_ENTRIES names the sizes, in millions.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psycopg
from django.db import connection

from bihuan.indicators.engines import cluster, spark
from bihuan.indicators.engines.archive import Archive, Page
from bihuan.indicators.engines.duckdb import reading
from bihuan.indicators.engines.sources import CLOCK, CYCLE
from bihuan.indicators.engines.writing import Writer
from bihuan.indicators.queries import figures
from bihuan.indicators.queries.archived import reader_figures
from bihuan.indicators.rules import Figure as Told
from bihuan.indicators.rules import Period, week
from bihuan.loops.indicators.catalogue import INDICATORS
from bihuan.people import actions as people
from bihuan.reports import queries as reports
from tests.bench.apart import apart
from tests.bench.figure import Figure
from tests.cast import moment

SIZES = tuple(int(size) for size in os.environ.get("BIHUAN_BENCH_ENTRIES", "1,10").split(","))
ENTRIES_A_CASE = 5
BUREAUS = 16
WEEKS = 52
LARGEST_LIVE = 10
"""Millions of entries that PostgreSQL is asked about."""
START = moment("2007-01-01 00:00")
AT = moment("2008-03-01 08:00")
HAND = "DuckDB by hand"
THREE = ("repair.count", "repair.arrived_in_time", "repair.satisfied")
"""What is written by hand on DuckDB and Polars."""
CODES = tuple(one.code for one in INDICATORS if one.table in ("cycle", "clock"))

# hash() of the case's number stands for chance, so that every engine and every run sees the same rows.
_CYCLES = """
INSERT INTO cycle BY NAME
WITH made AS (
    SELECT n, $start::TIMESTAMPTZ + to_microseconds(CAST(n * $span AS BIGINT)) AS born, hash(n) % 1000 AS luck,
           CAST(hash(n, 1) % 16 AS BIGINT) AS bureau FROM range($low, $high) AS numbers (n)
)
SELECT row.* FROM (
    SELECT $week AS week, 'B' || lpad(CAST(made.bureau AS VARCHAR), 2, '0') AS bureau, uuid AS id, uuid AS case_id, 1 AS cycle,
           CASE n % 4 WHEN 0 THEN 'repair' WHEN 3 THEN 'complaint' ELSE 'situation' END AS loop,
           $units[made.bureau + 1] AS unit_id, 'urban' AS area, 'lv' AS kind, 'call' AS source,
           born AS accepted_at, born + INTERVAL 2 MINUTE AS dispatched_at, born + INTERVAL 30 MINUTE AS arrived_at,
           born + INTERVAL 1 HOUR AS contacted_at, born + INTERVAL 2 HOUR AS done_at,
           born + INTERVAL 6 HOUR AS called_at, born + INTERVAL 6 HOUR AS verified_at,
           born + INTERVAL 6 HOUR AS confirmed_at, born + INTERVAL 6 HOUR AS ended_at, 'confirmed' AS ending,
           true AS solved, CASE WHEN luck < 985 THEN 'satisfied' ELSE 'dissatisfied' END AS satisfaction,
           false AS imported, born + INTERVAL 6 HOUR AS recorded_at
    FROM made, LATERAL (SELECT '00000000-0000-7' || lpad(CAST($size AS VARCHAR), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0') AS uuid)
) AS row
"""
_CLOCKS = """
INSERT INTO clock BY NAME
SELECT row.* FROM (
    SELECT week, bureau, CAST(md5_number(case_id || promise) AS UUID) AS id, case_id, loop, promise, 1 AS cycle,
           'step_limit' AS kind, 'bench' AS pack, '1' AS edition, promise <> 'callback-owed' AS public, unit_id, area,
           accepted_at AS started_at, accepted_at + span AS due_at, false AS by_day,
           accepted_at + to_microseconds(CAST(epoch_us(accepted_at + span) - epoch_us(accepted_at) AS BIGINT)
               * CAST(200 + hash(case_id, promise) % 803 AS BIGINT) // 1000) AS ended_at, imported
    FROM cycle, (VALUES ('repair-arrival', INTERVAL 45 MINUTE), ('first-contact', INTERVAL 1 DAY),
                        ('matter-answer', INTERVAL 5 DAY), ('callback-owed', INTERVAL 1 DAY)) AS promised (promise, span)
    WHERE (loop = 'repair') = (promise = 'repair-arrival') OR promise = 'callback-owed'
) AS row
"""
_BY_HAND = """
SELECT unit_id, count(*) FILTER (WHERE loop = 'repair' AND cycle = 1) AS accepted, 0 AS decided, 0 AS kept, 0 AS rated, 0 AS satisfied
FROM read_parquet($cycles) WHERE accepted_at >= $low AND accepted_at < $high GROUP BY unit_id
UNION ALL
SELECT unit_id, 0, count(*) FILTER (WHERE ended_at IS NOT NULL OR due_at < $at), count(*) FILTER (WHERE ended_at <= due_at), 0, 0
FROM read_parquet($clocks) WHERE promise = 'repair-arrival' AND loop = 'repair' AND cycle = 1 AND kind = 'step_limit'
  AND void_at IS NULL AND started_at >= $low AND started_at < $high GROUP BY unit_id
UNION ALL
SELECT unit_id, 0, 0, 0, count(*) FILTER (WHERE satisfaction NOT IN ('', 'no_answer')),
       count(*) FILTER (WHERE satisfaction IN ('very_satisfied', 'satisfied'))
FROM read_parquet($cycles) WHERE loop = 'repair' AND verified_at >= $low AND verified_at < $high GROUP BY unit_id
"""


def measure() -> list[Figure]:
    """Each size in turn; each engine in a process of its own, so that its peak of memory is its own."""
    found: list[Figure] = []
    home = Path(tempfile.mkdtemp(prefix="bihuan-bench-", dir=os.environ.get("BIHUAN_BENCH_DIR")))
    try:
        for millions in SIZES:
            folder = home / f"{millions}"
            units = _units(millions)
            began = time.perf_counter()
            _write(folder, units, millions)
            name = f"archive, {millions} M entries"
            found.append(Figure(f"{name}: writing Parquet", time.perf_counter() - began, "s"))
            found += _engines(name, folder, millions)
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(home)
    return found


def _engines(name: str, folder: Path, millions: int) -> list[Figure]:
    hand = apart(_by_hand, folder)
    polars = apart(_by_polars, folder)
    three = apart(_by_duckdb, folder, THREE)
    whole = apart(_by_duckdb, folder, CODES)
    a_week = apart(_by_duckdb, folder, CODES, True)
    answers = {HAND: hand["sums"], "Polars": polars["sums"]}
    found = [
        Figure(f"{name}: DuckDB, 3 indicators", three["seconds"], "s", hand["seconds"], HAND),
        Figure(f"{name}: Polars, 3 indicators", polars["seconds"], "s", hand["seconds"], HAND),
        Figure(f"{name}: DuckDB, all of {len(CODES)}", whole["seconds"], "s"),
        Figure(f"{name}: DuckDB, a week of all", a_week["seconds"], "s"),
        Figure(f"{name}: DuckDB, 3 indicators, CPU", three["cpu"], "s", hand["cpu"], HAND),
        Figure(f"{name}: Polars, 3 indicators, CPU", polars["cpu"], "s", hand["cpu"], HAND),
        Figure(f"{name}: DuckDB, memory", three["memory"], "MB", hand["memory"], HAND),
        Figure(f"{name}: Polars, memory", polars["memory"], "MB", hand["memory"], HAND),
    ]
    if millions <= LARGEST_LIVE:
        _load(folder)
        live = _live(millions, THREE)
        answers["PostgreSQL"] = live["sums"]
        found += [
            Figure(f"{name}: PostgreSQL, 3 indicators", live["seconds"], "s", hand["seconds"], HAND),
            Figure(f"{name}: PostgreSQL, all of {len(CODES)}", _live(millions, CODES)["seconds"], "s"),
        ]
    if cluster.installed():
        on_spark = apart(_by_spark, folder)
        answers["Spark"] = on_spark["sums"]
        found += [
            Figure(f"{name}: Spark, 3 indicators, warm", on_spark["seconds"], "s", hand["seconds"], HAND),
            Figure(f"{name}: Spark, 3 indicators, cold", on_spark["cold"], "s"),
            Figure(f"{name}: Spark, all of {len(CODES)}", on_spark["whole"], "s"),
            Figure(f"{name}: Spark, memory of all its JVMs", on_spark["memory"], "MB"),
        ]
    differing = {engine: sums for engine, sums in answers.items() if sums != three["sums"]}
    if differing:
        raise AssertionError(f"{three['sums']} on DuckDB, but {differing}")
    return found


def _year() -> list[Period]:
    return [Period(date(2007, 1, 1), date(2007, 12, 30), reports.zone())]


def _sums(told: Sequence[Sequence[Told]], unit: str | None = None) -> list[list[int | None]]:
    return [[one.numerator, one.denominator] for one in told[0] if one.unit == unit]


def _by_duckdb(folder: Path, codes: Sequence[str], one_week: bool = False) -> dict[str, Any]:
    periods = [week("2007-W23", reports.zone())] if one_week else _year()
    state = Archive(folder).state()

    def ask() -> list[list[int | None]]:
        with reading(folder, state) as reader:
            return _sums(reader_figures(reader, periods=periods, at=AT, codes=codes))

    return _best(ask)


def _by_hand(folder: Path) -> dict[str, Any]:
    given = {
        "cycles": [str(path) for path in sorted(folder.glob("cycle/*/*/*.parquet"))],
        "clocks": [str(path) for path in sorted(folder.glob("clock/*/*/*.parquet"))],
        "low": _year()[0].start.isoformat(),
        "high": _year()[0].end.isoformat(),
        "at": AT.isoformat(),
    }

    def ask() -> list[list[int | None]]:
        with duckdb.connect() as reader:
            rows = reader.execute(_BY_HAND, given).fetchall()
        accepted, decided, kept, rated, satisfied = (sum(row[n] for row in rows) for n in range(1, 6))
        return [[accepted, None], [kept, decided], [satisfied, rated]]

    return _best(ask)


def _by_polars(folder: Path) -> dict[str, Any]:
    low, high = _year()[0].start, _year()[0].end
    at, loop = pl.lit(AT), pl.col("loop") == "repair"

    def within(name: str) -> pl.Expr:
        return (pl.col(name) >= low) & (pl.col(name) < high)

    def ask() -> list[list[int | None]]:
        cycles = pl.scan_parquet(str(folder / "cycle/*/*/*.parquet"), hive_partitioning=False)
        clocks = pl.scan_parquet(str(folder / "clock/*/*/*.parquet"), hive_partitioning=False)
        accepted = (
            cycles.filter(within("accepted_at") & loop & (pl.col("cycle") == 1))
            .group_by("unit_id")
            .agg(pl.len())
        )
        decided = pl.col("ended_at").is_not_null() | (pl.col("due_at") < at)
        arrivals = (
            clocks.filter(
                within("started_at") & loop & (pl.col("promise") == "repair-arrival") & (pl.col("cycle") == 1),
                pl.col("kind") == "step_limit", pl.col("void_at").is_null(),
            )
            .group_by("unit_id")
            .agg((pl.col("ended_at") <= pl.col("due_at")).sum().alias("kept"), decided.sum().alias("decided"))
        )  # fmt: skip
        said = pl.col("satisfaction")
        rated = (
            cycles.filter(within("verified_at") & loop)
            .group_by("unit_id")
            .agg(
                said.is_in(["very_satisfied", "satisfied"]).sum().alias("satisfied"),
                (~said.is_in(["", "no_answer"])).sum().alias("rated"),
            )
        )
        one, two, three = pl.collect_all([accepted, arrivals, rated])
        return [
            [int(one["len"].sum()), None],
            [int(two["kept"].sum()), int(two["decided"].sum())],
            [int(three["satisfied"].sum()), int(three["rated"].sum())],
        ]

    return _best(ask)


def _by_spark(folder: Path) -> dict[str, Any]:
    with cluster.session() as session:
        began = time.perf_counter()
        spark.show(session, folder, Archive(folder).state())
        reader = spark.Reader(session)

        def ask(codes: Sequence[str]) -> list[list[int | None]]:
            return _sums(reader_figures(reader, periods=_year(), at=AT, codes=codes))

        sums = ask(THREE)
        cold = time.perf_counter() - began
        warm = min(_timed(lambda: ask(THREE)) for _ in range(2))
        whole = _timed(lambda: ask(CODES))
        return {"sums": sums, "cold": cold, "seconds": warm, "whole": whole, "memory": _children()}


def _live(millions: int, codes: Sequence[str]) -> dict[str, Any]:
    unit = f"X{millions}"
    return _best(lambda: _sums(figures(periods=_year(), at=AT, codes=codes, unit=unit), unit), times=2)


def _best(ask: Callable[[], list[list[int | None]]], times: int = 3) -> dict[str, Any]:
    took, worked, sums = [], [], ask()
    for _ in range(times):
        before = time.process_time()
        took.append(_timed(ask))
        worked.append(time.process_time() - before)
    return {"seconds": min(took), "cpu": min(worked), "sums": sums, "memory": _peak(os.getpid())}


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _children() -> float:
    """Peak memory of this process's descendants, together, in MB."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    ours = {os.getpid()}
    for _ in range(6):
        ours |= {child for child, parent in parents.items() if parent in ours}
    return sum(_peak(child) for child in ours - {os.getpid()})


def _peak(process: int) -> float:
    """MB; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _units(millions: int) -> list[str]:
    """A company of its own for each size: what is in PostgreSQL already stays, and isn't asked about."""
    company = people.create_unit(
        code=f"X{millions}", name_zh="公司", name_en="Company", kind="company", wing="support"
    )
    return [
        str(
            people.create_unit(
                code=f"X{millions}-B{number:02}",
                name_zh=f"{number}局",
                name_en=f"Bureau {number}",
                kind="bureau",
                wing="execution",
                parent=company,
            ).pk
        )
        for number in range(BUREAUS)
    ]


def _write(folder: Path, units: Sequence[str], millions: int) -> None:
    """Week after week, as the archive has them; the log is one page."""
    archive, cases = Archive(folder), millions * 1_000_000 // ENTRIES_A_CASE
    with archive.writing() as scratch:
        writer, files, names = Writer(archive, scratch), [], []
        for number in range(WEEKS):
            name = f"2007-W{number + 1:02}"
            low, high = cases * number // WEEKS, cases * (number + 1) // WEEKS
            given = {
                "start": START.isoformat(),
                "span": WEEKS * 7 * 86_400_000_000 / cases,
                "low": low,
                "high": high,
                "size": millions,
            }
            for source in (CYCLE, CLOCK):
                writer.make(source.name, source.columns)
            writer.fill(_CYCLES, {**given, "week": name, "units": list(units)})
            writer.fill(_CLOCKS)
            for source in (CYCLE, CLOCK):
                files += writer.write(source.name, source.columns, page=1, order=f'"{source.born}"')
            names.append(name)
        writer.close()
        archive.commit(
            Page(number=1, before=archive.before(1), seal=1, known=AT, weeks=tuple(names), files=tuple(files))
        )


def _load(folder: Path) -> None:
    """The same rows into PostgreSQL, with the cases that they belong to."""
    cycles, clocks = (str(folder / table / "*/*/*.parquet") for table in ("cycle", "clock"))
    _copy(
        "cases_case",
        "SELECT case_id AS id, 'A' || case_id AS number, loop, 'closed' AS state, 1 AS cycle, 5 AS last_seq, unit_id, area,"
        " '' AS customer_class, kind, '' AS urgency, source, '' AS leaf, '' AS severity, false AS confidential, '{}' AS had,"
        " 1 AS times, accepted_at AS opened_at, ended_at AS reached_at, ended_at AS changed_at, ended_at, false AS imported,"
        f" '' AS digest FROM read_parquet('{cycles}', hive_partitioning = false)",
    )
    for source, files in ((CYCLE, cycles), (CLOCK, clocks)):
        listed = ", ".join(f'"{column.name}"' for column in source.columns)
        _copy(source.table, f"SELECT {listed} FROM read_parquet('{files}', hive_partitioning = false)")
    with psycopg.connect(os.environ["BIHUAN_BENCH_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE cases_case, cases_cycle, promises_clock")


def _copy(table: str, select: str) -> None:
    with duckdb.connect() as reader, tempfile.NamedTemporaryFile(suffix=".csv") as file:
        reader.execute("SET TimeZone = 'UTC'")
        reader.execute(f"COPY ({select}) TO '{file.name}' (FORMAT csv, HEADER false, NULLSTR '\\N')")
        names = [str(row[0]) for row in reader.execute(f"DESCRIBE {select}").fetchall()]
        listed = ", ".join(f'"{name}"' for name in names)
        statement = f"COPY {table} ({listed}) FROM STDIN (FORMAT csv, NULL '\\N')"
        with connection.cursor() as cursor, cursor.copy(statement) as stream, open(file.name, "rb") as rows:
            while block := rows.read(1 << 20):
                stream.write(block)
