"""Every address below `api/`; one that isn't there is a problem like any other."""

from django.urls import URLPattern, include, path, re_path

from bihuan.web.api.doors import api
from bihuan.web.api.problems import as_problem, no_such_address

_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    if isinstance(_pattern, URLPattern):
        _pattern.callback = as_problem(_pattern.callback)

urlpatterns = [
    path("", no_such_address),
    path("", include((_patterns, _app), namespace=_namespace)),
    re_path(r"", no_such_address),
]
