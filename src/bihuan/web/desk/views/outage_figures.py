"""Reliability and the chapter on notices over a period, bureau by bureau; every figure opens to what is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.outages import actions, queries
from bihuan.outages.rules.words import CAUSES, KINDS
from bihuan.packs import queries as packs
from bihuan.web.desk.outage_forms import UsersForm
from bihuan.web.desk.views.outages import bureaus, day, midnight
from bihuan.web.ui.visitor import Visitor, allowed, show

LONGEST = 366 * 5


@dataclass(frozen=True, slots=True)
class Days:
    """The period asked for, both days inclusive."""

    first: date
    last: date

    @property
    def before(self) -> tuple[date, date]:
        """As many days, just before; from a whole month the month before."""
        last = self.first - timedelta(days=1)
        if self.first.day == 1 and (self.last + timedelta(days=1)).day == 1:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
            return _months_back(self.first, months + 1), last
        return last - (self.last - self.first), last


def period(request: HttpRequest, today: date, *, otherwise: str = "month") -> Days:
    """From the address; one of the quick ones if nothing (or nonsense) stands there."""
    first, last = day(request.GET.get("from", "")), day(request.GET.get("to", ""))
    if first is None or last is None or not first <= last or (last - first).days > LONGEST:
        return quick(today)[otherwise]
    return Days(first, last)


def quick(today: date) -> dict[str, Days]:
    """Periods that are asked for most: last week, last month, last 13 weeks, this year so far."""
    monday = today - timedelta(days=today.weekday())
    last = today.replace(day=1) - timedelta(days=1)
    yesterday = today - timedelta(days=1)
    return {
        "week": Days(monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": Days(last.replace(day=1), last),
        "quarter": Days(monday - timedelta(weeks=13), monday - timedelta(days=1)),
        "year": Days(yesterday.replace(month=1, day=1), yesterday),
    }


@require_GET
@allowed("outage.read")
def outage_figures(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Promise one and chapter four. With `unit` the notices are that unit's; reliability always shows all of the scope."""
    today = timezone.localtime(visitor.now).date()
    days, unit = period(request, today, otherwise="quarter"), request.GET.get("unit", "").replace("\x00", "")
    seen = visitor.scope("outage.read")
    told = queries.reliability(seen, first=days.first, last=days.last)
    since, until = midnight(days.first), midnight(days.last + timedelta(days=1))
    notices = queries.notices(seen, since=since, until=until, at=visitor.now, unit=unit)
    context: dict[str, object] = {
        "days": days,
        "length": (days.last - days.first).days + 1,
        "quick": quick(today),
        "told": told,
        "whole": told.rows[0] if told.rows else None,
        "notices": notices,
        "kinds": [(code, notices.kinds.get(code, 0)) for code in KINDS],
        "causes": [
            (code, notices.causes.get(code, 0)) for code in (*CAUSES, "") if code or notices.causes.get("")
        ],
        "lines": queries.frequent_lines(seen, until=min(until, visitor.now), unit=unit),
        "major": queries.major_days(seen, first=days.first, last=days.last),
        "units": bureaus(seen),
        "unit": unit,
        "link": urlencode({"from": days.first.isoformat(), "to": days.last.isoformat(), "unit": unit}),
        "tab": "figures",
    }
    return show(request, visitor, "desk/outages/figures.html", context)


@require_http_methods(["GET", "POST"])
@allowed("outage.read")
def outage_users(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The users over which reliability is counted; who manages outages says how many there are from a day on."""
    units = bureaus(visitor.scope("outage.manage")) if visitor.may("outage.manage") else []
    if request.method == "POST" and not units:
        raise PermissionDenied
    language = get_language() or "zh-hans"
    form = UsersForm(
        request.POST if request.method == "POST" else None,
        units=[(unit.code, unit.name(language)) for unit in units],
    )
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        unit = next(unit for unit in units if unit.code == told.pop("unit"))
        actions.count_users(
            unit=unit, by=visitor.staff.actor, at=visitor.now, zone=packs.calendar().zone, **told
        )
        messages.success(request, gettext("Recorded."))
        return redirect("outage-users")
    page = Paginator(queries.counts_said(visitor.scope("outage.read")), 100).get_page(request.GET.get("page"))
    context: dict[str, object] = {"page": page, "form": form if units else None, "tab": "users"}
    status = 422 if request.method == "POST" else 200
    return show(request, visitor, "desk/outages/users.html", context, status=status)


def _months_back(first: date, months: int) -> date:
    place = first.year * 12 + first.month - 1 - months
    return first.replace(year=place // 12, month=place % 12 + 1)
