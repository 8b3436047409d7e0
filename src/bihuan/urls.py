"""Which door answers which address; nobody imports this file."""

from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

_WEB = Path(__file__).resolve().parent / "web"
_DOORS = (("", "ui"), ("", "desk"), ("api/", "api"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    *(
        path(at, include(f"bihuan.web.{door}.urls"))
        for at, door in _DOORS
        if (_WEB / door / "urls.py").is_file()
    ),
]
