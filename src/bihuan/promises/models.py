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
