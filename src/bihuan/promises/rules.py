"""Which clocks a case's cycles start, how they stand, and what is judged of them. Values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bihuan.cases.rules import Round
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.limit import due
from bihuan.kernel.promise import Promise

SOURCE_DUE = "source-due"
"""The promise that somebody else's system gave with the case."""


class Standing(StrEnum):
    """How a clock stands. `close` is a running clock in the last 30 % of its time."""

    running = "running"
    close = "close"
    kept = "kept"
    broken = "broken"
    void = "void"


@dataclass(frozen=True, slots=True)
class Ticking:
    """A clock as the rules make it; the row of `Clock` follows it."""

    promise: str
    cycle: int
    pack: str
    edition: str
    clause: str
    public: bool
    area: str
    customer_class: str
    unit: str
    amount: int
    amount_unit: str
    started_at: datetime
    due_at: datetime
    by_day: bool
    ended_at: datetime | None
    void_at: datetime | None
    provisional: bool
    decided_by: int | None

    @property
    def verdict(self) -> str:
        """`kept`, `broken` or `void` once a step has decided it, else empty."""
        if self.void_at is not None:
            return "void"
        if self.ended_at is None:
            return ""
        return "kept" if in_time(due_at=self.due_at, by_day=self.by_day, ended_at=self.ended_at) else "broken"

    @property
    def late_seconds(self) -> int:
        """Whole seconds over the limit; 0 when kept or undecided."""
        if self.ended_at is None or self.verdict != "broken":
            return 0
        return max(1, int((self.ended_at - self.due_at).total_seconds()))


def in_time(*, due_at: datetime, by_day: bool, ended_at: datetime) -> bool:
    """A limit in days ends before the midnight `due_at`; one in minutes or hours at `due_at` itself."""
    return ended_at < due_at if by_day else ended_at <= due_at


def standing(
    *,
    started_at: datetime,
    due_at: datetime,
    by_day: bool,
    ended_at: datetime | None,
    void_at: datetime | None,
    at: datetime,
) -> Standing:
    """How a clock stands at `at`: what happened later isn't known yet."""
    if void_at is not None and void_at <= at:
        return Standing.void
    if ended_at is not None and ended_at <= at:
        return Standing.kept if in_time(due_at=due_at, by_day=by_day, ended_at=ended_at) else Standing.broken
    if not in_time(due_at=due_at, by_day=by_day, ended_at=at):
        return Standing.broken
    close = at - started_at >= (due_at - started_at) * 7 / 10
    return Standing.close if close else Standing.running


def clocks(
    *, rounds: Iterable[Round], promises_on: Callable[[date], Iterable[Promise]], calendar: Calendar
) -> list[Ticking]:
    """Every clock of a case, from its cycles and the promises valid on the day each clock started."""
    return [clock for now in rounds for clock in _of_round(now, promises_on, calendar)]


def _of_round(
    now: Round, promises_on: Callable[[date], Iterable[Promise]], calendar: Calendar
) -> Iterable[Ticking]:
    accepted = now.moments.get("accepted")
    if accepted is None:
        return
    for promise in promises_on(accepted.astimezone(calendar.zone).date()):
        started = now.moments.get(promise.starts)
        if started is None or promise.kind != "step_limit":
            continue
        area, klass = str(now.columns.get("area", "")), str(now.columns.get("customer_class", ""))
        limit = promise.limit_for(area=area or None, customer_class=klass or None)
        if limit is None:
            continue
        end = due(start=started, limit=limit, calendar=calendar)
        ended_at, void_at, decided_by = _end(now, keeps=promise.keeps, due_at=end.at, by_day=end.by_day)
        yield Ticking(
            promise=promise.code,
            cycle=now.number,
            pack=promise.pack,
            edition=promise.edition,
            clause=promise.clause,
            public=promise.public,
            area=area,
            customer_class=klass,
            unit=str(now.columns.get("unit", "")),
            amount=limit.amount,
            amount_unit=str(limit.unit),
            started_at=started,
            due_at=end.at,
            by_day=end.by_day,
            provisional=end.provisional,
            ended_at=ended_at,
            void_at=void_at,
            decided_by=decided_by,
        )
    if now.number == 1 and "source_due" in now.columns:
        yield _source_clock(now, accepted)


def _source_clock(now: Round, accepted: datetime) -> Ticking:
    due_at = now.columns["source_due"]
    if not isinstance(due_at, datetime):
        raise TypeError("the fold turns a moment into a datetime")
    ended_at, void_at, decided_by = _end(now, keeps="done", due_at=due_at, by_day=False)
    return Ticking(
        promise=SOURCE_DUE,
        cycle=now.number,
        pack="source",
        edition="",
        clause="",
        public=True,
        area=str(now.columns.get("area", "")),
        customer_class=str(now.columns.get("customer_class", "")),
        unit=str(now.columns.get("unit", "")),
        amount=0,
        amount_unit="",
        started_at=accepted,
        due_at=due_at,
        by_day=False,
        provisional=False,
        ended_at=ended_at,
        void_at=void_at,
        decided_by=decided_by,
    )


def _end(
    now: Round, *, keeps: str, due_at: datetime, by_day: bool
) -> tuple[datetime | None, datetime | None, int | None]:
    """When it was kept, when it became void, and the entry that decided."""
    ended = now.moments.get(keeps)
    if ended is not None:
        return ended, None, now.marked_by[keeps]
    stopped = now.moments.get("ended")
    if (
        now.ending == "withdrawn"
        and stopped is not None
        and in_time(due_at=due_at, by_day=by_day, ended_at=stopped)
    ):
        return None, stopped, now.marked_by["ended"]
    return None, None, None
