"""`bihuan due`: when a promise falls due, and why; for one start or for every row of a file. Needs no database."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bihuan.commands.say import language, progress, result
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.limit import Due, Limit, due, explain, explain_latest, latest
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES, Promise
from bihuan.kernel.words import Words
from bihuan.packs.rules import Pack

EPILOG = """\
The first line is the due moment in the pack's own zone; a limit in days ends at 23:59:59 of its last day.
Of a promise that something is told so long before an event, --from is the event, and the line the latest moment.
Of an average it is the moment by which the average would be kept; no single case can break it.
The named pack is applied even on a day on which it isn't in force (this is said on standard error).
An area or class that the promise doesn't tell apart is ignored.

  bihuan due --pack chongqing-2007 --promise repair-arrival --area urban --from 2007-06-05T23:50+08:00
  bihuan due --pack sgcc-2005 --promise scheme-reply --class hv-single --from 2007-09-20T10:00 --explain
  bihuan due --batch rows.csv --language en

--batch reads a CSV file in UTF-8 (- for standard input) with the columns pack,promise,from and, where they are needed,
area,class,loop,kind. Each row gives one line of JSON, in order: {"due": …, "explanation": [lines]}, or for a row that
can't be computed {"error": …, "row": number from 1 after the header, "field": column}; then the exit code is 1.
"""

_NEEDED = ("pack", "promise", "from")
_COLUMNS = (*_NEEDED, "area", "class", "loop", "kind")
_TIMED = ("step_limit", "average", "notice_before")


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
    """The promise has no due moment at all."""

    def __init__(self, promise: Promise) -> None:
        super().__init__(
            Words(
                zh=f"“{promise.title.zh}”不是时限（{promise.kind}），没有到期时刻。",
                en=f"'{promise.title.en}' isn't a limit ({promise.kind}); it has no due moment.",
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


class NoTime(BihuanError):
    """A start that isn't a time."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Words(
                zh=f"“{text}”不是 ISO 8601 时间，请写作 2007-06-05T23:50 或 2007-06-05T23:50:00+08:00。",
                en=f"'{text}' isn't ISO 8601; write it like 2007-06-05T23:50 or 2007-06-05T23:50:00+08:00",
            ),
            field="from",
        )


class BatchUnreadable(BihuanError):
    """The file of `--batch` can't be read as it should be."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(Words(zh=f"--batch：{zh}。", en=f"--batch: {en}."), field="batch")


class RowsRefused(BihuanError):
    """Some rows of the file couldn't be computed; each says why on its own line."""

    def __init__(self, refused: int, rows: int) -> None:
        super().__init__(
            Words(
                zh=f"{rows} 行中有 {refused} 行无法计算，原因见各行的 error。",
                en=f"{refused} of {rows} rows couldn't be computed; the error of each says why.",
            ),
            field="batch",
        )


class Asked(NamedTuple):
    """What is to be computed; a start without an offset is in the pack's own zone."""

    pack: str
    promise: str
    start: datetime
    area: str | None = None
    customer_class: str | None = None
    loop: str | None = None
    kind: str | None = None


class Answer(NamedTuple):
    """The due moment as it is shown, the lines that explain it, and what there is to note besides."""

    shown: str
    lines: tuple[Words, ...]
    notes: tuple[Words, ...]


class Packs(NamedTuple):
    """How packs and calendars are found."""

    load: Callable[[str], Pack]
    calendar: Callable[[str], Calendar]


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `due`."""
    parser.epilog = EPILOG
    parser.set_defaults(usage_error=parser.error)
    parser.add_argument("--pack", metavar="P", help="the pack, such as chongqing-2007")
    parser.add_argument("--promise", metavar="CODE", help="the promise, such as repair-arrival")
    parser.add_argument(
        "--from",
        dest="start",
        type=_argument,
        metavar="ISO",
        help="the start, ISO 8601; without an offset it is the pack's own time",
    )
    parser.add_argument("--area", metavar="A", help=" ".join(AREAS))
    parser.add_argument("--class", dest="customer_class", metavar="C", help=" ".join(CUSTOMER_CLASSES))
    parser.add_argument("--loop", metavar="L", help="the business kind, where the promise differs by it")
    parser.add_argument("--kind", metavar="K", help="the kind of the case, where the promise differs by it")
    parser.add_argument("--explain", action="store_true", help="tell line by line how it was counted")
    parser.add_argument("--batch", metavar="FILE", help="compute every row of a CSV file; see below")
    parser.add_argument(
        "--language", choices=["zh", "en"], help="of the explanation (default: the terminal's)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the due moment, and its explanation if asked; or a line for each row of a file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    # Django's settings are read with this import, and only here may it be too early for them.
    from bihuan.packs import queries

    packs = Packs(lru_cache(queries.load), lru_cache(queries.calendar))
    told_in = args.language or language()
    single = {"--pack": args.pack, "--promise": args.promise, "--from": args.start}
    if args.batch:
        if any(value is not None for value in single.values()):
            args.usage_error("--batch takes pack, promise and from out of its file")
        return _batch(args.batch, packs, told_in)
    if missing := [name for name, value in single.items() if value is None]:
        args.usage_error(f"the following arguments are required: {', '.join(missing)}")
    asked = Asked(args.pack, args.promise, args.start, args.area, args.customer_class, args.loop, args.kind)
    answer = _answer(asked, packs, explained=args.explain)
    for note in answer.notes:
        progress(note)
    result(answer.shown)
    for line in answer.lines:
        result(line.in_language(told_in))
    return 0


def _batch(name: str, packs: Packs, told_in: str) -> int:
    rows = refused = 0
    for rows, row in enumerate(_rows(name), 1):
        try:
            answer = _answer(_asked(row), packs, explained=True)
        except BihuanError as fault:
            refused += 1
            told: dict[str, object] = {
                "error": fault.words.in_language(told_in),
                "row": rows,
                "field": fault.field or "",
            }
        else:
            lines = [line.in_language(told_in) for line in (*answer.lines, *answer.notes)]
            told = {"due": answer.shown, "explanation": lines}
        result(json.dumps(told, ensure_ascii=False))
    if refused:
        raise RowsRefused(refused, rows)
    return 0


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    """The rows of the file, by column; a row with more cells than columns has them under the empty name."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise BatchUnreadable(
            f"无法读取 {name}（{fault.strerror}）", f"can't read {name} ({fault.strerror})"
        ) from fault
    except UnicodeDecodeError as fault:
        raise BatchUnreadable(f"{name} 不是 UTF-8 编码", f"{name} isn't in UTF-8") from fault
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restkey="", restval="")
    reader.fieldnames = columns = [column.strip().lower() for column in reader.fieldnames or ()]
    missing = [column for column in _NEEDED if column not in columns]
    if missing or len(set(columns)) < len(columns):
        wanted = ",".join(_COLUMNS)
        raise BatchUnreadable(f"首行应为列名 {wanted}", f"the first line names the columns: {wanted}")
    if ignored := [column for column in columns if column not in _COLUMNS]:
        names = ", ".join(ignored)
        progress(Words(zh=f"注意：未使用的列 {names}。", en=f"Note: columns not used: {names}."))
    yield from reader


def _asked(row: Mapping[str, str]) -> Asked:
    if "" in row:
        raise BihuanError(Words(zh="单元格多于列数。", en="There are more cells than columns."), field="")
    cells = {column: row.get(column, "").strip() for column in _COLUMNS}
    for column in _NEEDED:
        if not cells[column]:
            raise BihuanError(Words(zh=f"{column} 不能为空。", en=f"{column} can't be empty."), field=column)
    return Asked(
        cells["pack"],
        cells["promise"],
        _moment(cells["from"]),
        *(cells[column] or None for column in ("area", "class", "loop", "kind")),
    )


def _answer(asked: Asked, packs: Packs, *, explained: bool) -> Answer:
    pack = packs.load(asked.pack)
    calendar = packs.calendar(pack.calendar)
    start = asked.start if asked.start.tzinfo else asked.start.replace(tzinfo=calendar.zone)
    if not 1900 <= start.year <= 2200:
        raise StartOutOfRange
    promise, notes = _promise(asked, pack, start.astimezone(calendar.zone).date())
    limit = _limit(promise, area=asked.area, customer_class=asked.customer_class)
    told: tuple[Words, ...] = ()
    end: Due
    if promise.kind == "notice_before":
        end = latest(event=start, limit=limit, calendar=calendar)
        told = explain_latest(event=start, limit=limit, calendar=calendar) if explained else ()
    else:
        end = due(start=start, limit=limit, calendar=calendar)
        told = explain(start=start, limit=limit, calendar=calendar) if explained else ()
    if explained:
        told = (_headline(promise), *told, *([promise.note] if promise.note else []))
    return Answer(end.shown(calendar.zone), told, tuple(notes))


def _promise(asked: Asked, pack: Pack, day: date) -> tuple[Promise, list[Words]]:
    """The promise that is meant, the one in force on the day first, and what is to be said of the choice."""
    candidates = [
        item
        for item in pack.named(asked.promise, loop=asked.loop)
        if asked.kind is None or not item.kinds or asked.kind in item.kinds
    ]
    if not candidates:
        raise PromiseUnknown(pack.code, asked.promise, [item.code for item in pack.promises])
    in_force = [item for item in candidates if item.valid_on(day)]
    promise = (in_force or candidates)[0]
    notes = []
    if not in_force:
        notes.append(_not_in_force(promise, str(day)))
    if len({(item.loops, item.kinds) for item in in_force or candidates}) > 1:
        notes.append(_one_of_several(promise, in_force or candidates))
    if promise.kind == "average":
        notes.append(_AVERAGE)
    return promise, notes


def _headline(promise: Promise) -> Words:
    edition = f"{promise.pack}, {promise.clause}" if promise.clause else promise.pack
    return Words(
        zh=f"承诺：{promise.title.zh}（{edition}）。来源：{promise.source}。",
        en=f"Promise: {promise.title.en} ({edition}). Source: {promise.source}.",
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise NoTime(text) from None


def _argument(text: str) -> datetime:
    try:
        return _moment(text)
    except NoTime as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None


def _limit(promise: Promise, *, area: str | None, customer_class: str | None) -> Limit:
    if promise.kind not in _TIMED:
        raise NotALimit(promise)
    limit = promise.limit_for(area=area, customer_class=customer_class)
    if limit is not None:
        return limit
    if promise.areas and area not in promise.areas:
        raise NoLimitFor("area", area, promise.areas)
    raise NoLimitFor("class", customer_class, promise.customer_classes)


_AVERAGE = Words(
    zh="注意：这是平均值承诺，单件超过不构成违约；一个统计期的平均值不超过时限即为兑现，按地域和单位计（见“服务承诺”页）。",
    en="Note: this is the promise of an average; no single case can break it. It is kept when the average of a period is at most"
    " the limit, by area and unit (see the page of promises).",
)


def _not_in_force(promise: Promise, day: str) -> Words:
    last = promise.valid_to
    return Words(
        zh=f"注意：{promise.pack} 在 {day} 不在有效期（{promise.valid_from} 至 {last or '今'}），仍按其计算。",
        en=f"Note: {promise.pack} wasn't in force on {day} ({promise.valid_from} to {last or 'now'}); applied all the same.",
    )


def _one_of_several(promise: Promise, candidates: list[Promise]) -> Words:
    loops = ", ".join(dict.fromkeys(_whose(item) for item in candidates))
    return Words(
        zh=f"注意：该承诺因业务而异（{loops}），此处按 {_whose(promise)} 计算；用 --loop、--kind 指定其他。",
        en=f"Note: this promise differs by business kind ({loops}); counted for {_whose(promise)}. "
        "--loop and --kind name another.",
    )


def _whose(promise: Promise) -> str:
    """The business kind, and the kinds of case if it is for some only: service (meter)."""
    loops = "/".join(promise.loops)
    return f"{loops} ({'/'.join(promise.kinds)})" if promise.kinds else loops
