"""The import contracts, broken on purpose: each offence fails `lint-imports`, and names its contract."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

OFFENCES = {
    "a low floor imports a high one": ("kernel/words.py", "import bihuan.people.models", "Floors"),
    "siblings import each other": ("supply/queries.py", "import bihuan.packs.queries", "Floors"),
    "a package without a floor": ("utils.py", '"""Odds and ends."""', "Floors"),
    "a plug is imported": ("flow/jobs.py", "import bihuan.settings", "Plugs"),
    "a second door": ("commands/dsn.py", "import bihuan.cases.actions", "One door"),
    "a decision knows Django": ("cases/rules.py", "import django.db", "Pure"),
    "a room imports the room above it": ("cases/models.py", "import bihuan.cases.actions", "Rooms"),
    "a stranger among the rooms": ("cases/helpers.py", '"""Odds and ends."""', "Rooms"),
}


@pytest.mark.slow
@pytest.mark.parametrize("offence", OFFENCES)
def test_an_offence_is_caught(offence: str, tmp_path: Path) -> None:
    place, line, contract = OFFENCES[offence]
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "src" / "bihuan" / place).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")

    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert any(row.startswith(contract) and row.endswith("BROKEN") for row in done.stdout.splitlines()), (
        done.stdout
    )
