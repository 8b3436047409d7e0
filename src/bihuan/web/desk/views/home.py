"""The page of one's post: what waits for me, what is about to break, what came back."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from bihuan.kernel.step import SAME, START
from bihuan.loops.catalogue import LOOPS
from bihuan.promises import queries as promises
from bihuan.web.ui.visitor import Visitor, allowed, show

SHOWN = 8
RECENT = timedelta(days=3)
"""A warning that is older has become a breach, or was heeded."""

TOLD = {
    "person": ("case.handle", "visit.do"),
    "leader": ("case.review",),
    "department": ("report.read",),
    "supervision": ("case.supervise",),
}
"""Whose posts make somebody the one whom a promise's warning names."""


@require_GET
@allowed()
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Three short lists of the cases in scope."""
    if not visitor.may("case.read"):
        return show(request, visitor, "desk/home.html", {})
    seen = visitor.scope("case.read")
    mine = promises.work(_stages(visitor), seen)
    soon = promises.about_to_break(seen, visitor.now)
    over = promises.broken_and_running(seen, visitor.now)
    back = promises.sent_back(seen)
    context: dict[str, object] = {
        "mine": promises.rows(mine[:SHOWN]),
        "mine_count": mine.count(),
        "soon": promises.rows(soon[:SHOWN]),
        "soon_count": soon.count(),
        "over_count": over.count(),
        "back": promises.rows(back[:SHOWN]),
        "back_count": back.count(),
        "warnings": promises.warnings_for(seen, _told(visitor), since=visitor.now - RECENT),
    }
    return show(request, visitor, "desk/home.html", context)


def _told(visitor: Visitor) -> list[str]:
    return [to for to, permissions in TOLD.items() if visitor.may(*permissions)]


def _stages(visitor: Visitor) -> list[tuple[str, str]]:
    """Where a case waits for a step that moves it on and that one of my posts takes."""
    return [
        (loop.code, state)
        for loop in LOOPS
        for step in loop.steps
        if step.by in visitor.permissions and step.reaches != SAME and not (step.exempt or step.counts)
        for state in step.leaves
        if state != START and not step.corrects
    ]
