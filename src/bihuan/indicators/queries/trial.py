"""What would have been kept: the cases of a period under a draft instead of what held, each counted by the same pure rules.

The rounds of cases are read as their rows show them; only those that stood still are read from their entries, as their rows
don't say when. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection

from bihuan.cases.models import Case, Entry
from bihuan.cases.rules import Round, Timeline, Told
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.promise import Promise
from bihuan.kernel.step import MOMENTS
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.packs.rules import Pack
from bihuan.promises.rules import Standing, Ticking, clocks, standing

CHUNK = 5_000
SHOWN = 200
"""So many cases that would change are named; all are counted."""

_HEAD = ("case_id", "cycle", "loop", "area", "customer_class", "kind", "ending", "suspensions", "accepted_at")
_ROUNDS = f"""
SELECT {", ".join(_HEAD)}, {", ".join(f"{name}_at" for name in MOMENTS)} FROM cases_cycle
WHERE accepted_at >= %(start)s AND accepted_at < %(end)s
  AND (accepted_at, case_id, cycle) > (%(at)s, %(case)s, %(cycle)s)
ORDER BY accepted_at, case_id, cycle LIMIT %(limit)s
"""
_NOBODY = UUID(int=0)


@dataclass(slots=True)
class Side:
    """How often a promise was given, and how it stands: without the draft, or with it. `seconds` are those of an average."""

    kept: int = 0
    broken: int = 0
    running: int = 0
    void: int = 0
    measured: int = 0
    seconds: int = 0

    def take(self, stands: str, clock: Ticking) -> None:
        """Count one clock."""
        setattr(self, stands, getattr(self, stands) + 1)
        if stands == "measured" and clock.ended_at is not None:
            self.seconds += int((clock.ended_at - clock.started_at).total_seconds())


@dataclass(slots=True)
class Row:
    """A promise of a loop, now and with the draft, and in how many rounds of a case the answer differs.

    `better` were broken and would be kept, `worse` the other way round, `moved` are due at another moment with the same
    answer; `gone` only have a clock now, `come` only with the draft.
    """

    loop: str
    promise: str
    zh: str
    en: str
    now: Side = field(default_factory=Side)
    draft: Side = field(default_factory=Side)
    better: int = 0
    worse: int = 0
    moved: int = 0
    gone: int = 0
    come: int = 0


@dataclass(frozen=True, slots=True)
class _Pair:
    """The promises of a loop on a day: those that the draft leaves as they are, and those before and after."""

    same: tuple[Promise, ...]
    now: tuple[Promise, ...]
    draft: tuple[Promise, ...]


def size(*, first: date, last: date) -> int:
    """How many rounds of cases were accepted in the period."""
    start, end = _bounds(first, last, packs.calendar())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cases_cycle WHERE accepted_at >= %s AND accepted_at < %s", [start, end]
        )
        return int(cursor.fetchone()[0])


def try_draft(
    *,
    draft: Pack,
    order: Sequence[str],
    on: date,
    first: date,
    last: date,
    at: datetime,
    tell: Callable[[int], None] = lambda counted: None,
) -> dict[str, Any]:
    """Count every promise of the period's cases as it held and as it would with the draft; JSON, sums by promise.

    The draft stands in `order` by its code, and is taken as it would be on the day `on`, however long ago a case was; the
    other packs are as they were on the case's day. Running clocks are judged at `at`. `tell` hears how many rounds are done.
    """
    book = _Book(draft, tuple(order), on)
    counts = _Counts(at)
    done = 0
    for chunk in _chunks(first, last, book.calendar):
        for loop, rounds in chunk:
            counts.cases += sum(now.number == 1 for now in rounds)
            for now in rounds:
                _try(now, loop, book, counts)
            done += len(rounds)
        tell(done)
    return {
        "cases": counts.cases,
        "rounds": done,
        "rows": [asdict(counts.rows[key]) for key in sorted(counts.rows)],
        "changed": counts.changed,
        "shown": _named(counts.shown),
    }


class _Book:
    """The promises of each loop and day, made once."""

    def __init__(self, draft: Pack, order: tuple[str, ...], on: date) -> None:
        self.calendar = packs.calendar()
        self._order = order
        self._draft = replace(
            draft, promises=tuple(map(_ever, (p for p in draft.promises if p.valid_on(on))))
        )
        self._pairs: dict[tuple[str, date], _Pair] = {}

    def pair(self, loop: str, day: date) -> _Pair:
        """What held on this day, and what would."""
        found = self._pairs.get((loop, day))
        if found is None:
            now = [_ever(promise) for promise in packs.promises_on(loop, day)]
            then = [_ever(promise) for promise in self._then(loop, day)]
            found = self._pairs[loop, day] = _Pair(
                tuple(promise for promise in now if promise in then),
                tuple(promise for promise in now if promise not in then),
                tuple(promise for promise in then if promise not in now),
            )
        return found

    def _then(self, loop: str, day: date) -> tuple[Promise, ...]:
        given = [
            self._draft if code == self._draft.code else packs.pack_on(code, day) for code in self._order
        ]
        return packs.promises_for(packs=[pack for pack in given if pack is not None], loop=loop, on=day)


def _ever(promise: Promise) -> Promise:
    """The promise without its days: whether it holds has been asked, and what it says is compared."""
    return replace(promise, valid_from=date.min, valid_to=None)


class _Counts:
    """What is counted while the rounds go by."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.cases = 0
        self.changed = 0
        self.rows: dict[tuple[str, str], Row] = {}
        self.shown: list[dict[str, Any]] = []

    def row(self, loop: str, promise: Promise) -> Row:
        """The row of a promise of a loop."""
        found = self.rows.get((loop, promise.code))
        if found is None:
            found = self.rows[loop, promise.code] = Row(
                loop, promise.code, promise.title.zh, promise.title.en
            )
        return found

    def stands(self, clock: Ticking) -> str:
        """How a clock stands, as one of the counts of `Side`."""
        how = standing(
            started_at=clock.started_at,
            due_at=clock.due_at,
            by_day=clock.by_day,
            ended_at=clock.ended_at,
            void_at=clock.void_at,
            at=self.at,
            kind=clock.kind,
            suspended_at=clock.suspended_at,
        )
        return "running" if how in (Standing.close, Standing.suspended) else str(how)


def _try(now: Round, loop: str, book: _Book, counts: _Counts) -> None:
    pair = book.pair(loop, now.moments["accepted"].astimezone(book.calendar.zone).date())
    titles = {promise.code: promise for promise in (*pair.draft, *pair.now, *pair.same)}
    for clock in clocks(rounds=[now], promises_on=lambda _: pair.same, calendar=book.calendar):
        stands = counts.stands(clock)
        row = counts.row(loop, titles[clock.promise])
        row.now.take(stands, clock)
        row.draft.take(stands, clock)
    if not pair.now and not pair.draft:
        return
    before = _by_promise(now, pair.now, book.calendar)
    after = _by_promise(now, pair.draft, book.calendar)
    for code in dict.fromkeys((*before, *after)):
        _compare(counts.row(loop, titles[code]), now, before.get(code), after.get(code), counts)


def _by_promise(now: Round, given: tuple[Promise, ...], calendar: Calendar) -> dict[str, Ticking]:
    found = clocks(rounds=[now], promises_on=lambda _: given, calendar=calendar) if given else ()
    return {clock.promise: clock for clock in found}


def _compare(row: Row, now: Round, before: Ticking | None, after: Ticking | None, counts: _Counts) -> None:
    was = counts.stands(before) if before else ""
    would = counts.stands(after) if after else ""
    if before:
        row.now.take(was, before)
    if after:
        row.draft.take(would, after)
    if before and after and was == would:
        row.moved += before.due_at != after.due_at
        return
    row.better += (was, would) == ("broken", "kept")
    row.worse += (was, would) == ("kept", "broken")
    row.gone += after is None
    row.come += before is None
    counts.changed += 1
    if len(counts.shown) < SHOWN:
        counts.shown.append(_shown(row, now, before, after, was, would))


def _shown(
    row: Row, now: Round, before: Ticking | None, after: Ticking | None, was: str, would: str
) -> dict[str, Any]:
    clock = before or after
    if clock is None:
        raise ValueError("a case that would change has a clock, now or with the draft")
    return {
        "case": str(now.columns["case"]),
        "cycle": now.number,
        "loop": row.loop,
        "promise": row.promise,
        "started": _text(clock.started_at),
        "ended": _text(clock.ended_at),
        "by_day": bool(after and after.by_day),
        "was": was,
        "was_due": _text(before.due_at) if before else "",
        "would": would,
        "would_due": _text(after.due_at) if after else "",
    }


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _named(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = dict(Case.objects.filter(pk__in=[one["case"] for one in shown]).values_list("pk", "number"))
    return [{**one, "number": numbers[UUID(one["case"])]} for one in shown]


def _bounds(first: date, last: date, calendar: Calendar) -> tuple[datetime, datetime]:
    start = datetime.combine(first, time(), calendar.zone)
    return start, datetime.combine(last + timedelta(days=1), time(), calendar.zone)


def _chunks(first: date, last: date, calendar: Calendar) -> Iterator[list[tuple[str, list[Round]]]]:
    """The rounds accepted in the period by loop, some thousand at a time, so that a year of a large utility fits."""
    start, end = _bounds(first, last, calendar)
    after: tuple[datetime, UUID, int] = (start - timedelta(microseconds=1), _NOBODY, 0)
    while True:
        asked: dict[str, Any] = {
            "start": start,
            "end": end,
            "at": after[0],
            "case": after[1],
            "cycle": after[2],
        }
        with connection.cursor() as cursor:
            cursor.execute(_ROUNDS, {**asked, "limit": CHUNK})
            rows = cursor.fetchall()
        if not rows:
            return
        still = _that_stood_still({row[0]: row[2] for row in rows if row[7]})
        found: dict[str, list[Round]] = defaultdict(list)
        for row in rows:
            found[row[2]].append(_round(row, still))
        yield list(found.items())
        after = (rows[-1][8], rows[-1][0], rows[-1][1])


def _round(row: tuple[Any, ...], still: Mapping[UUID, Timeline]) -> Round:
    key, number, _, area, klass, kind, ending, _, _ = row[: len(_HEAD)]
    moments = {name: at for name, at in zip(MOMENTS, row[len(_HEAD) :], strict=True) if at is not None}
    return Round(
        number,
        moments=moments,
        # Which entry marked a moment doesn't matter here, only when.
        marked_by=dict.fromkeys(moments, 0),
        columns={"case": str(key), "area": area, "customer_class": klass, "kind": kind},
        standstills=still[key].rounds[number - 1].standstills if key in still else [],
        ending=ending,
    )


def _that_stood_still(loops: Mapping[UUID, str]) -> dict[UUID, Timeline]:
    if not loops:
        return {}
    rows = Entry.objects.filter(case_id__in=list(loops)).order_by("case_id", "seq")
    return {
        key: Timeline(
            loop_of(loops[key]),
            (
                Told(
                    row.seq,
                    row.cycle,
                    row.step,
                    row.at,
                    row.recorded_at,
                    row.actor_id,
                    row.unit_id,
                    row.facts,
                )
                for row in entries
            ),
        )
        for key, entries in groupby(rows, key=attrgetter("case_id"))
    }
