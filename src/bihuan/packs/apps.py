"""Promises and calendars as data."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.packs"
    default_auto_field = "django.db.models.BigAutoField"
