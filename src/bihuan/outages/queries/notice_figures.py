"""What the weekly report's chapter on outage notices counts: by kind, in time, to the household, against the plan, lines off too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet, Sum

from bihuan.loops.indicators.outage import OFTEN, TWO_MONTHS
from bihuan.outages.models import Outage
from bihuan.outages.queries.outages import part
from bihuan.outages.queries.units import of_unit
from bihuan.outages.rules import Ratio
from bihuan.people.rules import Scope

SEVERE = 5
"""Outages of one line within two months."""

_COUNTED = (
    "notices",
    "due",
    "in_time",
    "analysed",
    "plans",
    "not_executed",
    "executed_late",
    "long_fault",
    "off",
)


@dataclass(frozen=True, slots=True)
class Notices:
    """Counts of a period; each stands for the list that `outages.PARTS` finds by the same condition."""

    kinds: dict[str, int]
    counts: dict[str, int]
    causes: dict[str, int]
    user_seconds: int

    @property
    def timely(self) -> Ratio:
        """Told in time, of those decided."""
        return Ratio(self.counts["in_time"], self.counts["due"])

    @property
    def to_household(self) -> Ratio:
        """Notices that say which transformers and how many customers."""
        return Ratio(self.counts["analysed"], self.counts["notices"])

    @property
    def as_planned(self) -> Ratio:
        """Plans carried out in time, of those whose time had come."""
        plans = self.counts["plans"]
        return Ratio(plans - self.counts["not_executed"] - self.counts["executed_late"], plans)


@dataclass(frozen=True, slots=True)
class FrequentLine:
    """A line that was off at least three times in two months; five times is severe."""

    line: str
    line_name: str
    unit: str
    count: int
    faults: int
    last_at: datetime

    @property
    def severe(self) -> bool:
        """Five times or more."""
        return self.count >= SEVERE


def notices(seen: Scope, *, since: datetime, until: datetime, at: datetime, unit: str = "") -> Notices:
    """The chapter's counts of outages whose moment lies in the period, in three queries."""
    found = _in(seen, since, until, unit)
    conditions = {name: Count("pk", filter=part(name, at)) for name in _COUNTED}
    counts = found.aggregate(**conditions, lost=Sum("user_seconds", filter=part("off", at), default=0))
    kinds = found.filter(part("notices", at)).values_list("kind").annotate(Count("pk")).order_by("kind")
    unplanned = found.filter(part("not_executed", at) | part("executed_late", at))
    causes = unplanned.values_list("cause").annotate(Count("pk")).order_by("cause")
    lost = counts.pop("lost")
    return Notices(kinds=dict(kinds), counts=counts, causes=dict(causes), user_seconds=lost)


def frequent_lines(seen: Scope, *, until: datetime, unit: str = "") -> list[FrequentLine]:
    """Lines off at least three times in the two months before `until`, all kinds counted, the most often first."""
    found = _in(seen, until - timedelta(days=TWO_MONTHS), until, unit).filter(
        started_at__lt=until, line__gt=""
    )
    lines = (
        found.exclude(state="withdrawn")
        .values("line")
        .annotate(
            count=Count("pk"),
            faults=Count("pk", filter=Q(kind="fault")),
            last_at=Max("started_at"),
            name=Max("line_name"),
            code=Max("unit__code"),
        )
        .filter(count__gte=OFTEN)
        .order_by("-count", "line")
    )
    return [
        FrequentLine(one["line"], one["name"], one["code"], one["count"], one["faults"], one["last_at"])
        for one in lines
    ]


def _in(seen: Scope, since: datetime, until: datetime, unit: str) -> QuerySet[Outage]:
    found = Outage.objects.within(seen).filter(event_at__gte=since, event_at__lt=until)
    return found.filter(of_unit(unit)) if unit else found
