"""Figures out of the archive: the same declarations, on DuckDB or on Spark, as known when it was written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from bihuan.indicators.engines import duckdb, spark
from bihuan.indicators.engines.archive import Archive, State
from bihuan.indicators.engines.compiling import Dialect, Question, counting
from bihuan.indicators.queries.figures import figures
from bihuan.indicators.rules import Figure, Period, week
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.indicator import Indicator
from bihuan.kernel.words import Words

Engine = Literal["duckdb", "spark"]


class NotInArchive(BihuanError):
    """The archive can't answer this."""


class Reader(Protocol):
    """An engine that has the archive open."""

    dialect: Dialect

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement gives."""


@dataclass(frozen=True, slots=True)
class Archived:
    """Figures, and what the archive they come from had known."""

    figures: list[list[Figure]]
    known: datetime
    seal: int


def archived_figures(
    *,
    engine: Engine,
    folder: Path,
    periods: Sequence[Period],
    at: datetime,
    known: datetime | None = None,
    unit: str | None = None,
    codes: Sequence[str] | None = None,
    master: str = "",
) -> Archived:
    """As `figures`, counted in the archive. `known` must be a moment as of which it was written; None: the last one.

    Raises `NotInArchive` for days that it doesn't hold yet and for other moments, `SparkMissing` where Spark isn't installed.
    """
    state = Archive(folder).state(known)
    _refuse(state, periods, known)
    with opened(engine, folder, state, master) as reader:
        told = reader_figures(reader, periods=periods, at=at, unit=unit, codes=codes)
    page = state.pages[-1]
    return Archived(figures=told, known=page.known, seal=page.seal)


def reader_figures(
    reader: Reader,
    *,
    periods: Sequence[Period],
    at: datetime,
    unit: str | None = None,
    codes: Sequence[str] | None = None,
) -> list[list[Figure]]:
    """As `figures`, counted by an engine that is open already."""

    def count(group: Sequence[Indicator], question: Question) -> list[tuple[Any, ...]]:
        return reader.rows(counting(group, question, reader.dialect))

    return figures(periods=periods, at=at, unit=unit, codes=codes, count=count)


def opened(engine: Engine, folder: Path, state: State, master: str = "") -> AbstractContextManager[Reader]:
    """The archive, open on an engine. `master` is the address of Spark's cluster; empty: one is started for it."""
    return duckdb.reading(folder, state) if engine == "duckdb" else spark.reading(folder, state, master)


def _refuse(state: State, periods: Sequence[Period], known: datetime | None) -> None:
    if known is not None and state.known != known:
        raise NotInArchive(
            Words(
                zh="归档只能回答写入时刻所知的内容；请改用 --engine postgresql"
                + (f"，或 --known {state.known.isoformat()}。" if state.known else "。"),
                en="The archive only tells what was known when it was written; use --engine postgresql"
                + (f" or --known {state.known.isoformat()}." if state.known else "."),
            ),
            field="known",
        )
    if not state.weeks:
        raise NotInArchive(
            Words(
                zh="归档中还没有任何一周；请先运行 bihuan archive write。",
                en="There is no week in the archive yet; run: bihuan archive write",
            )
        )
    last = periods[-1]
    if last.end > week(state.last, last.zone).end:
        raise NotInArchive(
            Words(
                zh=f"归档只到 {state.last} 为止；请用 --engine postgresql，或先运行 bihuan archive write。",
                en=f"The archive ends with {state.last}; use --engine postgresql, or run: bihuan archive write",
            ),
            field="to",
        )
