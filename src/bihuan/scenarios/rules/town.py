"""The town as histories see it: places, people by post, and the sheets of the scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scenario:
    """The sheets of one folder of scenarios, as they lie there."""

    code: str
    seed: str
    world: Mapping[str, Any]
    volumes: Mapping[str, Any]
    quotas: Mapping[str, Any]
    words: Mapping[str, Any]
    targets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """An account with its premises; `bureau` is the code of the bureau that serves it."""

    account_id: UUID
    premises_id: UUID
    customer_id: UUID
    bureau: str
    area: str
    customer_class: str
    address: str

    @property
    def street(self) -> str:
        """The address up to its first digit."""
        return self.address.rstrip("0123456789-号")


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody who acts, as keys of actors: by post and unit code; `crews` are the crews' codes by bureau."""

    places: Sequence[Place]
    people: Mapping[tuple[str, str], Sequence[UUID]]
    everywhere: Mapping[str, Sequence[UUID]]
    crews: Mapping[str, Sequence[str]]
    bureaus: Sequence[str]
