"""What was played, so that a second start goes on where the first one was."""

from __future__ import annotations

from django.db import models

from bihuan.kernel.ids import uuid7


class Play(models.Model):
    """A world that was built and played up to `until`. `current`: up to the present, not some
    weeks of the past; `living`: it goes on by itself while it is served.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scenario = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    current = models.BooleanField(default=False)
    living = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.scenario} {self.until}"
