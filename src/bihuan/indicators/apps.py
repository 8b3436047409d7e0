"""The catalogue made into numbers."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.indicators"
