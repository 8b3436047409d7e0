"""The case, its append-only timeline, and the rows derived from it. Only `flow` writes here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from bihuan.kernel.ids import uuid7
from bihuan.people.models import Unit
from bihuan.people.rules import Scope


class CaseQuerySet(models.QuerySet["Case"]):
    """Ways to choose cases."""

    def open(self) -> CaseQuerySet:
        """Cases in which something is still to be done."""
        return self.filter(ended_at__isnull=True)

    def held(self, seen: Scope) -> CaseQuerySet:
        """Cases that are with the units now: what their people have to do."""
        if seen.company:
            return self.not_about(seen)
        held = Q(pk__in=[])
        for path in seen.paths:
            held |= Q(unit__path__startswith=path) | Q(crew__path__startswith=path)
        return self.not_about(seen).filter(held)

    def within(self, seen: Scope) -> CaseQuerySet:
        """Cases of the units that somebody may see: those that have them and those that had them."""
        if seen.company:
            return self.not_about(seen)
        own = Q(pk__in=[])
        for path in seen.paths:
            own |= Q(path__startswith=path)
        return self.not_about(seen).filter(had__overlap=ArraySubquery(Unit.objects.filter(own).values("pk")))

    def not_about(self, seen: Scope) -> CaseQuerySet:
        """Without the cases that speak of a unit to which the reader belongs (the company as a whole hides nothing)."""
        above = seen.above
        if not above:
            return self
        return self.filter(Q(about__isnull=True) | ~Q(about__path__in=sorted(above)))


class Case(models.Model):
    """What a customer brought, and where it stands. `state` and the times are derived from the timeline."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    loop = models.CharField(max_length=24)
    state = models.CharField(max_length=24)
    cycle = models.PositiveSmallIntegerField(default=1)
    last_seq = models.PositiveIntegerField(default=0)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    crew = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    premises = models.ForeignKey("supply.Premises", models.PROTECT, null=True, related_name="cases")
    customer = models.ForeignKey("supply.Customer", models.PROTECT, null=True, related_name="cases")
    account = models.ForeignKey("supply.Account", models.PROTECT, null=True, related_name="cases")
    area = models.CharField(max_length=16, blank=True)
    customer_class = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    urgency = models.CharField(max_length=16, blank=True)
    source = models.CharField(max_length=64, blank=True)
    leaf = models.CharField(max_length=64, blank=True)
    severity = models.CharField(max_length=16, blank=True)
    confidential = models.BooleanField(default=False, help_text="who brought it is kept secret")
    about = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, related_name="+", help_text="unit spoken of"
    )
    had = ArrayField(
        models.UUIDField(), default=list, help_text="units that have the case, had it or worked on it"
    )
    times = models.PositiveSmallIntegerField(default=1, help_text="how often the same matter was brought")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats")
    opened_at = models.DateTimeField()
    reached_at = models.DateTimeField(help_text="when the present state was reached")
    changed_at = models.DateTimeField(help_text="record time of the newest entry")
    suspended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    imported = models.BooleanField(default=False)
    digest = models.BinaryField(help_text="digest of the newest entry")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["opened_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["unit", "state"], condition=Q(ended_at__isnull=True), name="case_open_by_unit"
            ),
            models.Index(
                fields=["loop", "state"], condition=Q(ended_at__isnull=True), name="case_open_by_loop"
            ),
            models.Index(fields=["premises", "-opened_at"], name="case_by_premises"),
            models.Index(fields=["customer", "-opened_at"], name="case_by_customer"),
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["changed_at"], name="case_changed"),
            GinIndex(fields=["had"], name="case_had"),
        ]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One step taken: never changed. `at` is when it happened, `recorded_at` when it was written down."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    # The guard (migration 0002) checks all three for a whole statement at once, far cheaper than a constraint each row.
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    cycle = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=24)
    side = models.CharField(max_length=16)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        "people.Actor", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    facts = models.JSONField(default=dict)
    digest = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["case_id", "seq"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(seq__gte=1, cycle__gte=1), name="entry_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.step}"


class Note(models.Model):
    """Free text of an entry: erasable, tied in by its salted hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    seq = models.PositiveIntegerField()
    field = models.CharField(max_length=24)
    text = models.TextField(null=True)
    salt = models.BinaryField()
    hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "seq", "field"], name="note_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.field}"


class Cycle(models.Model):
    """One round of a case, derived: its moments and coded answers, as pages and indicators read them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="cycles")
    cycle = models.PositiveSmallIntegerField()
    loop = models.CharField(max_length=24)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    crew = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    area = models.CharField(max_length=16, blank=True)
    customer_class = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64, blank=True)
    leaf = models.CharField(max_length=64, blank=True)
    severity = models.CharField(max_length=16, blank=True)
    callback = models.CharField(max_length=16, blank=True, help_text="declined or anonymous; else owed")
    responsibility = models.CharField(max_length=16, blank=True)
    accepted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    assessed_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    recovered_at = models.DateTimeField(null=True)
    energised_at = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    supervised_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=16, blank=True)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=24, blank=True)
    rang_on_arrival = models.BooleanField(null=True)
    contacted_first_day = models.BooleanField(null=True)
    customer_arrived_at = models.DateTimeField(null=True)
    source_due = models.DateTimeField(null=True)
    appointment = models.DateTimeField(null=True)
    agreed_due = models.DateTimeField(null=True, help_text="by when it was agreed to be done")
    amount_due = models.PositiveBigIntegerField(default=0, help_text="fen, added up over the round")
    amount_paid = models.PositiveBigIntegerField(default=0, help_text="fen, added up over the round")
    amount_recovered = models.PositiveBigIntegerField(default=0, help_text="fen, added up over the round")
    attempts = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    redirects = models.PositiveSmallIntegerField(default=0)
    suspensions = models.PositiveSmallIntegerField(default=0)
    supervisions = models.PositiveSmallIntegerField(default=0)
    appeals = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    written_off = models.PositiveSmallIntegerField(default=0)
    repeated_at = models.DateTimeField(null=True)
    imported = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["case_id", "cycle"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "cycle"], name="cycle_once")]
        indexes: ClassVar = [
            models.Index(fields=["accepted_at"], name="cycle_accepted"),
            models.Index(
                fields=["verified_at"], name="cycle_verified", condition=Q(verified_at__isnull=False)
            ),
            models.Index(fields=["done_at"], name="cycle_done", condition=Q(done_at__isnull=False)),
            models.Index(
                fields=["done_at"],
                name="cycle_callback_owed",
                condition=Q(done_at__isnull=False, ended_at__isnull=True, imported=False),
            ),
            models.Index(F("ended_at").desc(), name="cycle_ended", condition=Q(ended_at__isnull=False)),
            models.Index(
                fields=["case"], name="cycle_costly", condition=Q(amount_due__gt=0) | Q(amount_paid__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.cycle}"


class ClientId(models.Model):
    """What a client has already had done: the same id with the same content is answered, not done again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    client_id = models.CharField(max_length=80)
    case = models.UUIDField()
    content = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "client_id"], name="client_id_once")
        ]

    def __str__(self) -> str:
        return self.client_id


class Look(models.Model):
    """Somebody looked at what a confidential case keeps secret. Appended, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="looks")
    actor = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.actor_id}"


class DeclaredStep(models.Model):
    """The sides and permissions of the catalogue, written by the owner: what the walls in the database go by."""

    loop = models.CharField(max_length=24)
    step = models.CharField(max_length=24)
    side = models.CharField(max_length=16)
    permission = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["loop", "step"], name="declared_once")]

    def __str__(self) -> str:
        return f"{self.loop} {self.step}"


class Seal(models.Model):
    """A link of the chain over everything recorded up to it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    entries = models.PositiveBigIntegerField()
    previous = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {bytes(self.digest).hex()[:12]}"


class Sealed(models.Model):
    """Which entries of which case a seal covers."""

    id = models.BigAutoField(primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="parts")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    first_seq = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "first_seq"], name="sealed_once")]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.case_id} {self.first_seq}-{self.last_seq}"
