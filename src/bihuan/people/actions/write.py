"""One unit, one person, one appointment at a time."""

from __future__ import annotations

import tomllib
from datetime import datetime
from importlib.resources import files

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bihuan.people.models import Actor, Membership, MembershipEnd, Post, PostPermission, Staff, Unit
from bihuan.people.rules import path_of


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
    unit.bureau_id = unit.pk if kind == "bureau" else (parent.bureau_id if parent else None)
    unit.save(force_insert=True)
    return unit


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
    """Let a membership end. The database refuses an end that lies before the moment of writing."""
    return MembershipEnd.objects.create(membership=membership, ends_at=ends_at, recorded_at=recorded_at)


def machine_actor(*, label: str) -> Actor:
    """The actor of an outside system or of the platform itself."""
    actor, _ = Actor.objects.get_or_create(kind="machine", label=label)
    return actor


def customer_actor(*, label: str) -> Actor:
    """The actor of a customer, under the customer's number."""
    actor, _ = Actor.objects.get_or_create(kind="customer", label=label)
    return actor
