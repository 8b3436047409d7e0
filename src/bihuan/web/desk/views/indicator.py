"""Indicators: the catalogue, one figure with all that makes it trusted, the cases behind it and their files."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from bihuan.indicators.queries import figures
from bihuan.indicators.queries.export import Asked as Wanted
from bihuan.indicators.queries.export import Part, every_row, rows_shown
from bihuan.indicators.queries.league import read
from bihuan.indicators.queries.moved import OF_CASES
from bihuan.indicators.queries.moved import why as reasons
from bihuan.indicators.queries.series import weekly
from bihuan.indicators.rules import LINE, Figure, week_name
from bihuan.indicators.rules.control import RULES
from bihuan.indicators.rules.league import League
from bihuan.kernel.indicator import Declared, Index, Indicator
from bihuan.loops.indicators.catalogue import CHAPTERS, DECLARED
from bihuan.packs import queries as packs
from bihuan.packs.queries import targets
from bihuan.reports import queries as reports
from bihuan.reports.layouts import cases as files
from bihuan.web.desk import charts
from bihuan.web.desk.reading import (
    Asked,
    asked,
    cases_link,
    change,
    interval,
    one_of,
    page_of,
    places,
    why,
)
from bihuan.web.desk.views.outages import address_behind
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 50
PARTS: tuple[Part, ...] = ("denominator", "numerator", "missed")


@require_GET
@allowed("figures.read")
def indicators(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Every indicator by chapter, with last week's figure and what thirteen weeks say."""
    at = asked(request, visitor)
    series = weekly(until=at.period, at=visitor.now, count=LINE)
    chapters = []
    for chapter in CHAPTERS:
        rows = [
            _listed(one, series.line(one.code, at.unit)) for one in DECLARED if one.chapter == chapter.code
        ]
        idle = [row["indicator"] for row in rows if not row["counted"]]
        chapters.append((chapter, [row for row in rows if row["counted"]], idle))
    context: dict[str, object] = {
        "chapters": chapters,
        "asked": at,
        "query": urlencode(at.query),
        "week": week_name(series.weeks[-1].first),
    }
    return show(request, visitor, "desk/indicators/catalogue.html", context)


@require_GET
@allowed("figures.read")
def indicator_page(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One indicator in a period: rule and source, figure, control chart, league, why it moved, the way to the cases."""
    one, at = one_of(code), asked(request, visitor)
    reading = read(code=code, period=at.period, at=visitor.now)
    row = next((row for row in (reading.company, *reading.units) if row.unit == at.unit), None)
    if row is None:
        raise Http404
    against = "year" if request.GET.get("against") == "year" else "before"
    shares = reasons(
        code=code,
        before=reading.year if against == "year" else reading.before,
        now=at.period,
        at=visitor.now,
        unit=at.unit,
    )
    told = [why(one, share, at.names) for share in shares]
    wanted = request.GET.get("by", "")
    parted = next((part for part in told if part.dimension == wanted), told[0] if told else None)
    rows = places(one, reading, at)
    context: dict[str, object] = {
        "indicator": one,
        "chapter": next(chapter for chapter in CHAPTERS if chapter.code == one.chapter),
        "asked": at,
        "query": urlencode(at.query),
        "figure": row.now,
        "suffix": charts.suffix(one),
        "counts": charts.counts(row.now),
        "interval": interval(one, row.now),
        "before": change(one, row.against_before, row.before),
        "year": change(one, row.against_year, row.year),
        "reading": reading,
        "rows": rows,
        "named": [one for one in rows if one.place in ("weak", "model")],
        "funnel": _funnel(one, reading.league, at, row.now.aim),
        "parts": told,
        "parted": parted,
        "against": against,
        "aim": targets.standing().standing(code, at.unit, at.period.last),
        "owner": targets.owners().get(code),
        "made_of": _made_of(one, at, visitor),
        "links": _links(code, at) if _of_cases(one) else _supply_links(one, at, visitor),
        "behind": _of_cases(one),
    } | _controlled(one, at, visitor, request.GET.get("chart", "p"))
    return show(request, visitor, "desk/indicators/indicator.html", context)


@require_GET
@allowed("figures.read")
def indicator_cases(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """The cases behind a figure that this reader may see, found by the filter that counted them."""
    at, wanted = _wanted(request, visitor, code)
    page = page_of(request)
    found = rows_shown(wanted, limit=PAGE, offset=(page - 1) * PAGE)
    one = one_of(code)
    context: dict[str, object] = {
        "indicator": one,
        "asked": at,
        "query": urlencode(at.query),
        "part": wanted.part,
        "parts": PARTS if one.measure == "percent" else (),
        "found": found,
        "page": page,
        "pages": max(1, -(-found.total // PAGE)),
        "titles": _promises(),
        "clocks": isinstance(one, Indicator) and one.table == "clock",
    }
    return show(request, visitor, "desk/indicators/cases.html", context)


@require_GET
@allowed("figures.read")
def indicator_file(
    request: HttpRequest, visitor: Visitor, code: str, ending: str
) -> StreamingHttpResponse | FileResponse:
    """All of those cases as CSV or as a workbook."""
    at, wanted = _wanted(request, visitor, code)
    lines = files.table(
        every_row(wanted), promises=_promises(), zone=reports.zone(), language=charts.language()
    )
    parts = ("bihuan", code, at.unit or "", str(at.period.first), str(at.period.last), wanted.part)
    name = "-".join(part for part in parts if part and part != PARTS[0])
    if ending == "xlsx":
        book = files.as_workbook(lines, charts.said(one_of(code).title))
        return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx")
    answer = StreamingHttpResponse(files.as_csv(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _wanted(request: HttpRequest, visitor: Visitor, code: str) -> tuple[Asked, Wanted]:
    """What is asked for, if this reader may open its cases; one's own bureau where the company isn't for him."""
    at = asked(request, visitor)
    unit = at.unit
    if unit is None and None not in at.opens:
        unit = next((one.code for one in at.units if one.code in at.opens), None)
        at = replace(at, unit=unit)
    part = request.GET.get("part", PARTS[0])
    if unit not in at.opens or part not in PARTS or not _of_cases(one_of(code)):
        raise Http404
    seen = visitor.scope("case.read")
    return at, Wanted(code, at.period, visitor.now, seen, unit, part)


def _listed(one: Declared, line: tuple[Figure, ...]) -> dict[str, object]:
    counted = any(week.denominator or week.numerator for week in line)
    made = charts.control_of(line, "p") if counted else None
    last = made.points[-1] if made else None
    values = [charts.number(week) for week in line]
    return {
        "indicator": one,
        "counted": counted,
        "now": line[-1] if line else None,
        "suffix": charts.suffix(one),
        "counts": charts.counts(line[-1]) if line else "",
        "signals": charts.signs(last.signals) if last and made and not made.provisional else "",
        "points": _points(values),
    }


def _points(values: list[float | None]) -> str:
    """A line of weeks as the points of a drawing of 130 by 26."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, room = min(known), (max(known) - min(known)) or 1.0
    step = 130 / len(values)
    return " ".join(
        f"{place * step + step / 2:.1f},{23 - (value - low) / room * 20:.1f}"
        for place, value in enumerate(values)
        if value is not None
    )


def _controlled(one: Declared, at: Asked, visitor: Visitor, kind: str) -> dict[str, object]:
    series = weekly(until=at.period, at=visitor.now, codes=[one.code])
    line, weeks = charts.line_of(series.line(one.code, at.unit), series.weeks)
    made = charts.control_of(line, kind)
    if made is None:
        return {"control": None}
    address, unit = reverse("indicator", args=[one.code]), {"unit": at.unit} if at.unit else {}
    links = [f"{address}?{urlencode({'week': week_name(week.first)} | unit)}" for week in weeks]
    scale = 100 if made.kind == "p" else 1
    rows = [
        {
            "week": week_name(week.first),
            "link": link,
            "figure": figure,
            "counts": charts.counts(figure),
            "low": f"{point.low * scale:.{one.decimals}f}",
            "high": f"{point.high * scale:.{one.decimals}f}",
            "signals": charts.signs(point.signals),
        }
        for week, link, figure, point in zip(weeks, links, line, made.points, strict=True)
    ]
    return {
        "control": charts.control(line, weeks, made, links),
        "chart": made,
        "restless": 2 * len(made.signalling) > len(line),
        "weeks": rows[::-1],
        "rules": [charts.said(words) for words in RULES.values()],
    }


def _funnel(one: Declared, made: League | None, at: Asked, aim: Decimal | None) -> dict[str, object] | None:
    if made is None or isinstance(one, Index):
        return None
    address = reverse("indicator", args=[one.code])
    links = {unit.code: f"{address}?{urlencode(at.query | {'unit': unit.code})}" for unit in at.units}
    return charts.funnel_of(made, at.names, links, one, aim)


def _made_of(one: Declared, at: Asked, visitor: Visitor) -> list[tuple[Figure, str, str, str]]:
    """The figures of which an index is made, each with its suffix, its counts and its page."""
    if not isinstance(one, Index):
        return []
    (told,) = figures(periods=[at.period], at=visitor.now, unit=at.unit, codes=one.parts)
    return [
        (
            figure,
            charts.suffix(figure.indicator),
            charts.counts(figure) if figure.indicator.measure == "percent" else "",
            f"{reverse('indicator', args=[figure.indicator.code])}?{urlencode(at.query)}",
        )
        for figure in told
        if figure.unit == at.unit
    ]


def _links(code: str, at: Asked) -> dict[str, str]:
    if at.unit not in at.opens:
        return {}
    return {part: cases_link(code, at.query, part) for part in PARTS}


def _supply_links(one: Declared, at: Asked, visitor: Visitor) -> dict[str, str]:
    """Outages, days of supply and voltage have pages of their own."""
    if (
        isinstance(one, Index)
        or one.table in OF_CASES
        or at.unit not in at.opens
        or not visitor.may("outage.read")
    ):
        return {}
    return {part: address_behind(one, part=part, period=at.period, unit=at.unit) for part in PARTS}


def _of_cases(one: Declared) -> bool:
    return isinstance(one, Indicator) and one.table in OF_CASES and one.measure not in ("ratio", "sum")


def _promises() -> dict[str, str]:
    return {
        promise.code: charts.said(promise.title)
        for pack in packs.adopted()[::-1]
        for promise in pack.promises
    }
