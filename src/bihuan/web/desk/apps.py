"""Registers the desk's templates."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Staff pages."""

    name = "bihuan.web.desk"
    label = "desk"
