"""Frozen reports: written once, never changed. What differs later is a new version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bihuan.kernel.ids import uuid7


class Snapshot(models.Model):
    """A week's figures as they were known when somebody froze them, with the last seal before that."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, default="weekly")
    week = models.CharField(max_length=8)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField(help_text="as of which moment")
    known = models.DateTimeField(help_text="as known at which record time")
    seal = models.PositiveBigIntegerField(null=True, help_text="number of the last seal before")
    content = models.TextField(help_text="the figures and their lines as JSON")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")
    differs = models.JSONField(
        default=list, help_text="what an erratum says otherwise than the version before"
    )
    created_by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-week", "unit_id", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "week", "unit", "version"], name="snapshot_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="snapshot_version_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.week} {self.unit_id or ''} v{self.version}"
