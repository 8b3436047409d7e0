"""The report for machines: the same document as `bihuan figures`."""

from __future__ import annotations

import json

from bihuan.indicators.queries import document
from bihuan.reports.rules import Report


def draw(report: Report, *, language: str = "zh-hans") -> str:
    """The week's figures as JSON."""
    told = document(
        period=report.period,
        at=report.at,
        known=report.known,
        seal=report.seal,
        told=report.figures,
        language=language,
    )
    return json.dumps(told, ensure_ascii=False, indent=1)
