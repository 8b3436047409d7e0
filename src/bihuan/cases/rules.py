"""What a timeline says: the state, the cycles and their moments, derived from entries and from nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from bihuan.kernel.fact import FactKind, FactValue, parse_moment
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import EXECUTION, SAME, START, VERIFICATION, Step

FIRST_DIGEST = bytes(32)
"""What the first entry of a case is chained to."""

REPEAT_WINDOW_DAYS = 30
"""Calendar days in which the same matter counts as not solved the first time (domain.md 3.9, DESIGN)."""

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
"""Before anything was recorded."""


class Told(NamedTuple):
    """An entry as the rules see it. Times are aware and in UTC."""

    seq: int
    cycle: int
    step: str
    at: datetime
    recorded_at: datetime
    actor_id: UUID
    unit_id: UUID | None
    facts: Mapping[str, FactValue]


class Said(NamedTuple):
    """What an entry says of a broken promise: `speaks` is explain, ask, grant, refuse or pay."""

    speaks: str
    promise: str
    cycle: int
    seq: int
    at: datetime
    facts: Mapping[str, FactValue]


class Standstill(NamedTuple):
    """A time in which a case could not go on, and why; `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass(slots=True)
class Round:
    """One cycle of a case: its moments, the coded answers, and which entry marked each moment."""

    number: int
    moments: dict[str, datetime] = field(default_factory=dict)
    marked_by: dict[str, int] = field(default_factory=dict)
    columns: dict[str, FactValue | datetime] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    reached: dict[str, datetime] = field(default_factory=dict)
    standstills: list[Standstill] = field(default_factory=list)
    ending: str = ""
    recorded_at: datetime = LONG_AGO

    @property
    def suspended_at(self) -> datetime | None:
        """Since when the case stands still, if it does."""
        last = self.standstills[-1] if self.standstills else None
        return last.start if last and last.end is None else None

    def resume(self, at: datetime) -> None:
        """Go on: an open standstill ends, at the earliest where it began."""
        if self.suspended_at is not None:
            last = self.standstills[-1]
            self.standstills[-1] = last._replace(end=max(at, last.start))

    def opened(self, at: datetime, seq: int) -> Round:
        """The cycle that a send-back opens: what the case is stays, what happened starts anew."""
        kept = _KEPT
        return Round(
            self.number + 1,
            moments={"accepted": at},
            marked_by={"accepted": seq},
            columns={name: self.columns[name] for name in kept if name in self.columns},
        )


_KEPT = (
    *("kind", "leaf", "urgency", "severity", "area", "customer_class", "source", "unit"),
    *("about", "confidential", "callback", "responsibility", "parent", "agreed_due"),
)
"""What a case is, and stays when it goes round again."""


_PLACES = frozenset({"unit", "crew"})


class Timeline:
    """The entries of one case, folded as they come. State follows `seq`, moments follow `at`."""

    def __init__(self, loop: Loop, entries: Iterable[Told] = ()) -> None:
        self.loop = loop
        self.entries: list[Told] = []
        self._clear()
        for entry in entries:
            self.add(entry)

    def _clear(self) -> None:
        self.state = START
        self.reached_at = LONG_AGO
        self.rounds: list[Round] = [Round(1)]
        self.executed_by: set[UUID] = set()
        self.executed_in: set[UUID] = set()
        self.verified_by: set[UUID] = set()
        self.said: list[Said] = []
        self.units: dict[str, None] = {}
        self.ended_at: datetime | None = None

    @property
    def last_seq(self) -> int:
        """The number of the newest entry; 0 before the first."""
        return self.entries[-1].seq if self.entries else 0

    @property
    def round(self) -> Round:
        """The cycle that is going on, or the last one."""
        return self.rounds[-1]

    def total(self, column: str) -> int:
        """What a column that entries add to comes to over all rounds."""
        return sum(int(str(now.columns.get(column, 0))) for now in self.rounds)

    def add(self, entry: Told) -> None:
        """Take in the next entry. A correction makes the whole be read again with the corrected value."""
        self.entries.append(entry)
        if self._step(entry).corrects:
            self._clear()
            for told in corrected(self.loop, self.entries):
                self._fold(told)
        else:
            self._fold(entry)

    def effective(self) -> list[Told]:
        """The entries with every correction applied."""
        return corrected(self.loop, self.entries)

    def _step(self, entry: Told) -> Step:
        step = self.loop.step(entry.step)
        if step is None:
            raise ValueError(
                f"{self.loop.file}: a timeline holds the step '{entry.step}', which isn't declared."
            )
        return step

    def _fold(self, entry: Told) -> None:
        step = self._step(entry)
        now = self.rounds[entry.cycle - 1]
        now.recorded_at = max(now.recorded_at, entry.recorded_at)
        now.taken[step.code] = now.taken.get(step.code, 0) + 1
        if step.corrects:
            return
        for moment in step.marks:
            if moment not in now.moments or entry.at < now.moments[moment]:
                now.moments[moment] = entry.at
                now.marked_by[moment] = entry.seq
        _state_columns(step, entry, now)
        for name in _PLACES & entry.facts.keys():
            self.units[str(entry.facts[name])] = None
        if step.parts:
            now.columns.pop("parent", None)
        if step.speaks_of and {"promise", "round"} <= entry.facts.keys():
            said = entry.facts
            self.said.append(
                Said(
                    step.speaks_of, str(said["promise"]), int(said["round"]), entry.seq, entry.at, entry.facts
                )
            )
        if step.counts:
            now.counts[step.counts] = now.counts.get(step.counts, 0) + 1
        if step.side is EXECUTION:
            self.executed_by.add(entry.actor_id)
            if entry.unit_id is not None:
                self.executed_in.add(entry.unit_id)
        elif step.side is VERIFICATION:
            self.verified_by.add(entry.actor_id)
        if step.suspends and now.suspended_at is None:
            now.standstills.append(Standstill(entry.at, None, str(entry.facts.get("reason", ""))))
        if step.resumes or step.reaches != SAME:
            now.resume(entry.at)
        if step.reaches != SAME:
            self.state = step.reaches
            self.reached_at = entry.at
            now.reached.setdefault(step.reaches, entry.at)
        if step.ending:
            now.ending = step.ending
            now.moments.setdefault("ended", entry.at)
            now.marked_by.setdefault("ended", entry.seq)
        if step.ends:
            self.ended_at = entry.at
        if step.opens_cycle:
            self.rounds.append(now.opened(entry.at, entry.seq))
            self.round.reached[step.reaches] = entry.at


def corrected(loop: Loop, entries: Iterable[Told]) -> list[Told]:
    """Every entry with what later corrections say of it; the corrections themselves stay in their place."""
    told = list(entries)
    place = {entry.seq: index for index, entry in enumerate(told)}
    for entry in list(told):
        step = loop.step(entry.step)
        if step is None or not step.corrects:
            continue
        index = place.get(int(entry.facts["seq"]))
        if index is None:
            continue
        old = told[index]
        new_at = entry.facts.get("new_at")
        changed = {key: value for key, value in entry.facts.items() if key not in ("seq", "reason", "new_at")}
        told[index] = old._replace(
            at=parse_moment(str(new_at)) if new_at else old.at,
            facts={**old.facts, **changed},
        )
    return told


def _state_columns(step: Step, entry: Told, now: Round) -> None:
    for code, value in entry.facts.items():
        fact = step.fact(code)
        if fact is None or not fact.column:
            # a correction may have added a fact that only `correct` declares
            if code in ("area", "customer_class", "severity"):
                now.columns[code] = value
            continue
        if fact.adds:
            value = int(value) + int(str(now.columns.get(fact.column, 0)))
        now.columns[fact.column] = parse_moment(str(value)) if fact.kind is FactKind.moment else value


def note_hash(*, salt: bytes, text: str) -> str:
    """The salted hash that ties an erasable text into its entry's digest."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def entry_digest(
    *,
    previous: bytes,
    number: str,
    side: str,
    entry: Told,
    notes: Mapping[str, str],
    facts: str | None = None,
) -> bytes:
    """SHA-256 over the previous digest and the canonical JSON (RFC 8785) of the entry.

    Facts hold only text, whole numbers and true or false, and keys are ASCII, so that sorted keys without
    blanks are the canonical form; `facts` is that form of the entry's, where somebody has it already. `notes` maps the field
    of each erasable text to its salted hash.
    """
    unit = f'"{entry.unit_id}"' if entry.unit_id else "null"
    noted = _ENCODER.encode(dict(notes)) if notes else "{}"
    # Written out in the order of the keys: a dictionary through the encoder takes three times as long.
    told = (
        f'{{"actor":"{entry.actor_id}","at":{_microseconds(entry.at)},"case":{_ENCODER.encode(number)},'
        f'"cycle":{entry.cycle},"facts":{facts or _ENCODER.encode(dict(entry.facts))},"notes":{noted},'
        f'"recorded_at":{_microseconds(entry.recorded_at)},"seq":{entry.seq},"side":"{side}","step":"{entry.step}",'
        f'"unit":{unit}}}'
    )
    return hashlib.sha256(previous + told.encode()).digest()


def canonical(value: object) -> bytes:
    """Canonical JSON of a value without floating-point numbers."""
    return canonical_string(value).encode()


def canonical_string(value: object) -> str:
    """The same as text."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(at: datetime) -> int:
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
