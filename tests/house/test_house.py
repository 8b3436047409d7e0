"""The house as it stands: every file keeps the rules of docs/house.md that import contracts can't see."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.house import offences

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "bihuan"
FILES = sorted(file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts)
LONGEST = 400

ROOMS = {"jobs", "actions", "queries", "models", "rules", "apps", "migrations", "__init__", "__pycache__"}
NAMED_ROOMS = {"indicators": {"engines"}, "reports": {"layouts"}}
DOMAIN = sorted(file.parent.name for file in SOURCE.glob("*/apps.py"))

MAY_READ_THE_CLOCK = re.compile(r"^(web/|commands/|[a-z]+\.py$|[a-z]+/jobs(\.py$|/))")
"""Doors, plugs and jobs."""

HOSTS = re.compile(rb"https?://[a-z0-9.]*(pypi|pythonh|npmj|npmm|debian)[a-z0-9.]*/")
MACHINE_PATHS = re.compile(rb"(^|[^a-z.])/(work|farm|root)/", re.MULTILINE)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert [_place(file) for file in FILES if _read(file).count("\n") > LONGEST] == []


def test_every_file_opens_with_a_sentence() -> None:
    assert [_place(file) for file in FILES if offences.lacks_opening_sentence(_read(file))] == []


def test_time_is_an_argument_below_doors_and_jobs() -> None:
    files = (file for file in FILES if not MAY_READ_THE_CLOCK.match(_place(file)))

    assert _offending(files, offences.clock_readings) == []


def test_a_door_never_writes() -> None:
    assert _offending((SOURCE / "web").rglob("*.py"), offences.database_writes) == []


def test_there_are_no_signals() -> None:
    assert _offending(FILES, offences.signal_imports) == []


@pytest.mark.parametrize("package", DOMAIN)
def test_a_package_has_rooms_and_nothing_else(package: str) -> None:
    allowed = ROOMS | NAMED_ROOMS.get(package, set())
    folder = SOURCE / package

    strangers = {
        entry.stem for entry in folder.iterdir() if entry.is_dir() or entry.suffix == ".py"
    } - allowed

    assert strangers == set()


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    texts = ((file, file.read_bytes()) for file in files if file.is_file())

    told = [
        str(file.relative_to(ROOT))
        for file, text in texts
        if HOSTS.search(text) or MACHINE_PATHS.search(text)
    ]

    assert told == []


def _offending(files: Iterable[Path], find: Callable[[str], list[int]]) -> list[str]:
    return [f"{_place(file)}:{line}" for file in sorted(files) for line in find(_read(file))]


def _place(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")
