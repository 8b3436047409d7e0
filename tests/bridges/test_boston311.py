"""A real export, with the city's own verdicts: ours are the same. The file isn't ours to ship; see docs/howto/import-your-data.md."""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.bridges.eventlog.adapter import import_events
from bihuan.bridges.eventlog.map import read_map
from bihuan.bridges.tables.client import read
from bihuan.flow.queries import Checked, verify
from bihuan.indicators.queries import figures
from bihuan.indicators.rules import Period
from bihuan.promises.models import Clock
from bihuan.promises.rules import Standing, standing

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT.parent / "shared" / "data" / "boston311-100.csv"
MAP = ROOT / "examples" / "boston311" / "map.toml"
ZONE = "America/New_York"
AS_OF = datetime(2022, 6, 1, tzinfo=ZoneInfo(ZONE))
MISSING = f"{FILE.name} isn't beside the repository: the city's verdicts were NOT compared with ours"

if not FILE.exists():
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # said in pytest's summary; an error would end the run
        warnings.warn(MISSING, pytest.PytestWarning, stacklevel=1)

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not FILE.exists(), reason=MISSING)]


def test_our_verdicts_equal_the_city_s_in_all_89_cases() -> None:
    rows = read(FILE)
    done = import_events(rows=rows, means=read_map(MAP, zone=ZONE), at=datetime(2026, 1, 5, tzinfo=UTC))
    assert (done.cases, done.faults) == (100, ())

    ours = {clock.case.number: _standing(clock) for clock in Clock.objects.select_related("case")}

    theirs = {
        f"BOS{row['case_enquiry_id']}": {"ONTIME": Standing.kept, "OVERDUE": Standing.broken}[row["ontime"]]
        for _, row in rows
        if row["target_dt"]
    }
    assert len(theirs) == 89
    assert ours == theirs


def test_the_departments_are_bureaus_and_each_has_its_count() -> None:
    import_events(rows=read(FILE), means=read_map(MAP, zone=ZONE), at=datetime(2026, 1, 5, tzinfo=UTC))

    found: Counter[tuple[str, Standing]] = Counter(
        (clock.unit.code, _standing(clock)) for clock in Clock.objects.select_related("unit") if clock.unit
    )

    kept = {unit: found[unit, Standing.kept] for unit, _ in found}
    total = {unit: kept[unit] + found[unit, Standing.broken] for unit in kept}
    assert kept == {"BTDT": 26, "PWDx": 37, "ISD": 6, "PARK": 3, "PROP": 0}
    assert total == {"BTDT": 31, "PWDx": 44, "ISD": 8, "PARK": 3, "PROP": 3}


def test_the_figures_of_the_city_are_72_of_89() -> None:
    import_events(rows=read(FILE), means=read_map(MAP, zone=ZONE), at=datetime(2026, 1, 5, tzinfo=UTC))

    period = Period(date(2022, 1, 1), date(2022, 6, 1), ZoneInfo(ZONE))
    (told,) = figures(periods=[period], at=AS_OF, known=datetime(2026, 1, 6, tzinfo=UTC), unit=None)

    kept = {
        figure.unit: (figure.numerator, figure.denominator)
        for figure in told
        if figure.indicator.code == "promise.kept.source-due" and figure.denominator
    }
    assert kept == {
        None: (72, 89),
        "BTDT": (26, 31),
        "PWDx": (37, 44),
        "ISD": (6, 8),
        "PARK": (3, 3),
        "PROP": (0, 3),
    }


def test_the_imported_city_verifies() -> None:
    import_events(rows=read(FILE), means=read_map(MAP, zone=ZONE), at=datetime(2026, 1, 5, tzinfo=UTC))

    checked = Checked()
    assert list(verify(checked)) == []
    assert (checked.cases, checked.entries) == (100, 185)


def _standing(clock: Clock) -> Standing:
    return standing(
        started_at=clock.started_at,
        due_at=clock.due_at,
        by_day=clock.by_day,
        ended_at=clock.ended_at,
        void_at=clock.void_at,
        at=AS_OF,
    )
