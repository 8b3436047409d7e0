"""One unit, one person, one appointment at a time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.resources import files

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Case, When

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.people.models import Actor, Membership, MembershipEnd, Post, PostPermission, Staff, Unit
from bihuan.people.rules import Hire, NewUnit, parents_first, path_of, stands_alone

BATCH = 1_000
BACKDATING = timedelta(minutes=5)
"""How far before its writing an appointment may end (the database holds the same)."""


class UnknownParent(BihuanError):
    """Units hang below units that aren't there, or below each other."""

    def __init__(self, units: Iterable[NewUnit]) -> None:
        names = "、".join(f"{unit.code} → {unit.parent}" for unit in units)
        super().__init__(
            Words(
                zh=f"上级单位不存在或互为上下级：{names}。",
                en=f"No such parent, or one below the other: {names}.",
            ),
            field="parent",
        )


class BackdatedEnd(BihuanError):
    """An appointment can't end in the past: who belonged where stays as it was."""

    def __init__(self) -> None:
        super().__init__(
            Words(
                zh="任职不能在过去的时刻结束：历史归属不可更改。",
                en="An appointment can't end in the past: who belonged where stays as it was.",
            ),
            field="ends_at",
        )


@transaction.atomic
def load_posts() -> None:
    """Write the posts of posts.toml that aren't there yet; posts that somebody has edited stay. Safe to run twice."""
    declared = tomllib.loads(files("bihuan.people").joinpath("posts.toml").read_text("utf-8"))
    known = set(Post.objects.values_list("code", flat=True))
    for code, post in declared.items():
        if code in known:
            continue
        Post.objects.create(code=code, name_zh=post["name_zh"], name_en=post["name_en"], scope=post["scope"])
        PostPermission.objects.bulk_create(
            [PostPermission(post_id=code, permission=permission) for permission in post["permissions"]]
        )


def create_unit(
    *, code: str, name_zh: str, name_en: str = "", kind: str, wing: str, parent: Unit | None = None
) -> Unit:
    """Add a unit below its parent."""
    unit = Unit(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        kind=kind,
        wing=wing,
        parent=parent,
        path=path_of(parent_path=parent.path if parent else "", code=code),
    )
    above = parent.bureau_id if parent else None
    unit.bureau_id = unit.pk if stands_alone(kind, below_bureau=above is not None) else above
    unit.save(force_insert=True)
    return unit


@transaction.atomic
def create_units(*, units: Iterable[NewUnit]) -> dict[str, Unit]:
    """Add many units, in any order, and give them by code. Raises `UnknownParent`; then nothing is written."""
    known = {unit.code: unit for unit in Unit.objects.order_by("code")}
    placed, left = parents_first(units, {code: unit.path for code, unit in known.items()})
    if left:
        raise UnknownParent(left)
    made: dict[str, Unit] = {}
    for new, path in placed:
        parent = made.get(new.parent) or known.get(new.parent)
        unit = Unit(
            code=new.code,
            name_zh=new.name_zh,
            name_en=new.name_en,
            kind=new.kind,
            wing=new.wing,
            parent=parent,
            path=path,
        )
        above = parent.bureau_id if parent else None
        unit.bureau_id = unit.pk if stands_alone(new.kind, below_bureau=above is not None) else above
        made[new.code] = unit
    Unit.objects.bulk_create(made.values(), batch_size=BATCH)
    return made


@transaction.atomic
def hire_all(*, hires: Iterable[Hire], recorded_at: datetime) -> dict[str, Staff]:
    """Take on many people with their posts, and give those people by number. Somebody named twice has two posts."""
    people: dict[str, Staff] = {}
    held: list[Membership] = []
    for new in hires:
        person = people.get(new.number)
        if person is None:
            person = people[new.number] = Staff(
                number=new.number,
                name=new.name,
                phone=new.phone,
                language=new.language,
                password=new.password_hash,
                actor=Actor(kind="staff", label=new.number),
            )
        held.append(
            Membership(
                actor=person.actor,
                unit_id=new.unit_id,
                post_id=new.post,
                starts_at=new.starts_at,
                recorded_at=recorded_at,
            )
        )
    Actor.objects.bulk_create([person.actor for person in people.values()], batch_size=BATCH)
    Staff.objects.bulk_create(people.values(), batch_size=BATCH)
    Membership.objects.bulk_create(held, batch_size=BATCH)
    return people


def set_password(*, staff: Staff, password: str) -> None:
    """Let a person sign in with this password from now on."""
    staff.set_password(password)
    staff.save(update_fields=["password"])


@transaction.atomic
def hire(
    *,
    number: str,
    name: str,
    password: str | None = None,
    password_hash: str | None = None,
    phone: str = "",
    language: str = "zh-hans",
) -> Staff:
    """Add a person who signs in with `number`. Without a password or its hash the person can't sign in yet."""
    actor = Actor.objects.create(kind="staff", label=number)
    return Staff.objects.create(
        number=number,
        name=name,
        phone=phone,
        language=language,
        actor=actor,
        password=password_hash or make_password(password),
    )


def appoint(*, actor: Actor, unit: Unit, post: str, starts_at: datetime, recorded_at: datetime) -> Membership:
    """Give somebody a post in a unit from a moment on."""
    return Membership.objects.create(
        actor=actor, unit=unit, post_id=post, starts_at=starts_at, recorded_at=recorded_at
    )


def end_appointment(*, membership: Membership, ends_at: datetime, recorded_at: datetime) -> MembershipEnd:
    """Let a membership end. Raises `BackdatedEnd`; the database refuses such an end whatever `recorded_at` claims."""
    if ends_at < recorded_at - BACKDATING:
        raise BackdatedEnd
    return MembershipEnd.objects.create(membership=membership, ends_at=ends_at, recorded_at=recorded_at)


def machine_actor(*, label: str) -> Actor:
    """The actor of an outside system or of the platform itself."""
    actor, _ = Actor.objects.get_or_create(kind="machine", label=label)
    return actor


HOUSE = "bihuan"
"""The label under which the platform itself takes steps: supervision that the rules ask for, draws of samples."""


@transaction.atomic
def house_machine(*, at: datetime) -> Actor | None:
    """The platform's own actor with its post in the service centre; None while there are no units. Safe to run twice."""
    home = (
        Unit.objects.filter(kind__in=("service_centre", "company"), active=True)
        .order_by(Case(When(kind="service_centre", then=0), default=1), "path")
        .first()
    )
    if home is None:
        return None
    actor = machine_actor(label=HOUSE)
    Actor.objects.select_for_update().get(pk=actor.pk)
    if not Membership.objects.filter(actor=actor, post_id="house", end=None).exists():
        appoint(actor=actor, unit=home, post="house", starts_at=at, recorded_at=at)
    return actor


def customer_actor(*, label: str) -> Actor:
    """The actor of a customer, under the customer's number."""
    actor, _ = Actor.objects.get_or_create(kind="customer", label=label)
    return actor
