"""Units as a tree, posts with their permissions, people, and who belonged where when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import OpClass
from django.db import models

from bihuan.kernel.ids import uuid7


class Unit(models.Model):
    """A place in the organisation. `path` is the codes from the top, each followed by a stroke; `bureau` the nearest bureau at or above."""

    KINDS: ClassVar = ("company", "department", "service_centre", "bureau", "station", "crew")
    WINGS: ClassVar = ("execution", "support", "supervision")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS])
    wing = models.CharField(max_length=16, choices=[(wing, wing) for wing in WINGS])
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    bureau = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    path = models.CharField(max_length=400, unique=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["path"]
        indexes: ClassVar = [models.Index(OpClass("path", name="varchar_pattern_ops"), name="unit_subtree")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"

    def name(self, language: str) -> str:
        """The name in the reader's language; Chinese when there is no English one."""
        return self.name_en if language.startswith("en") and self.name_en else self.name_zh


class UnitChange(models.Model):
    """What was done to a unit, by whom and why. Appended, never changed. A unit that moved has a successor in its new place."""

    WHAT: ClassVar = ("renamed", "moved", "closed", "reopened")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=10, choices=[(what, what) for what in WHAT])
    before = models.CharField(max_length=240, help_text="names or path as they were")
    after = models.CharField(max_length=240)
    successor = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=200)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.what}"


class Post(models.Model):
    """What somebody is: the permissions that go with it, and how far they reach."""

    code = models.CharField(primary_key=True, max_length=24)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    scope = models.CharField(
        max_length=10, choices=[(scope, scope) for scope in ("own", "subtree", "company")]
    )

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class PostPermission(models.Model):
    """One permission of a post."""

    id = models.BigAutoField(primary_key=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "permission"], name="permission_once")
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.permission}"


class Actor(models.Model):
    """Who a timeline says took a step: pseudonymous, so that a name can go and the history stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in ("staff", "customer", "machine")]
    )
    label = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class StaffManager(BaseUserManager["Staff"]):
    """Django finds a person by number when signing in."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The person with this number."""
        return self.get(number=username)


class Staff(AbstractBaseUser):
    """A person who signs in with a number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=24, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    actor = models.OneToOneField(Actor, models.PROTECT, related_name="staff")

    objects = StaffManager()

    USERNAME_FIELD = "number"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Membership(models.Model):
    """Somebody holds a post in a unit from some moment on. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.post_id}"


class MembershipEnd(models.Model):
    """From when on a membership no longer holds. Appended; never before the moment it is written down."""

    membership = models.OneToOneField(Membership, models.PROTECT, primary_key=True, related_name="end")
    ends_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.membership_id} {self.ends_at}"


class ApiToken(models.Model):
    """A machine's or a person's key to the API. Only its SHA-256 is kept: a token is shown once, when it is issued."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(Actor, models.PROTECT, related_name="tokens")
    hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.label}"


class SignInAttempt(models.Model):
    """A sign-in that failed: what was typed as number, hashed, and from where. Kept for a day."""

    id = models.BigAutoField(primary_key=True)
    number_hash = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["number_hash", "-at"], name="attempt_by_number"),
            models.Index(fields=["address", "-at"], name="attempt_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.at}"
