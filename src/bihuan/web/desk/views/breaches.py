"""Broken promises, one by one: how late, why, exempted or not, what was paid."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.promises import queries as promises
from bihuan.web.ui.visitor import Visitor, allowed, show

A_PAGE = 50


@require_GET
@allowed("figures.read")
def breaches(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Those of the visitor's units, the newest first."""
    wanted = promises.Wrong(
        unit=request.GET.get("unit", ""),
        promise=request.GET.get("promise", ""),
        which=request.GET.get("which", ""),
    )
    seen = visitor.scope("figures.read")
    page = Paginator(promises.breaches(seen, wanted), A_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "zh-hans"
    titles = {
        promise.code: promise.title.in_language(language)
        for pack in packs.adopted()[::-1]
        for promise in pack.promises
        if packs.counted(promise)
    }
    return show(
        request,
        visitor,
        "desk/breaches_list.html",
        {
            "page": page,
            "wanted": wanted,
            "promises": sorted(titles.items(), key=lambda pair: pair[1]),
            "units": [unit for unit in people.units_within(seen) if unit.kind == "bureau"],
        },
    )
