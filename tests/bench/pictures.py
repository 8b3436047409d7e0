"""Charts drawn by the server: the first one, which starts the engine, and a warm one; what the engine holds; two as PNG for Word."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.figure import Figure

WARM = 200
ROOT = Path(__file__).resolve().parents[2]


def measure() -> list[Figure]:
    """In a process of its own, so that the first picture is the first and memory is the engine's."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.pictures"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    found: dict[str, float] = json.loads(told.stdout)
    return [
        Figure("picture: the first, engine and all", found["first"], "ms"),
        Figure("picture: control chart of 13 weeks as SVG", found["control"], "ms"),
        Figure("picture: funnel of 16 units as SVG", found["funnel"], "ms"),
        Figure("picture: two as PNG by Typst", found["png"], "ms"),
        Figure("picture: memory after the first", found["memory"], "MB"),
        Figure("picture: memory after 400 more", found["after"], "MB"),
    ]


def main() -> dict[str, float]:
    """The figures, in milliseconds and megabytes."""
    import django

    django.setup()
    from bihuan.reports.layouts import drawing
    from bihuan.reports.layouts.pictures import HIGH, WIDE, pictures
    from tests.reports.test_pictures import with_units

    weeks = {f"U{unit}": [(90 + (unit * week) % 9, 100) for week in range(13)] for unit in range(16)}
    (over, units) = pictures(with_units(**weeks), language="zh-hans")["repair"]
    before, began = _held(), time.perf_counter()
    first = drawing.svg(over.spec, width=WIDE, height=HIGH)
    found = {"first": _since(began), "memory": _held() - before}
    for name, picture in (("control", over), ("funnel", units)):
        began = time.perf_counter()
        for _ in range(WARM):
            drawing.svg(picture.spec, width=WIDE, height=HIGH)
        found[name] = _since(began) / WARM
    found["after"] = _held() - before
    began = time.perf_counter()
    drawing.png([first, units.svg], width=71)
    return found | {"png": _since(began)}


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _held() -> float:
    """Resident megabytes of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()))
