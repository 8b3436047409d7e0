"""The background process takes up what a killed one left, runs what falls due, and ends when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from tests.database import TestDatabase

PATIENCE = 90.0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_is_run_again(test_database: TestDatabase, app: psycopg.Connection) -> None:
    app.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')")
    app.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) "
        "SELECT 'default', 'bihuan.flow.jobs.judge', '{\"timestamp\": 0}', 'doing', id FROM procrastinate_workers"
    )
    surroundings = {**os.environ, "BIHUAN_DATABASE_URL": test_database.app_url}

    worker = subprocess.Popen(
        [sys.executable, "-m", "bihuan.worker"], env=surroundings, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + PATIENCE
    while _left(app) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = _left(app)
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=PATIENCE)

    assert (left, worker.returncode, said) == (0, 0, "")


def _left(app: psycopg.Connection) -> int:
    """Jobs that are done are deleted; a failed one stays, and would be counted."""
    row = app.execute(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'bihuan.flow.jobs.judge' AND args->>'timestamp' = '0'"
    ).fetchone()
    assert row is not None
    return int(row[0])
