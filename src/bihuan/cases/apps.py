"""The case, its cycles and its append-only timeline."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from bihuan.kernel.step import MOMENTS
from bihuan.loops.catalogue import LOOPS, declaration_faults


class CasesConfig(AppConfig):
    """Names the package to Django and looks at the declared loops before anything is served."""

    name = "bihuan.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The catalogue is checked with Django's own checks."""
        register(declared_loops)


def declared_loops(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every mistake in a loop's declaration, and every moment or answer without a column."""
    from bihuan.cases.models import Case, Cycle  # models can't be loaded before the apps are

    columns = {field.name for model in (Case, Cycle) for field in model._meta.get_fields()}
    named = {f"{moment}_at" for moment in MOMENTS}
    named |= {fact.column for loop in LOOPS for step in loop.steps for fact in step.facts if fact.column}
    named |= {step.counts for loop in LOOPS for step in loop.steps if step.counts}
    missing = [
        f"kernel/loops name '{name}', which is no column of a case or cycle." for name in named - columns
    ]
    return [
        Error(fault, hint="Mend the declaration; see docs/howto/add-a-business-kind.md.", id="cases.E001")
        for fault in [*declaration_faults(), *sorted(missing)]
    ]
