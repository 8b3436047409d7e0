"""History in bulk: the same rules and the same rows as one step at a time, written by COPY."""

from __future__ import annotations

import gc
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import transaction

from bihuan.cases import actions as cases
from bihuan.cases.models import Case
from bihuan.cases.rules import FIRST_DIGEST, REPEAT_WINDOW_DAYS, Timeline, Told, entry_digest
from bihuan.flow.actions.step import before_number
from bihuan.flow.rules.admission import Proposal, admit
from bihuan.flow.rules.history import History, Past
from bihuan.flow.rules.refusals import UnknownCase, UnknownLeaf, UnknownUnit
from bihuan.flow.rules.rows import (
    BREACH_COLUMNS,
    CASE_COLUMNS,
    CLOCK_COLUMNS,
    CYCLE_COLUMNS,
    ENTRY_COLUMNS,
    NOTE_COLUMNS,
    VERDICT_COLUMNS,
    breach_rows,
    case_row,
    clock_row,
    cycle_row,
    judged_anew,
    note_row,
    verdict_row,
)
from bihuan.kernel.fact import FactKind
from bihuan.kernel.ids import uuid7
from bihuan.kernel.step import Step
from bihuan.loops.catalogue import loop as loop_of
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.promises import actions as promises
from bihuan.promises.rules import Ticking, clocks
from bihuan.standards import queries as standards

BATCH = 2_000
"""Cases written in one transaction."""

_CASE = (
    "id",
    "number",
    "loop",
    "premises_id",
    "customer_id",
    "account_id",
    "repeat_of_id",
    "times",
    "imported",
    *CASE_COLUMNS,
)


_OF_CASE, _OF_CYCLE = itemgetter(*CASE_COLUMNS), itemgetter(*CYCLE_COLUMNS)
_OF_CLOCK, _OF_VERDICT = itemgetter(*CLOCK_COLUMNS), itemgetter(*VERDICT_COLUMNS)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay wrote."""

    cases: int
    entries: int


@dataclass(slots=True)
class _Batch:
    cases: list[Sequence[Any]] = field(default_factory=list)
    entries: list[Sequence[Any]] = field(default_factory=list)
    notes: list[Sequence[Any]] = field(default_factory=list)
    cycles: list[Sequence[Any]] = field(default_factory=list)
    clocks: list[Sequence[Any]] = field(default_factory=list)
    verdicts: list[Sequence[Any]] = field(default_factory=list)
    breaches: list[Sequence[Any]] = field(default_factory=list)
    repeated: set[UUID] = field(default_factory=set)


def replay(*, histories: Iterable[History], adopted: Sequence[packs.Pack] | None = None) -> Replayed:
    """Write whole histories, in transactions of some thousand cases. Raises `Refusal` for a history that could not
    have happened; batches before it stay. `adopted` are the packs that apply (the utility's own when not given).
    """
    book = _Book(adopted)
    made_cases = made_entries = 0
    stream = iter(histories)
    while batch := list(islice(stream, BATCH)):
        with _collector_resting(), transaction.atomic():
            rows = _rows(batch, book)
            _write(rows)
        made_cases += len(rows.cases)
        made_entries += len(rows.entries)
    return Replayed(cases=made_cases, entries=made_entries)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """A batch makes a million objects and no cycles; looking for some takes a seventh of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Book:
    """What every history needs, read once: units, memberships, packs and the calendar."""

    def __init__(self, adopted: Sequence[packs.Pack] | None) -> None:
        units = list(Unit.objects.order_by("code"))
        self.keys = {unit.code: unit.pk for unit in units}
        self.paths = {unit.pk: unit.path for unit in units}
        self.bureaus = {unit.pk: unit.bureau_id for unit in units}
        self.roster = people.roster()
        self.calendar = packs.calendar()
        self.adopted = None if adopted is None else tuple(adopted)
        self._by_day: dict[Any, Any] = {}

    def promises_on(self, loop: str) -> Any:
        def on(day: Any) -> Any:
            found = self._by_day.get((loop, day))
            if found is None:
                found = self._by_day[loop, day] = (
                    packs.promises_on(loop, day)
                    if self.adopted is None
                    else packs.promises_for(packs=self.adopted, loop=loop, on=day)
                )
            return found

        return on


def _rows(batch: Sequence[History], book: _Book) -> _Batch:
    rows = _Batch()
    numbers = _numbers(batch)
    keys = {number: uuid7() for number in numbers}
    others = _Others(batch, keys)
    for history, number in zip(batch, numbers, strict=True):
        _one(history, number, keys[number], others, book, rows)
    return rows


class _Others:
    """The cases that a batch names: what is brought again, and into what is merged. `times` grows as cases are made."""

    def __init__(self, batch: Sequence[History], keys: Mapping[str, UUID]) -> None:
        named = {
            str(past.facts[name])
            for history in batch
            for past in history.steps
            for name in ("repeat_of", "into")
            if name in past.facts
        }
        found = Case.objects.filter(number__in=named - keys.keys()).values_list("number", "pk", "times")
        self.keys = {number: key for number, key, _ in found}
        self.times = {number: times for number, _, times in found}
        self.keys.update({number: keys[number] for number in named & keys.keys()})

    def key(self, number: str, field: str) -> UUID:
        """The key of the case with this number; raises `UnknownCase`."""
        if number not in self.keys:
            raise UnknownCase(number, field)
        return self.keys[number]


def _numbers(batch: Sequence[History]) -> list[str]:
    running = iter(cases.next_numbers(count=sum(history.number is None for history in batch)))
    return [
        history.number or f"{before_number(loop_of(history.loop), history.steps[0].at)}{next(running):06d}"
        for history in batch
    ]


def _one(history: History, number: str, case_id: UUID, others: _Others, book: _Book, rows: _Batch) -> None:
    timeline = Timeline(loop_of(history.loop))
    home = book.keys[history.unit] if history.unit else None
    digest, executing = FIRST_DIGEST, set[UUID]()
    exact: list[tuple[Ticking, Told]] = []
    stepwise = any(_looks_back(timeline.loop.step(past.step)) for past in history.steps)
    for past in history.steps:
        before = _ticking(timeline, book) if stepwise else []
        digest = _step(history, past, timeline, digest, executing, (number, case_id, home), book, rows)
        if stepwise:
            told = timeline.entries[-1]
            exact += [(clock, told) for clock in judged_anew(before, _ticking(timeline, book))]
    for past in history.steps:
        if "into" in past.facts:
            others.key(str(past.facts["into"]), "into")
    columns = case_row(
        timeline=timeline, units=book.keys, default_unit=home, digest=digest, cases=others.keys
    )
    again = timeline.entries[0].facts.get("repeat_of")
    earlier = others.key(str(again), "repeat_of") if again else None
    times = others.times.get(str(again), 1) + 1 if again else 1
    others.times[number] = times
    if earlier is not None:
        rows.repeated.add(earlier)
    rows.cases.append(
        (
            case_id,
            number,
            history.loop,
            history.premises_id,
            history.customer_id,
            history.account_id,
            earlier,
            times,
            history.imported,
            *_OF_CASE(columns),
        )
    )
    common: dict[str, Any] = {
        "case_id": case_id,
        "loop": history.loop,
        "units": book.keys,
        "default_unit": home,
        "imported": history.imported,
    }
    for now in timeline.rounds:
        row = cycle_row(now=now, **common)
        rows.cycles.append(_OF_CYCLE(row))
    _clock_rows(timeline, exact if stepwise else None, common, book, rows)


def _looks_back(step: Step | None) -> bool:
    """Whether a step may change what was judged before it, so that each verdict must be followed as it came."""
    return step is not None and (step.corrects or step.suspends or bool(step.speaks_of))


def _clock_rows(
    timeline: Timeline,
    exact: list[tuple[Ticking, Told]] | None,
    common: Mapping[str, Any],
    book: _Book,
    rows: _Batch,
) -> None:
    keys = {}
    by_seq = {told.seq: told for told in timeline.entries}
    final = _ticking(timeline, book)
    for clock in final:
        row = clock_row(clock=clock, **common)
        keys[clock.promise, clock.cycle] = row["id"]
        rows.clocks.append(_OF_CLOCK(row))
    judged = (
        exact
        if exact is not None
        else [
            (clock, by_seq[clock.decided_by])
            for clock in final
            if clock.decided_by is not None and clock.verdict
        ]
    )
    for clock, told in judged:
        row = verdict_row(
            clock_id=keys[clock.promise, clock.cycle], clock=clock, recorded_at=told.recorded_at
        )
        rows.verdicts.append(_OF_VERDICT(row))
    if any(clock.verdict == "broken" for clock, _ in judged) and not common["imported"]:
        found = {
            (clock.promise, clock.cycle): told.recorded_at
            for clock, told in reversed(judged)
            if clock.verdict == "broken"
        }
        told_of = {name: value for name, value in common.items() if name != "imported"}
        for row in breach_rows(
            clocks=final,
            said=timeline.said,
            found_at=lambda clock: found.get((clock.promise, clock.cycle), timeline.entries[-1].recorded_at),
            **told_of,
        ):
            rows.breaches.append([row[name] for name in BREACH_COLUMNS])


def _ticking(timeline: Timeline, book: _Book) -> list[Ticking]:
    if not timeline.entries:
        return []
    return clocks(
        rounds=timeline.rounds, promises_on=book.promises_on(timeline.loop.code), calendar=book.calendar
    )


def _step(
    history: History,
    past: Past,
    timeline: Timeline,
    previous: bytes,
    executing: set[UUID],
    case: tuple[str, UUID, UUID | None],
    book: _Book,
    rows: _Batch,
) -> bytes:
    number, case_id, home = case
    columns = timeline.round.columns
    unit = book.keys[str(columns["unit"])] if columns.get("unit") else home
    crew = book.keys[str(columns["crew"])] if columns.get("crew") else None
    about = book.keys.get(str(columns["about"])) if columns.get("about") else None
    named = book.keys.get(str(past.facts["unit"])) if past.facts.get("unit") else None
    step, held, facts = admit(
        timeline=timeline,
        proposal=Proposal(
            step=past.step,
            at=past.at,
            recorded_at=past.recorded_at,
            actor_id=past.actor_id,
            facts=past.facts,
            notes=past.notes,
            bureau_path=book.paths[unit] if unit else "",
            crew_path=book.paths[crew] if crew else "",
            imported=history.imported,
            named_path=book.paths[named] if named else "",
            avoided_path=book.paths[about] if about else "",
        ),
        held=book.roster.at(past.actor_id, past.at),
        executing_bureaus=frozenset(executing),
    )
    for code in facts:
        fact = step.fact(code)
        if fact is None:
            continue
        if fact.kind is FactKind.unit and str(facts[code]) not in book.keys:
            raise UnknownUnit(str(facts[code]), code)
        if fact.kind is FactKind.listed and not history.imported:
            day = past.at.astimezone(book.calendar.zone).date()
            if standards.leaf(fact.listing, str(facts[code]), day) is None:
                raise UnknownLeaf(fact, str(facts[code]))
    told = Told(
        timeline.last_seq + 1,
        timeline.round.number,
        step.code,
        past.at,
        past.recorded_at,
        past.actor_id,
        held.unit_id,
        facts,
    )
    timeline.add(told)
    if step.side == "execution" and (bureau := book.bureaus.get(held.unit_id)):
        executing.add(bureau)
    hashes = dict(_notes(past, case_id, told.seq, rows)) if past.notes else {}
    text = cases.canonical_text(facts)
    digest = entry_digest(
        previous=previous, number=number, side=str(step.side), entry=told, notes=hashes, facts=text
    )
    rows.entries.append(
        (
            case_id,
            told.seq,
            told.cycle,
            told.step,
            str(step.side),
            told.at,
            told.recorded_at,
            told.actor_id,
            told.unit_id,
            text,
            digest,
        )
    )
    return digest


def _notes(past: Past, case_id: UUID, seq: int, rows: _Batch) -> Iterator[tuple[str, str]]:
    for name, text in sorted(past.notes.items()):
        if text:
            row = note_row(case_id=case_id, seq=seq, field=name, text=text, salt=secrets.token_bytes(16))
            rows.notes.append(list(row.values()))
            yield name, row["hash"]


def _write(rows: _Batch) -> None:
    cases.share_lock()
    cases.copy(table="cases_case", columns=_CASE, rows=rows.cases)
    cases.copy(table="cases_entry", columns=ENTRY_COLUMNS, rows=rows.entries)
    cases.copy(table="cases_note", columns=NOTE_COLUMNS, rows=rows.notes)
    cases.copy(table="cases_cycle", columns=CYCLE_COLUMNS, rows=rows.cycles)
    promises.copy_clocks(columns=CLOCK_COLUMNS, rows=rows.clocks)
    promises.copy_verdicts(columns=VERDICT_COLUMNS, rows=rows.verdicts)
    if rows.breaches:
        promises.copy_breaches(columns=BREACH_COLUMNS, rows=rows.breaches)
    if rows.repeated:
        cases.mark_repeats(case_ids=rows.repeated, window_days=REPEAT_WINDOW_DAYS)
