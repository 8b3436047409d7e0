"""Reads of outages, of reliability, and of voltage."""

from bihuan.outages.queries.notices import notice_for
from bihuan.outages.queries.outages import (
    Known,
    Wanted,
    differing,
    entries_of,
    known_at,
    now_of,
    outage,
    outages,
)

__all__ = [
    "Known",
    "Wanted",
    "differing",
    "entries_of",
    "known_at",
    "notice_for",
    "now_of",
    "outage",
    "outages",
]
