"""Prints how to reach the database as the application's role."""

from __future__ import annotations

import argparse
import os

from bihuan.bridges.postgres import client, lease
from bihuan.bridges.postgres.home import choose_home
from bihuan.commands.say import result
from bihuan.commands.serving import serving


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""
    parser.epilog = 'Example: psql "$(bihuan dsn)". The role reads and writes, but owns nothing.'


def run(args: argparse.Namespace) -> int:
    """What `up` started, `up` stops; else the database stays until `down`."""
    home = choose_home(os.environ)
    if serving(home) is None and client.is_running(home):
        lease.keep(home)
    result(os.environ["BIHUAN_DATABASE_URL"])
    return 0
