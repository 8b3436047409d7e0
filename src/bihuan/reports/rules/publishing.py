"""Published figures as rows with their keys: what a frozen report said, beside the declarations and units that it speaks of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.reports.rules.columns import Column, columns, view
from bihuan.reports.rules.dictionary import Declaration, declarations
from bihuan.reports.rules.reading import FIGURES, INDICATORS, UNITS

DRAFT = 0
"""The version of what isn't frozen."""

_TAKEN = (
    "kind",
    "period",
    "version",
    "code",
    "edition",
    "unit",
    "from_date",
    "to_date",
    "measure",
    "decimals",
)
_COUNTED = ("numerator", "denominator", "value", "target")
_KNOWN = {one.name: one for one in FIGURES.columns}
FIGURE_COLUMNS: tuple[Column, ...] = (
    *(_KNOWN[name] for name in _TAKEN[:5]),
    *columns("bool", "whole | 报告的全体 | all that the report is about, not this unit's own alone"),
    *(_KNOWN[name] for name in (*_TAKEN[5:], *_COUNTED)),
)
"""Of figures.csv. `unit` is never empty there: the whole has the code of the unit that the report is about."""

DICTIONARY = (
    view("figures", "数字", "A figure", iter(FIGURE_COLUMNS)),
    INDICATORS,
    UNITS,
)
"""The three tables of a package, in their order."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as it stands in units.csv."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    wing: str
    parent: str
    bureau: str
    active: bool


@dataclass(frozen=True, slots=True)
class Published:
    """A report's figures with all that is needed to read them. `version` is 0 for a draft, which has no `frozen_at`."""

    kind: str
    period: str
    unit: str
    version: int
    content: Mapping[str, Any]
    digest: str
    frozen_at: datetime | None
    approved_at: datetime | None
    places: tuple[Place, ...]

    @property
    def draft(self) -> bool:
        """Counted just now, not frozen."""
        return self.version == DRAFT

    @property
    def name(self) -> str:
        """As a file or folder may be called."""
        version = "draft" if self.draft else f"v{self.version}"
        return f"{self.kind}-{self.period}-{self.unit}-{version}".lower()

    @property
    def indicators(self) -> tuple[Declaration, ...]:
        """The declarations that its figures follow, as they stand in the catalogue today."""
        said = self.content["editions"]
        return tuple(one for one in declarations() if one.code in said)

    @property
    def gone(self) -> tuple[str, ...]:
        """Indicators of the report that the catalogue has no longer; their figures are left out."""
        known = {one.code for one in self.indicators}
        return tuple(code for code in self.content["editions"] if code not in known)

    @property
    def changed(self) -> tuple[str, ...]:
        """Indicators whose rule is another today than when the report was frozen."""
        said = self.content["editions"]
        return tuple(one.code for one in self.indicators if one.edition != said[one.code])

    def figures(self) -> list[dict[str, object]]:
        """The rows of figures.csv, in the report's order."""
        gone = set(self.gone)
        told = self.content
        common = {
            "kind": self.kind,
            "period": self.period,
            "version": self.version,
            "from_date": told["from"],
            "to_date": told["to"],
        }
        return [
            common
            | {name: one[name] for name in ("code", "measure", "decimals", *_COUNTED)}
            | {
                "edition": told["editions"][one["code"]],
                "whole": one["unit"] is None or one["unit"] == told["unit"],
                "unit": one["unit"] or self.unit,
            }
            for one in told["figures"]
            if one["code"] not in gone
        ]


def content_of(text: str) -> Mapping[str, Any]:
    """A frozen content as values."""
    told: Mapping[str, Any] = json.loads(text)
    return told
