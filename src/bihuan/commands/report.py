"""`bihuan report weekly`: a week's service-quality report, as JSON, a page, PDF, Word or Excel; and freezing it."""

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
from bihuan.reports.rules import Weekly

EPILOG = """\
The week's figures are counted now. --freeze seals what is recorded and keeps the report as it is then, in the name of a
staff number whose post may do so; a later freeze that differs becomes a new version. --frozen shows the newest version.

  bihuan report weekly --week 2007-W23
  bihuan report weekly --week 2007-W23 --format pdf --out week.pdf
  bihuan report weekly --week 2007-W23 --freeze B1
"""


BINARY = {"pdf": pdf.draw, "docx": word.draw, "xlsx": excel.draw}


class NotFrozen(BihuanError):
    """The week has no frozen report."""

    def __init__(self, week: str) -> None:
        super().__init__(
            Words(zh=f"{week} 的周报尚未冻结。", en=f"The report of {week} hasn't been frozen."), field="week"
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
    parser.add_argument("kind", choices=["weekly"], help="which report")
    parser.add_argument("--week", required=True, metavar="2007-W23", help="the ISO week, Monday to Sunday")
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
    drawn = _draw(_weekly(args), args.format, args.language or "zh")
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


def _weekly(args: argparse.Namespace) -> Weekly:
    now = timezone.now()
    at, known = args.at or now, args.known or now
    if args.freeze:
        person = people.staff_by_number(args.freeze)
        if person is None:
            raise StaffUnknown(args.freeze)
        kept = actions.freeze_weekly(
            week=args.week, unit=args.unit, at=at, known=known, by=person.actor, recorded_at=now
        )
        progress(
            Words(
                zh=f"已冻结 {kept.week} 第{kept.version}版，与上一版不同{len(kept.differs)}处。",
                en=f"Frozen: {kept.week} version {kept.version}; {len(kept.differs)} figures differ from the one before.",
            )
        )
        return queries.frozen(kept)
    if args.frozen:
        found = queries.latest(week_name=args.week, unit=args.unit)
        if found is None:
            raise NotFrozen(args.week)
        return queries.frozen(found)
    return queries.weekly(week_name=args.week, unit=args.unit, at=at, known=known)


def _draw(weekly: Weekly, layout: str, spoken: str) -> bytes:
    if layout in BINARY:
        return BINARY[layout](weekly, language=spoken)
    drawn = (
        html.draw(weekly, language=spoken) if layout == "html" else json_layout.draw(weekly, language=spoken)
    )
    return drawn.encode()
