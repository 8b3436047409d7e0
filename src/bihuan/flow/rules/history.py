"""A case's whole past, as `replay` takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from bihuan.kernel.fact import FactValue


@dataclass(frozen=True, slots=True)
class Past:
    """One step that was taken. Times are aware; `notes` are the erasable texts by field."""

    step: str
    at: datetime
    recorded_at: datetime
    actor_id: UUID
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened to one case, in the order in which it was recorded.

    `imported` history comes from somebody else's system: it may lack facts and steps and is marked so.
    `unit` is the code of the bureau that serves the place, until a dispatch names one.
    """

    loop: str
    steps: tuple[Past, ...]
    number: str | None = None
    premises_id: UUID | None = None
    customer_id: UUID | None = None
    account_id: UUID | None = None
    unit: str = ""
    imported: bool = False
