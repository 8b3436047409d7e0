"""The league on one page: every rate by every bureau, coloured only where it is more than chance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from bihuan.indicators.queries.league import heat
from bihuan.web.desk import charts
from bihuan.web.desk.reading import asked
from bihuan.web.ui.visitor import Visitor, allowed, show

SHADED = ("model", "good", "poor", "weak", "apart")


@require_GET
@allowed("figures.read")
def league(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Last week's league, or that of the period asked for."""
    at = asked(request, visitor)
    told = heat(period=at.period, at=visitor.now)
    query = {"from": at.query["from"], "to": at.query["to"]}
    columns = [
        (company, f"{reverse('indicator', args=[company.indicator.code])}?{urlencode(query)}")
        for company, _, _ in told
    ]
    rows: list[tuple[object, list[dict[str, object] | None]]] = []
    named: list[dict[str, object]] = []
    for unit in at.units:
        cells: list[dict[str, object] | None] = []
        for company, made, figures in told:
            standing = next((one for one in made.standings if one.unit == unit.code), None)
            figure = figures.get(unit.code)
            if standing is None or figure is None:
                cells.append(None)
                continue
            link = f"{reverse('indicator', args=[company.indicator.code])}?{urlencode(query | {'unit': unit.code})}"
            cell: dict[str, object] = {
                "text": figure.value or "",
                "counts": charts.counts(figure),
                "place": standing.place,
                "shaded": standing.place in SHADED,
                "said": charts.said(charts.PLACES[standing.place]),
                "rank": standing.rank,
                "ranks": standing.ranks,
                "link": link,
            }
            cells.append(cell)
            if standing.place in ("weak", "model"):
                named.append({"unit": unit, "indicator": company.indicator, **cell})
        rows.append((unit, cells))
    context: dict[str, object] = {
        "asked": at,
        "query": urlencode(query),
        "columns": columns,
        "rows": rows,
        "named": sorted(named, key=lambda one: one["place"] != "weak"),
        "places": [
            (place, charts.said(charts.PLACES[place]))
            for place in ("weak", "poor", "within", "good", "model", "small")
        ],
    }
    return show(request, visitor, "desk/indicators/league.html", context)
