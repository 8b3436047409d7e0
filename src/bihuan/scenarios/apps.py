"""Demo worlds: a town drawn from data, played, and living on while it is served."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.scenarios"
    default_auto_field = "django.db.models.BigAutoField"
