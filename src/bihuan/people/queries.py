"""Who belongs where, and what they may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from bihuan.people.models import Membership, Post, Staff, Unit
from bihuan.people.rules import Held, Roster, Scope, scope

_COLUMNS = (
    "actor_id",
    "unit_id",
    "unit__code",
    "unit__path",
    "unit__bureau_id",
    "unit__wing",
    "post_id",
    "post__scope",
    "granted",
    "starts_at",
    "end__ends_at",
    "unit__bureau__path",
)


def memberships(actor_id: UUID, at: datetime) -> list[Held]:
    """What somebody held at that moment, in one query; the first is the one he has held longest."""
    rows = _rows(Q(actor_id=actor_id, starts_at__lte=at) & (Q(end=None) | Q(end__ends_at__gt=at)))
    return [held for _, held in rows]


def roster() -> Roster:
    """Everybody's memberships of all times, in one query."""
    found: dict[UUID, list[Held]] = defaultdict(list)
    for actor_id, held in _rows(Q()):
        found[actor_id].append(held)
    return Roster({actor_id: tuple(held) for actor_id, held in found.items()})


def may(actor_id: UUID, permission: str, at: datetime) -> Held | None:
    """The first membership that grants the permission, if any."""
    return next((held for held in memberships(actor_id, at) if permission in held.permissions), None)


def scope_of(actor_id: UUID, at: datetime, permission: str) -> Scope:
    """How far somebody's permission reaches."""
    return scope(memberships(actor_id, at), permission)


def units_within(seen: Scope) -> QuerySet[Unit]:
    """The active units that a scope shows, from the top down."""
    found = Unit.objects.filter(active=True).order_by("path")
    if seen.company:
        return found
    below = Q(pk__in=[])
    for path in seen.paths:
        below |= Q(path__startswith=path)
    return found.filter(below)


def bureaus() -> QuerySet[Unit]:
    """Every bureau, in the order of the codes."""
    return Unit.objects.filter(kind="bureau", active=True).order_by("code")


def crews(bureau_id: UUID) -> QuerySet[Unit]:
    """The crews and stations of a bureau."""
    return Unit.objects.filter(bureau_id=bureau_id, kind__in=("crew", "station"), active=True).order_by(
        "path"
    )


def unit_by_code(code: str) -> Unit | None:
    """The unit of this code."""
    return Unit.objects.filter(code=code).first()


def sign_in_posts(at: datetime) -> list[tuple[Post, Staff, Unit]]:
    """One person for each post, for the list that the demo prints."""
    found: dict[str, tuple[Post, Staff, Unit]] = {}
    rows = Membership.objects.filter(starts_at__lte=at, end=None, actor__staff__is_active=True)
    for row in rows.select_related("post", "unit", "actor__staff").order_by("actor__staff__number"):
        found.setdefault(row.post_id, (row.post, row.actor.staff, row.unit))
    return [found[code] for code in sorted(found)]


def home_post(actor_id: UUID, at: datetime) -> Held | None:
    """The post whose desk somebody sees first: the one held longest."""
    return next(iter(memberships(actor_id, at)), None)


def staff_of(unit_id: UUID, at: datetime) -> QuerySet[Staff]:
    """Who belonged to a unit at that moment, by number."""
    held = Membership.objects.filter(Q(end=None) | Q(end__ends_at__gt=at), unit_id=unit_id, starts_at__lte=at)
    return Staff.objects.filter(actor__in=held.values("actor")).order_by("number")


def names_of(actor_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names to show for actors that are staff."""
    return dict(Staff.objects.filter(actor_id__in=set(actor_ids)).values_list("actor_id", "name"))


def _rows(chosen: Q) -> list[tuple[UUID, Held]]:
    rows = (
        Membership.objects.filter(chosen)
        .annotate(
            granted=ArrayAgg(
                "post__permissions__permission", filter=Q(post__permissions__isnull=False), default=[]
            )
        )
        .order_by("starts_at", "id")
        .values_list(*_COLUMNS)
    )
    return [(actor, _held(*row)) for actor, *row in rows]


def _held(
    unit_id: UUID,
    unit_code: str,
    unit_path: str,
    bureau_id: UUID | None,
    wing: str,
    post: str,
    reach: str,
    granted: list[str],
    starts_at: datetime,
    ends_at: datetime | None,
    bureau_path: str | None,
) -> Held:
    return Held(
        unit_id=unit_id,
        unit_code=unit_code,
        unit_path=unit_path,
        bureau_id=bureau_id,
        wing=wing,
        post=post,
        scope=reach,
        permissions=frozenset(granted),
        starts_at=starts_at,
        ends_at=ends_at,
        bureau_path=bureau_path or "",
    )
