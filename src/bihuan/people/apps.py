"""Units, posts, staff, membership over time, and what each may see and do."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Names the package to Django."""

    name = "bihuan.people"
