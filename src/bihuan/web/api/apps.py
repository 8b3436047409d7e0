"""Names the door to Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The door for machines; it has no tables."""

    name = "bihuan.web.api"
    label = "web_api"
