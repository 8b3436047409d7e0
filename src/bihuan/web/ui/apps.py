"""Registers the shared templates and tags."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The frame of every page."""

    name = "bihuan.web.ui"
    label = "ui"
