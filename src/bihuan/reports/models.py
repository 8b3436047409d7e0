"""Frozen reports: written once, never changed. What differs later is a new version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bihuan.kernel.ids import uuid7


class Snapshot(models.Model):
    """A period's figures as they were known when somebody froze them, with the last seal before that."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, default="weekly")
    period = models.CharField(max_length=8, help_text="2007-W23, 2007-06 or 2007, as the kind names it")
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
        ordering: ClassVar = ["-period", "unit_id", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "period", "unit", "version"], name="snapshot_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="snapshot_version_counts_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.unit_id or ''} v{self.version}"


class ReportText(models.Model):
    """What the editor wrote for a chapter instead of the sentences proposed, or a reader's comment. Appended; the newest text holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, default="weekly")
    period = models.CharField(max_length=8)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    chapter = models.CharField(max_length=24)
    role = models.CharField(max_length=8, choices=[("words", "words"), ("comment", "comment")])
    text = models.TextField(blank=True)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["recorded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["kind", "period", "role"], name="report_text_of_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.chapter} {self.role}"


class Approval(models.Model):
    """Somebody else than the editor has read a frozen report and lets it go out."""

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, primary_key=True, related_name="approval")
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.snapshot_id)


class Recipient(models.Model):
    """To whom a report is sent. `unit` None: the company's report."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, default="weekly")
    name = models.CharField(max_length=80)
    address = models.EmailField()
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=8, default="zh-hans")
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["kind", "address"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "address", "unit"], name="recipient_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.address


class Sending(models.Model):
    """A report on its way to a reader: when it was sent, when it was opened, or why it couldn't be sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="sendings")
    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="sendings")
    token = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["snapshot_id", "recipient_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["snapshot", "recipient"], name="sent_once")]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.recipient_id}"


class Alert(models.Model):
    """The owner of a figure is told once: it has left its band, or a unit broke a promise twice in a week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    week = models.CharField(max_length=8)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=12, choices=[("signal", "signal"), ("breaches", "breaches")])
    code = models.CharField(max_length=40, help_text="the indicator, or the promise")
    detail = models.CharField(
        max_length=24, blank=True, help_text="the rule of the chart, or how many breaches"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-week", "what", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["week", "unit", "what", "code"], name="alert_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.what} {self.code}"
