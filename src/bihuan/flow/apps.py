"""The one door."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.flow"
    default_auto_field = "django.db.models.BigAutoField"
