"""Which clocks a case's cycles start, how they stand, and what is judged of them. Values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bihuan.cases.rules import Round, Said
from bihuan.kernel.calendar import Calendar
from bihuan.kernel.limit import Pause, due, latest
from bihuan.kernel.promise import Compensation, Promise, Warn, owed, working_days_late

_TIMED = ("step_limit", "average")
"""Kinds whose promise runs on a case. A notice before an event belongs to what gives the notice."""

LIFTS = ("withdrawn", "terminated", "exempt")
"""Endings after which nothing that was still promised is owed: it was taken back, lawfully ended, or nobody is to be called."""

SOURCE_DUE = "source-due"
"""The promise that somebody else's system gave with the case."""
AGREED_DUE = "agreed-due"
"""The day by which those who met agreed that something is to be done."""


class Standing(StrEnum):
    """How a clock stands. `close` is a running clock in the last 30 % of its time, `suspended` one that stands still;
    `measured` belongs to an average, which no single case can break."""

    running = "running"
    close = "close"
    suspended = "suspended"
    measured = "measured"
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
    kind: str = "step_limit"
    internal_due_at: datetime | None = None
    suspended_at: datetime | None = None
    compensation: Compensation | None = None
    calendar: Calendar | None = field(default=None, repr=False, compare=False)

    @property
    def verdict(self) -> str:
        """`kept`, `broken` or `void` once a step has decided it, else empty."""
        if self.void_at is not None:
            return "void"
        if self.ended_at is None or self.kind == "average":
            return ""
        return "kept" if in_time(due_at=self.due_at, by_day=self.by_day, ended_at=self.ended_at) else "broken"

    @property
    def late_seconds(self) -> int:
        """Whole seconds over the limit; 0 when kept or undecided."""
        if self.ended_at is None or self.verdict != "broken":
            return 0
        return max(1, int((self.ended_at - self.due_at).total_seconds()))

    @property
    def owes(self) -> int:
        """What its breach costs, in hundredths of the currency; 0 when it is kept, undecided, or nothing was promised."""
        if self.compensation is None or self.ended_at is None or self.verdict != "broken":
            return 0
        days = 0
        if self.calendar is not None:
            days = working_days_late(
                due_at=self.due_at, by_day=self.by_day, ended_at=self.ended_at, calendar=self.calendar
            )
        return owed(self.compensation, timedelta(seconds=self.late_seconds), working_days=days)


@dataclass(frozen=True, slots=True)
class Broken:
    """A broken promise and what was said of it. Sums are whole hundredths of the currency.

    `lifted`: a step recorded later had happened in time after all.
    """

    promise: str
    cycle: int
    late_seconds: int
    decided_by: int | None
    lifted: bool
    cause: str
    explained_at: datetime | None
    exemption: str
    exemption_reason: str
    exempted_at: datetime | None
    compensation_due: int
    compensation_paid: int
    currency: str


def in_time(*, due_at: datetime, by_day: bool, ended_at: datetime) -> bool:
    """A limit in days ends before the midnight `due_at`; one in minutes or hours at `due_at` itself."""
    return ended_at < due_at if by_day else ended_at <= due_at


def warned_at(
    warn: Warn, *, started_at: datetime, due_at: datetime, by_day: bool, calendar: Calendar
) -> datetime:
    """When somebody is to be told: after a share of the time, or so long before the end (never before the start)."""
    if warn.share is not None:
        return started_at + (due_at - started_at) * warn.share / 100
    if warn.before is None:
        raise ValueError("a warning has a share or a time before")
    last = due_at - timedelta(seconds=1) if by_day else due_at
    told = latest(event=last, limit=warn.before, calendar=calendar)
    return max(started_at, told.at - timedelta(days=1) if told.by_day else told.at)


def standing(
    *,
    started_at: datetime,
    due_at: datetime,
    by_day: bool,
    ended_at: datetime | None,
    void_at: datetime | None,
    at: datetime,
    kind: str = "step_limit",
    suspended_at: datetime | None = None,
) -> Standing:
    """How a clock stands at `at`: what happened later isn't known yet."""
    if void_at is not None and void_at <= at:
        return Standing.void
    if kind == "average":
        ended = ended_at is not None and ended_at <= at
        return Standing.measured if ended else Standing.running
    if ended_at is not None and ended_at <= at:
        return Standing.kept if in_time(due_at=due_at, by_day=by_day, ended_at=ended_at) else Standing.broken
    still = at if suspended_at is None else min(at, suspended_at)
    if not in_time(due_at=due_at, by_day=by_day, ended_at=still):
        return Standing.broken
    if suspended_at is not None and suspended_at <= at:
        return Standing.suspended
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
    kind_of_case = str(now.columns.get("kind", ""))
    for promise in promises_on(accepted.astimezone(calendar.zone).date()):
        started = now.moments.get(promise.starts)
        if started is None or promise.kind not in _TIMED:
            continue
        if promise.kinds and kind_of_case not in promise.kinds:
            continue
        area, klass = str(now.columns.get("area", "")), str(now.columns.get("customer_class", ""))
        place = {"area": area or None, "customer_class": klass or None}
        limit = promise.limit_for(**place)
        if limit is None:
            continue
        pauses = standstills(now, promise.suspensions)
        end = due(start=started, limit=limit, calendar=calendar, pauses=pauses)
        internal = promise.internal_for(**place)
        ended_at, void_at, decided_by = _end(now, keeps=promise.keeps, due_at=end.at, by_day=end.by_day)
        yield Ticking(
            promise=promise.code,
            cycle=now.number,
            kind=promise.kind,
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
            internal_due_at=due(start=started, limit=internal, calendar=calendar, pauses=pauses).at
            if internal
            else None,
            suspended_at=pauses[-1].start
            if pauses and pauses[-1].end is None and ended_at is None and void_at is None
            else None,
            compensation=promise.compensation_for(customer_class=klass or None)
            if promise.compensation
            else None,
            calendar=calendar,
        )
    if now.number == 1 and "source_due" in now.columns:
        yield _given(now, accepted, SOURCE_DUE, "source_due", keeps="done", public=True)
    if "agreed_due" in now.columns:
        yield _given(now, accepted, AGREED_DUE, "agreed_due", keeps="answered", public=False)


def standstills(now: Round, allowed: Collection[str]) -> list[Pause]:
    """The times in which a promise that allows these reasons stands still."""
    return [Pause(*still) for still in now.standstills if still.reason in allowed] if allowed else []


def breaches(clocks: Iterable[Ticking], said: Iterable[Said]) -> list[Broken]:
    """Every promise that a step has decided as broken, or of which something is said, with all that is said of it."""
    by_clock: dict[tuple[str, int], list[Said]] = {}
    for one in said:
        by_clock.setdefault((one.promise, one.cycle), []).append(one)
    return [
        _broken(clock, by_clock.get((clock.promise, clock.cycle), []))
        for clock in clocks
        if clock.verdict == "broken" or (clock.promise, clock.cycle) in by_clock
    ]


def _broken(clock: Ticking, said: Iterable[Said]) -> Broken:
    cause, exemption, exempt_reason, paid = "", "", "", 0
    explained_at: datetime | None = None
    exempted_at: datetime | None = None
    for one in said:
        match one.speaks:
            case "explain":
                cause, explained_at = str(one.facts.get("cause", "")), one.at
            case "ask":
                exemption, exempt_reason = "asked", str(one.facts.get("reason", ""))
            case "grant":
                exemption, exempted_at = "granted", one.at
            case "refuse":
                exemption, exempted_at = "refused", one.at
            case "pay":
                paid += int(str(one.facts.get("compensation", 0)))
    return Broken(
        promise=clock.promise,
        cycle=clock.cycle,
        late_seconds=clock.late_seconds,
        decided_by=clock.decided_by if clock.verdict == "broken" else None,
        lifted=clock.verdict in ("kept", "void"),
        cause=cause,
        explained_at=explained_at,
        exemption=exemption,
        exemption_reason=exempt_reason,
        exempted_at=exempted_at,
        compensation_due=0 if exemption == "granted" else clock.owes,
        compensation_paid=paid,
        currency=clock.compensation.currency if clock.compensation else "",
    )


def _given(now: Round, accepted: datetime, promise: str, column: str, *, keeps: str, public: bool) -> Ticking:
    """The clock of a due moment that came with the case instead of from a pack."""
    due_at = now.columns[column]
    if not isinstance(due_at, datetime):
        raise TypeError("the fold turns a moment into a datetime")
    ended_at, void_at, decided_by = _end(now, keeps=keeps, due_at=due_at, by_day=False)
    return Ticking(
        promise=promise,
        cycle=now.number,
        pack=promise.partition("-")[0],
        edition="",
        clause="",
        public=public,
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
        now.ending in LIFTS
        and stopped is not None
        and in_time(due_at=due_at, by_day=by_day, ended_at=stopped)
    ):
        return None, stopped, now.marked_by["ended"]
    return None, None, None
