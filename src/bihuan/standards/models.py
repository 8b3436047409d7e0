"""Texts of the standards as they were published: appended, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StandardVersion(models.Model):
    """A taxonomy, the case book or the rules of severity, in force from a day on until a newer one is."""

    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=40)
    text = models.TextField(help_text="TOML")
    effective_from = models.DateField()
    why = models.CharField(max_length=400)
    by = models.ForeignKey("people.Actor", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["kind", "code", "-effective_from", "-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "code", "-effective_from"], name="standard_newest")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.code} {self.effective_from}"
