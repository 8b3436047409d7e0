"""The weekly report as values (`weekly`), and the sentences that its figures propose (`wording`)."""

from bihuan.reports.rules.weekly import (
    Agreed,
    Changed,
    Line,
    Named,
    Weekly,
    content,
    differences,
    digest,
    weekly_from,
    words_of,
)
from bihuan.reports.rules.wording import proposed

__all__ = [
    "Agreed",
    "Changed",
    "Line",
    "Named",
    "Weekly",
    "content",
    "differences",
    "digest",
    "proposed",
    "weekly_from",
    "words_of",
]
