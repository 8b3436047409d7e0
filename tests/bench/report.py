"""One week's report in a database of a million cases: every indicator, sixteen bureaus, thirteen weeks, all formats."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from bihuan.indicators.queries import rows_behind
from bihuan.indicators.rules import week
from bihuan.people import actions as people
from bihuan.people.models import Unit
from bihuan.reports import queries
from bihuan.reports.layouts import html, pdf
from tests.bench.figure import Figure
from tests.cast import moment

CASES = 1_000_000
BUREAUS = 16

# Only the derived rows are read by a report, so only they are made; by plain SQL, since a replay would take minutes.
_CASES = """
INSERT INTO cases_case (id, number, loop, state, cycle, last_seq, unit_id, area, customer_class, kind, urgency, source,
                        opened_at, reached_at, changed_at, ended_at, imported, digest, leaf, severity, confidential, had, times)
SELECT gen_random_uuid(), 'BENCH' || n, (ARRAY['repair','situation','situation','complaint'])[1 + n %% 4], 'closed', 1, 5,
       (%(units)s::uuid[])[1 + n %% %(bureaus)s], 'urban', '', 'lv', '', 'call',
       at, at + interval '6 hours', at + interval '6 hours', at + interval '6 hours', false, '',
       '', '', false, ARRAY[(%(units)s::uuid[])[1 + n %% %(bureaus)s]], 1
FROM (SELECT n, %(start)s::timestamptz + n * interval '31 seconds' AS at FROM generate_series(1, %(count)s) AS n) AS made
"""
_CYCLES = """
INSERT INTO cases_cycle (id, case_id, cycle, loop, unit_id, area, customer_class, kind, source, accepted_at, dispatched_at,
                         arrived_at, contacted_at, done_at, called_at, verified_at, confirmed_at, ended_at, ending, solved,
                         satisfaction, attempts, returns, urges, imported, recorded_at, leaf, severity, callback, responsibility,
                         amount_due, amount_paid, amount_recovered, redirects, suspensions, supervisions, appeals, reworks,
                         written_off)
SELECT gen_random_uuid(), id, 1, loop, unit_id, area, '', kind, source, opened_at, opened_at + interval '2 minutes',
       opened_at + interval '30 minutes', opened_at + interval '1 hour', opened_at + interval '2 hours', ended_at, ended_at,
       ended_at, ended_at, 'confirmed', true, CASE WHEN random() < 0.99 THEN 'satisfied' ELSE 'dissatisfied' END,
       0, 0, 0, false, changed_at, '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM cases_case WHERE number LIKE 'BENCH%'
"""
_CLOCKS = """
INSERT INTO promises_clock (id, case_id, loop, promise, cycle, kind, pack, edition, clause, public, unit_id, area, customer_class,
                            amount, amount_unit, started_at, due_at, by_day, ended_at, provisional, imported)
SELECT gen_random_uuid(), id, loop, promise, 1, 'step_limit', 'bench', '1', '', promise <> 'callback-owed', unit_id, area, '',
       45, 'minutes',
       opened_at, opened_at + span, false, opened_at + span * (0.2 + 0.802 * random()), false, false
FROM cases_case, (VALUES ('repair-arrival', interval '45 minutes'), ('first-contact', interval '1 day'),
                         ('matter-answer', interval '5 days'), ('callback-owed', interval '1 day')) AS promised (promise, span)
WHERE number LIKE 'BENCH%' AND ((loop = 'repair') = (promise = 'repair-arrival') OR promise = 'callback-owed')
"""


def measure() -> list[Figure]:
    """Fill, then ask for a week in the middle of the year that a million cases make."""
    _fill()
    at = moment("2008-02-01 08:00")
    asked: dict[str, Any] = {"kind": "weekly", "name": "2007-W23", "unit": None, "at": at, "known": at}
    counted = _timed(lambda: queries.report(**asked, whole=False))
    began = time.perf_counter()
    told = queries.report(**asked)
    whole = time.perf_counter() - began
    page = _timed(lambda: html.draw(told))
    paper = _timed(lambda: pdf.draw(told))
    period = week("2007-W23", queries.zone())
    behind = _timed(
        lambda: rows_behind(code="promise.kept", period=period, at=at, known=at, part="missed", limit=50)
    )
    return [
        Figure("report: one week and 12 before it, 1 M cases", counted, "s", 3, "aim"),
        Figure("report: with last year, the year so far, breakdowns, named cases", whole, "s", 3, "aim"),
        Figure("report: HTML", page, "s"),
        Figure("report: PDF", paper, "s"),
        Figure("report: 50 cases behind a figure", behind, "s"),
    ]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _fill() -> None:
    company = Unit.objects.filter(kind="company").order_by("path").first() or people.create_unit(
        code="BENCH", name_zh="公司", name_en="Company", kind="company", wing="support"
    )
    units = [
        people.create_unit(
            code=f"BENCH{number}",
            name_zh=f"第{number}供电局",
            name_en=f"Bureau {number}",
            kind="bureau",
            wing="execution",
            parent=company,
        ).pk
        for number in range(BUREAUS)
    ]
    start = moment("2007-01-01 00:00")
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"units": units, "bureaus": BUREAUS, "start": start, "count": CASES})
        cursor.execute(_CYCLES)
        cursor.execute(_CLOCKS)
    # The application may not: left to the server itself it would come at a moment of its own, in the midst of a measurement.
    with psycopg.connect(os.environ["BIHUAN_BENCH_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE cases_case, cases_cycle, promises_clock")
