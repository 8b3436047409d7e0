"""Who belongs where, and what they may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from bihuan.people.models import Actor, Membership, Post, SignInAttempt, Staff, Unit, UnitChange
from bihuan.people.rules import Held, Roster, Scope, scope, token_hash

# By hand: every step of every case asks this, and the ORM takes longer to write it than PostgreSQL to answer.
_COLUMNS = """
held.unit_id, unit.code, unit.path, unit.bureau_id, unit.wing, held.post_id, post.scope,
ARRAY(SELECT granted.permission FROM people_postpermission AS granted WHERE granted.post_id = held.post_id),
held.starts_at, ended.ends_at, bureau.path
"""
_HELD = f"""
SELECT held.actor_id, {_COLUMNS}
FROM people_membership AS held
JOIN people_unit AS unit ON unit.id = held.unit_id
JOIN people_post AS post ON post.code = held.post_id
LEFT JOIN people_unit AS bureau ON bureau.id = unit.bureau_id
LEFT JOIN people_membershipend AS ended ON ended.membership_id = held.id
"""
_HELD_AT = """
WHERE held.actor_id = %s AND held.starts_at <= %s AND (ended.ends_at IS NULL OR ended.ends_at > %s)
"""
_IN_ORDER = "ORDER BY held.starts_at, held.id"

# By hand for the same reason: every request of a machine begins with it.
_HOLDER = f"""
SELECT actor.id, actor.kind, actor.label, {_COLUMNS}
FROM people_apitoken AS token
JOIN people_actor AS actor ON actor.id = token.actor_id
LEFT JOIN people_staff AS staff ON staff.actor_id = actor.id
LEFT JOIN people_membership AS held ON held.actor_id = actor.id AND held.starts_at <= %s AND NOT EXISTS (
    SELECT 1 FROM people_membershipend AS over WHERE over.membership_id = held.id AND over.ends_at <= %s)
LEFT JOIN people_unit AS unit ON unit.id = held.unit_id
LEFT JOIN people_post AS post ON post.code = held.post_id
LEFT JOIN people_unit AS bureau ON bureau.id = unit.bureau_id
LEFT JOIN people_membershipend AS ended ON ended.membership_id = held.id
WHERE token.hash = %s AND token.revoked_at IS NULL AND coalesce(staff.is_active, true)
ORDER BY held.starts_at, held.id
"""


def memberships(actor_id: UUID, at: datetime) -> list[Held]:
    """What somebody held at that moment, in one query; the first is the one he has held longest."""
    return [held for _, held in _rows(_HELD + _HELD_AT + _IN_ORDER, [actor_id, at, at])]


def roster() -> Roster:
    """Everybody's memberships of all times, in one query."""
    found: dict[UUID, list[Held]] = defaultdict(list)
    for actor_id, held in _rows(_HELD + _IN_ORDER, []):
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


def reported_units(seen: Scope) -> list[Unit]:
    """The units whose report a scope may read: its bureaus, or the departments themselves where it has none."""
    within = [one for one in units_within(seen) if one.kind in ("bureau", "department", "service_centre")]
    return [one for one in within if one.kind == "bureau"] or within


def responsible_units() -> QuerySet[Unit]:
    """Every unit that can be asked to do something: departments, the service centre, bureaus."""
    kinds = ("department", "service_centre", "bureau")
    return Unit.objects.filter(kind__in=kinds, active=True).order_by("path")


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


def token_holder(token: str, at: datetime) -> tuple[Actor, list[Held]] | None:
    """Whose token this is, and what he held at that moment, in one query; none when it is unknown, revoked, or its holder has left."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER, [at, at, token_hash(token)])
        rows = cursor.fetchall()
    if not rows:
        return None
    key, kind, label = rows[0][:3]
    return Actor(id=key, kind=kind, label=label), [_held(*row[3:]) for row in rows if row[3] is not None]


def staff_by_number(number: str) -> Staff | None:
    """The person who signs in with this number."""
    return Staff.objects.select_related("actor").filter(number=number, is_active=True).first()


def _rows(statement: str, values: list[Any]) -> list[tuple[UUID, Held]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(actor, _held(*row)) for actor, *row in cursor.fetchall()]


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


WINDOW = timedelta(minutes=15)
TRIES_OF_A_NUMBER, TRIES_FROM_EVERYWHERE, TRIES_FROM_AN_ADDRESS = 8, 40, 60
"""Failed sign-ins within the window: of a number from one address, of a number from all, of all numbers from one address.

A whole office may share one address; and nobody keeps somebody else out from a single one.
"""


def may_try(*, number: str, address: str, at: datetime) -> bool:
    """Whether another sign-in may be tried; no longer than `WINDOW` after too many have failed."""
    recent = SignInAttempt.objects.filter(at__gt=at - WINDOW)
    own, here = Q(number_hash=token_hash(number)), Q(address=address[:64])
    tries = recent.filter(own | here).aggregate(
        both=Count("pk", filter=own & here), own=Count("pk", filter=own), here=Count("pk", filter=here)
    )
    return bool(
        tries["both"] < TRIES_OF_A_NUMBER
        and tries["own"] < TRIES_FROM_EVERYWHERE
        and tries["here"] < TRIES_FROM_AN_ADDRESS
    )


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit as the tree shows it: how deep it stands, and how many people belong to it now."""

    unit: Unit
    depth: int
    people: int


def tree(at: datetime, *, closed: bool = False) -> list[Branch]:
    """Every unit from the top down, closed ones only when asked for; two queries."""
    units = Unit.objects.order_by("path") if closed else Unit.objects.filter(active=True).order_by("path")
    counted = dict(_holding(at).values_list("unit").annotate(Count("actor", distinct=True)).order_by("unit"))
    return [Branch(unit, unit.path.count("/") - 1, counted.get(unit.pk, 0)) for unit in units]


def changes_of(unit: Unit) -> QuerySet[UnitChange]:
    """What was done to a unit, the newest first; and where it came from."""
    return (
        UnitChange.objects.filter(Q(unit=unit) | Q(successor=unit))
        .select_related("by__staff", "unit", "successor")
        .order_by("-at", "id")
    )


def held_in(unit: Unit, at: datetime) -> QuerySet[Membership]:
    """Who belongs to a unit at that moment, with which post."""
    return (
        _holding(at)
        .filter(unit=unit)
        .select_related("actor__staff", "post")
        .order_by("actor__staff__number", "post_id", "id")
    )


def posts(at: datetime) -> list[tuple[Post, frozenset[str], int]]:
    """Every post with its permissions, and how many people hold it now; three queries."""
    held = dict(_holding(at).values_list("post").annotate(Count("actor", distinct=True)).order_by("post"))
    found = Post.objects.prefetch_related("permissions").order_by("code")
    return [
        (post, frozenset(one.permission for one in post.permissions.all()), held.get(post.code, 0))
        for post in found
    ]


def _holding(at: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(Q(end=None) | Q(end__ends_at__gt=at), starts_at__lte=at)
