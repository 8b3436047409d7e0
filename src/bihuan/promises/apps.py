"""Running clocks and verdicts."""

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.promises"
    default_auto_field = "django.db.models.BigAutoField"
