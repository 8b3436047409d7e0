"""The case, its cycles and its append-only timeline."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.cases"
    default_auto_field = "django.db.models.BigAutoField"
