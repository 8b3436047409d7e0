"""Running clocks and the verdicts on them. Only `flow` writes here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.kernel.ids import uuid7


class Clock(models.Model):
    """One promise running on one cycle of a case. `by_day`: `due_at` is a midnight and exclusive, else inclusive."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="clocks")
    loop = models.CharField(max_length=24)
    promise = models.CharField(max_length=40)
    cycle = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, default="step_limit", help_text="step_limit or average")
    pack = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    clause = models.CharField(max_length=80, blank=True)
    public = models.BooleanField(default=True)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    area = models.CharField(max_length=16, blank=True)
    customer_class = models.CharField(max_length=16, blank=True)
    amount = models.PositiveIntegerField(default=0, help_text="the limit in force when the clock started")
    amount_unit = models.CharField(max_length=16, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    by_day = models.BooleanField(default=False)
    internal_due_at = models.DateTimeField(null=True, help_text="the house's own, earlier limit")
    suspended_at = models.DateTimeField(null=True, help_text="stands still since then")
    ended_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "promise", "cycle"], name="clock_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["unit", "due_at"],
                name="clock_running",
                condition=Q(ended_at__isnull=True, void_at__isnull=True),
            ),
            models.Index(fields=["due_at"], name="clock_due"),
            models.Index(fields=["promise", "started_at"], name="clock_started"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.promise} {self.cycle}"


class Verdict(models.Model):
    """What was judged of a clock, and when it was known. A newer row supersedes; none is changed or taken away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="verdicts")
    verdict = models.CharField(
        max_length=12, choices=[("kept", "kept"), ("broken", "broken"), ("void", "void")]
    )
    late_seconds = models.PositiveBigIntegerField(default=0)
    seq = models.PositiveIntegerField(
        null=True, help_text="the entry that decided it; none when a tick found it"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["clock_id", "recorded_at", "id"]
        indexes: ClassVar = [
            models.Index(F("recorded_at").desc(), name="verdict_broken", condition=Q(verdict="broken"))
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.verdict}"


class Breach(models.Model):
    """A promise that was broken, and what was said of it since. The row stays, whatever happens to the case.

    Derived from clock and timeline but for `found_at`, when it was first known. Sums are hundredths of the currency.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="breaches", db_index=False)
    loop = models.CharField(max_length=24)
    promise = models.CharField(max_length=40)
    cycle = models.PositiveSmallIntegerField()
    public = models.BooleanField(default=True)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    late_seconds = models.PositiveBigIntegerField(default=0)
    decided_by = models.PositiveIntegerField(null=True, help_text="the entry that came too late, if it came")
    found_at = models.DateTimeField()
    lifted = models.BooleanField(default=False, help_text="a step recorded later had happened in time")
    cause = models.CharField(max_length=24, blank=True)
    explained_at = models.DateTimeField(null=True)
    exemption = models.CharField(max_length=12, blank=True, help_text="asked, granted or refused")
    exemption_reason = models.CharField(max_length=24, blank=True)
    exempted_at = models.DateTimeField(null=True)
    compensation_due = models.PositiveBigIntegerField(default=0)
    compensation_paid = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        ordering: ClassVar = ["-due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "promise", "cycle"], name="breach_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["-due_at"], name="breach_newest"),
            models.Index(fields=["unit", "-due_at"], name="breach_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.promise} {self.cycle}"


class Forewarning(models.Model):
    """Somebody was told that a promise is about to break: once for each clock and each step of the warning."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="warnings")
    rank = models.PositiveSmallIntegerField(help_text="which of the promise's warnings")
    to = models.CharField(max_length=16, help_text="person, leader, department or supervision")
    at = models.DateTimeField(help_text="when it was due to be told")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["clock", "rank"], name="warned_once")]
        indexes: ClassVar = [models.Index(fields=["to", "-at"], name="warning_newest")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.rank}"
