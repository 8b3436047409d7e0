"""Runs every measurement on a clone of the migrated template, prints a table, writes build/bench.json."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

from tests import database
from tests.bench.figure import Figure

BUILD = Path(__file__).resolve().parents[2] / "build"


def main(chosen: list[str]) -> int:
    """Run the measurements named, or all."""
    with database.running() as made:
        made.renew()
        os.environ |= {
            "BIHUAN_DATABASE_URL": made.app_url,
            "BIHUAN_BENCH_OWNER_URL": made.owner_url,
            "DJANGO_SETTINGS_MODULE": "bihuan.settings",
        }
        django.setup()
        figures: list[Figure] = []
        for name, measure in _measurements().items():
            if not chosen or name in chosen:
                figures += measure()
        _print(figures)
    BUILD.mkdir(exist_ok=True)
    kept = {figure.name: figure.told() for figure in figures}
    told = BUILD / "bench.json"
    if chosen and told.exists():
        kept = json.loads(told.read_text()) | kept
    told.write_text(json.dumps(kept, indent=1) + "\n")
    return 0


def _measurements() -> dict[str, Callable[[], list[Figure]]]:
    from tests.bench import api, archive, board, due, pictures, propose, replay, report, step, trial

    return {
        "due": due.measure,
        "propose": propose.measure,
        "step": step.measure,
        "replay": replay.measure,
        "api": api.measure,
        "board": board.measure,
        "trial": trial.measure,
        "pictures": pictures.measure,
        # Last: they fill the database with a million cases and more.
        "report": report.measure,
        "archive": archive.measure,
    }


def _print(figures: list[Figure]) -> None:
    for figure in figures:
        baseline = f"{figure.baseline:>14,.2f}" if figure.baseline is not None else " " * 14
        ratio = f"{figure.ratio:>8.2f}" if figure.ratio is not None else " " * 8
        sys.stdout.write(
            f"{figure.name:<44}{figure.value:>14,.2f} {figure.unit:<14}{baseline}{ratio}  {figure.against}\n"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
