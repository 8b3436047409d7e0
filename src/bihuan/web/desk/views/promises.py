"""What the utility has promised, pack beside pack, clause by clause."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from bihuan.packs import queries as packs
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_GET
@allowed("promise.read")
def promises(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The adopted packs, the one that wins first."""
    adopted = packs.adopted()
    codes = dict.fromkeys(promise.code for pack in adopted for promise in pack.promises)
    lines = [
        [
            [(promise, packs.counted(promise)) for promise in pack.promises if promise.code == code]
            for pack in adopted
        ]
        for code in codes
    ]
    return show(request, visitor, "desk/promises.html", {"packs": adopted, "lines": lines})
