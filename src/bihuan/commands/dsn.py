"""Prints how to reach the database: as the application's role, or as the one that only reads."""

from __future__ import annotations

import argparse
import os

from bihuan.bridges.postgres import client, lease
from bihuan.bridges.postgres.home import choose_home
from bihuan.bridges.postgres.reading import reading_url
from bihuan.commands.say import result
from bihuan.commands.serving import serving
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words


class NotEmbedded(BihuanError):
    """On a server of yours, a role is yours to make."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="数据库在您自己的服务器上：请按 docs/howto/open-data.md 以管理员建立只读角色。",
                en="The database is on a server of yours: make the reading role there as its administrator, by docs/howto/open-data.md.",
            ),
            field="reading",
        )


def add(parser: argparse.ArgumentParser) -> None:
    """One choice: who."""
    parser.epilog = (
        'Example: psql "$(bihuan dsn)". The role reads and writes, but owns nothing.\n'
        'For Superset and the like: psql "$(bihuan dsn --reading)". That role reads the views of the schema `reading` and nothing else;\n'
        "it is made on first use (docs/howto/open-data.md)."
    )
    parser.add_argument("--reading", action="store_true", help="as the role that only reads the views")


def run(args: argparse.Namespace) -> int:
    """What `up` started, `up` stops; else the database stays until `down`."""
    home = choose_home(os.environ)
    embedded = client.is_running(home)
    url = os.environ["BIHUAN_DATABASE_URL"]
    if args.reading and not (embedded and client.role_url(home, client.APP_ROLE) == url):
        raise NotEmbedded
    if serving(home) is None and embedded:
        lease.keep(home)
    result(reading_url(home) if args.reading else url)
    return 0
