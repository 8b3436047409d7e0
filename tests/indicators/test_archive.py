"""The archive: what is over and sealed, written once, gone on with after a kill, corrected by later pages, checked against the seals."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
import time_machine

from bihuan.cases.models import Case
from bihuan.indicators import jobs
from bihuan.indicators.actions import Written, write_archive
from bihuan.indicators.engines import sources
from bihuan.indicators.engines.archive import Archive, ArchiveBusy, ArchiveDamaged, Page, file_digest
from bihuan.indicators.queries import (
    ArchiveChecked,
    NotInArchive,
    archived_figures,
    check_archive,
    figures,
)
from bihuan.indicators.rules import Period, PeriodRefused, week, week_name
from bihuan.loops.indicators.catalogue import INDICATORS
from bihuan.outages.models import SupplyDay
from tests.cast import Cast, gather, moment
from tests.outages import world

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
W23, W24 = week("2007-W23", ZONE), week("2007-W24", ZONE)
MONDAY, NEXT_MONDAY = moment("2007-06-11 08:00"), moment("2007-06-18 08:00")


@pytest.fixture
def cast() -> Cast:
    return gather()


def write(folder: Path, at: datetime = MONDAY, to: str | None = None) -> Written:
    return write_archive(folder=folder, at=at, zone=ZONE, to=to, tell=lambda name: None)


def told(folder: Path, code: str, period: Period = W23, **more: Any) -> tuple[int, int | None]:
    """Numerator and denominator of the whole, out of the archive."""
    asked: dict[str, Any] = {"at": NEXT_MONDAY, **more}
    found = archived_figures(engine="duckdb", folder=folder, periods=[period], codes=[code], **asked)
    return found.figures[0][0].numerator, found.figures[0][0].denominator


def differences(folder: Path) -> tuple[list[str], ArchiveChecked]:
    checked = ArchiveChecked()
    return [words.en for words in check_archive(folder=folder, checked=checked, zone=ZONE)], checked


def rows(folder: Path, table: str, column: str) -> list[Any]:
    state = Archive(folder).state()
    files = [str(folder / file.path) for _, file in state.of(table)]
    return [
        row[0] for row in duckdb.execute(f"SELECT {column} FROM read_parquet({files}) ORDER BY 1").fetchall()
    ]


def test_a_week_that_is_over_lies_in_files_by_week_and_bureau(cast: Cast, tmp_path: Path) -> None:
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    cast.restores(cast.opens(at=moment("2007-06-12 09:00")))

    done = write(tmp_path, at=moment("2007-06-13 08:00"))

    assert done.weeks == ("2007-W23",)
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.parquet"))
    assert files == [
        "clock/week=2007-W23/bureau=YJP/000001.parquet",
        "cycle/week=2007-W23/bureau=YJP/000001.parquet",
        "entry/week=2007-W23/bureau=YJP/000001.parquet",
    ]
    assert rows(tmp_path, "entry", "step") == [
        "accept",
        "arrive",
        "confirm",
        "dispatch",
        "receive",
        "restore",
    ]
    assert told(tmp_path, "repair.count") == (1, None)


def test_a_week_still_running_is_not_written_nor_answered(cast: Cast, tmp_path: Path) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))

    assert write(tmp_path, at=moment("2007-06-10 23:59")).weeks == ()
    with pytest.raises(NotInArchive, match="no week in the archive yet"):
        told(tmp_path, "repair.count")
    assert write(tmp_path, at=moment("2007-06-11 00:00")).weeks == ("2007-W23",)
    with pytest.raises(NotInArchive, match="ends with 2007-W23"):
        told(tmp_path, "repair.count", W24)


def test_writing_again_writes_nothing_twice(cast: Cast, tmp_path: Path) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))
    write(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    again = write(tmp_path, at=moment("2007-06-11 09:00"))

    assert (again.weeks, again.rows) == ((), 0)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_only_up_to_the_week_asked_for(cast: Cast, tmp_path: Path) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))
    cast.opens(at=moment("2007-06-12 09:00"))

    assert write(tmp_path, at=NEXT_MONDAY, to="2007-W23").weeks == ("2007-W23",)
    assert write(tmp_path, at=NEXT_MONDAY).weeks == ("2007-W24",)
    with pytest.raises(PeriodRefused):
        write(tmp_path, to="2007-W60")


def test_a_case_that_went_on_is_written_again_and_the_newest_counts(cast: Cast, tmp_path: Path) -> None:
    case = cast.restores(cast.opens(at=moment("2007-06-10 22:00")))
    write(tmp_path)
    first = told(tmp_path, "repair.count")
    cast.now = moment("2007-06-12 10:00")
    cast.confirms(case)
    early = told(tmp_path, "callback.made", at=moment("2007-06-12 23:00"))

    done = write(tmp_path, at=NEXT_MONDAY)

    assert (done.changed, done.weeks) == (1, ("2007-W24",))
    assert first == told(tmp_path, "repair.count") == (1, None)
    assert told(tmp_path, "repair.satisfied", W24) == (1, 1)
    assert early == (0, 1)
    assert told(tmp_path, "callback.made") == (1, 1)
    assert len(rows(tmp_path, "cycle", "cycle")) == 2
    assert sorted(Archive(tmp_path).state().touched) == [
        "clock/week=2007-W23/bureau=YJP/000001.parquet",
        "cycle/week=2007-W23/bureau=YJP/000001.parquet",
    ]
    assert rows(tmp_path, "entry", "step").count("restore") == 1
    assert differences(tmp_path)[0] == []


def test_an_entry_of_an_old_week_recorded_late_comes_after(cast: Cast, tmp_path: Path) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))
    write(tmp_path)
    cast.opens(at=moment("2007-06-06 09:00"), recorded_at=moment("2007-06-12 09:00"))

    write(tmp_path, at=NEXT_MONDAY)

    assert told(tmp_path, "repair.count") == (2, None)
    assert (differences(tmp_path)[0], differences(tmp_path)[1].whole) == ([], 2)


def test_it_tells_what_was_known_when_it_was_written(cast: Cast, tmp_path: Path) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))
    write(tmp_path)
    cast.opens(at=moment("2007-06-06 09:00"), recorded_at=moment("2007-06-12 09:00"))
    write(tmp_path, at=NEXT_MONDAY)

    assert told(tmp_path, "repair.count", known=MONDAY) == (1, None)
    (live,) = figures(periods=[W23], at=NEXT_MONDAY, known=MONDAY, codes=["repair.count"])
    assert live[0].numerator == 1
    assert told(tmp_path, "repair.count", known=NEXT_MONDAY) == (2, None)
    with pytest.raises(NotInArchive, match="only tells what was known when it was written"):
        told(tmp_path, "repair.count", known=moment("2007-06-14 08:00"))


def test_what_is_recorded_while_it_is_written_is_not_in_it(cast: Cast, tmp_path: Path) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))
    late = cast.opens(at=moment("2007-06-06 09:00"), recorded_at=moment("2007-06-11 08:01"))

    write(tmp_path, at=MONDAY)

    assert told(tmp_path, "repair.count") == (1, None)
    write(tmp_path, at=moment("2007-06-11 09:00"))
    assert told(tmp_path, "repair.count") == (2, None)
    assert str(late.pk) in rows(tmp_path, "cycle", "case_id")


def test_a_writing_that_is_killed_leaves_nothing_that_counts_and_goes_on(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.restores(cast.opens(at=moment("2007-06-05 09:00")))
    cast.restores(cast.opens(at=moment("2007-06-12 09:00")))
    commit = Archive.commit

    def killed(self: Archive, page: Page) -> None:
        if page.number == 2:
            raise KeyboardInterrupt
        commit(self, page)

    monkeypatch.setattr(Archive, "commit", killed)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, at=NEXT_MONDAY)
    monkeypatch.undo()
    left = len(list(tmp_path.rglob("000002.parquet")))

    assert (left, Archive(tmp_path).state().weeks) == (3, ("2007-W23",))
    assert told(tmp_path, "repair.count") == (1, None)
    assert write(tmp_path, at=NEXT_MONDAY).weeks == ("2007-W24",)
    assert told(tmp_path, "repair.count", W24) == (1, None)
    assert differences(tmp_path)[0] == []


def test_outages_and_days_of_supply_give_the_same_integers_and_are_replaced_by_whole_weeks(
    cast: Cast, tmp_path: Path
) -> None:
    world.june(cast)
    first, later = moment("2007-07-02 09:00"), moment("2007-07-03 09:00")
    weeks = [week(f"2007-W{number}", ZONE) for number in range(22, 27)]
    codes = [one.code for one in INDICATORS if one.table in ("outage", "supply_day", "voltage")]
    write(tmp_path, at=first)
    live = figures(periods=weeks, at=first, codes=codes)
    archived = archived_figures(engine="duckdb", folder=tmp_path, periods=weeks, at=first, codes=codes)
    day = SupplyDay.objects.filter(starts_at__gte=weeks[1].start).earliest("starts_at")
    SupplyDay.objects.filter(pk=day.pk).update(lost=day.lost + 60)

    cast.opens(at=later)
    write(tmp_path, at=later)

    assert archived.figures == live
    assert sum(one.denominator or 0 for period in live for one in period) > 1_000
    page = Archive(tmp_path).state().pages[-1]
    assert page.replaced == (("supply_day", week_name(day.day)),)
    assert sum(rows(tmp_path, "supply_day", "lost")) == sum(
        SupplyDay.objects.filter(starts_at__lt=weeks[-1].end).values_list("lost", flat=True)
    )


def test_two_never_write_at_once(cast: Cast, tmp_path: Path) -> None:
    with Archive(tmp_path).writing(), pytest.raises(ArchiveBusy, match="being written"):
        write(tmp_path)


def test_every_entry_is_checked_against_the_chain_of_seals(cast: Cast, tmp_path: Path) -> None:
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    write(tmp_path)

    found, checked = differences(tmp_path)

    assert found == []
    assert (checked.files, checked.entries, checked.seals, checked.whole) == (3, 6, 1, 1)


def test_an_altered_file_a_missing_one_and_a_broken_log_are_found(cast: Cast, tmp_path: Path) -> None:
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    write(tmp_path)
    (entry,) = tmp_path.glob("entry/*/*/*.parquet")
    whole = entry.read_bytes()

    entry.write_bytes(whole[:-1] + b"?")
    assert differences(tmp_path)[0] == ["entry/week=2007-W23/bureau=YJP/000001.parquet was altered"]
    entry.unlink()
    assert differences(tmp_path)[0] == ["entry/week=2007-W23/bureau=YJP/000001.parquet is missing"]
    (page,) = tmp_path.glob("log/*.json")
    page.write_text(page.read_text().replace('"number": 1', '"number": 7'))
    with pytest.raises(ArchiveDamaged, match="isn't the page that follows"):
        Archive(tmp_path).state()


def rewrite(folder: Path, table: str, change: str) -> None:
    """Rows of the table's one file, then its size and digest in the log."""
    (file,) = folder.glob(f"{table}/*/*/*.parquet")
    duckdb.sql(f"CREATE OR REPLACE TABLE changed AS SELECT * FROM '{file}'")
    duckdb.sql(f"UPDATE changed SET {change}")
    duckdb.sql(f"COPY changed TO '{file}' (FORMAT parquet)")
    (path,) = folder.glob("log/*.json")
    page = json.loads(path.read_text())
    for told in page["files"]:
        if told["table"] == table:
            told |= {"size": file.stat().st_size, "sha256": file_digest(file)}
    path.write_text(json.dumps(page))


def test_entries_rewritten_with_everything_about_the_file_made_to_fit_are_still_found(
    cast: Cast, tmp_path: Path
) -> None:
    """Somebody who owns the folder changes an answer, and file, size and log after it."""
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-05 09:00"))))
    write(tmp_path)
    rewrite(tmp_path, "entry", "facts = replace(facts, 'satisfied', 'dissatisfied')")

    found, _ = differences(tmp_path)

    assert [one.partition(" ")[2] for one in found] == [
        "6: the entry's digest doesn't fit",
        "(1): satisfaction: not what the entries say",
    ]


def test_a_round_rewritten_with_everything_made_to_fit_does_not_follow_from_its_entries(
    cast: Cast, tmp_path: Path
) -> None:
    case = cast.restores(cast.opens(at=moment("2007-06-05 09:00")))
    cast.confirms(case)
    write(tmp_path)
    rewrite(tmp_path, "cycle", "satisfaction = 'dissatisfied', arrived_at = arrived_at - INTERVAL 1 HOUR")

    found, checked = differences(tmp_path)

    assert found == [f"{case.number} (1): arrived_at, satisfaction: not what the entries say"]
    assert checked.rounds == 1


def test_a_clock_rewritten_with_everything_made_to_fit_does_not_follow_from_its_entries(
    cast: Cast, tmp_path: Path
) -> None:
    """An arrival moved into its limit, or a limit moved behind an arrival."""
    case = cast.opens(at=moment("2007-06-05 09:00"))
    cast.later(hours=2)
    cast.confirms(cast.restores(case))
    write(tmp_path)
    arrival = "CASE WHEN promise = 'repair-arrival' THEN {} ELSE {} END"
    moved = arrival.format("started_at + INTERVAL 40 MINUTE", "ended_at")
    rewrite(tmp_path, "clock", f"ended_at = {moved}")

    found, checked = differences(tmp_path)

    assert found == [f"{case.number} (1 repair-arrival): ended_at: not what the entries say"]
    assert (checked.rounds, checked.clocks) == (1, 2)

    shutil.rmtree(tmp_path)
    write(tmp_path)
    moved = arrival.format("due_at + INTERVAL 3 HOUR", "due_at")
    rewrite(tmp_path, "clock", f"due_at = {moved}")

    assert differences(tmp_path)[0] == [f"{case.number} (1 repair-arrival): due_at: not what the entries say"]


def late_and_kept(cast: Cast) -> Case:
    late = cast.opens(at=moment("2007-06-05 09:00"))
    cast.later(hours=2)
    cast.confirms(cast.restores(late))
    cast.confirms(cast.restores(cast.opens(at=moment("2007-06-06 09:00"))))
    return late


@pytest.mark.parametrize(
    ("table", "change", "found"),
    [
        ("clock", "case_id = 'X' WHERE {arrival}", "(1 repair-arrival): missing from the archive"),
        (
            "clock",
            "id = uuid()::varchar, due_at = ended_at WHERE {arrival}",
            "(1 repair-arrival): id: {not_so}",
        ),
        ("clock", "kind = 'average' WHERE {arrival}", "(1 repair-arrival): kind: {not_so}"),
        ("clock", "promise = 'other' WHERE {arrival}", "(1 other): promise: {not_so}"),
        ("cycle", "case_id = 'X' WHERE {case}", "(1): missing from the archive"),
        ("cycle", "recorded_at = recorded_at + INTERVAL 1 SECOND WHERE {case}", "(1): recorded_at: {not_so}"),
    ],
)
def test_what_is_left_out_put_beside_or_renamed_is_found(
    cast: Cast, tmp_path: Path, table: str, change: str, found: str
) -> None:
    late = late_and_kept(cast)
    write(tmp_path)
    case = f"case_id = '{late.pk}'"
    rewrite(tmp_path, table, change.format(case=case, arrival=f"{case} AND promise = 'repair-arrival'"))

    told, _ = differences(tmp_path)

    assert f"{late.number} {found}".format(not_so="not what the entries say") in told


def test_a_round_that_went_on_after_the_last_week_is_passed_over(cast: Cast, tmp_path: Path) -> None:
    cast.restores(cast.opens(at=moment("2007-06-05 09:00")))
    case = cast.opens(at=moment("2007-06-10 23:00"))
    cast.now = moment("2007-06-11 01:00")
    cast.restores(case)
    write(tmp_path)

    found, checked = differences(tmp_path)

    assert found == []
    assert checked.rounds == 1


def test_a_column_that_is_younger_than_a_file_shows_its_default(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.opens(at=moment("2007-06-05 09:00"))
    whole = sources.CYCLE.columns
    monkeypatch.setitem(
        sources.CYCLE.__dict__, "columns", tuple(column for column in whole if column.name != "callback")
    )
    write(tmp_path)
    monkeypatch.undo()

    assert sources.CYCLE.columns == whole
    assert told(tmp_path, "repair.count") == (1, None)


def test_the_worker_writes_it_every_night(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.BIHUAN_ARCHIVE_DIR = tmp_path / "archive"
    cast.opens(at=moment("2007-06-05 09:00"))

    with time_machine.travel(MONDAY, tick=False):
        jobs.archive(timestamp=0)

    assert told(tmp_path / "archive", "repair.count") == (1, None)
