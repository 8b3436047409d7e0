"""`bihuan export events`: the timeline for process-mining programs, as XES or OCEL 2.0. No names, no texts, nothing confidential."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from bihuan.bridges.eventlog.telling import ocel, xes
from bihuan.commands.say import progress
from bihuan.indicators.queries.process import events
from bihuan.indicators.rules import Period
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS

EPILOG = """\
Every step of the cases accepted in the period: case, step, side, unit, time. Confidential cases are left out.

  bihuan export events --from 2007-06-04 --to 2007-06-10 --format xes --out week.xes
"""


class OutRefused(BihuanError):
    """The file can't be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            Words(zh=f"无法写入 {path}：{reason}。", en=f"{path} can't be written: {reason}."), field="out"
        )


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`."""
    parser.epilog = EPILOG
    parser.add_argument("what", choices=["events"], help="what to write")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
    parser.add_argument("--loop", choices=[loop.code for loop in LOOPS], default="", help="one kind only")
    parser.add_argument("--format", choices=["xes", "ocel"], default="xes")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """Write piece by piece, so that a year needs hardly more memory than a week."""
    found = events(period=Period(args.first, args.last, ZoneInfo(settings.TIME_ZONE)), loop=args.loop)
    pieces: Iterable[str] = xes(found) if args.format == "xes" else ocel(found)
    if args.out is None:
        sys.stdout.writelines(pieces)
        return 0
    try:
        with args.out.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
    except OSError as fault:
        raise OutRefused(args.out, fault.strerror or str(fault)) from fault
    progress(Words(zh=f"已写入 {args.out}。", en=f"Wrote {args.out}."))
    return 0
