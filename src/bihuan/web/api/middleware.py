"""What a machine's request passes, instead of all that a page's needs: sessions, cookies, messages, static files."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.utils import translation

PREFIX = "/api/"
DOOR = "bihuan.web.api.urls"
# An answer of the API is never shown as a page, wherever a browser is led to it.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Vary": "Accept-Language",
}


class Machines:
    """Answers addresses of the API at once; every other request goes on.

    Stands behind `SecurityMiddleware`. No cookie is read here: who asks is told by the token alone, and so nothing can be forged.
    Every fault is told by the door itself (`problems`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The door's answer, in the language asked for."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.get_host()  # raises for a host that isn't ours
        language = translation.get_language_from_request(request)
        translation.activate(language)
        found = request.resolver_match = get_resolver(DOOR).resolve(request.path_info[len(PREFIX) - 1 :])
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers["Content-Language"] = language
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
