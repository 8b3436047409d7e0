"""What was published of packs, in which order they win since when, and drafts that are tried. The files stay the ground."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bihuan.kernel.ids import uuid7


class PackVersion(models.Model):
    """A published text of a pack. Appended, never changed; what the folder says is version 0.

    Clocks started before `effective_from` keep what they began with.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    based_on = models.CharField(
        max_length=60, help_text="code and version of the text it was made from, like sgcc-2011/0"
    )
    text = models.TextField(help_text="TOML, as a pack's file")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text")
    effective_from = models.DateField(help_text="first day, in the utility's zone")
    why = models.CharField(max_length=400)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="pack_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="pack_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.code}/{self.number}"


class Adoption(models.Model):
    """From when on which packs apply, in the order in which they win. Appended; before the first, the settings say it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    packs = ArrayField(models.CharField(max_length=40))
    effective_from = models.DateField(help_text="first day, in the utility's zone")
    why = models.CharField(max_length=400)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.effective_from} {', '.join(self.packs)}"


class Trial(models.Model):
    """A draft tried on the cases of a period: what would have been kept. Changes no case and no clock.

    `result` is written once, when `done_at` is; its form is that of `indicators.queries.trial`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    based_on = models.CharField(max_length=60)
    text = models.TextField()
    packs = ArrayField(models.CharField(max_length=40), help_text="the order with the draft in it")
    on = models.DateField(help_text="the day on which the draft would take effect")
    first = models.DateField()
    last = models.DateField()
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    counted = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    fault = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]

    def __str__(self) -> str:
        return f"{self.code} {self.first} - {self.last}"


class Target(models.Model):
    """What a unit (None: the company) is to reach from a day on. Appended; the newer holds. No value takes it away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    indicator = models.CharField(max_length=40)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    span = models.CharField(max_length=8, choices=[("each", "each"), ("year", "year")], default="each")
    from_date = models.DateField(help_text="first day, in the utility's zone")
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    source = models.CharField(max_length=200, help_text="what says so")
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.indicator} {self.from_date} {self.value}"


class Owner(models.Model):
    """Which unit answers for an indicator and is told when it leaves its band. Appended; the newest holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    indicator = models.CharField(max_length=40)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.indicator
