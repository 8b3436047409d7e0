"""Recomputing everything from the timeline, and saying what differs."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from bihuan.cases.models import Case, Cycle, Entry, Note, Seal
from bihuan.cases.rules import FIRST_DIGEST, REPEAT_WINDOW_DAYS, Timeline, Told, entry_digest, note_hash
from bihuan.flow.rules.rows import case_row, clock_row, cycle_row
from bihuan.kernel.limit import Limit, due
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.packs.queries import versions
from bihuan.people.models import Unit
from bihuan.promises.models import Breach, Clock, Verdict
from bihuan.promises.rules import clocks, in_time
from bihuan.surveys import queries as surveys

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that isn't as the timeline says: where, and what."""

    where: str
    what: Words


@dataclass(slots=True)
class Checked:
    """What a verification has looked at."""

    cases: int = 0
    entries: int = 0
    erased: int = 0
    seals: int = 0


def verify(checked: Checked) -> Iterator[Difference]:
    """Every difference between the rows and the timeline. `checked` counts what was looked at, as it goes."""
    book = _Book()
    keys = list(Case.objects.order_by("id").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        yield from _chunk(keys[start : start + CHUNK], book, checked)
    yield from _repeats()
    yield from (Difference(where, what) for where, what in surveys.differences())
    yield from (Difference(where, what) for where, what in versions.differences())
    yield from _seals(checked)


class _Book:
    def __init__(self) -> None:
        units = list(Unit.objects.order_by("code"))
        self.keys = {unit.code: unit.pk for unit in units}
        self.calendar = packs.calendar()


def _chunk(keys: Sequence[UUID], book: _Book, checked: Checked) -> Iterator[Difference]:
    entries = _by_case(Entry.objects.filter(case_id__in=keys).order_by("case_id", "seq"))
    notes = _by_case(Note.objects.filter(case_id__in=keys).order_by("case_id", "seq", "field"))
    cycles = _by_case(Cycle.objects.filter(case_id__in=keys).order_by("case_id", "cycle"))
    running = _by_case(Clock.objects.filter(case_id__in=keys).order_by("case_id", "cycle", "promise"))
    broken = _by_case(Breach.objects.filter(case_id__in=keys).order_by("case_id", "promise", "cycle"))
    verdicts = _latest(
        Verdict.objects.filter(clock__case_id__in=keys).order_by("clock_id", "recorded_at", "id")
    )
    for case in Case.objects.filter(pk__in=keys).select_related("parent", "repeat_of").order_by("id"):
        own = entries[case.pk]
        checked.cases += 1
        checked.entries += len(own)
        checked.erased += sum(note.erased_at is not None for note in notes[case.pk])
        told = [
            Told(row.seq, row.cycle, row.step, row.at, row.recorded_at, row.actor_id, row.unit_id, row.facts)
            for row in own
        ]
        wrong = list(_entries(case, own, told, notes[case.pk]))
        yield from wrong
        if not own or wrong:
            continue
        yield from _derived(case, told, cycles[case.pk], running[case.pk], verdicts, book)
        yield from _breaches(case, told, running[case.pk], broken[case.pk], verdicts)


def _entries(
    case: Case, rows: Sequence[Entry], told: Sequence[Told], notes: Sequence[Note]
) -> Iterator[Difference]:
    hashes: dict[int, dict[str, str]] = defaultdict(dict)
    for note in notes:
        hashes[note.seq][note.field] = note.hash
        if note.text is None and note.erased_at is None:
            yield _difference(
                case,
                f"{note.seq}",
                "文字缺失且未注明删除",
                f"text “{note.field}” is gone without being erased",
            )
        elif note.text is not None and note_hash(salt=bytes(note.salt), text=note.text) != note.hash:
            yield _difference(
                case, f"{note.seq}", f"文字“{note.field}”被改动", f"text “{note.field}” was altered"
            )
    previous = FIRST_DIGEST
    for index, (row, entry) in enumerate(zip(rows, told, strict=True), start=1):
        if entry.seq != index:
            yield _difference(case, f"{index}", "缺少这一条记录", "this entry is missing")
            return
        digest = entry_digest(
            previous=previous, number=case.number, side=row.side, entry=entry, notes=hashes[entry.seq]
        )
        if digest != bytes(row.digest):
            yield _difference(
                case, f"{entry.seq}", "记录被改动，摘要不符", "the entry was altered: its digest doesn't fit"
            )
            return
        previous = digest
    if previous != bytes(case.digest):
        yield _difference(case, "", "时间线末尾缺失或被改动", "the end of the timeline is missing or altered")


def _derived(
    case: Case,
    told: Sequence[Told],
    cycles: Sequence[Cycle],
    running: Sequence[Clock],
    verdicts: dict[UUID, Verdict],
    book: _Book,
) -> Iterator[Difference]:
    timeline = Timeline(loop_of(case.loop), told)
    home = None
    if not any(now.columns.get("unit") for now in timeline.rounds):
        home = case.unit_id
    main = timeline.round.columns.get("parent")
    if main and (case.parent is None or case.parent.number != main):
        yield _difference(case, "", "合并关系被改动", "the case into which it was merged was altered")
        return
    others = {str(main): case.parent_id} if main and case.parent_id else {}
    expected = case_row(
        timeline=timeline, units=book.keys, default_unit=home, digest=bytes(case.digest), cases=others
    )
    times = case.repeat_of.times + 1 if case.repeat_of else 1
    if case.times != times:
        yield _difference(case, "", f"来电次数应为{times}", f"times should be {times} and is {case.times}")
    yield from _compare(case, "", expected, case, skip={"digest"})
    common: dict[str, Any] = {
        "case_id": case.pk,
        "loop": case.loop,
        "units": book.keys,
        "imported": case.imported,
    }
    rows = {row.cycle: row for row in cycles}
    for now in timeline.rounds:
        cycle = rows.pop(now.number, None)
        if cycle is None:
            yield _difference(case, f"({now.number})", "缺少环节行", "the cycle's row is missing")
            continue
        skip = {"id"} | (set() if now.columns.get("unit") else {"unit_id"})
        yield from _compare(
            case, f"({now.number})", cycle_row(now=now, default_unit=home, **common), cycle, skip=skip
        )
    yield from _clocks(case, timeline, running, verdicts, common, book)


def _clocks(
    case: Case,
    timeline: Timeline,
    running: Sequence[Clock],
    verdicts: dict[UUID, Verdict],
    common: dict[str, Any],
    book: _Book,
) -> Iterator[Difference]:
    expected = {
        (clock.promise, clock.cycle): clock
        for clock in clocks(
            rounds=timeline.rounds, promises_on=partial(packs.promises_on, case.loop), calendar=book.calendar
        )
    }
    for row in running:
        name = f"{row.promise}({row.cycle})"
        clock = expected.pop((row.promise, row.cycle), None)
        if clock is not None:
            fresh = clock_row(clock=clock, default_unit=row.unit_id, **common)
            keep = ("started_at", "ended_at", "void_at", "unit_id")
            yield from _compare(case, name, {key: fresh[key] for key in keep}, row, skip=set())
        still = timeline.rounds[row.cycle - 1].standstills if row.cycle <= len(timeline.rounds) else []
        limit = _limit(row)
        if limit is not None and not row.provisional and not still:
            end = due(start=row.started_at, limit=limit, calendar=book.calendar)
            if (end.at, end.by_day) != (row.due_at, row.by_day):
                yield _difference(case, name, "期限被改动", "the due moment was altered")
        yield from _verdict(case, name, row, verdicts.get(row.pk))
    if not case.imported:
        for promise, cycle in expected:
            yield _difference(case, f"{promise}({cycle})", "缺少时限行", "the clock's row is missing")


def _limit(row: Clock) -> Limit | None:
    """The limit under which a clock started, with cut-off and hours as its pack has them."""
    return packs.limit_given(
        pack=row.pack,
        promise=row.promise,
        area=row.area,
        customer_class=row.customer_class,
        amount=row.amount,
        unit=row.amount_unit,
    )


def _breaches(
    case: Case,
    told: Sequence[Told],
    running: Sequence[Clock],
    rows: Sequence[Breach],
    verdicts: dict[UUID, Verdict],
) -> Iterator[Difference]:
    """A breach for every broken verdict; what it shows is what clock and timeline say."""
    if case.imported:
        return
    said = Timeline(loop_of(case.loop), told).said
    found = {(row.promise, row.cycle): row for row in rows}
    for clock in running:
        name = f"{clock.promise}({clock.cycle})"
        row = found.pop((clock.promise, clock.cycle), None)
        newest = verdicts.get(clock.pk)
        if row is None:
            if newest is not None and newest.verdict == "broken":
                yield _difference(case, name, "缺少超时限记录", "the breach's row is missing")
            continue
        spoken = [one for one in said if (one.promise, one.cycle) == (row.promise, row.cycle)]
        right: dict[str, Any] = {
            "unit_id": clock.unit_id,
            "due_at": clock.due_at,
            "cause": next(
                (one.facts.get("cause", "") for one in spoken[::-1] if one.speaks == "explain"), ""
            ),
            "compensation_paid": sum(
                int(str(one.facts.get("compensation", 0))) for one in spoken if one.speaks == "pay"
            ),
            "exemption": next(
                (
                    {"ask": "asked", "grant": "granted", "refuse": "refused"}[one.speaks]
                    for one in spoken[::-1]
                    if one.speaks in ("ask", "grant", "refuse")
                ),
                "",
            ),
        }
        if newest is not None and clock.ended_at is not None:
            right["lifted"] = newest.verdict != "broken"
            if newest.verdict == "broken":
                right["late_seconds"] = newest.late_seconds
        yield from _compare(case, name, right, row, skip=set())
    for promise, cycle in found:
        yield _difference(case, f"{promise}({cycle})", "超时限记录没有时限", "a breach without its clock")


def _verdict(case: Case, name: str, row: Clock, newest: Verdict | None) -> Iterator[Difference]:
    if row.void_at is not None:
        right = "void"
    elif row.ended_at is not None and row.kind != "average":
        right = "kept" if in_time(due_at=row.due_at, by_day=row.by_day, ended_at=row.ended_at) else "broken"
    else:
        return
    if newest is None or newest.verdict != right:
        yield _difference(case, name, "判定与时间线不符", "the verdict isn't what the timeline says")


def _compare(
    case: Case, where: str, expected: dict[str, Any], row: object, *, skip: set[str]
) -> Iterator[Difference]:
    for name, value in expected.items():
        if name not in skip and getattr(row, name) != value:
            yield _difference(
                case,
                where,
                f"“{name}”应为{value}，现为{getattr(row, name)}",
                f"{name} should be {value} and is {getattr(row, name)}",
            )


def _repeats() -> Iterator[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kept.number, cycle.cycle FROM cases_cycle AS cycle JOIN cases_case AS kept ON kept.id = cycle.case_id
            LEFT JOIN LATERAL (
                SELECT min(later.opened_at) AS opened_at FROM cases_case AS later
                WHERE later.repeat_of_id = kept.id AND later.opened_at > cycle.confirmed_at
                  AND later.opened_at <= cycle.confirmed_at + make_interval(days => %s)
            ) AS again ON true
            WHERE cycle.repeated_at IS DISTINCT FROM again.opened_at
            ORDER BY kept.number
            """,
            [REPEAT_WINDOW_DAYS],
        )
        for number, cycle in cursor.fetchall():
            yield Difference(
                f"{number} ({cycle})",
                Words(zh="重复来电标记不符", en="the mark of a repeated matter is wrong"),
            )


def _seals(checked: Checked) -> Iterator[Difference]:
    previous = bytes(32)
    for seal in Seal.objects.order_by("number"):
        checked.seals += 1
        hashed, count = hashlib.sha256(previous), 0
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT entry.digest FROM cases_sealed AS part
                JOIN cases_entry AS entry ON entry.case_id = part.case_id
                    AND entry.seq BETWEEN part.first_seq AND part.last_seq
                WHERE part.seal_id = %s ORDER BY entry.case_id, entry.seq
                """,
                [seal.number],
            )
            while rows := cursor.fetchmany(10_000):
                for (digest,) in rows:
                    hashed.update(bytes(digest))
                count += len(rows)
        if (bytes(seal.previous), bytes(seal.digest), seal.entries) != (previous, hashed.digest(), count):
            yield Difference(
                f"#{seal.number}", Words(zh="封存链不符", en="the seal doesn't fit what it covers")
            )
        previous = bytes(seal.digest)


def _difference(case: Case, where: str, zh: str, en: str) -> Difference:
    return Difference(f"{case.number} {where}".strip(), Words(zh=zh, en=en))


def _by_case(rows: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for key, group in groupby(rows, key=lambda row: row.case_id):
        found[key] = list(group)
    return found


def _latest(rows: Any) -> dict[UUID, Verdict]:
    return {row.clock_id: row for row in rows}
