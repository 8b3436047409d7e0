"""Reads of outages, of reliability, and of voltage."""

from bihuan.outages.queries.clock import notice_for
from bihuan.outages.queries.days import differing_days
from bihuan.outages.queries.notice_figures import FrequentLine, Notices, frequent_lines, notices
from bihuan.outages.queries.outages import (
    PARTS,
    Known,
    Wanted,
    by_keys,
    differing,
    entries_of,
    known_at,
    line_names,
    now_of,
    outage,
    outages,
)
from bihuan.outages.queries.reliability import MajorDays, Reliability, major_days, reliability
from bihuan.outages.queries.units import counts_said
from bihuan.outages.queries.voltage import (
    VoltageRow,
    point,
    points,
    readings_by_point,
    readings_of,
    voltage,
)

__all__ = [
    "PARTS",
    "FrequentLine",
    "Known",
    "MajorDays",
    "Notices",
    "Reliability",
    "VoltageRow",
    "Wanted",
    "by_keys",
    "counts_said",
    "differing",
    "differing_days",
    "entries_of",
    "frequent_lines",
    "known_at",
    "line_names",
    "major_days",
    "notice_for",
    "notices",
    "now_of",
    "outage",
    "outages",
    "point",
    "points",
    "readings_by_point",
    "readings_of",
    "reliability",
    "voltage",
]
