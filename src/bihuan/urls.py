"""Which door answers which address; nobody imports this file."""

from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("bihuan.web.ui.urls")),
    path("", include("bihuan.web.desk.urls")),
    path("api/", include("bihuan.web.api.urls")),
]
