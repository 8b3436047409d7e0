"""The page of one's post: what waits for me, what is about to break, what came back."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from bihuan.indicators.rules.control import RULES
from bihuan.loops.indicators.catalogue import INDICATORS
from bihuan.people import queries as people
from bihuan.promises import queries as promises
from bihuan.reports import queries as reports
from bihuan.reports.models import Alert
from bihuan.web.desk.tasks import stages, tasks
from bihuan.web.ui.clocks import title_of
from bihuan.web.ui.visitor import Visitor, allowed, show

SHOWN = 8
RECENT = timedelta(days=3)
"""A warning that is older has become a breach, or was heeded."""

TOLD_FOR = timedelta(days=14)
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
    """What waits for the posts as figures, and short lists of the cases behind them."""
    if not visitor.may("case.read"):
        return show(request, visitor, "desk/home.html", {})
    seen = visitor.scope("case.read")
    mine = promises.work(stages(visitor), seen)
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
        "tasks": tasks(visitor),
        "warnings": promises.warnings_for(seen, _told(visitor), since=visitor.now - RECENT),
    }
    if visitor.may("report.read"):
        context["alerts"] = _alerts(visitor)
    return show(request, visitor, "desk/home.html", context)


def _alerts(visitor: Visitor) -> list[tuple[Alert, str, str]]:
    """What this person was told of figures, with its words."""
    seen = visitor.scope("report.read")
    codes = [unit.code for unit in people.units_within(seen)]
    found = reports.alerts(company=seen.company, units=codes, since=visitor.now - TOLD_FOR)
    return [(one, *_said(one)) for one in found]


def _said(one: Alert) -> tuple[str, str]:
    language = get_language() or "zh-hans"
    if one.what == "breaches":
        return title_of(one.code), gettext("broken %(times)s times in the week") % {"times": one.detail}
    found = next((each for each in INDICATORS if each.code == one.code), None)
    rule = next((words for code, words in RULES.items() if code == one.detail), None)
    return (
        found.title.in_language(language) if found else one.code,
        rule.in_language(language) if rule else one.detail,
    )


def _told(visitor: Visitor) -> list[str]:
    return [to for to, permissions in TOLD.items() if visitor.may(*permissions)]
