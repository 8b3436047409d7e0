"""The background process: runs jobs from the queue in PostgreSQL; nobody imports this file."""

from __future__ import annotations

import asyncio
import os

import django
from procrastinate import App

RETRY_EVERY = "* * * * *"
GRACE = 15.0


def main() -> None:
    """Run jobs until SIGTERM or SIGINT; jobs that are running are finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError(f"{connector!r} isn't Django's connector")
    with app.replace_connector(connector.get_worker_connector()) as worker:
        asyncio.run(_work(worker))


async def _work(app: App) -> None:
    @app.periodic(cron=RETRY_EVERY)
    @app.task(name="bihuan.retry_stalled", queueing_lock="retry_stalled")
    async def retry_stalled(timestamp: int) -> None:
        await _retry_stalled(app)

    async with app.open_async():
        await _retry_stalled(app)
        await app.run_worker_async(
            name="bihuan", concurrency=2, shutdown_graceful_timeout=GRACE, delete_jobs="successful"
        )


async def _retry_stalled(app: App) -> None:
    """Jobs of a worker that was killed are nobody's; every job is safe to run twice."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


if __name__ == "__main__":
    main()
