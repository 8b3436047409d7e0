"""Outages with their entries, users counted, days of supply, voltage points with their readings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.kernel.ids import uuid7
from bihuan.outages.rules.words import CLASSES, KINDS, STATES, STEPS
from bihuan.people.rules import Scope


class OutageQuerySet(models.QuerySet["Outage"]):
    """What is asked of outages everywhere."""

    def within(self, seen: Scope) -> OutageQuerySet:
        """Those of the units that a scope shows."""
        if seen.company:
            return self
        below = Q(pk__in=[])
        for path in seen.paths:
            below |= Q(unit__path__startswith=path)
        return self.filter(below)


class Outage(models.Model):
    """A stretch without supply, planned or not, as it stands now: derived from its entries, the newest word last."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(code, code) for code in KINDS])
    state = models.CharField(max_length=12, choices=[(code, code) for code in STATES])
    area = models.CharField(max_length=16)
    line = models.CharField(max_length=40, blank=True)
    line_name = models.CharField(max_length=80, blank=True)
    transformers = models.JSONField(default=list, help_text="codes of the transformers that are off")
    places = models.CharField(max_length=500)
    why = models.CharField(max_length=300, blank=True)
    users = models.PositiveIntegerField(
        null=True, help_text="medium-voltage users, as reliability counts them"
    )
    customers = models.PositiveIntegerField(null=True, help_text="contracts")
    important = models.PositiveIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=16, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    planned_start_at = models.DateTimeField(null=True)
    planned_end_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    event_at = models.DateTimeField(help_text="the start, else the planned one")
    told_at = models.DateTimeField(
        help_text="when it was first told, or began; nothing is known of it before"
    )
    change = models.CharField(max_length=16, default="new")
    cause = models.CharField(max_length=16, blank=True)
    night_on = models.BooleanField(default=False)
    responsible = models.CharField(max_length=40, blank=True)
    parts = models.JSONField(default=list, help_text="moment, users and customers still off, in order")
    external = models.BooleanField(default=False)
    shortage = models.BooleanField(default=False)
    notice_due_at = models.DateTimeField(
        null=True, help_text="by when it must be told; null: nothing promised"
    )
    notice_by_day = models.BooleanField(
        default=False, help_text="the due moment is a midnight and itself too late"
    )
    notice_promise = models.CharField(max_length=120, blank=True)
    analysed = models.BooleanField(
        default=False, help_text="which transformers and how many customers was told"
    )
    user_seconds = models.BigIntegerField(default=0)
    customers_off = models.PositiveIntegerField(default=0, help_text="longer than five minutes (IEEE 1366)")
    customer_seconds = models.BigIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField(help_text="of the newest entry")

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-event_at", "id"]
        indexes: ClassVar = [
            models.Index(F("event_at").desc(), "id", name="outage_newest"),
            models.Index(fields=["unit", "-event_at"], name="outage_by_unit"),
            models.Index(fields=["line", "-event_at"], name="outage_by_line"),
            models.Index(
                fields=["event_at"], name="outage_open", condition=Q(state__in=("announced", "running"))
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("started_at")) | Q(ended_at=None), name="outage_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(planned_end_at__gt=F("planned_start_at")) | Q(planned_end_at=None),
                name="outage_plan_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OutageEntry(models.Model):
    """One thing that was said of an outage. Appended, never changed: a correction is one more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outage = models.ForeignKey(Outage, models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField()
    step = models.CharField(max_length=12, choices=[(code, code) for code in STEPS])
    at = models.DateTimeField(help_text="when it happened")
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    values = models.JSONField()

    class Meta:
        ordering: ClassVar = ["outage_id", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outage", "seq"], name="outage_entry_once"),
            models.CheckConstraint(condition=Q(at__lte=F("recorded_at")), name="outage_entry_not_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.outage_id} {self.seq}"


class UserCount(models.Model):
    """How many medium-voltage users and contracts a bureau serves in an area, from a day on. Appended: the row recorded
    last counts for its day, and a day without one has those of the day before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    area = models.CharField(max_length=16)
    from_date = models.DateField()
    users = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["unit_id", "area", "from_date", "recorded_at", "id"]
        indexes: ClassVar = [models.Index(fields=["unit", "area", "from_date"], name="user_count_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.area} {self.from_date}"


class SupplyDay(models.Model):
    """A day of a bureau's users in one area: what should have been supplied and what was lost, in user-seconds.

    Derived from outages and user counts; a correction of either writes it anew. `lost` belongs to the day in which it was
    lost; users, customers and customer-seconds of an interruption to the day on which it began (IEEE 1366).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    area = models.CharField(max_length=16)
    day = models.DateField()
    starts_at = models.DateTimeField()
    users = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    due = models.BigIntegerField()
    customer_due = models.BigIntegerField()
    lost = models.BigIntegerField(default=0)
    lost_external = models.BigIntegerField(default=0)
    lost_shortage = models.BigIntegerField(default=0)
    supplied = models.BigIntegerField(help_text="due less lost")
    supplied_but_external = models.BigIntegerField(default=0, help_text="as if nothing had come from outside")
    supplied_but_shortage = models.BigIntegerField(default=0, help_text="as if there had been no shortage")
    customer_supplied = models.BigIntegerField(default=0)
    users_off = models.PositiveIntegerField(default=0)
    customers_off = models.PositiveIntegerField(default=0)
    customer_seconds = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day", "unit_id", "area"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "area", "day"], name="supply_day_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["day"], name="supply_day"),
            models.Index(fields=["starts_at"], name="supply_day_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.area} {self.day}"


class VoltagePoint(models.Model):
    """Where voltage is monitored; limits in volts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    area = models.CharField(max_length=16)
    klass = models.CharField(max_length=1, choices=[(code, code) for code in CLASSES])
    nominal = models.PositiveIntegerField(help_text="volts")
    lower = models.DecimalField(max_digits=10, decimal_places=1)
    upper = models.DecimalField(max_digits=10, decimal_places=1)

    class Meta:
        ordering: ClassVar = ["klass", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(lower__lt=F("upper")), name="voltage_band_is_open")
        ]

    def __str__(self) -> str:
        return self.code


class VoltageReading(models.Model):
    """Minutes monitored at a point from one day to another (inclusive), as it stands now: the newest entry's values.

    Unit, area and class are the point's, kept here so that one pass counts them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    point = models.ForeignKey(VoltagePoint, models.PROTECT, related_name="readings", db_index=False)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    area = models.CharField(max_length=16)
    klass = models.CharField(max_length=1)
    first_date = models.DateField()
    last_date = models.DateField()
    ends_at = models.DateTimeField(
        help_text="the last second of the last day, so that a month belongs to itself"
    )
    monitored = models.PositiveIntegerField()
    over = models.PositiveIntegerField()
    under = models.PositiveIntegerField()
    within = models.PositiveIntegerField(help_text="monitored less over and under")
    last_seq = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["point_id", "-first_date"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "first_date"], name="voltage_reading_once"),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="voltage_reading_has_days"
            ),
            models.CheckConstraint(
                condition=Q(monitored=F("over") + F("under") + F("within")), name="voltage_reading_adds_up"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="voltage_reading_ends")]

    def __str__(self) -> str:
        return f"{self.point_id} {self.first_date}"


class VoltageEntry(models.Model):
    """What somebody said of a reading. Appended, never changed; the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reading = models.ForeignKey(VoltageReading, models.PROTECT, related_name="entries", db_index=False)
    seq = models.PositiveIntegerField()
    monitored = models.PositiveIntegerField()
    over = models.PositiveIntegerField()
    under = models.PositiveIntegerField()
    why = models.CharField(max_length=200, blank=True, help_text="of a correction")
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["reading_id", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "seq"], name="voltage_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.seq}"
