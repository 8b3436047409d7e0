"""Names the package to Django, and lets no faulty pack start."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks

from bihuan.kernel.errors import BihuanError
from bihuan.packs import queries


class PacksConfig(AppConfig):
    """Promises and calendars as data."""

    name = "bihuan.packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Django runs the check with its commands; `bihuan up` migrates, which is one."""
        checks.register(packs_are_sound)


def packs_are_sound(**_: Any) -> list[checks.CheckMessage]:
    """The adopted packs and the calendar can be read; if not, why."""
    try:
        queries.adopted()
        queries.calendar()
    except BihuanError as fault:
        hint = "Correct the file, or set BIHUAN_PACKS and BIHUAN_PACKS_DIR."
        return [checks.Error(str(fault), hint=hint, id="packs.E001")]
    return []
