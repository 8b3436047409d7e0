"""`bihuan export`: what happened, for process-mining programs (XES, OCEL 2.0); published figures as a data package; the dictionary."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from bihuan.bridges.eventlog.telling import ocel, xes
from bihuan.commands.say import progress
from bihuan.indicators.queries.process import events
from bihuan.indicators.rules import Period
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.reports.layouts import dictionary, package
from bihuan.reports.queries.publishing import draft, published

EVENTS = """\
Every step of the cases accepted in the period: case, step, side, unit, time. No names, no texts; confidential cases are left out.

  bihuan export events --from 2007-06-04 --to 2007-06-10 --format xes --out week.xes
"""
FIGURES = """\
figures.csv, indicators.csv, units.csv and datapackage.json, which tells every column (Frictionless Data Package). Only what is frozen is
published: the newest version, with its seal and digest. --draft counts now instead, and says so in the package.

  bihuan export figures --week 2007-W23 --out week-23 --licence CC-BY-4.0
  bihuan export figures --month 2007-06 --unit CQ-YJP --out june
"""


DICTIONARY = """\
Every view and column that others may read (schema `reading`) with meaning, type, unit and what it refers to; every indicator with rule,
source, numerator and denominator. csv: the columns; md and json: both.

  bihuan export dictionary --format md --out dictionary.md
"""


class OutRefused(BihuanError):
    """The file can't be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            Words(zh=f"无法写入 {path}：{reason}。", en=f"{path} can't be written: {reason}."), field="out"
        )


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`, for each of the things that it writes."""
    whats = parser.add_subparsers(dest="what", required=True, metavar="WHAT", title="what to write")

    def what(name: str, purpose: str, epilog: str) -> argparse.ArgumentParser:
        raw = argparse.RawDescriptionHelpFormatter
        return whats.add_parser(name, help=purpose, description=purpose, epilog=epilog, formatter_class=raw)

    logs = what("events", "What happened in the cases of a period, for process-mining programs.", EVENTS)
    logs.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
    logs.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
    logs.add_argument("--loop", choices=[loop.code for loop in LOOPS], default="", help="one kind only")
    logs.add_argument("--format", choices=["xes", "ocel"], default="xes")
    logs.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: standard output)")

    words = what("dictionary", "What every column and every indicator means.", DICTIONARY)
    words.add_argument("--format", choices=["md", "csv", "json"], default="md")
    words.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: standard output)")

    told = what("figures", "Published figures with their dictionary, as a data package.", FIGURES)
    period = told.add_mutually_exclusive_group(required=True)
    period.add_argument("--week", dest="weekly", metavar="2007-W23", help="of the weekly report")
    period.add_argument("--month", dest="monthly", metavar="2007-06", help="of the monthly report")
    period.add_argument("--year", dest="yearly", metavar="2007", help="of the yearly report")
    told.add_argument("--unit", metavar="CODE", help="of this unit's report (default: the company's)")
    told.add_argument("--draft", action="store_true", help="count now, whatever is frozen")
    told.add_argument(
        "--licence", metavar="NAME", default=package.LICENCE, help="SPDX identifier, such as CC-BY-4.0"
    )
    told.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="a folder; made if need be")


def run(args: argparse.Namespace) -> int:
    """Write one or the other."""
    return {"figures": _figures, "events": _events, "dictionary": _dictionary}[args.what](args)


def _dictionary(args: argparse.Namespace) -> int:
    zone = settings.TIME_ZONE
    match args.format:
        case "csv":
            drawn = dictionary.draw_csv()
        case "json":
            drawn = dictionary.draw_json(zone=zone)
        case _:
            drawn = dictionary.draw_markdown(zone=zone)
    if args.out is None:
        sys.stdout.write(drawn)
    else:
        _write(args.out, [drawn])
        progress(Words(zh=f"已写入 {args.out}。", en=f"Wrote {args.out}."))
    return 0


def _events(args: argparse.Namespace) -> int:
    """Piece by piece, so that a year needs hardly more memory than a week."""
    found = events(period=Period(args.first, args.last, ZoneInfo(settings.TIME_ZONE)), loop=args.loop)
    pieces: Iterable[str] = xes(found) if args.format == "xes" else ocel(found)
    if args.out is None:
        sys.stdout.writelines(pieces)
        return 0
    _write(args.out, pieces)
    progress(Words(zh=f"已写入 {args.out}。", en=f"Wrote {args.out}."))
    return 0


def _figures(args: argparse.Namespace) -> int:
    kind = next(one for one in ("weekly", "monthly", "yearly") if getattr(args, one))
    name = getattr(args, kind)
    if args.draft:
        now = timezone.now()
        told = draft(kind=kind, name=name, unit=args.unit, at=now, known=now)
    else:
        told = published(kind=kind, name=name, unit=args.unit)
    files = package.draw(told, licence=args.licence)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutRefused(args.out, fault.strerror or str(fault)) from fault
    for file, text in files.items():
        _write(args.out / file, [text])
    count = len(told.figures())
    progress(Words(zh=f"已写入 {args.out}：{count} 项数字。", en=f"Wrote {args.out}: {count} figures."))
    if told.gone:
        left = ", ".join(told.gone)
        progress(Words(zh=f"目录中已无的指标未写：{left}。", en=f"No longer declared, left out: {left}."))
    return 0


def _write(path: Path, pieces: Iterable[str]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as fault:
        raise OutRefused(path, fault.strerror or str(fault)) from fault
