"""Reports of any week, month or year: counted now (`counted`), or as they were frozen, with who wrote and who reads (`kept`)."""

from bihuan.reports.queries.counted import agreed, edited, named_breaches, report, zone
from bihuan.reports.queries.kept import (
    alerts,
    comments,
    differing_snapshots,
    frozen,
    latest,
    recipients,
    sendings,
    snapshots,
    written,
)

__all__ = [
    "agreed",
    "alerts",
    "comments",
    "differing_snapshots",
    "edited",
    "frozen",
    "latest",
    "named_breaches",
    "recipients",
    "report",
    "sendings",
    "snapshots",
    "written",
    "zone",
]
