"""The command `bihuan`: finds the sub-command, gives it a running database, turns refusals into one plain sentence."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType

from bihuan.bridges.postgres.home import choose_home
from bihuan.commands import COMMANDS, Command
from bihuan.commands.say import trouble
from bihuan.commands.serving import refuse_if_served, refuse_taken_port
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words

USAGE_ERROR = 2
REFUSED = 1
INTERRUPTED = 130

EPILOG = """\
`bihuan COMMAND --help` tells more about each.

Surroundings (environment):
  BIHUAN_HOME                 where the embedded database, its secrets and logs live
                              (default: the user's data folder; /var/lib/bihuan for root)
  BIHUAN_PORT                 the port that `up` and `demo` serve on (8000)
  BIHUAN_DATABASE_URL         a PostgreSQL server (15 to 18) instead of the embedded one: the application's role
  BIHUAN_ARCHIVE              the folder of the archive (default: archive, in BIHUAN_HOME)
  BIHUAN_OWNER_DATABASE_URL   the same database's owner; only migrations use it

Standard output holds only results; progress and notices go to standard error.
Exit codes: 0 done, 1 refused or failed (the reason is said), 2 wrong usage, 130 interrupted.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command and give its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    command = _named(given[0]) if given else None
    if command is None:
        return _outer(given)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        return _run(command, given[1:])
    except BihuanError as refusal:
        trouble(refusal.words)
        return REFUSED
    except KeyboardInterrupt:
        trouble(Words(zh="已中断。", en="Interrupted."))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output (`| head`) has seen enough; nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED


def _end(number: int, frame: FrameType | None) -> None:
    """SIGTERM unwinds like an error, so that every `finally` runs and nothing stays behind."""
    raise SystemExit(128 + number)


def _named(name: str) -> Command | None:
    return next((command for command in COMMANDS if command.name == name), None)


def _outer(given: Sequence[str]) -> int:
    """`bihuan`, `bihuan --help`, and names that don't exist."""
    parser = argparse.ArgumentParser(
        prog="bihuan",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.description = (
        "Service-quality loops of a power utility, from a customer's call to Monday's report."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        if command.listed:
            commands.add_parser(command.name, help=command.purpose)
    parser.parse_args(given)
    parser.print_help(sys.stderr)
    return USAGE_ERROR


def _run(command: Command, given: Sequence[str]) -> int:
    """Arguments are read before anything is started, so that a wrong one costs nothing."""
    parser = argparse.ArgumentParser(prog=f"bihuan {command.name}", description=command.purpose)
    with ExitStack() as stack:
        if command.database:
            _set_up_django()
        module = importlib.import_module(command.module)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add(parser)
        args = parser.parse_args(given)
        if command.serves and not getattr(args, "no_serve", False):
            refuse_if_served(choose_home(os.environ))
            refuse_taken_port()
        if command.database:
            _use_database(stack)
        code: int | None = module.run(args)
    return code or 0


def _set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    django.setup()


def _use_database(stack: ExitStack) -> None:
    """Start the embedded database if need be, bring an empty one up to date, and point Django at it."""
    from bihuan.commands.database import point_django_at, prepared

    point_django_at(stack.enter_context(prepared()))


if __name__ == "__main__":
    sys.exit(main())
