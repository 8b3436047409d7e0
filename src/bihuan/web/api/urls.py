"""Every address below `api/`; one that isn't there is a problem like any other."""

from django.urls import path, re_path

from bihuan.web.api.doors import api
from bihuan.web.api.problems import no_such_address

urlpatterns = [
    path("", api.urls),
    re_path(r"", no_such_address),
]
