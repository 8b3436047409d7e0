"""Names the package to Django, and lets no faulty rule of the callbacks start."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks

from bihuan.kernel.errors import BihuanError


class SurveysConfig(AppConfig):
    """Callbacks: who is asked, when, what, and what comes of it."""

    name = "bihuan.surveys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Django runs the check with its commands; `bihuan up` migrates, which is one."""
        checks.register(callbacks_are_sound)


def callbacks_are_sound(**_: Any) -> list[checks.CheckMessage]:
    """The folder `callbacks` beside the packs can be read; if not, why."""
    from bihuan.surveys import queries  # models can't be loaded before the apps are

    try:
        queries.book()
    except BihuanError as fault:
        hint = "Correct the file in the folder 'callbacks' of BIHUAN_PACKS_DIR."
        return [checks.Error(str(fault), hint=hint, id="surveys.E001")]
    return []
