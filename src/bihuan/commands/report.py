"""`bihuan report weekly|monthly|yearly`: a service-quality report as JSON, a page, PDF, Word or Excel; and freezing it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from bihuan.commands.figures import add_common
from bihuan.commands.say import progress, result
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people import queries as people
from bihuan.reports import actions, queries
from bihuan.reports.layouts import excel, html, pdf, word
from bihuan.reports.layouts import json as json_layout
from bihuan.reports.rules import KINDS, Report

EPILOG = """\
The figures are counted now. --freeze seals what is recorded and keeps the report as it is then, in the name of a
staff number whose post may do so; a later freeze that differs becomes a new version. --frozen shows the newest version.

  bihuan report weekly --week 2007-W23
  bihuan report weekly --week 2007-W23 --format pdf --out week.pdf
  bihuan report weekly --week 2007-W23 --freeze B1
  bihuan report monthly --month 2007-06 --format docx --out bulletin.docx
  bihuan report yearly --year 2007 --format pdf --out year.pdf
"""


BINARY = {"pdf": pdf.draw, "docx": word.draw, "xlsx": excel.draw}


class NotFrozen(BihuanError):
    """The period has no frozen report."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Words(zh=f"{name} 的报告尚未封存。", en=f"The report of {name} hasn't been frozen."),
            field="period",
        )


class WrongPeriod(BihuanError):
    """The period is given by another option than the kind of report takes."""

    def __init__(self, kind: str) -> None:
        option = {"weekly": "--week", "monthly": "--month", "yearly": "--year"}[kind]
        example = KINDS[kind].example
        super().__init__(
            Words(
                zh=f"{kind} 报告的统计期请用 {option} 指明，如 {option} {example}。",
                en=f"A {kind} report takes its period by {option}, like {option} {example}.",
            ),
            field="period",
        )


class StaffUnknown(BihuanError):
    """Nobody has this number."""

    def __init__(self, number: str) -> None:
        super().__init__(
            Words(zh=f"没有工号“{number}”。", en=f"Nobody has the staff number '{number}'."), field="freeze"
        )


class OutRefused(BihuanError):
    """The file can't be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            Words(zh=f"无法写入 {path}：{reason}。", en=f"{path} can't be written: {reason}."), field="out"
        )


class NeedsFile(BihuanError):
    """A document isn't for the terminal."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="这种文件不能显示在终端上；请用 --out FILE 或重定向。",
                en="Such a file isn't for the terminal; use --out FILE or redirect.",
            ),
            field="out",
        )


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `report`."""
    parser.epilog = EPILOG
    parser.add_argument("kind", choices=list(KINDS), help="which report")
    period = parser.add_mutually_exclusive_group(required=True)
    period.add_argument("--week", metavar="2007-W23", help="of weekly: the ISO week, Monday to Sunday")
    period.add_argument("--month", metavar="2007-06", help="of monthly: the month")
    period.add_argument("--year", metavar="2007", help="of yearly: the year")
    parser.add_argument("--format", choices=["json", "html", "pdf", "docx", "xlsx"], default="json")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write (default: standard output)")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--freeze", metavar="STAFF", help="freeze it first, in the name of this staff number")
    which.add_argument("--frozen", action="store_true", help="the newest frozen version, not a new count")
    add_common(parser)


def run(args: argparse.Namespace) -> int:
    """Count, draw, write."""
    if args.format in BINARY and args.out is None and sys.stdout.isatty():
        raise NeedsFile
    drawn = _draw(_report(args), args.format, args.language or "zh")
    if args.out is not None:
        try:
            args.out.write_bytes(drawn)
        except OSError as fault:
            raise OutRefused(args.out, fault.strerror or str(fault)) from fault
        progress(Words(zh=f"已写入 {args.out}。", en=f"Wrote {args.out}."))
    elif args.format in BINARY:
        sys.stdout.flush()
        sys.stdout.buffer.write(drawn)
    else:
        result(drawn.decode())
    return 0


def _period(args: argparse.Namespace) -> str:
    """The period's name, given by the option that fits the kind."""
    fits = {"weekly": args.week, "monthly": args.month, "yearly": args.year}[args.kind]
    if fits is None:
        raise WrongPeriod(args.kind)
    return str(fits)


def _report(args: argparse.Namespace) -> Report:
    now = timezone.now()
    at, known = args.at or now, args.known or now
    if args.freeze:
        person = people.staff_by_number(args.freeze)
        if person is None:
            raise StaffUnknown(args.freeze)
        kept = actions.freeze(
            kind=args.kind,
            name=_period(args),
            unit=args.unit,
            at=at,
            known=known,
            by=person.actor,
            recorded_at=now,
        )
        progress(
            Words(
                zh=f"已冻结 {kept.period} 第{kept.version}版，与上一版不同{len(kept.differs)}处。",
                en=f"Frozen: {kept.period} version {kept.version}; {len(kept.differs)} figures differ from the one before.",
            )
        )
        return queries.frozen(kept)
    if args.frozen:
        found = queries.latest(kind=args.kind, name=_period(args), unit=args.unit)
        if found is None:
            raise NotFrozen(_period(args))
        return queries.frozen(found)
    return queries.report(kind=args.kind, name=_period(args), unit=args.unit, at=at, known=known)


def _draw(report: Report, layout: str, spoken: str) -> bytes:
    if layout in BINARY:
        return BINARY[layout](report, language=spoken)
    drawn = (
        html.draw(report, language=spoken) if layout == "html" else json_layout.draw(report, language=spoken)
    )
    return drawn.encode()
