"""Customers, the premises where they are served, and the accounts that join the two."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import OpClass
from django.db import models

from bihuan.kernel.ids import uuid7


class Customer(models.Model):
    """Whom we serve. Name and telephone are personal data: masked where they aren't needed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=24, blank=True, db_index=True)
    customer_class = models.CharField(max_length=16, default="resident")

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return self.number


class Phone(models.Model):
    """A further number of a customer, tried in the order of `position`; the first one is the customer's own `phone`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="phones", db_index=False)
    number = models.CharField(max_length=24, db_index=True)
    kind = models.CharField(
        max_length=10, choices=[(kind, kind) for kind in ("mobile", "home", "work", "family")]
    )
    position = models.PositiveSmallIntegerField(help_text="2 for the second number")

    class Meta:
        ordering: ClassVar = ["customer_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "position"], name="phone_place_once"),
            models.UniqueConstraint(fields=["customer", "number"], name="phone_once"),
            models.CheckConstraint(condition=models.Q(position__gte=2), name="phone_counts_from_two"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.position}"


class Premises(models.Model):
    """A place that is supplied: address, point (WGS 84 degrees), area class, and the unit that serves it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=200)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    area = models.CharField(max_length=16)
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    line = models.CharField(max_length=40, blank=True, help_text="the medium-voltage line; empty: not known")
    transformer = models.CharField(max_length=40, blank=True, help_text="that feeds it; empty: not known")

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name_plural = "premises"

    def __str__(self) -> str:
        return self.code


class Account(models.Model):
    """One contract of a customer at a place, with its meter."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="accounts")
    premises = models.ForeignKey(Premises, models.PROTECT, related_name="accounts")
    meter = models.CharField(max_length=40, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(OpClass("number", name="varchar_pattern_ops"), name="account_prefix")
        ]

    def __str__(self) -> str:
        return self.number
