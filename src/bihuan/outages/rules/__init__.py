"""Decisions about outages and voltage: losses, reliability, notices, an outage's story, voltage rates."""

from bihuan.outages.rules.losses import SUSTAINED, Stage, lost_by_day, midnight, seconds_lost, sustained
from bihuan.outages.rules.notice import CODES, LOOP, NoticeDue, notice_due, verdict
from bihuan.outages.rules.reliability import Ratio, Sums, Threshold, major, rounded, threshold
from bihuan.outages.rules.story import NAMES, History, Now, Told, after, faults, fold, kept, not_as_planned
from bihuan.outages.rules.voltage import (
    Reading,
    band,
    combined,
    combined_percent,
    reading_faults,
)
from bihuan.outages.rules.words import CAUSES

__all__ = [
    "CAUSES",
    "CODES",
    "LOOP",
    "NAMES",
    "SUSTAINED",
    "History",
    "NoticeDue",
    "Now",
    "Ratio",
    "Reading",
    "Stage",
    "Sums",
    "Threshold",
    "Told",
    "after",
    "band",
    "combined",
    "combined_percent",
    "faults",
    "fold",
    "kept",
    "lost_by_day",
    "major",
    "midnight",
    "not_as_planned",
    "notice_due",
    "reading_faults",
    "rounded",
    "seconds_lost",
    "sustained",
    "threshold",
    "verdict",
]
