"""The whole catalogue on three engines: the same integers, or it isn't one declaration."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.indicators.actions import write_archive
from bihuan.indicators.engines import cluster
from bihuan.indicators.engines.archive import Archive
from bihuan.indicators.engines.spark import Reader, show
from bihuan.indicators.queries import archived_figures, figures
from bihuan.indicators.queries.archived import reader_figures
from bihuan.indicators.rules import Figure, week
from bihuan.loops.indicators.catalogue import DECLARED
from bihuan.scenarios import actions as scenarios
from tests.cast import moment

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

ZONE = ZoneInfo("Asia/Shanghai")
WEEKS = [week("2007-W23", ZONE), week("2007-W24", ZONE)]
MONDAY = moment("2007-06-18 08:00")
MIDDLE = moment("2007-06-11 15:00")
"""When much was under way."""

LOUD = """
=======================================================================================================
  SPARK IS NOT INSTALLED: the catalogue is not compared on a cluster. To have it compared: make setup-spark
=======================================================================================================
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A Saturday to Tuesday of Chongqing across two weeks, in the archive."""
    scenarios.found(
        code="chongqing-2007",
        first=date(2007, 6, 9),
        last=date(2007, 6, 12),
        until=moment("2007-06-16 10:00"),
        recorded_at=moment("2007-06-16 10:00"),
        current=False,
        within_year=False,
        tell=lambda cases, entries: None,
    )
    write_archive(folder=tmp_path, at=MONDAY, zone=ZONE, tell=lambda name: None)
    return tmp_path


def integers(told: Sequence[Sequence[Figure]]) -> list[tuple[int, str, str | None, int, int | None]]:
    return [
        (number, one.indicator.code, one.unit, one.numerator, one.denominator)
        for number, period in enumerate(told)
        for one in period
    ]


def test_the_whole_catalogue_gives_the_same_integers_on_postgresql_and_duckdb(town: Path) -> None:
    for at in (MONDAY, MIDDLE):
        live = integers(figures(periods=WEEKS, at=at))

        archived = archived_figures(engine="duckdb", folder=town, periods=WEEKS, at=at)

        assert integers(archived.figures) == live
        assert {code for _, code, *_ in live} == {one.code for one in DECLARED}
        assert sum(below or above for *_, above, below in live) > 2_000


def test_one_bureau_alone_is_the_same_too(town: Path) -> None:
    live = integers(figures(periods=WEEKS, at=MONDAY, unit="CQ-SQ"))

    archived = archived_figures(engine="duckdb", folder=town, periods=WEEKS, at=MONDAY, unit="CQ-SQ")

    assert integers(archived.figures) == live


@pytest.fixture
def spark_is_here(capsys: pytest.CaptureFixture[str]) -> None:
    """Said loudly where it isn't, before a town is played for it."""
    if not cluster.installed():
        with capsys.disabled():
            sys.stderr.write(LOUD)
        pytest.skip("no Spark: make setup-spark")


def test_and_on_spark_with_a_master_and_two_workers(spark_is_here: None, town: Path) -> None:
    with cluster.session() as session:
        executors = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
        show(session, town, Archive(town).state())
        reader = Reader(session)
        found = [integers(reader_figures(reader, periods=WEEKS, at=at)) for at in (MONDAY, MIDDLE)]

    assert executors == 2
    assert found == [integers(figures(periods=WEEKS, at=at)) for at in (MONDAY, MIDDLE)]
