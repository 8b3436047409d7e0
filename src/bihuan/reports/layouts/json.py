"""The report for machines: the same document as `bihuan figures`."""

from __future__ import annotations

import json

from bihuan.indicators.queries import document
from bihuan.reports.rules import Weekly


def draw(weekly: Weekly, *, language: str = "zh-hans") -> str:
    """The week's figures as JSON."""
    told = document(
        period=weekly.period,
        at=weekly.at,
        known=weekly.known,
        seal=weekly.seal,
        told=weekly.figures,
        language=language,
    )
    return json.dumps(told, ensure_ascii=False, indent=1)
