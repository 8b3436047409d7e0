"""Voltage: rates by class and bureau, the monitoring points, one point with its readings."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.promise import AREAS
from bihuan.outages import actions, queries
from bihuan.outages.models import VoltagePoint
from bihuan.outages.rules import Reading
from bihuan.outages.rules.words import CLASSES
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.web.desk.outage_forms import PointForm, ReadingForm
from bihuan.web.desk.views.outage_figures import period, quick
from bihuan.web.desk.views.outages import bureaus
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 60


@require_GET
@allowed("outage.read")
def voltage(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Rates of the readings that end in the period, then the points that fit, the worst first."""
    today = timezone.localtime(visitor.now).date()
    days, seen = period(request, today), visitor.scope("outage.read")
    get = {
        name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("unit", "class", "area", "q")
    }
    area = get["area"] if get["area"] in AREAS else ""
    found = queries.points(seen, unit=get["unit"], klass=get["class"], area=area, text=get["q"])
    readings = queries.readings_by_point(found, first=days.first, last=days.last)
    rows = sorted(((point, readings.get(point.pk)) for point in found), key=_worst)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "days": days,
        "quick": quick(today),
        "rates": queries.voltage(seen, first=days.first, last=days.last, area=area),
        "classes": list(CLASSES),
        "page": page,
        "areas": list(AREAS),
        "units": bureaus(seen),
        "unit": get["unit"],
        "klass": get["class"],
        "area": area,
        "q": get["q"],
        "may_manage": visitor.may("outage.manage"),
        "tab": "voltage",
    }
    return show(request, visitor, "desk/outages/voltage.html", context)


@require_http_methods(["GET", "POST"])
@allowed("outage.manage")
def new_point(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """One more monitoring point."""
    language = get_language() or "zh-hans"
    units = [
        unit
        for unit in people.units_within(visitor.scope("outage.manage"))
        if unit.kind in ("bureau", "station")
    ]
    form = PointForm(
        request.POST if request.method == "POST" else None,
        units=[(unit.code, unit.name(language)) for unit in units],
    )
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        unit = next(unit for unit in units if unit.code == told.pop("unit"))
        try:
            made = actions.add_point(unit=unit, **told)
        except BihuanError as refused:
            form.add_error(refused.field, refused.words.in_language(language))
        else:
            return redirect(reverse("voltage-point", args=[made.code]))
    status = 422 if request.method == "POST" else 200
    return show(
        request, visitor, "desk/outages/new_point.html", {"form": form, "tab": "voltage"}, status=status
    )


@require_http_methods(["GET", "POST"])
@allowed("outage.read")
def voltage_point(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """A point with its readings, each with what was said of it; a further reading by those who manage it."""
    point = queries.point(visitor.scope("outage.read"), code)
    if point is None:
        raise Http404
    manages = visitor.may("outage.manage") and visitor.scope("outage.manage").sees(point.unit.path)
    if request.method == "POST" and not manages:
        raise Http404
    today = timezone.localtime(visitor.now).date()
    last = today.replace(day=1) - timedelta(days=1)
    begins: dict[str, object] = {"first_date": last.replace(day=1), "last_date": last}
    form = ReadingForm(request.POST if request.method == "POST" else None, initial=begins)
    if request.method == "POST" and form.is_valid():
        try:
            _read(visitor, point, form)
        except BihuanError as refused:
            field = refused.field if refused.field in form.fields else None
            form.add_error(field, refused.words.in_language(get_language() or "zh-hans"))
        else:
            messages.success(request, gettext("Recorded."))
            return redirect(reverse("voltage-point", args=[code]))
    context: dict[str, object] = {
        "point": point,
        "readings": queries.readings_of(point),
        "form": form if manages else None,
        "tab": "voltage",
    }
    status = 422 if request.method == "POST" else 200
    return show(request, visitor, "desk/outages/point.html", context, status=status)


def _read(visitor: Visitor, point: VoltagePoint, form: ReadingForm) -> None:
    told = form.cleaned_data
    first: date = told["first_date"]
    actions.read_voltage(
        given=actions.NewReading(
            point, first, told["last_date"], Reading(told["monitored"], told["over"], told["under"])
        ),
        by=visitor.staff.actor,
        at=visitor.now,
        zone=packs.calendar().zone,
        why=told["why"],
    )


def _worst(row: tuple[VoltagePoint, Reading | None]) -> tuple[float, str]:
    """What wasn't read comes last."""
    exact = row[1].within.exact() if row[1] else None
    return (2.0 if exact is None else float(exact), row[0].code)
