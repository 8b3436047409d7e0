"""The customer's journey: six stages, eighteen points, each with its figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from bihuan.indicators.queries.perception import perception as perception_of
from bihuan.web.desk.reading import asked
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_GET
@allowed("figures.read")
def perception(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Of last week, or the period asked for; of the company or a unit."""
    at = asked(request, visitor)
    stages = perception_of(period=at.period, at=visitor.now, unit=at.unit or None)
    felt = [one for _, points in stages for one in points]
    context: dict[str, object] = {
        "asked": at,
        "query": urlencode(at.query),
        "stages": stages,
        "counted": sum(bool(one.figures) for one in felt),
        "all": len(felt),
    }
    return show(request, visitor, "desk/indicators/perception.html", context)
