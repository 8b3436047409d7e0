"""Writes of outages, of users counted, and of voltage."""

from bihuan.outages.actions.days import count_days, count_users, recount
from bihuan.outages.actions.tables import import_outages, import_users, import_voltage
from bihuan.outages.actions.tell import OutageMovedOn, OutageRefused, announce, replay, said_of, tell
from bihuan.outages.actions.voltage import (
    NewReading,
    PointRefused,
    ReadingRefused,
    add_point,
    read_many,
    read_voltage,
)

__all__ = [
    "NewReading",
    "OutageMovedOn",
    "OutageRefused",
    "PointRefused",
    "ReadingRefused",
    "add_point",
    "announce",
    "count_days",
    "count_users",
    "import_outages",
    "import_users",
    "import_voltage",
    "read_many",
    "read_voltage",
    "recount",
    "replay",
    "said_of",
    "tell",
]
