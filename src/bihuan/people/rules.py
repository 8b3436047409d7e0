"""Who may do what where, decided from memberships. No Django."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Held:
    """A post that somebody holds in a unit, with all that decisions need. `ends_at` is exclusive."""

    unit_id: UUID
    unit_code: str
    unit_path: str
    bureau_id: UUID | None
    wing: str
    post: str
    scope: str
    permissions: frozenset[str]
    starts_at: datetime
    ends_at: datetime | None = None
    bureau_path: str = ""

    def holds_at(self, at: datetime) -> bool:
        """Whether it held at that moment."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which units somebody may see: all of the company, or those below the paths (none when empty).

    `homes` are the units to which he belongs: a case that speaks of one of them, or of one above, isn't for him.
    """

    company: bool
    paths: tuple[str, ...]
    homes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def above(self) -> frozenset[str]:
        """The reader's own units and all above them but the company: a case that speaks of one isn't for him."""
        return frozenset(
            home[: end + 1]
            for home in (*self.homes, *self.paths)
            for end, sign in enumerate(home)
            if sign == "/" and "/" in home[:end]
        )

    def sees(self, path: str) -> bool:
        """Whether a unit of this path is in it."""
        return self.company or any(path.startswith(own) for own in self.paths)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody's memberships over time, read once."""

    held: Mapping[UUID, tuple[Held, ...]] = field(default_factory=dict)

    def at(self, actor_id: UUID, at: datetime) -> list[Held]:
        """What somebody held at that moment."""
        return [one for one in self.held.get(actor_id, ()) if one.holds_at(at)]


def scope(held: Iterable[Held], permission: str) -> Scope:
    """How far a permission reaches over all posts held. An own scope sees the unit's bureau, whose cases it works on."""
    posts = list(held)
    granted = [one for one in posts if permission in one.permissions]
    homes = tuple(sorted({one.unit_path for one in posts}))
    if any(one.scope == "company" for one in granted):
        return Scope(company=True, paths=(), homes=homes)
    paths = {one.bureau_path or one.unit_path if one.scope == "own" else one.unit_path for one in granted}
    return Scope(company=False, paths=tuple(sorted(paths)), homes=homes)


def stands_alone(kind: str, *, below_bureau: bool) -> bool:
    """Whether a unit is a side of its own when independence is asked for: a bureau; and a department or a service centre
    of the company itself. All others belong to the bureau above them."""
    return kind == "bureau" or (kind in ("department", "service_centre") and not below_bureau)


def fits_code(code: str) -> bool:
    """Whether a unit may have this code: letters, digits and hyphens, at most 40, so that paths and addresses stay plain."""
    return len(code) <= LONGEST_CODE and all(part.isalnum() and part.isascii() for part in code.split("-"))


def path_of(*, parent_path: str, code: str) -> str:
    """The path of a unit below its parent."""
    return f"{parent_path}{code}/"


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be made; `parent` is a code, empty at the top."""

    code: str
    name_zh: str
    kind: str
    wing: str
    parent: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Hire:
    """A person to be taken on and the post to begin with; the same number again adds a post."""

    number: str
    name: str
    unit_id: UUID
    post: str
    starts_at: datetime
    password_hash: str
    phone: str = ""
    language: str = "zh-hans"


def parents_first(
    units: Iterable[NewUnit], known: Mapping[str, str]
) -> tuple[list[tuple[NewUnit, str]], list[NewUnit]]:
    """Units with their paths, every parent before its children; and those that hang on nothing, or on each other.

    `known` are the paths of the units that are there already, by code.
    """
    paths = dict(known)
    below: dict[str, list[NewUnit]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit)
    placed: list[tuple[NewUnit, str]] = []
    waiting = ["", *known]
    while waiting:
        parent = waiting.pop()
        for unit in below.pop(parent, []):
            paths[unit.code] = path_of(parent_path=paths.get(parent, ""), code=unit.code)
            placed.append((unit, paths[unit.code]))
            waiting.append(unit.code)
    return placed, [unit for left in below.values() for unit in left]


def token_hash(token: str) -> str:
    """What is kept of a token. It is random and long, so that no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
