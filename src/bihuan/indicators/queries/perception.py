"""The points at which a customer feels the service, each with its figures of a period: six stages, eighteen points, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from django.conf import settings

from bihuan.indicators.queries.figures import figures
from bihuan.indicators.rules import Figure, Period
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import DECLARED


class PerceptionFault(BihuanError):
    """The file of points says something that it can't."""

    def __init__(self, key: str, expected: str) -> None:
        super().__init__(
            Words(
                zh=f"perception.toml：“{key}”应为{expected}。",
                en=f"perception.toml: '{key}' must be {expected}.",
            ),
            field=key,
        )


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the journey; without indicators it isn't counted yet."""

    code: str
    stage: str
    stage_title: Words
    title: Words
    indicators: tuple[str, ...]
    watched: bool = False
    """Whether it is one of the weak ones that are to be improved."""


@dataclass(frozen=True, slots=True)
class Felt:
    """A point with what was counted. `met`: None where there is nothing to hold it against."""

    point: Point
    figures: tuple[Figure, ...]

    @property
    def met(self) -> bool | None:
        """Whether every figure with a target reaches it."""
        told = [one.met for one in self.figures if one.met is not None]
        return all(told) if told else None


def points() -> tuple[Point, ...]:
    """All points in the order of the journey; raises `PerceptionFault`."""
    return _points(Path(settings.BIHUAN_PACKS_DIR) / "perception.toml")


def perception(
    *, period: Period, at: datetime, known: datetime | None = None, unit: str | None = None
) -> list[tuple[Words, list[Felt]]]:
    """Stage by stage, each point with the figures of the company or a unit."""
    wanted = list(dict.fromkeys(code for point in points() for code in point.indicators))
    (told,) = figures(periods=[period], at=at, known=known, unit=unit, codes=wanted)
    found = {one.indicator.code: one for one in told if one.unit == unit}
    return [
        (
            title,
            [
                Felt(point, tuple(found[code] for code in point.indicators if code in found))
                for point in group
            ],
        )
        for title, group in groupby(points(), key=lambda point: point.stage_title)
    ]


@lru_cache(maxsize=2)
def _points(path: Path) -> tuple[Point, ...]:
    known = {one.code for one in DECLARED}
    made = []
    for place, row in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).get("point", []), 1):
        key = f"point[{place}]"
        for name in ("code", "stage", "title", "indicators"):
            if name not in row:
                raise PerceptionFault(f"{key}.{name}", "there")
        for code in row["indicators"]:
            if code not in known:
                raise PerceptionFault(f"{key}.indicators", f"codes of the catalogue, not {code}")
        stage = row["stage"]
        made.append(
            Point(
                code=row["code"],
                stage=stage["code"],
                stage_title=Words(zh=stage["zh"], en=stage["en"]),
                title=Words(**row["title"]),
                indicators=tuple(row["indicators"]),
                watched=row.get("watched", False) is True,
            )
        )
    return tuple(made)
