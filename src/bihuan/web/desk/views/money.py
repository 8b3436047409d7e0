"""What was due to customers, what was paid, and what is still to be recovered from third parties."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from bihuan.cases import queries as cases
from bihuan.people import queries as people
from bihuan.web.ui.visitor import Visitor, allowed, show

A_PAGE = 50


@require_GET
@allowed("figures.read")
def money(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Claims of the visitor's units, the oldest payment first, with the balance and its age."""
    seen = visitor.scope("figures.read")
    unit, which = request.GET.get("unit", ""), request.GET.get("which", "")
    page = Paginator(cases.money(seen, unit=unit, which=which), A_PAGE).get_page(request.GET.get("page"))
    rows = [
        (row, (visitor.now - row.paid_at).days if row.paid_at and row.balance else None)
        for row in cases.told_money(page.object_list)
    ]
    return show(
        request,
        visitor,
        "desk/money.html",
        {
            "page": page,
            "rows": rows,
            "unit": unit,
            "which": which,
            "sums": cases.money_sums(seen, unit=unit),
            "units": [one for one in people.units_within(seen) if one.kind == "bureau"],
        },
    )
