"""Who stands before a page and what he may: signed in, holding posts at this moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from bihuan.people import queries as people
from bihuan.people.models import Post, Staff
from bihuan.people.rules import Held, Scope, scope
from bihuan.web.ui.navigation import navigation

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person with the posts held now."""

    staff: Staff
    now: datetime
    held: tuple[Held, ...]

    @property
    def permissions(self) -> frozenset[str]:
        """Everything that any of the posts allows."""
        return frozenset().union(*(one.permissions for one in self.held))

    def may(self, *permissions: str) -> bool:
        """Whether any of these is granted."""
        return bool(self.permissions & set(permissions))

    def scope(self, permission: str) -> Scope:
        """Which units the permission reaches."""
        return scope(self.held, permission)


Page = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponseBase]


def allowed(
    *permissions: str,
) -> Callable[[Page[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let in only people who hold one of the permissions; without any named, everybody who is signed in."""

    def wrap(page: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, Staff):
                return redirect_to_login(request.get_full_path())
            now = timezone.now()
            held = tuple(people.memberships(request.user.actor_id, now))
            visitor = Visitor(request.user, now, held)
            if permissions and not visitor.may(*permissions):
                raise PermissionDenied
            return page(request, visitor, *args, **kwargs)

        update_wrapper(guarded, page)
        return guarded

    return wrap


def asked_again(request: HttpRequest) -> bool:
    """Whether a part of the page that is open asks, and not somebody who comes to it."""
    return request.headers.get("HX-Request") == "true"


def show(
    request: HttpRequest, visitor: Visitor, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """A page in the frame: the navigation shows what this person may open."""
    language = get_language() or "zh-hans"
    names = {
        post.code: post.name_en if language.startswith("en") else post.name_zh for post in Post.objects.all()
    }
    posts = [(held.unit_code, names.get(held.post, held.post)) for held in visitor.held]
    ways = navigation(permissions=visitor.permissions, path=request.path)
    frame = {"visitor": visitor, "posts": posts, "now": visitor.now, "navigation": ways}
    return render(request, template, {**frame, **context}, status=status)
