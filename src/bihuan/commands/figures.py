"""`bihuan figures`: every indicator of any period, for the whole and by bureau."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from bihuan.commands.say import language, result
from bihuan.indicators.queries import archived_figures, document, figures, last_seal
from bihuan.indicators.rules import Figure, Period
from bihuan.kernel.indicator import Index
from bihuan.reports.queries import zone

EPILOG = """\
Days are the utility's own, --to included. --at asks as of which moment (default: now), --known what had been recorded of cases by
then (default: now). One row for the whole, then one for each bureau; `value` follows from numerator and denominator.

  bihuan figures --from 2007-06-04 --to 2007-06-10
  bihuan figures --from 2007-01-01 --to 2007-12-31 --unit CQ-YJP --format json
  bihuan figures --from 2007-01-01 --to 2007-12-30 --engine duckdb        (needs: bihuan archive write)
"""
COLUMNS = ("code", "title", "unit", "measure", "decimals", "numerator", "denominator", "value", "target")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `figures`."""
    parser.epilog = EPILOG
    parser.add_argument(
        "--from", dest="first", required=True, type=_day, metavar="DATE", help="the first day"
    )
    parser.add_argument("--to", dest="last", required=True, type=_day, metavar="DATE", help="the last day")
    parser.add_argument("--format", choices=["table", "json", "csv"], default="table")
    parser.add_argument(
        "--engine",
        choices=["postgresql", "duckdb", "spark"],
        default="postgresql",
        help="postgresql: live (default); duckdb, spark: the archive, as known when it was written",
    )
    add_common(parser)


def add_common(parser: argparse.ArgumentParser) -> None:
    """What every question for figures may say."""
    parser.add_argument("--unit", metavar="CODE", help="only this bureau, or the bureaus below this unit")
    parser.add_argument("--at", type=_moment, metavar="ISO", help="as of which moment (default: now)")
    parser.add_argument("--known", type=_moment, metavar="ISO", help="as recorded by then (default: now)")
    parser.add_argument("--language", choices=["zh", "en"], help="of the titles (default: Chinese in json)")


def run(args: argparse.Namespace) -> int:
    """Count and print."""
    now = timezone.now()
    at, known = args.at or now, args.known or now
    period = Period(args.first, args.last, zone())
    if args.engine == "postgresql":
        (told,) = figures(periods=[period], at=at, known=known, unit=args.unit)
        seal = last_seal(known)
    else:
        archived = archived_figures(
            engine=args.engine,
            folder=settings.BIHUAN_ARCHIVE_DIR,
            periods=[period],
            at=at,
            known=args.known,
            unit=args.unit,
            master=settings.BIHUAN_SPARK_MASTER,
        )
        (told,), known, seal = archived.figures, archived.known, archived.seal
    spoken = args.language or ("zh" if args.format == "json" else language())
    if args.format == "json":
        shown = document(period=period, at=at, known=known, seal=seal, told=told, language=spoken)
        result(json.dumps(shown, ensure_ascii=False, indent=1))
    elif args.format == "csv":
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(figure.told(spoken) for figure in told)
    else:
        _table(told, spoken)
    return 0


def _table(told: Sequence[Figure], spoken: str) -> None:
    for figure in told:
        counts = (
            ""
            if figure.denominator is None or isinstance(figure.indicator, Index)
            else f"{figure.numerator}/{figure.denominator}"
        )
        title = figure.indicator.title.in_language(spoken) if figure.unit is None else f"  {figure.unit}"
        result(f"{figure.indicator.code:<30} {_wide(title, 36)} {figure.value or '-':>10} {counts:>16}")


def _wide(text: str, width: int) -> str:
    """A Chinese character takes two places at the terminal."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(0, width - taken)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' isn't a day; write it like 2007-06-04") from None


def _moment(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' isn't ISO 8601; write it like 2007-06-11T08:00 or 2007-06-11T08:00:00+08:00"
        ) from None
    return given if given.tzinfo else given.replace(tzinfo=zone())
