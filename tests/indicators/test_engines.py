"""The whole catalogue on three engines: the same integers, or it isn't one declaration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.flow import actions as flow
from bihuan.indicators.actions import write_archive
from bihuan.indicators.engines import cluster
from bihuan.indicators.queries import archived_figures, figures
from bihuan.indicators.rules import Period, week
from bihuan.scenarios import actions as scenarios
from tests.cast import moment

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = moment("2007-06-18 08:00")
WEEKS = [week("2007-W23", ZONE), week("2007-W24", ZONE)]


@pytest.fixture
def town(db: None, tmp_path: Path) -> Iterator[Path]:
    """A Saturday to Tuesday across two weeks, in the archive."""
    scenarios.found(
        code="chongqing-2007",
        first=date(2007, 6, 9),
        last=date(2007, 6, 12),
        until=moment("2007-06-14 10:00"),
        recorded_at=moment("2007-06-14 10:00"),
        current=False,
        within_year=False,
        tell=lambda cases, entries: None,
    )
    write_archive(folder=tmp_path, at=MONDAY, zone=ZONE, tell=lambda name: None)
    yield tmp_path


def integers(told: list[list[object]]) -> list[object]:
    return [
        (number, one.indicator.code, one.unit, one.numerator, one.denominator)  # type: ignore[attr-defined]
        for number, period in enumerate(told)
        for one in period
    ]


@pytest.mark.slow
def test_duckdb(town: Path) -> None:
    import time
    live = figures(periods=WEEKS, at=MONDAY)
    t=time.time()
    archived = archived_figures(engine="duckdb", folder=town, periods=WEEKS, at=MONDAY)
    print(time.time()-t, len(integers(live)), sum(x[3] or 0 for x in integers(live)))
    assert integers(archived.figures) == integers(live)
