"""A million due dates in working days."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from bihuan.kernel.limit import Limit, LimitUnit, due
from bihuan.packs import queries as packs
from tests.bench.figure import Figure

COUNT = 200_000


def measure() -> list[Figure]:
    """Limits of 1 to 30 working days, starting at every hour of eleven years, on one core."""
    calendar = packs.calendar()
    starts = [datetime(2007, 1, 1, tzinfo=UTC) + timedelta(hours=hour % 96_000) for hour in range(COUNT)]
    limits = [Limit(days, LimitUnit.working_days) for days in range(1, 31)]
    began = time.process_time()
    for index, start in enumerate(starts):
        due(start=start, limit=limits[index % 30], calendar=calendar)
    spent = time.process_time() - began
    return [Figure("due: working days", COUNT / spent, "due dates/s", 500_000, "aim: 1,000,000 in 2 s")]
