"""A draft tried on fifty thousand cases: rounds a second, and how long the whole takes."""

from __future__ import annotations

import time
from datetime import date

from django.db import connection

from bihuan.indicators.queries import trial
from bihuan.packs import queries as packs
from bihuan.packs.queries import versions
from tests.bench.figure import Figure
from tests.cast import moment

CASES = 50_000
CODE = "chongqing-2007"

# Copies of the repairs that the replay bench wrote: only their rounds are read.
_COPIES = """
INSERT INTO cases_cycle
SELECT (jsonb_populate_record(round, jsonb_build_object('id', gen_random_uuid(), 'cycle', 1 + n))).*
FROM cases_cycle AS round, generate_series(1, %s) AS n WHERE round.loop = 'repair' AND round.cycle = 1
"""


def measure() -> list[Figure]:
    """One limit changed, on a year in which the replay bench has written."""
    first, last = date(2007, 1, 1), date(2007, 12, 31)
    had = trial.size(first=first, last=last)
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [max(1, CASES // max(1, had))])
    text = versions.version(CODE, 0).text.replace("amount = 45", "amount = 20")
    began = time.perf_counter()
    told = trial.try_draft(
        draft=packs.parse(CODE, text),
        order=(CODE, "sgcc-2005"),
        on=date(2008, 1, 1),
        at=moment("2008-01-02 00:00"),
        first=first,
        last=last,
    )
    spent = time.perf_counter() - began
    rounds = told["rounds"]
    return [
        Figure("trial of a draft", rounds / spent, "rounds/s", CASES / 10, "aim"),
        Figure("trial of a draft, 50,000 rounds", spent * CASES / rounds, "s", 10, "aim"),
    ]
