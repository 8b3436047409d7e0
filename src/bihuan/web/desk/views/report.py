"""The weekly report: read on the page, every figure opening to its cases; PDF; frozen by who edits it."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from bihuan.cases import queries as cases
from bihuan.indicators import queries as indicators
from bihuan.indicators.rules import Period, PeriodRefused, week, week_name
from bihuan.kernel.errors import BihuanError
from bihuan.loops.indicators.catalogue import indicator
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.reports import actions
from bihuan.reports import queries as reports
from bihuan.reports.layouts import html, pdf
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.models import Snapshot
from bihuan.reports.rules import Weekly
from bihuan.web.desk.views.outages import address_behind
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 50
PARTS = ("denominator", "numerator", "missed")


@require_GET
@allowed("report.read")
def report(request: HttpRequest, visitor: Visitor, name: str = "") -> HttpResponse:
    """Last week's report, or that of the week named; as it was frozen, unless the live figures are asked for."""
    name = name or week_name(timezone.localtime(visitor.now).date() - timedelta(days=7))
    period, units, unit = _asked(request, visitor, name)
    told, kept = _told(request, visitor, name, unit)
    paper = sheet(told, language=get_language() or "zh-hans")
    sections = [(one, [(row, html.picture(row)) for row in one.rows]) for one in paper.sections]
    context: dict[str, object] = {
        "paper": paper,
        "t": paper.texts,
        "sections": sections,
        "week": name,
        "before": week_name(period.first - timedelta(days=7)),
        "after": week_name(period.first + timedelta(days=7)) if period.end <= visitor.now else "",
        "over": period.end <= visitor.now,
        "units": units,
        "unit": unit,
        "whole": visitor.scope("report.read").company,
        "kept": kept,
        "live": bool(request.GET.get("live")),
        "may_freeze": visitor.may("report.freeze"),
        "opens": visitor.may("case.read"),
    }
    return show(request, visitor, "desk/report.html", context)


@require_GET
@allowed("report.read")
def report_pdf(request: HttpRequest, visitor: Visitor, name: str) -> HttpResponse:
    """The same report on paper."""
    _period, _units, unit = _asked(request, visitor, name)
    told, _kept = _told(request, visitor, name, unit)
    drawn = pdf.draw(told, language=get_language() or "zh-hans")
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="bihuan-{name}{f"-{unit}" if unit else ""}.pdf"'
    return answer


@require_POST
@allowed("report.freeze")
def freeze(request: HttpRequest, visitor: Visitor, name: str) -> HttpResponse:
    """Seal and keep the week's figures."""
    unit = request.POST.get("unit") or None
    try:
        kept = actions.freeze_weekly(
            week=name,
            unit=unit,
            at=visitor.now,
            known=visitor.now,
            by=visitor.staff.actor,
            recorded_at=visitor.now,
        )
        messages.success(request, gettext("Frozen as version %(version)s.") % {"version": kept.version})
    except BihuanError as refused:
        messages.error(request, refused.words.in_language(get_language() or "zh-hans"))
    query = f"?{urlencode({'unit': unit})}" if unit else ""
    return redirect(reverse("report-week", args=[name]) + query)


@require_GET
@allowed("report.read")
def behind(request: HttpRequest, visitor: Visitor, name: str, code: str) -> HttpResponse:
    """The cases behind one figure, found by the filter that counted them."""
    if not visitor.may("case.read"):
        raise Http404
    period, _units, unit = _asked(request, visitor, name)
    try:
        one = indicator(code)
    except KeyError:
        raise Http404 from None
    part = request.GET.get("part", PARTS[0])
    if part not in PARTS:
        raise Http404
    if one.table not in ("cycle", "clock"):
        return redirect(address_behind(one, part=part, period=period, unit=unit))
    page = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() else 1
    told, kept = _told(request, visitor, name, unit)
    rows = indicators.cases_behind(
        code=code,
        period=period,
        at=told.at,
        known=told.known if kept else None,
        unit=unit,
        part=cast(Literal["numerator", "denominator", "missed"], part),
        limit=PAGE + 1,
        offset=(max(1, page) - 1) * PAGE,
    )
    found = cases.by_keys([row.case_id for row in rows[:PAGE]])
    lines = [(found[row.case_id], row) for row in rows[:PAGE] if row.case_id in found]
    figure = next(
        (line.now for line in told.lines if line.now.indicator.code == code and line.now.unit == unit), None
    )
    context: dict[str, object] = {
        "indicator": one,
        "figure": figure,
        "week": name,
        "unit": unit,
        "part": part,
        "parts": PARTS if one.denominator is not None else PARTS[:1],
        "lines": lines,
        "page": page,
        "more": len(rows) > PAGE,
        "live": bool(request.GET.get("live")),
    }
    return show(request, visitor, "desk/behind.html", context)


def _asked(request: HttpRequest, visitor: Visitor, name: str) -> tuple[Period, list[Unit], str | None]:
    """The week, the bureaus that this person may read, and the one asked for; one's own bureau without the company's scope."""
    try:
        period = week(name, reports.zone())
    except PeriodRefused:
        raise Http404 from None
    seen = visitor.scope("report.read")
    units = [unit for unit in people.units_within(seen) if unit.kind == "bureau"]
    given = request.GET.get("unit") or None
    if given is None and not seen.company:
        if not units:
            raise Http404
        given = units[0].code
    if given is not None and given not in {unit.code for unit in units}:
        raise Http404
    return period, units, given


def _told(
    request: HttpRequest, visitor: Visitor, name: str, unit: str | None
) -> tuple[Weekly, Snapshot | None]:
    kept = None if request.GET.get("live") else reports.latest(week_name=name, unit=unit)
    if kept is not None:
        return reports.frozen(kept), kept
    return reports.weekly(week_name=name, unit=unit, at=visitor.now, known=visitor.now), None
