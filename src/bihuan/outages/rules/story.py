"""An outage as its entries tell it: what stands now is folded from what was said step by step, the newest word last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bihuan.kernel.words import Words
from bihuan.outages.rules.losses import Stage, seconds_lost, sustained
from bihuan.outages.rules.words import AHEAD, CAUSES, CHANNELS, FIELDS, KINDS

MOMENTS = ("published_at", "confirmed_at", "planned_start_at", "planned_end_at", "started_at", "ended_at")
COUNTS = ("users", "customers", "important")
FLAGS = ("night_on", "external", "shortage")
TEXTS: dict[str, int] = {
    "kind": 12,
    "area": 16,
    "line": 40,
    "line_name": 80,
    "places": 500,
    "why": 300,
    "channel": 16,
    "change": 16,
    "cause": 16,
    "responsible": 40,
}
CHOICES: dict[str, Mapping[str, Words]] = {"kind": KINDS, "cause": CAUSES, "channel": CHANNELS}
MOST = 10_000_000
"""No outage takes more than this many users or customers off."""

LEAVES: dict[str, tuple[str, ...]] = {
    "announce": (),
    "change": ("announced", "running"),
    "withdraw": ("announced",),
    "start": ("announced",),
    "part": ("running",),
    "restore": ("running",),
    "correct": ("announced", "running", "over", "withdrawn"),
}
"""In which states each step may be taken."""

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Now:
    """An outage as it stands. Moments are UTC; `stages` begin with the start. Empty: not said."""

    kind: str = ""
    area: str = ""
    line: str = ""
    line_name: str = ""
    transformers: tuple[str, ...] = ()
    places: str = ""
    why: str = ""
    users: int | None = None
    customers: int | None = None
    important: int | None = None
    published_at: datetime | None = None
    channel: str = ""
    confirmed_at: datetime | None = None
    planned_start_at: datetime | None = None
    planned_end_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    change: str = "new"
    cause: str = ""
    night_on: bool = False
    responsible: str = ""
    external: bool = False
    shortage: bool = False
    parts: tuple[Stage, ...] = field(default=())

    @property
    def state(self) -> str:
        """announced, running, over or withdrawn."""
        if self.change == "withdrawn":
            return "withdrawn"
        if self.ended_at is not None:
            return "over"
        return "running" if self.started_at is not None else "announced"

    @property
    def event_at(self) -> datetime | None:
        """When it is or was: the start, else the planned one."""
        return self.started_at or self.planned_start_at

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Who was off from when on; nobody before it started."""
        if self.started_at is None or self.change == "withdrawn":
            return ()
        first = Stage(self.started_at, self.users or 0, self.customers or 0)
        return (first, *(part for part in self.parts if part.at > first.at))

    @property
    def user_seconds(self) -> int:
        """Seconds lost by medium-voltage users; 0 until it is over."""
        return seconds_lost(self.stages, self.ended_at, "users") if self.ended_at else 0

    @property
    def sustained(self) -> tuple[int, int]:
        """Customers interrupted for longer than five minutes, and their seconds; 0 until it is over."""
        return sustained(self.stages, self.ended_at) if self.ended_at else (0, 0)


def fold(entries: Iterable[tuple[str, datetime, Values]]) -> Now:
    """What stands after these entries: step, when it happened, what was said (as it is kept)."""
    now = Now()
    for step, at, values in entries:
        now = after(now, step, at, values)
    return now


def after(now: Now, step: str, at: datetime, values: Values) -> Now:
    """What stands after one more."""
    if step == "part":
        stage = Stage(at, values["users"], values["customers"])
        return replace(now, parts=(*now.parts, stage))
    said = {name: _meant(name, value) for name, value in values.items() if name != "reason"}
    if step == "correct" and {"started_at", "users", "customers"} & set(said) and now.parts:
        most = said.get("users", now.users) or 0, said.get("customers", now.customers) or 0
        parts = tuple(
            Stage(one.at, min(one.users, most[0]), min(one.customers, most[1])) for one in now.parts
        )
        return replace(now, parts=parts, **said)
    return replace(now, **said)


def kept(values: Values) -> dict[str, Any]:
    """What was said, as an entry keeps it: moments as UTC text to the second, codes, whole numbers, yes or no."""
    return {name: _coded(value) for name, value in values.items()}


def faults(
    before: Now | None, step: str, at: datetime, now: Now, recorded_at: datetime
) -> list[tuple[str, Words]]:
    """What is wrong with an outage after a step: field and sentence; empty when all is well."""
    found = []
    if before is not None and before.state not in LEAVES[step]:
        return [
            (
                "step",
                Words(zh="此停电的状态已不同，请刷新", en="the outage stands otherwise by now; look again"),
            )
        ]
    if at > recorded_at:
        found.append(("at", Words(zh="不能晚于现在", en="can't be later than now")))
    found += _missing(now, step)
    found += _out_of_order(now, recorded_at)
    found += _counts(now)
    if step == "part" and now.parts:
        found += _part(before or now, now.parts[-1])
    if step == "restore" and now.parts and now.ended_at and now.parts[-1].at >= now.ended_at:
        found.append(("at", Words(zh="早于部分送电的时间", en="earlier than a part was restored")))
    return found


def _missing(now: Now, step: str) -> list[tuple[str, Words]]:
    wanted = ["kind", "area", "places"]
    if now.kind in AHEAD:
        wanted += ["planned_start_at", "planned_end_at"]
    if now.kind == "fault":
        wanted.append("started_at")
    if now.started_at:
        wanted += ["users", "customers"]
    if now.published_at:
        wanted.append("channel")
    if step in ("change", "withdraw") or (step in ("start", "restore") and not_as_planned(now)):
        wanted.append("cause")
    empty = Words(zh="未填写", en="is empty")
    return [(name, empty) for name in wanted if getattr(now, name) in (None, "")]


def not_as_planned(now: Now) -> bool:
    """Switched off an hour or more away from the plan, or on again after its end."""
    if now.kind not in ("planned", "temporary") or now.planned_start_at is None or now.planned_end_at is None:
        return False
    if now.ended_at is not None and now.ended_at > now.planned_end_at:
        return True
    return now.started_at is not None and abs(now.started_at - now.planned_start_at).total_seconds() >= 3600


def _out_of_order(now: Now, recorded_at: datetime) -> list[tuple[str, Words]]:
    found = []
    for first, second in (("planned_start_at", "planned_end_at"), ("started_at", "ended_at")):
        one, other = getattr(now, first), getattr(now, second)
        if one is not None and other is not None and other <= one:
            words = Words(zh=f"须晚于{FIELDS[first].zh}", en=f"must be later than {FIELDS[first].en}")
            found.append((second, words))
    if now.ended_at is not None and now.started_at is None:
        found.append(("started_at", Words(zh="未填写", en="is empty")))
    for name in ("published_at", "confirmed_at", "started_at", "ended_at"):
        value = getattr(now, name)
        if value is not None and value > recorded_at:
            found.append((name, Words(zh="不能晚于现在", en="can't be later than now")))
    if now.confirmed_at and now.started_at and now.confirmed_at < now.started_at:
        found.append(("confirmed_at", Words(zh="早于停电时间", en="earlier than the outage")))
    return found


def _counts(now: Now) -> list[tuple[str, Words]]:
    found = []
    for name in COUNTS:
        value = getattr(now, name)
        if value is not None and not 0 <= value <= MOST:
            found.append((name, Words(zh=f"须为 0 至 {MOST}", en=f"must be from 0 to {MOST}")))
    if now.important and now.customers is not None and now.important > now.customers:
        found.append(("important", Words(zh="多于停电户数", en="more than the customers off")))
    return found


def _part(before: Now, part: Stage) -> list[tuple[str, Words]]:
    last = before.stages[-1] if before.stages else part
    if part.at <= last.at:
        return [("at", Words(zh="须晚于上一次变化", en="must be later than the last change"))]
    if part.users > last.users or part.customers > last.customers:
        return [("users", Words(zh="多于此前停电的数量", en="more than were off before"))]
    if part.users < 0 or part.customers < 0:
        return [("users", Words(zh="不能为负", en="can't be negative"))]
    return []


def _coded(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    return list(value) if isinstance(value, tuple) else value


def _meant(name: str, value: Any) -> Any:
    if name in MOMENTS:
        return datetime.fromisoformat(value).astimezone(UTC) if value else None
    return tuple(value) if name == "transformers" else value


@dataclass(frozen=True, slots=True)
class Told:
    """One thing said of an outage: by whom (an actor's key), when it happened, when it was written down."""

    step: str
    at: datetime
    recorded_at: datetime
    by: UUID
    values: Values


@dataclass(frozen=True, slots=True)
class History:
    """All that was said of one outage; without a number it is given one."""

    unit: UUID
    told: tuple[Told, ...]
    number: str = ""


NAMES = frozenset(one.name for one in fields(Now)) - {"parts"}
"""What a step may say."""
