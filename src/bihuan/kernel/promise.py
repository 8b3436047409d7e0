"""What a utility has promised: one clause of one edition, between two moments, with its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bihuan.kernel.limit import Limit
from bihuan.kernel.words import Words

Certainty = Literal["seen", "memory", "design"]
PromiseKind = Literal["step_limit", "notice_before", "average", "period_level", "attested"]

AREAS: dict[str, Words] = {
    "urban": Words(zh="城区", en="urban"),
    "rural": Words(zh="农村", en="rural"),
    "remote": Words(zh="特殊边远", en="remote"),
}
CUSTOMER_CLASSES: dict[str, Words] = {
    "resident": Words(zh="居民", en="resident"),
    "non-resident": Words(zh="非居民", en="non-resident"),
    "lv": Words(zh="低压电力", en="low voltage"),
    "hv-single": Words(zh="高压单电源", en="high voltage, single source"),
    "hv-dual": Words(zh="高压双电源", en="high voltage, dual source"),
}
PARENT_CLASS = {"lv": "non-resident", "hv-single": "non-resident", "hv-dual": "non-resident"}
"""A class without a limit of its own takes the one of its parent."""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """The limit for an area and a customer class; None where the promise doesn't tell them apart."""

    area: str | None
    customer_class: str | None
    limit: Limit


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of one edition. `starts` and `keeps` name moments; `valid_to` is its last day, if any.

    `level` is the promised per cent of a period level, as the text has it; None where somebody else sets it.
    """

    code: str
    pack: str
    edition: str
    clause: str
    title: Words
    source: str
    certainty: Certainty
    kind: PromiseKind
    public: bool
    loops: tuple[str, ...]
    starts: str
    keeps: str
    valid_from: date
    valid_to: date | None
    limits: tuple[LimitRow, ...]
    level: str | None = None
    note: Words | None = None
    _table: dict[tuple[str | None, str | None], Limit] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_table", {(row.area, row.customer_class): row.limit for row in self.limits})

    def valid_on(self, day: date) -> bool:
        """Whether this edition is in force on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def limit_for(self, *, area: str | None = None, customer_class: str | None = None) -> Limit | None:
        """The limit of the nearest class and area; None where the promise has none for them.

        A dimension that the promise doesn't tell apart is ignored.
        """
        for klass in (customer_class, PARENT_CLASS.get(customer_class or ""), None):
            for place in (area, None):
                found = self._table.get((place, klass))
                if found is not None:
                    return found
        return None

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas that the promise tells apart, in its own order; empty if it doesn't."""
        return tuple(dict.fromkeys(row.area for row in self.limits if row.area))

    @property
    def customer_classes(self) -> tuple[str, ...]:
        """The customer classes that the promise tells apart, in its own order; empty if it doesn't."""
        return tuple(dict.fromkeys(row.customer_class for row in self.limits if row.customer_class))
