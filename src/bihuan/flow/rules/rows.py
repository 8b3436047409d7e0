"""The rows that follow from a timeline: case, cycles, clocks, verdicts. One step and a replay write the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bihuan.cases.rules import Round, Said, Timeline, Told, note_hash
from bihuan.kernel.ids import uuid7
from bihuan.kernel.step import MOMENTS
from bihuan.promises.rules import Ticking, breaches

ANSWERS = (
    *("solved", "rang_on_arrival", "contacted_first_day", "customer_arrived_at", "source_due"),
    *("appointment", "agreed_due"),
)
TEXTS = (
    *("area", "customer_class", "kind", "leaf", "severity", "source", "satisfaction"),
    *("callback", "responsibility"),
)
COUNTS = (
    *("attempts", "returns", "urges", "redirects", "suspensions", "supervisions"),
    *("appeals", "reworks", "written_off"),
)
AMOUNTS = ("amount_due", "amount_paid", "amount_recovered")

CYCLE_COLUMNS = (
    "id",
    "case_id",
    "cycle",
    "loop",
    "unit_id",
    "crew_id",
    *(f"{moment}_at" for moment in MOMENTS),
    "ending",
    *ANSWERS,
    *TEXTS,
    *COUNTS,
    *AMOUNTS,
    "imported",
    "recorded_at",
)
"""Every column that is derived from the timeline; `repeated_at` comes from another case."""

CASE_COLUMNS = (
    "state",
    "cycle",
    "last_seq",
    "unit_id",
    "crew_id",
    "area",
    "customer_class",
    "kind",
    "urgency",
    "source",
    "leaf",
    "severity",
    "confidential",
    "about_id",
    "had",
    "parent_id",
    "suspended_at",
    "reached_at",
    "changed_at",
    "ended_at",
    "opened_at",
    "digest",
)
"""The columns of a case that a step may change."""

CLOCK_COLUMNS = (
    "id",
    "case_id",
    "loop",
    "promise",
    "cycle",
    "kind",
    "pack",
    "edition",
    "clause",
    "public",
    "unit_id",
    "area",
    "customer_class",
    "amount",
    "amount_unit",
    "started_at",
    "due_at",
    "by_day",
    "internal_due_at",
    "suspended_at",
    "ended_at",
    "void_at",
    "provisional",
    "imported",
)

VERDICT_COLUMNS = ("id", "clock_id", "verdict", "late_seconds", "seq", "recorded_at")


def case_row(
    *,
    timeline: Timeline,
    units: Mapping[str, UUID],
    default_unit: UUID | None,
    digest: bytes,
    cases: Mapping[str, UUID] | None = None,
) -> dict[str, Any]:
    """What a case shows of its timeline. `units` maps the codes named in facts to keys, `cases` the numbers."""
    now = timeline.round
    columns = now.columns
    unit = _unit(columns.get("unit"), units) or default_unit
    parent = columns.get("parent")
    return {
        "state": timeline.state,
        "cycle": now.number,
        "last_seq": timeline.last_seq,
        "unit_id": unit,
        "crew_id": _unit(columns.get("crew"), units),
        "area": columns.get("area", ""),
        "customer_class": columns.get("customer_class", ""),
        "kind": columns.get("kind", ""),
        "urgency": columns.get("urgency", ""),
        "source": columns.get("source", ""),
        "leaf": columns.get("leaf", ""),
        "severity": columns.get("severity", ""),
        "confidential": timeline.loop.confidential or columns.get("confidential") is True,
        "about_id": _unit(columns.get("about"), units),
        "had": sorted(
            {units[code] for code in timeline.units}
            | timeline.executed_in
            | ({default_unit} if default_unit and not timeline.units else set())
        ),
        "parent_id": (cases or {})[str(parent)] if parent else None,
        "suspended_at": now.suspended_at,
        "reached_at": timeline.reached_at,
        "changed_at": timeline.entries[-1].recorded_at,
        "ended_at": timeline.ended_at,
        "opened_at": timeline.rounds[0].moments["accepted"],
        "digest": digest,
    }


def cycle_row(
    *,
    case_id: UUID,
    loop: str,
    now: Round,
    units: Mapping[str, UUID],
    default_unit: UUID | None,
    imported: bool,
) -> dict[str, Any]:
    """One cycle's moments and answers as typed columns."""
    columns = now.columns
    row: dict[str, Any] = {
        "id": uuid7(),
        "case_id": case_id,
        "cycle": now.number,
        "loop": loop,
        "unit_id": _unit(columns.get("unit"), units) or default_unit,
        "crew_id": _unit(columns.get("crew"), units),
        "ending": now.ending,
        "imported": imported,
        "recorded_at": now.recorded_at,
    }
    for moment in MOMENTS:
        row[f"{moment}_at"] = now.moments.get(moment)
    for name in ANSWERS:
        row[name] = columns.get(name)
    for name in TEXTS:
        row[name] = columns.get(name, "")
    for name in COUNTS:
        row[name] = now.counts.get(name, 0)
    for name in AMOUNTS:
        row[name] = columns.get(name, 0)
    return row


def clock_row(
    *,
    case_id: UUID,
    loop: str,
    clock: Ticking,
    units: Mapping[str, UUID],
    default_unit: UUID | None,
    imported: bool,
) -> dict[str, Any]:
    """One running or ended clock."""
    return {
        "id": uuid7(),
        "case_id": case_id,
        "loop": loop,
        "promise": clock.promise,
        "cycle": clock.cycle,
        "kind": clock.kind,
        "pack": clock.pack,
        "edition": clock.edition,
        "clause": clock.clause,
        "public": clock.public,
        "unit_id": _unit(clock.unit, units) or default_unit,
        "area": clock.area,
        "customer_class": clock.customer_class,
        "amount": clock.amount,
        "amount_unit": clock.amount_unit,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "by_day": clock.by_day,
        "internal_due_at": clock.internal_due_at,
        "suspended_at": clock.suspended_at,
        "ended_at": clock.ended_at,
        "void_at": clock.void_at,
        "provisional": clock.provisional,
        "imported": imported,
    }


def verdict_row(*, clock_id: UUID | None, clock: Ticking, recorded_at: datetime) -> dict[str, Any]:
    """The verdict that an entry decided."""
    return {
        "id": uuid7(),
        "clock_id": clock_id,
        "verdict": clock.verdict,
        "late_seconds": clock.late_seconds,
        "seq": clock.decided_by,
        "recorded_at": recorded_at,
    }


BREACH_COLUMNS = (
    "id",
    "case_id",
    "loop",
    "promise",
    "cycle",
    "public",
    "unit_id",
    "due_at",
    "found_at",
    "late_seconds",
    "decided_by",
    "lifted",
    "cause",
    "explained_at",
    "exemption",
    "exemption_reason",
    "exempted_at",
    "compensation_due",
    "compensation_paid",
    "currency",
)


def breach_rows(
    *,
    case_id: UUID,
    loop: str,
    clocks: Iterable[Ticking],
    said: Iterable[Said],
    units: Mapping[str, UUID],
    default_unit: UUID | None,
    found_at: Callable[[Ticking], datetime],
) -> list[dict[str, Any]]:
    """The breaches of a case. `found_at` says when each was first known."""
    by_key = {(clock.promise, clock.cycle): clock for clock in clocks}
    rows = []
    for broken in breaches(by_key.values(), said):
        clock = by_key[broken.promise, broken.cycle]
        row: dict[str, Any] = {
            "id": uuid7(),
            "case_id": case_id,
            "loop": loop,
            "public": clock.public,
            "unit_id": _unit(clock.unit, units) or default_unit,
            "due_at": clock.due_at,
            "found_at": found_at(clock),
        }
        for name in BREACH_COLUMNS:
            if name not in row:
                row[name] = getattr(broken, name)
        rows.append({name: row[name] for name in BREACH_COLUMNS})
    return rows


ENTRY_COLUMNS = (
    "case_id",
    "seq",
    "cycle",
    "step",
    "side",
    "at",
    "recorded_at",
    "actor_id",
    "unit_id",
    "facts",
    "digest",
)
NOTE_COLUMNS = ("id", "case_id", "seq", "field", "text", "salt", "hash", "erased_at")


def entry_row(*, case_id: UUID, told: Told, side: str, digest: bytes) -> dict[str, Any]:
    """One entry as it is written; `facts` stay a mapping."""
    return dict(
        zip(
            ENTRY_COLUMNS,
            (
                case_id,
                told.seq,
                told.cycle,
                told.step,
                side,
                told.at,
                told.recorded_at,
                told.actor_id,
                told.unit_id,
                dict(told.facts),
                digest,
            ),
            strict=True,
        )
    )


def note_row(*, case_id: UUID, seq: int, field: str, text: str, salt: bytes) -> dict[str, Any]:
    """One erasable text, tied in by its salted hash."""
    hashed = note_hash(salt=salt, text=text)
    return dict(zip(NOTE_COLUMNS, (uuid7(), case_id, seq, field, text, salt, hashed, None), strict=True))


def changed(before: Iterable[Ticking], after: Iterable[Ticking]) -> list[Ticking]:
    """Clocks that a step started, ended, voided or moved."""
    known = {(clock.promise, clock.cycle): clock for clock in before}
    return [clock for clock in after if known.get((clock.promise, clock.cycle)) != clock]


def as_started(
    clocks: Iterable[Ticking], kept: Mapping[tuple[str, int], tuple[datetime, bool]]
) -> list[Ticking]:
    """Clocks under the limit with which they started, whatever their pack's text says by now: a text may be edited in its
    file. `kept` says when each is due and whether that is a midnight.
    """
    return [
        clock
        if (found := kept.get((clock.promise, clock.cycle))) is None or found == (clock.due_at, clock.by_day)
        else replace(clock, due_at=found[0], by_day=found[1])
        for clock in clocks
    ]


def judged_anew(before: Iterable[Ticking], after: Iterable[Ticking]) -> list[Ticking]:
    """Clocks whose verdict or its moment a step decided."""
    known = {(clock.promise, clock.cycle): (clock.verdict, clock.ended_at, clock.due_at) for clock in before}
    return [
        clock
        for clock in after
        if clock.verdict
        and known.get((clock.promise, clock.cycle)) != (clock.verdict, clock.ended_at, clock.due_at)
    ]


def _unit(code: object, units: Mapping[str, UUID]) -> UUID | None:
    return units[str(code)] if code else None
