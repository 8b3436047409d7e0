"""Reports of a week, month or year: read on the page, every figure opening to its cases; files; frozen by who edits them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.cases import queries as cases
from bihuan.indicators import queries as indicators
from bihuan.indicators.rules import Period, PeriodRefused
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.indicator import Index
from bihuan.loops.indicators.catalogue import CHAPTERS, declared
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.reports import actions
from bihuan.reports import queries as reports
from bihuan.reports.layouts import excel, html, pdf, word
from bihuan.reports.layouts.pictures import Link, pictures
from bihuan.reports.layouts.sheet import sheet
from bihuan.reports.models import ReportText, Snapshot
from bihuan.reports.rules import KINDS, Kind, Report
from bihuan.web.desk.forms import ReaderForm
from bihuan.web.desk.reading import page_of, possible
from bihuan.web.desk.views.outages import address_behind
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 50
PARTS = ("denominator", "numerator", "missed")


@require_GET
@allowed("report.read")
def report(request: HttpRequest, visitor: Visitor, kind: str = "weekly", name: str = "") -> HttpResponse:
    """The report of the last period that is over, or of the one named; as it was frozen, unless the live figures are asked for."""
    which = _kind(kind)
    if not name:
        current = which.period(which.name_of(timezone.localtime(visitor.now).date()), reports.zone())
        name = which.name_of(which.back(current).first)
    period, units, unit = _asked(request, visitor, which, name)
    told, kept = _told(request, visitor, which, name, unit)
    paper = sheet(told, language=get_language() or "zh-hans")
    said, written = _comments(kind, name, unit), reports.written(kind, name, unit)
    drawn = pictures(told, language=paper.language, link=_leads(visitor, which, name, unit))
    sections = [
        (
            one,
            [(row, html.picture(row)) for row in one.rows],
            said.get(one.code, []),
            drawn.get(one.code, ()),
            written.get(one.code),
        )
        for one in paper.sections
    ]
    context: dict[str, object] = {
        "paper": paper,
        "t": paper.texts,
        "sections": sections,
        "drawn": drawn,
        "kind": kind,
        "kinds": KINDS.values(),
        "name": name,
        "week": name if kind == "weekly" else "",
        "days": urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()}),
        "before": which.name_of(which.back(period).first),
        "after": which.name_of(which.back(period, -1).first) if period.end <= visitor.now else "",
        "over": period.end <= visitor.now,
        "units": units,
        "unit": unit,
        "whole": visitor.scope("report.read").company,
        "kept": kept,
        "live": bool(request.GET.get("live")),
        "may_freeze": visitor.may("report.freeze"),
        "opens": visitor.may("case.read"),
        "approval": getattr(kept, "approval", None) if kept else None,
        "may_approve": visitor.may("report.approve") and kept is not None and not hasattr(kept, "approval"),
    }
    meeting = bool(request.GET.get("meeting"))
    return show(request, visitor, "desk/meeting.html" if meeting else "desk/report.html", context)


FILES = {
    "pdf": (pdf.draw, "application/pdf"),
    "docx": (word.draw, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (excel.draw, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@require_GET
@allowed("report.read")
def report_file(request: HttpRequest, visitor: Visitor, kind: str, name: str, ending: str) -> HttpResponse:
    """The same report on paper, to edit, or to calculate with."""
    which = _kind(kind)
    if ending not in FILES:
        raise Http404
    _period, _units, unit = _asked(request, visitor, which, name)
    told, _kept = _told(request, visitor, which, name, unit)
    draw, content_type = FILES[ending]
    answer = HttpResponse(draw(told, language=get_language() or "zh-hans"), content_type=content_type)
    shown = "inline" if ending == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{shown}; filename="bihuan-{name}{f"-{unit}" if unit else ""}.{ending}"'
    return answer


@require_POST
@allowed("report.read")
def write(request: HttpRequest, visitor: Visitor, kind: str, name: str) -> HttpResponse:
    """The editor's words for a chapter, or a reader's comment."""
    chapter, role = request.POST.get("chapter", ""), request.POST.get("role", "")
    if chapter not in {one.code for one in CHAPTERS} or role not in ("words", "comment"):
        raise Http404
    if role == "words" and not visitor.may("report.freeze"):
        raise PermissionDenied
    permission = "report.freeze" if role == "words" else "report.read"
    _period, _units, unit = _asked(request, visitor, _kind(kind), name, permission)
    given: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "unit": unit,
        "chapter": chapter,
        "text": request.POST.get("text", ""),
        "by": visitor.staff.actor,
        "recorded_at": visitor.now,
    }
    try:
        if role == "words":
            actions.write_words(**given, base=request.POST.get("base"))
        else:
            actions.comment(**given)
        messages.success(request, gettext("Written down."))
    except BihuanError as refused:
        messages.error(request, refused.words.in_language(get_language() or "zh-hans"))
    query = f"?{urlencode({'live': '1', **({'unit': unit} if unit else {})})}"
    return redirect(reverse("report-of", args=[kind, name]) + query + f"#{chapter}")


@require_POST
@allowed("report.approve")
def approve(request: HttpRequest, visitor: Visitor, kind: str, name: str) -> HttpResponse:
    """Let the frozen version that was read go out: of the company or the unit it is of, if it is still the newest."""
    _period, _units, unit = _asked(request, visitor, _kind(kind), name, "report.approve")
    kept = reports.latest(kind=kind, name=name, unit=unit)
    if kept is None:
        raise Http404
    if request.POST.get("version") != str(kept.version):
        messages.error(
            request, gettext("Another version has been frozen since you read this one; read it first.")
        )
        return redirect(_address(kind, name, unit))
    try:
        actions.approve(snapshot=kept, by=visitor.staff.actor, recorded_at=visitor.now)
        messages.success(request, gettext("Approved."))
    except BihuanError as refused:
        messages.error(request, refused.words.in_language(get_language() or "zh-hans"))
    return redirect(_address(kind, name, unit))


@require_http_methods(["GET", "POST"])
@allowed("report.freeze")
def readers(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Who gets the report by mail, and who has opened the last ones: for whoever edits the whole company's."""
    if not visitor.scope("report.freeze").company:
        raise PermissionDenied
    if request.method == "POST":
        if request.POST.get("remove"):
            actions.remove_recipient(key=_key(request.POST["remove"]))
        else:
            form = ReaderForm(request.POST)
            if not form.is_valid():
                return show(request, visitor, "desk/readers.html", _readers(form), status=422)
            actions.add_recipient(
                kind=form.cleaned_data["kind"],
                name=form.cleaned_data["name"],
                address=form.cleaned_data["address"],
                unit=form.cleaned_data["unit"] or None,
                language=form.cleaned_data["language"],
            )
        return redirect("report-readers")
    return show(request, visitor, "desk/readers.html", _readers(ReaderForm()))


def _readers(form: ReaderForm) -> dict[str, object]:
    frozen_ones = list(reports.snapshots()[:8])
    language = get_language() or "zh-hans"
    titles = {code: kind.title.in_language(language) for code, kind in KINDS.items()}
    return {
        "form": form,
        "readers": [(one, titles.get(one.kind, one.kind)) for one in reports.recipients()],
        "sent": [(one, titles.get(one.kind, one.kind), list(reports.sendings(one))) for one in frozen_ones],
        "server": settings.EMAIL_HOST,
        "needs_approval": settings.BIHUAN_REPORT_NEEDS_APPROVAL,
    }


def _key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Http404 from None


@require_GET
def read_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The report behind a mail's link, without sign-in: the link itself is the key, and opening it is the receipt."""
    kept = actions.opened(token=token, at=timezone.now())
    if kept is None:
        raise Http404
    page = html.draw(reports.frozen(kept), language=get_language() or "zh-hans")
    return HttpResponse(
        page.encode(),
        headers={
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": html.POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        },
    )


@require_POST
@allowed("report.freeze")
def freeze(request: HttpRequest, visitor: Visitor, kind: str, name: str) -> HttpResponse:
    """Seal and keep the period's figures."""
    which = _kind(kind)
    _period, _units, unit = _asked(request, visitor, which, name, "report.freeze")
    try:
        kept = actions.freeze(
            kind=which.code,
            name=name,
            unit=unit,
            at=visitor.now,
            known=visitor.now,
            by=visitor.staff.actor,
            recorded_at=visitor.now,
        )
        messages.success(request, gettext("Frozen as version %(version)s.") % {"version": kept.version})
    except BihuanError as refused:
        messages.error(request, refused.words.in_language(get_language() or "zh-hans"))
    return redirect(_address(kind, name, unit))


@require_GET
@allowed("report.read")
def behind(request: HttpRequest, visitor: Visitor, kind: str, name: str, code: str) -> HttpResponse:
    """The cases behind one figure, found by the filter that counted them."""
    if not visitor.may("case.read"):
        raise Http404
    which = _kind(kind)
    period, units, unit = _asked(request, visitor, which, name)
    try:
        one = declared(code)
    except KeyError:
        raise Http404 from None
    if isinstance(one, Index):
        days = {"from": period.first.isoformat(), "to": period.last.isoformat()} | (
            {"unit": unit} if unit else {}
        )
        return redirect(f"{reverse('indicator', args=[code])}?{urlencode(days)}")
    part = request.GET.get("part", PARTS[0])
    if part not in PARTS:
        raise Http404
    if one.table not in ("cycle", "clock"):
        return redirect(address_behind(one, part=part, period=period, unit=unit))
    page = page_of(request)
    kept = None if request.GET.get("live") else reports.latest(kind=which.code, name=name, unit=unit)
    told = reports.frozen(kept) if kept else None
    at, known = (told.at, told.known) if told else (visitor.now, None)
    rows = indicators.rows_behind(
        code=code,
        period=period,
        at=at,
        known=known,
        unit=unit,
        part=cast(Literal["numerator", "denominator", "missed"], part),
        limit=PAGE + 1,
        offset=(page - 1) * PAGE,
    )
    keys = [row.key for row in rows[:PAGE]]
    # A report names figures of all; its cases are for those who may see them.
    seen = cases.visible(visitor.scope("case.read")).filter(pk__in=keys).order_by()
    found = cases.by_keys(seen.values_list("pk", flat=True))
    lines = [(found[row.key], row) for row in rows[:PAGE] if row.key in found]
    counted = (
        told.figures if told else indicators.figures(periods=[period], at=at, unit=unit, codes=[code])[0]
    )
    figure = next((one for one in counted if one.indicator.code == code and one.unit == unit), None)
    context: dict[str, object] = {
        "indicator": one,
        "figure": figure,
        "kind": kind,
        "name": name,
        "days": urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()}),
        "unit": unit,
        "place": next((one.name(get_language() or "zh-hans") for one in units if one.code == unit), unit),
        "part": part,
        "parts": PARTS if one.denominator is not None else PARTS[:1],
        "lines": lines,
        "page": page,
        "more": len(rows) > PAGE,
        "live": bool(request.GET.get("live")),
    }
    return show(request, visitor, "desk/behind.html", context)


def _kind(code: str) -> Kind:
    """The kind of report of an address."""
    try:
        return KINDS[code]
    except KeyError:
        raise Http404 from None


def _leads(visitor: Visitor, kind: Kind, name: str, unit: str | None) -> Link:
    """Where a picture's points lead: a period to its own report, a unit to its figure over the days that are drawn."""
    last = kind.period(name, reports.zone()).last

    def link(code: str, first: date, of: str | None) -> str:
        if of is None:
            query = f"?{urlencode({'unit': unit})}" if unit else ""
            return (
                reverse("report-of", args=[kind.code, kind.name_of(first)])
                + query
                + f"#{declared(code).chapter}"
            )
        days = {"from": first.isoformat(), "to": last.isoformat(), "unit": of}
        return f"{reverse('indicator', args=[code])}?{urlencode(days)}" if visitor.may("figures.read") else ""

    return link


def _comments(kind: str, name: str, unit: str | None) -> dict[str, list[tuple[ReportText, str]]]:
    """What readers said, by chapter, with their names."""
    said = reports.comments(kind, name, unit)
    names = people.names_of({one.by_id for one in said})
    found: dict[str, list[tuple[ReportText, str]]] = {}
    for one in said:
        found.setdefault(one.chapter, []).append((one, names.get(one.by_id, "")))
    return found


def _address(kind: str, name: str, unit: str | None) -> str:
    return reverse("report-of", args=[kind, name]) + (f"?{urlencode({'unit': unit})}" if unit else "")


def _asked(
    request: HttpRequest, visitor: Visitor, kind: Kind, name: str, permission: str = "report.read"
) -> tuple[Period, list[Unit], str | None]:
    """The period, the bureaus that the permission reaches, and the one asked for by address or form; one's own bureau
    without the company's scope."""
    try:
        period = possible(kind.period(name, reports.zone()))
    except PeriodRefused:
        raise Http404 from None
    seen = visitor.scope(permission)
    units = people.reported_units(seen)
    given = request.POST.get("unit") or request.GET.get("unit") or None
    if given is None and not seen.company:
        if not units:
            raise Http404
        given = units[0].code
    if given is not None and given not in {unit.code for unit in units}:
        raise Http404
    return period, units, given


def _told(
    request: HttpRequest, visitor: Visitor, kind: Kind, name: str, unit: str | None
) -> tuple[Report, Snapshot | None]:
    kept = None if request.GET.get("live") else reports.latest(kind=kind.code, name=name, unit=unit)
    if kept is not None:
        return reports.frozen(kept), kept
    return reports.report(kind=kind.code, name=name, unit=unit, at=visitor.now, known=visitor.now), None
