"""Passes a command on to Django, with the database that Bihuan uses."""

from __future__ import annotations

import argparse

from django.core.management import execute_from_command_line


def add(parser: argparse.ArgumentParser) -> None:
    """Everything after `manage` is Django's."""
    parser.add_argument("words", nargs=argparse.REMAINDER, help="a command of Django and its arguments")


def run(args: argparse.Namespace) -> int:
    """As the application's role: migrations are `bihuan migrate`."""
    execute_from_command_line(["bihuan manage", *args.words])
    return 0
