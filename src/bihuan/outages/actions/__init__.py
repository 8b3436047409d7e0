"""Writes of outages, of users counted, and of voltage."""

from bihuan.outages.actions.days import count_days, count_users, recount
from bihuan.outages.actions.tell import OutageMovedOn, OutageRefused, announce, replay, said_of, tell

__all__ = [
    "OutageMovedOn",
    "OutageRefused",
    "announce",
    "count_days",
    "count_users",
    "recount",
    "replay",
    "said_of",
    "tell",
]
