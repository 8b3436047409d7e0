"""Brings the schema up to date as the owner. Other commands call this by themselves, as a process of its own."""

from __future__ import annotations

import argparse
import importlib
import os

from bihuan.bridges.postgres.dsn import django_database
from bihuan.bridges.postgres.prepare import ServerUnusable, prepare
from bihuan.kernel.words import Words

AFTER_MIGRATING = (
    "bihuan.cases.actions:sync_catalogue",
    "bihuan.people.actions:load_posts",
    "bihuan.reports.actions.dictionary:sync_reading",
)
"""Declarations that walls and other programs read from tables which only the owner writes."""


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: both connection strings come from the environment."""
    parser.epilog = "Needs BIHUAN_DATABASE_URL and BIHUAN_OWNER_DATABASE_URL."


def run(args: argparse.Namespace) -> int:
    """Set Django up as the owner, in this process only."""
    app_url, owner_url = (
        os.environ.get(name) for name in ("BIHUAN_DATABASE_URL", "BIHUAN_OWNER_DATABASE_URL")
    )
    if not app_url or not owner_url:
        raise ServerUnusable(
            Words(
                zh="migrate 需要 BIHUAN_DATABASE_URL 与 BIHUAN_OWNER_DATABASE_URL。内置数据库无需此命令。",
                en="migrate needs BIHUAN_DATABASE_URL and BIHUAN_OWNER_DATABASE_URL. "
                "The embedded database needs no such command.",
            )
        )
    app_role = str(django_database(app_url)["USER"])
    os.environ.update(BIHUAN_DATABASE_URL=owner_url, BIHUAN_APP_ROLE=app_role)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.settings"
    prepare(owner_url, app_role, migrate=_migrate)
    return 0


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    for path in AFTER_MIGRATING:
        module, name = path.split(":")
        getattr(importlib.import_module(module), name)()
