"""`bihuan due`: when a promise of a pack falls due, and why. Needs no database."""

from __future__ import annotations

import argparse
import os
from datetime import datetime

from bihuan.commands.say import language, progress, result
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.limit import Limit, due, explain
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES, Promise
from bihuan.kernel.words import Words

EPILOG = """\
The first line is the due moment in the utility's time; a limit in days ends at 23:59:59 of its last day.
The named pack is applied even on a day on which it isn't in force (this is said on standard error).
An area or class that the promise doesn't tell apart is ignored.

  bihuan due --pack chongqing-2007 --promise repair-arrival --area urban --from 2007-06-05T23:50+08:00
  bihuan due --pack sgcc-2005 --promise scheme-reply --class hv-single --from 2007-09-20T10:00 --explain
"""


class PromiseUnknown(BihuanError):
    """The pack has no promise of this code."""

    def __init__(self, pack: str, code: str, known: list[str]) -> None:
        names = ", ".join(dict.fromkeys(known))
        super().__init__(
            Words(
                zh=f"承诺包 {pack} 中没有“{code}”；现有：{names}。",
                en=f"Pack {pack} has no promise '{code}'; it has {names}.",
            ),
            field="promise",
        )


class NotALimit(BihuanError):
    """The promise isn't kept between a start and a due moment."""

    def __init__(self, promise: Promise) -> None:
        super().__init__(
            Words(
                zh=f"“{promise.title.zh}”不是从某一时刻起算的时限（{promise.kind}），没有到期时刻。",
                en=f"'{promise.title.en}' isn't a limit that runs from a start ({promise.kind}); it has no due moment.",
            ),
            field="promise",
        )


class NoLimitFor(BihuanError):
    """The promise differs by area or class, and has no limit for the one given."""

    def __init__(self, option: str, given: str | None, known: tuple[str, ...]) -> None:
        names = ", ".join(known)
        super().__init__(
            Words(
                zh=f"该承诺的时限因 --{option} 而异，{f'没有“{given}”的时限' if given else '请指明'}；可选：{names}。",
                en=f"This promise differs by --{option}"
                + (f" and has none for '{given}'" if given else "; say which")
                + f": {names}.",
            ),
            field=option,
        )


class StartOutOfRange(BihuanError):
    """A start that no calendar reaches."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="--from 的年份须在 1900 至 2200 之间。", en="The year of --from must be from 1900 to 2200."
            ),
            field="from",
        )


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `due`."""
    parser.epilog = EPILOG
    parser.add_argument("--pack", required=True, metavar="P", help="the pack, such as chongqing-2007")
    parser.add_argument(
        "--promise", required=True, metavar="CODE", help="the promise, such as repair-arrival"
    )
    parser.add_argument(
        "--from",
        dest="start",
        required=True,
        type=_moment,
        metavar="ISO",
        help="the start, ISO 8601; without an offset it is the utility's time",
    )
    parser.add_argument("--area", metavar="A", help=" ".join(AREAS))
    parser.add_argument("--class", dest="customer_class", metavar="C", help=" ".join(CUSTOMER_CLASSES))
    parser.add_argument("--loop", metavar="L", help="the business kind, where the promise differs by it")
    parser.add_argument("--explain", action="store_true", help="tell line by line how it was counted")
    parser.add_argument(
        "--language", choices=["zh", "en"], help="of the explanation (default: the terminal's)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the due moment, and its explanation if asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    # Django's settings are read with this import, and only here may it be too early for them.
    from bihuan.packs import queries

    pack, calendar = queries.load(args.pack), queries.calendar()
    candidates = pack.named(args.promise, loop=args.loop)
    if not candidates:
        raise PromiseUnknown(pack.code, args.promise, [item.code for item in pack.promises])
    start = args.start if args.start.tzinfo else args.start.replace(tzinfo=calendar.zone)
    if not 1900 <= start.year <= 2200:
        raise StartOutOfRange
    day = start.astimezone(calendar.zone).date()
    in_force = [item for item in candidates if item.valid_on(day)]
    promise = (in_force or candidates)[0]
    limit = _limit(promise, area=args.area, customer_class=args.customer_class)
    if not in_force:
        progress(_not_in_force(promise, str(day)))
    if len({item.loops for item in candidates}) > 1:
        progress(_one_of_several(promise, candidates))
    result(due(start=start, limit=limit, calendar=calendar).shown(calendar.zone))
    if args.explain:
        _print_explanation(promise, start, limit, calendar, args.language or language())
    return 0


def _print_explanation(
    promise: Promise, start: datetime, limit: Limit, calendar: Calendar, in_language: str
) -> None:
    edition = f"{promise.pack}, {promise.clause}" if promise.clause else promise.pack
    head = Words(
        zh=f"承诺：{promise.title.zh}（{edition}）。来源：{promise.source}。",
        en=f"Promise: {promise.title.en} ({edition}). Source: {promise.source}.",
    )
    for line in (head, *explain(start=start, limit=limit, calendar=calendar)):
        result(line.in_language(in_language))
    if promise.note:
        result(promise.note.in_language(in_language))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' isn't ISO 8601; write it like 2007-06-05T23:50 or 2007-06-05T23:50:00+08:00"
        ) from None


def _limit(promise: Promise, *, area: str | None, customer_class: str | None) -> Limit:
    if promise.kind != "step_limit":
        raise NotALimit(promise)
    limit = promise.limit_for(area=area, customer_class=customer_class)
    if limit is not None:
        return limit
    if promise.areas and area not in promise.areas:
        raise NoLimitFor("area", area, promise.areas)
    raise NoLimitFor("class", customer_class, promise.customer_classes)


def _not_in_force(promise: Promise, day: str) -> Words:
    last = promise.valid_to
    return Words(
        zh=f"注意：{promise.pack} 在 {day} 不在有效期（{promise.valid_from} 至 {last or '今'}），仍按其计算。",
        en=f"Note: {promise.pack} wasn't in force on {day} ({promise.valid_from} to {last or 'now'}); applied all the same.",
    )


def _one_of_several(promise: Promise, candidates: tuple[Promise, ...]) -> Words:
    loops = ", ".join(dict.fromkeys(loop for item in candidates for loop in item.loops))
    return Words(
        zh=f"注意：该承诺因业务而异（{loops}），此处按 {promise.loops[0]} 计算；用 --loop 指定其他。",
        en=f"Note: this promise differs by business kind ({loops}); counted for {promise.loops[0]}. --loop names another.",
    )
