"""A report as values (`report`), its kinds (`kinds`), and the sentences that its figures propose (`wording`)."""

from bihuan.reports.rules.kinds import KINDS, Kind
from bihuan.reports.rules.report import (
    Agreed,
    Called,
    Changed,
    Line,
    Named,
    Rank,
    Report,
    Share,
    Table,
    content,
    differences,
    digest,
    editions_of,
    report_from,
    words_of,
)
from bihuan.reports.rules.wording import proposed

__all__ = [
    "KINDS",
    "Agreed",
    "Called",
    "Changed",
    "Kind",
    "Line",
    "Named",
    "Rank",
    "Report",
    "Share",
    "Table",
    "content",
    "differences",
    "digest",
    "editions_of",
    "proposed",
    "report_from",
    "words_of",
]
