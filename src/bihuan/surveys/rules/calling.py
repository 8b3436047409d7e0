"""Which call is next: the customer's own time, then the oldest due; quiet hours kept, attempts spaced, claims respected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from bihuan.surveys.rules.duties import Duty

FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A round that is done and whose customer hasn't been heard. `seq` is the newest entry; `ring_at` the moment that
    the customer asked for at the last attempt; `claimed_by` and `claimed_until` somebody's lease on it."""

    case_id: UUID
    number: str
    cycle: int
    seq: int
    loop: str
    done_at: datetime
    due_at: datetime | None = None
    attempts: int = 0
    last_attempt_at: datetime | None = None
    ring_at: datetime | None = None
    claimed_by: UUID | None = None
    claimed_until: datetime | None = None

    def held_by_another(self, actor_id: UUID, at: datetime) -> bool:
        """Whether somebody else has it before him now."""
        return (
            self.claimed_by not in (None, actor_id)
            and self.claimed_until is not None
            and at < self.claimed_until
        )


FARTHEST = timedelta(days=14)
"""A customer's own time lies at most so long after the attempt at which he asked for it: no call is put off for ever."""


def agreed(ring_at: datetime | None, attempt_at: datetime) -> datetime | None:
    """The moment that a customer asked for at an attempt, if it is one to go by: after it, and not too long after."""
    return ring_at if ring_at is not None and attempt_at < ring_at <= attempt_at + FARTHEST else None


class Why(StrEnum):
    """Why a call can be made now, or can't."""

    own_time = "own_time"
    due = "due"
    spaced = "spaced"
    quiet = "quiet"
    later = "later"


class Turn(NamedTuple):
    """A waiting call with the moment from which it may be made, and why then."""

    waiting: Waiting
    rings_at: datetime
    why: Why

    def ready(self, at: datetime) -> bool:
        """Whether it may be made now."""
        return self.rings_at <= at


def turn(waiting: Waiting, duty: Duty, zone: tzinfo, at: datetime) -> Turn:
    """When this customer may be rung.

    1. He asked for a moment: not before it; at it even in a quiet hour, for as long as `own_time` lasts; after that
       as anybody else. 2. Otherwise not before `spacing` after the last attempt, and 3. never in quiet hours.
    """
    asked = waiting.ring_at
    if asked is not None:
        if at < asked:
            return Turn(waiting, asked, Why.later)
        if at < asked + duty.own_time or not duty.is_quiet(at, zone):
            return Turn(waiting, asked, Why.own_time)
        return Turn(waiting, duty.rings_from(at, zone), Why.quiet)
    ready_at = waiting.done_at
    why = Why.due
    if waiting.last_attempt_at is not None:
        ready_at = waiting.last_attempt_at + duty.spacing
        why = Why.spaced if ready_at > at else Why.due
    earliest = max(ready_at, at)
    allowed = duty.rings_from(earliest, zone)
    if allowed > earliest:
        return Turn(waiting, allowed, Why.quiet)
    return Turn(waiting, ready_at if ready_at <= at else earliest, why)


def line_up(
    waiting: Iterable[Waiting],
    *,
    duty_of: Callable[[Waiting], Duty],
    zone: tzinfo,
    at: datetime,
) -> list[Turn]:
    """Every call in the order in which it is made: those that may be made now, the customer's own time first and then
    the oldest due; after them the others by the moment from which they may."""
    turns = [turn(one, duty_of(one), zone, at) for one in waiting]
    return sorted(turns, key=lambda one: _order(one, at))


def offered(turns: Sequence[Turn], *, actor_id: UUID, at: datetime) -> list[Waiting]:
    """What may be offered to this person now, best first: his own claim before anything else, nobody else's ever."""
    free = [one.waiting for one in turns if one.ready(at) and not one.waiting.held_by_another(actor_id, at)]
    mine = [
        one for one in free if one.claimed_by == actor_id and one.claimed_until and at < one.claimed_until
    ]
    return mine + [one for one in free if one not in mine]


def _order(one: Turn, at: datetime) -> tuple[int, datetime, datetime, datetime, str]:
    waiting = one.waiting
    due = waiting.due_at or FAR
    if not one.ready(at):
        return 2, one.rings_at, due, waiting.done_at, waiting.number
    if one.why is Why.own_time:
        return 0, one.rings_at, due, waiting.done_at, waiting.number
    return 1, due, waiting.done_at, waiting.done_at, waiting.number


class Tried(NamedTuple):
    """An attempt: which of the customer's numbers (the first is 1), what came of it, when, and for when he asked."""

    number: int
    reason: str
    at: datetime = FAR
    ring_at: datetime | None = None


def counted(tried: Iterable[Tried], spacing: timedelta) -> int:
    """How many attempts count: each so long after the last one that counted, or at the moment that the customer asked for."""
    made, last, asked = 0, None, None
    for one in sorted(tried, key=lambda each: each.at):
        if last is None or one.at - last >= spacing or (asked is not None and one.at >= asked):
            made, last = made + 1, one.at
            asked = None
        asked = one.ring_at or asked
    return made


def next_number(numbers: int, tried: Iterable[Tried]) -> int | None:
    """Which of so many numbers to ring: the one at which the customer asked for another time; else, among those not
    known to be wrong, the one tried least, the first of them. None when every number is wrong or there is none."""
    made = list(tried)
    if made and made[-1].reason == "later" and 1 <= made[-1].number <= numbers:
        return made[-1].number
    wrong = {one.number for one in made if one.reason == "wrong_number"}
    left = [place for place in range(1, numbers + 1) if place not in wrong]
    counts = {place: sum(one.number == place for one in made) for place in left}
    return min(left, key=lambda place: (counts[place], place), default=None)
