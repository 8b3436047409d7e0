"""Published figures leave as a data package that Frictionless finds good; only what is frozen leaves, unless asked otherwise."""

from __future__ import annotations

import argparse
import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import frictionless
import pytest
from django.db import transaction

from bihuan.commands import export
from bihuan.indicators.rules import Figure
from bihuan.reports.actions import approve, freeze
from bihuan.reports.models import Snapshot
from bihuan.reports.queries import frozen
from bihuan.reports.queries.publishing import NotPublished, NoUnits
from bihuan.reports.rules.dictionary import declarations
from tests.cast import Cast, gather, moment

# Its libraries speak in terms of their own past.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:frictionless")
MONDAY = moment("2007-06-11 08:00")


def a_week() -> Cast:
    """A repair in time and one an hour late, a complaint, a tip-off."""
    made = gather()
    made.confirms(made.restores(made.opens(at=moment("2007-06-05 09:00"))))
    late = made.opens(at=moment("2007-06-06 09:00"))
    made.later(hours=2)
    made.restores(late)
    made.confirms(made.answers(made.opens("complaint", at=moment("2007-06-07 09:00"))))
    made.opens("tipoff", at=moment("2007-06-07 11:00"), facts={"about": "YJP"})
    return made


@dataclass(frozen=True)
class Week:
    """A frozen report, and the package that was written after something more had been recorded."""

    folder: Path
    kept: Snapshot
    figures: list[Figure]


@pytest.fixture(scope="module")
def week(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Week]:
    """Made once and rolled back: freezing counts thirteen weeks."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = a_week()
        kept = frozen_week(cast)
        approve(snapshot=kept, by=cast.inspector.actor, recorded_at=moment("2007-06-11 09:00"))
        cast.opens(at=moment("2007-06-08 09:00"), recorded_at=moment("2007-06-12 09:00"))
        folder = exported(tmp_path_factory.mktemp("package"), "--licence", "CC-BY-4.0")
        yield Week(folder, kept, frozen(kept).figures)
        transaction.set_rollback(True)


def frozen_week(cast: Cast, *, at: datetime = MONDAY, unit: str | None = None) -> Snapshot:
    """Frozen by the editor."""
    by = cast.editor.actor
    return freeze(kind="weekly", name="2007-W23", unit=unit, at=at, known=at, by=by, recorded_at=at)


def exported(folder: Path, *more: str) -> Path:
    """What the command writes."""
    parser = argparse.ArgumentParser()
    export.add(parser)
    asked = ["figures", "--week", "2007-W23", "--out", str(folder / "out"), *more]
    assert export.run(parser.parse_args(asked)) == 0
    return folder / "out"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """A table as anybody's CSV reader sees it."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(folder: Path) -> list[str]:
    """What Frictionless finds wrong with the package."""
    told = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert told.stats["tasks"] in (0, 3)
    return [fault[0] for fault in told.flatten(["type"])]


def test_frictionless_finds_the_package_good(week: Week) -> None:
    assert faults(week.folder) == []
    package = frictionless.Package(str(week.folder / "datapackage.json"))
    assert [one.name for one in package.resources] == ["figures", "indicators", "units"]
    read = package.get_table_resource("figures").read_rows()
    late = next(row for row in read if row["code"] == "repair.arrived_in_time" and row["whole"])
    assert (late["numerator"], late["denominator"], str(late["value"])) == (1, 2, "50.00")


@pytest.mark.parametrize(
    ("file", "was", "now", "fault"),
    [
        ("figures.csv", ",true,CQ,", ",true,XX,", "foreign-key"),
        ("figures.csv", "repair.count", "repair.counts", "foreign-key"),
        ("figures.csv", ",1,2,50.00,", ",one,2,50.00,", "type-error"),
        ("figures.csv", "weekly,2007-W23", "weekly,23rd week", "constraint-error"),
        ("units.csv", "YJP,", "NA,", "primary-key"),
    ],
)
def test_what_is_altered_is_found(
    week: Week, tmp_path: Path, file: str, was: str, now: str, fault: str
) -> None:
    folder = Path(shutil.copytree(week.folder, tmp_path / "altered"))
    text = (folder / file).read_text("utf-8")
    assert was in text
    (folder / file).write_text(text.replace(was, now), encoding="utf-8")

    assert {fault, "hash-count"} <= set(faults(folder))


def test_the_figures_are_those_that_were_read_out(week: Week) -> None:
    told = {
        (row["code"], row["unit"] if row["whole"] == "false" else None): row
        for row in rows(week.folder, "figures")
    }

    read_out = {(one.indicator.code, one.unit): one.told("en") for one in week.figures}
    assert set(told) == set(read_out)
    for key, shown in read_out.items():
        assert [told[key][name] for name in ("numerator", "denominator", "value", "target")] == [
            "" if shown[name] is None else str(shown[name])
            for name in ("numerator", "denominator", "value", "target")
        ]
    assert told["repair.count", None]["numerator"] == "2"


def test_it_says_version_seal_and_digest(week: Week) -> None:
    said: dict[str, Any] = json.loads((week.folder / "datapackage.json").read_text("utf-8"))

    assert said["name"] == "bihuan-weekly-2007-w23-cq-v1"
    assert said["licenses"] == [{"name": "CC-BY-4.0"}]
    assert said["created"] == "2007-06-11T00:00:00Z"
    assert said["bihuan"] == {
        "kind": "weekly",
        "period": "2007-W23",
        "unit": "CQ",
        "version": 1,
        "draft": False,
        "from": "2007-06-04",
        "to": "2007-06-10",
        "zone": "Asia/Shanghai",
        "at": MONDAY.isoformat(),
        "known": MONDAY.isoformat(),
        "seal": week.kept.seal,
        "digest": week.kept.digest,
        "approved": "2007-06-11T01:00:00Z",
        "left_out": [],
        "declared_otherwise_now": [],
    }


def test_every_indicator_stands_in_the_dictionary_with_its_unit(week: Week) -> None:
    told = rows(week.folder, "indicators")

    assert [row["code"] for row in told] == [one.code for one in declarations()]
    satisfied = next(row for row in told if row["code"] == "matter.satisfied")
    assert (satisfied["unit"], satisfied["counts"], satisfied["counted_on"]) == ("%", "rounds", "verified_on")
    assert satisfied["title_zh"] == "投诉及情况反映处理满意率"
    assert "satisfaction IN ('very_satisfied', 'satisfied')" in satisfied["numerator"]


@pytest.mark.django_db
def test_what_is_not_frozen_is_not_published(tmp_path: Path) -> None:
    gather()

    with pytest.raises(NotPublished):
        exported(tmp_path)

    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_before_there_are_units_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(NoUnits):
        exported(tmp_path, "--draft")


@pytest.mark.django_db
def test_a_draft_says_that_it_is_one(tmp_path: Path) -> None:
    gather()

    folder = exported(tmp_path, "--draft")

    said = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert (said["bihuan"]["draft"], said["bihuan"]["version"], "created" in said) == (True, 0, False)
    assert said["licenses"] == [{"name": "notspecified"}]
    assert {row["version"] for row in rows(folder, "figures")} == {"0"}
    assert faults(folder) == []


@pytest.mark.django_db
def test_an_erratum_is_the_next_version_and_names_the_units_above(tmp_path: Path) -> None:
    cast = gather()
    frozen_week(cast, unit="YJP")
    cast.opens(at=moment("2007-06-08 09:00"), recorded_at=moment("2007-06-12 09:00"))
    frozen_week(cast, unit="YJP", at=moment("2007-06-13 08:00"))

    folder = exported(tmp_path, "--unit", "YJP")

    told = next(row for row in rows(folder, "figures") if row["code"] == "repair.count")
    assert (told["version"], told["numerator"], told["unit"], told["whole"]) == ("2", "1", "YJP", "true")
    assert [row["code"] for row in rows(folder, "units")] == ["CQ", "YJP"]
    assert faults(folder) == []
