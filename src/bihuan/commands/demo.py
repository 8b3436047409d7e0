"""Plays the demo world into an empty database and serves it; a second time it goes on where it was."""

from __future__ import annotations

import argparse
import unicodedata
from datetime import date, datetime, time, timedelta
from time import monotonic

from django.utils import timezone

from bihuan.commands.say import language, progress
from bihuan.commands.up import serve
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.packs import queries as packs
from bihuan.scenarios import actions, queries

CODE = "chongqing-2007"
WEEKS = 13
MOST_WEEKS = 260

EPILOG = """\
Without options it plays the 13 weeks that end now, and the town goes on living while it is served.

  bihuan demo
  bihuan demo --from 2007-06-04 --weeks 2 --no-serve
  bihuan demo --year                        the whole of 2007, whose figures are the company's own
  bihuan demo --still                       nothing happens but what you do
"""


class PeriodImpossible(BihuanError):
    """The weeks asked for lie in the future, or before the calendar begins."""


def add(parser: argparse.ArgumentParser) -> None:
    """`demo [--from DATE] [--weeks N | --year] [--still] [--no-serve]`."""
    parser.epilog = EPILOG
    parser.add_argument(
        "--from", dest="first", type=_day, metavar="DATE", help="the first day (default: 13 weeks ago)"
    )
    span = parser.add_mutually_exclusive_group()
    span.add_argument("--weeks", type=_weeks, metavar="N", help=f"how many weeks (default {WEEKS})")
    span.add_argument("--year", action="store_true", help="a whole year: 2007, or the year of --from")
    parser.add_argument("--still", action="store_true", help="the town doesn't go on living by itself")
    parser.add_argument("--no-serve", action="store_true", help="play only")


def run(args: argparse.Namespace) -> int:
    """Play if nothing was played yet, then serve."""
    now = timezone.now()
    played = queries.play_of(CODE)
    if played is None:
        _found(args, now)
    elif args.first or args.weeks or args.year:
        progress(
            Words(
                zh="演示已在此库中，接着上次继续；--from、--weeks、--year 不再起作用。",
                en="The demo is in this database already and goes on; --from, --weeks and --year have no effect.",
            )
        )
    actions.set_living(code=CODE, living=not args.still)
    if played is not None:
        _catch_up(now)
    if args.no_serve:
        _tell_sign_ins(None)
        return 0
    serve(announce=_tell_sign_ins)
    return 0


def _found(args: argparse.Namespace, now: datetime) -> None:
    first, until, current = _period(args, now)
    began = monotonic()
    progress(Words(zh=f"正在演示：自 {first} 起……", en=f"Playing the demo from {first} on …"))
    cases, entries = actions.found(
        code=CODE,
        first=first,
        last=(until - timedelta(seconds=1)).astimezone(packs.calendar().zone).date(),
        until=until,
        recorded_at=now,
        current=current,
        within_year=args.year,
        tell=_tell,
    )
    spent = monotonic() - began
    progress(
        Words(
            zh=f"共 {cases} 张工单、{entries} 条记录，用时 {spent:.0f} 秒。",
            en=f"{cases} cases and {entries} entries in {spent:.0f} seconds.",
        )
    )


def _catch_up(now: datetime) -> None:
    """What happened while nobody served."""
    while taken := actions.live(code=CODE, until=now):
        progress(Words(zh=f"补记 {taken} 步。", en=f"Caught up {taken} steps."))


def _period(args: argparse.Namespace, now: datetime) -> tuple[date, datetime, bool]:
    """The first day, the end, and whether that is the present."""
    zone = packs.calendar().zone
    today = now.astimezone(zone).date()
    if args.year:
        first = date((args.first or date(2007, 1, 1)).year, 1, 1)
        end = date(first.year + 1, 1, 1)
    else:
        weeks = timedelta(weeks=args.weeks or WEEKS)
        monday = today - timedelta(days=today.weekday())
        first = args.first or monday + timedelta(days=7) - weeks
        end = first + weeks
    if first > today or first.year < packs.calendar().first_year:
        raise PeriodImpossible(
            Words(
                zh=f"{first} 不在可演示的时段内（自 {packs.calendar().first_year} 年至今）。",
                en=f"{first} can't be played; choose a day from {packs.calendar().first_year} until today.",
            )
        )
    until = datetime.combine(end, time(), zone)
    return (first, now, not args.year) if until > now else (first, until, False)


def _tell(cases: int, entries: int) -> None:
    progress(Words(zh=f"  {cases} 张工单，{entries} 条记录", en=f"  {cases} cases, {entries} entries"))


def _tell_sign_ins(address: str | None) -> None:
    """One person a post, in columns."""
    chinese = language() != "en"
    password = queries.scenario(CODE).world["scenario"]["password"]
    if address:
        progress(Words(zh=f"\n请打开 {address} 。", en=f"\nOpen {address} in a browser."))
    progress(Words(zh=f"密码均为 {password} ：", en=f"Everybody's password is {password}:"))
    for post, staff, unit in queries.sign_ins(timezone.now()):
        title = post.name_zh if chinese else post.name_en
        place = unit.name("zh-hans" if chinese else "en")
        line = f"  {_wide(staff.number, 10)} {_wide(title, 26)} {_wide(staff.name, 10)} {place}"
        progress(Words(zh=line, en=line))
    if address:
        progress(Words(zh="按 Ctrl-C 停止。", en="Ctrl-C stops it."))


def _wide(text: str, columns: int) -> str:
    """Padded; a Chinese character takes two columns."""
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(0, columns - taken)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it like 2007-06-04") from None


def _weeks(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of weeks from 1 to {MOST_WEEKS}")
    return int(text)
