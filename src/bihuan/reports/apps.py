"""Frozen snapshots and their layouts."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.reports"
    default_auto_field = "django.db.models.BigAutoField"
