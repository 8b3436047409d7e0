"""The background process: runs jobs from the queue in PostgreSQL; nobody imports this file."""

from __future__ import annotations

import asyncio
import os

import django

RETRY_EVERY = "* * * * *"


def main() -> None:
    """Run jobs until SIGTERM or SIGINT; jobs that are running are finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    @app.periodic(cron=RETRY_EVERY)
    @app.task(name="bihuan.retry_stalled", queueing_lock="retry_stalled")
    async def retry_stalled(timestamp: int) -> None:
        """Jobs of a worker that was killed are nobody's; jobs are safe to run twice."""
        for job in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(job)

    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101
    with app.replace_connector(connector.get_worker_connector()) as worker:
        asyncio.run(_run(worker))


async def _run(worker: object) -> None:
    async with worker.open_async():  # type: ignore[attr-defined]
        await worker.run_worker_async(  # type: ignore[attr-defined]
            concurrency=2, name="bihuan", shutdown_graceful_timeout=15, delete_jobs="successful"
        )


if __name__ == "__main__":
    main()
