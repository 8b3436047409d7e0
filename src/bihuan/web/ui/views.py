"""Signing in and out, the theme, and whether we are well."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.people import actions as signing
from bihuan.people import queries as people
from bihuan.people.models import Staff

YEAR = 365 * 24 * 60 * 60


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Number and password; what was typed stays, but for the password."""
    number = request.POST.get("number", "").strip()
    onward = _safe(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(onward)
        return render(request, "ui/sign_in.html", {"next": onward})
    now, address = timezone.now(), _asker(request)
    if not people.may_try(number=number, address=address, at=now):
        told = {"next": onward, "number": number, "locked": True}
        return render(request, "ui/sign_in.html", told, status=429)
    found = authenticate(request, username=number, password=request.POST.get("password", ""))
    if not isinstance(found, Staff):
        signing.note_failure(number=number, address=address, at=now)
        return render(
            request, "ui/sign_in.html", {"next": onward, "number": number, "refused": True}, status=422
        )
    signing.forget_failures(number=number)
    login(request, found)
    response = redirect(onward)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, found.language, max_age=YEAR, samesite="Lax")
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return redirect("sign-in")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Dark for the control room, light for the office; kept in a cookie, so that no page flashes."""
    response = redirect(_safe(request, request.POST.get("next") or "/"))
    chosen = "dark" if request.POST.get("theme") == "dark" else "light"
    response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax")
    return response


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database answers."""
    connection.ensure_connection()
    return JsonResponse({"status": "ok"})


def _asker(request: HttpRequest) -> str:
    """From where somebody asks. Behind a server of our own, that server has written it last into X-Forwarded-For."""
    near = str(request.META.get("REMOTE_ADDR", ""))
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return told if settings.BIHUAN_BEHIND_PROXY and told else near


def _safe(request: HttpRequest, onward: str) -> str:
    """Only addresses of our own."""
    allowed = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return onward if allowed else "/"
