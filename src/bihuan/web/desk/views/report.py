"""The weekly report as pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from bihuan.web.ui.visitor import Visitor, allowed, show


@require_GET
@allowed("report.read")
def report(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Filled once the figures are there."""
    return show(request, visitor, "desk/report.html", {})
