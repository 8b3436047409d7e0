"""Whom we serve and where."""

from django.apps import AppConfig


class SupplyConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.supply"
