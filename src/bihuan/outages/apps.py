"""Names the package to Django."""

from django.apps import AppConfig


class OutagesConfig(AppConfig):
    """Outages, the users that reliability is counted over, voltage monitoring points."""

    name = "bihuan.outages"
    default_auto_field = "django.db.models.BigAutoField"
