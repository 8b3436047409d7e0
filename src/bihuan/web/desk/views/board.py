"""The open cases of one's units, the nearest promise first."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.loops.catalogue import LOOPS
from bihuan.people import queries as people
from bihuan.promises import queries as promises
from bihuan.web.desk.tasks import stages
from bihuan.web.ui import polls
from bihuan.web.ui.visitor import Visitor, allowed, asked_again, show

PAGE = 50
STANDS, STANDS_LONG = timedelta(minutes=1), timedelta(minutes=10)
"""How long a board that nobody touches may be shown: where time alone brings cases onto it, and else (clocks tick by themselves)."""


@require_GET
@allowed("case.read")
def board(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Filters stand in the address, so that a view can be shared; htmx asks for the table alone."""
    language = get_language() or "zh-hans"
    seen = visitor.scope("case.read")
    wanted = promises.Wanted(
        loop=request.GET.get("loop", ""),
        state=request.GET.get("state", ""),
        unit=request.GET.get("unit", ""),
        text=request.GET.get("q", "").strip().replace("\x00", ""),
        which=request.GET.get("which", ""),
    )
    touching = cases.visible(seen)
    if wanted.loop:
        touching = touching.filter(loop=wanted.loop)
    if asked_again(request) and polls.unchanged(request, touching, at=visitor.now):
        return HttpResponse(status=204)
    stands = STANDS if wanted.which in ("soon", "over") else STANDS_LONG
    glance = polls.glance(touching, at=visitor.now, until=visitor.now + stands)
    found = promises.board(seen, wanted, visitor.now)
    if wanted.which == "mine":
        found = found.filter(pk__in=cases.waiting_for(stages(visitor), seen).order_by().values("pk"))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = promises.rows(cast("QuerySet[Case]", page.object_list))
    context: dict[str, object] = {"rows": rows, "page": page, "wanted": wanted, "glance": glance}
    if asked_again(request):
        return show(request, visitor, "desk/board_rows.html", context)
    states = {
        state.code: state.title for loop in LOOPS for state in loop.states if state.code in loop.open_states
    }
    units = [
        (unit.code, unit.name(language))
        for unit in people.units_within(seen)
        if unit.kind in ("bureau", "station", "crew")
    ]
    context |= {"loops": LOOPS, "states": states, "units": units}
    return show(request, visitor, "desk/board.html", context)
