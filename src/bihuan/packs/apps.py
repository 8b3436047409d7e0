"""Names the package to Django, and lets no faulty pack start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import connection

from bihuan.kernel.errors import BihuanError
from bihuan.packs import queries


class PacksConfig(AppConfig):
    """Promises and calendars as data."""

    name = "bihuan.packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Django runs the check with its commands; `bihuan up` migrates, which is one."""
        checks.register(packs_are_sound)
        checks.register(published_packs_are_sound, checks.Tags.database)


def packs_are_sound(**_: Any) -> list[checks.CheckMessage]:
    """The packs of the settings and the calendar can be read; if not, why."""
    try:
        queries.adopted()
        zone = queries.calendar().zone.key
    except BihuanError as fault:
        hint = "Correct the file, or set BIHUAN_PACKS and BIHUAN_PACKS_DIR."
        return [checks.Error(str(fault), hint=hint, id="packs.E001")]
    if zone == settings.TIME_ZONE:
        return []
    # A day would end at one moment for a promise and at another for the figures that count it.
    told = f"The calendar of the first pack is kept in {zone}, and the house in {settings.TIME_ZONE}: days would differ."
    return [checks.Error(told, hint=f"Set BIHUAN_TIME_ZONE={zone}, or adopt other packs.", id="packs.E003")]


def published_packs_are_sound(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """What was published can still be read by this version of the program. Runs with `migrate`, so before a start."""
    from bihuan.packs.models import PackVersion  # models can't be loaded before the apps are

    if not databases or PackVersion._meta.db_table not in connection.introspection.table_names():
        return []
    hint = "Publish a corrected version with the program that could read it, or mend the program."
    found: list[checks.CheckMessage] = []
    for kept in PackVersion.objects.order_by("code", "number"):
        try:
            queries.parse(kept.code, kept.text)
        except BihuanError as fault:
            found.append(checks.Error(f"version {kept.number}: {fault}", hint=hint, id="packs.E002"))
    return found
