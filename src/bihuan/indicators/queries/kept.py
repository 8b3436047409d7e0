"""How each promise was kept since a day, and the cases behind each count: by the clocks, whatever became of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models import Sum as Total
from django.db.models.functions import Least

from bihuan.cases.queries import visible
from bihuan.people.rules import Scope
from bihuan.promises.models import Clock

Part = Literal["kept", "broken", "running", "void", "measured"]
PARTS: tuple[Part, ...] = ("kept", "broken", "running", "void", "measured")


@dataclass(frozen=True, slots=True)
class Tally:
    """The clocks of one promise of one pack, for one business kind and one kind of its cases.

    `seconds` is the sum from start to end, where an average is promised.
    """

    pack: str
    promise: str
    loop: str
    kind: str
    kept: int
    broken: int
    running: int
    void: int
    measured: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Tallies together."""

    tallies: tuple[Tally, ...]

    def __getitem__(self, part: str) -> int:
        return sum(getattr(one, part) for one in self.tallies)

    @property
    def decided(self) -> int:
        """Kept and broken."""
        return self["kept"] + self["broken"]


def tallies(*, seen: Scope, since: datetime, at: datetime) -> list[Tally]:
    """Every promise with clocks that started from `since` on, as it stands at `at`, within what the reader may see."""
    found = (
        _since(seen, since, at)
        .values("pack", "promise", "loop", "case__kind")
        .order_by("pack", "promise", "loop", "case__kind")
        .annotate(
            **{part: Count("id", filter=which) for part, which in _parts(at).items()},
            lasted=Total(
                ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField()),
                filter=_parts(at)["measured"],
            ),
        )
    )
    return [_tally(row) for row in found]


def behind(
    *,
    pack: str,
    promise: str,
    part: Part,
    seen: Scope,
    since: datetime,
    at: datetime,
    loops: Sequence[str] = (),
    kinds: Sequence[str] = (),
    area: str | None = None,
    unit: str = "",
    until: datetime | None = None,
) -> QuerySet[Clock]:
    """The clocks behind a count, the latest first; of these business kinds and kinds of case, or of all.

    `area` and `unit` (a bureau, by code) narrow it further, `until` ends the period before its moment.
    """
    narrowed = Q()
    if loops:
        narrowed &= Q(loop__in=loops)
    if kinds:
        narrowed &= Q(case__kind__in=kinds)
    if area is not None:
        narrowed &= Q(area=area)
    if unit:
        narrowed &= Q(unit__bureau__code=unit) | Q(unit__bureau=None, unit__code=unit)
    if until is not None:
        narrowed &= Q(started_at__lt=until)
    return (
        _since(seen, since, at)
        .filter(_parts(at)[part], narrowed, pack=pack, promise=promise)
        .select_related("case__unit", "case__premises", "unit")
        .order_by("-started_at", "id")
    )


def _tally(row: dict[str, Any]) -> Tally:
    lasted: timedelta | None = row.pop("lasted")
    return Tally(kind=row.pop("case__kind"), **row, seconds=int(lasted.total_seconds()) if lasted else 0)


def _since(seen: Scope, since: datetime, at: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(
        started_at__gte=since, started_at__lte=at, case_id__in=visible(seen).order_by().values("pk")
    )


def _parts(at: datetime) -> dict[Part, Q]:
    """The same decisions as `promises.rules.standing`, for PostgreSQL: void, ended, and where it stands still or now."""
    void = Q(void_at__isnull=False, void_at__lte=at)
    ended = Q(ended_at__isnull=False, ended_at__lte=at)
    in_time = Q(by_day=True, ended_at__lt=F("due_at")) | Q(by_day=False, ended_at__lte=F("due_at"))
    now = Case(When(suspended_at__isnull=False, then=Least(F("suspended_at"), Value(at))), default=Value(at))
    not_over = Q(by_day=True, due_at__gt=now) | Q(by_day=False, due_at__gte=now)
    average = Q(kind="average")
    return {
        "kept": ~void & ~average & ended & in_time,
        "broken": ~void & ~average & ((ended & ~in_time) | (~ended & ~not_over)),
        "running": ~void & ~ended & (average | not_over),
        "void": void,
        "measured": ~void & average & ended,
    }
