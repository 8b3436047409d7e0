"""Outages: which run, which are planned, one with its history, a new notice and every further word, what is known at a place."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bihuan.indicators.rules import Period
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.indicator import Indicator
from bihuan.kernel.promise import AREAS
from bihuan.outages import actions, queries
from bihuan.outages.actions.tables import moment
from bihuan.outages.models import Outage
from bihuan.outages.rules import Now
from bihuan.outages.rules.story import LEAVES
from bihuan.outages.rules.words import CAUSES, KINDS
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.people.rules import Scope
from bihuan.supply import queries as supply
from bihuan.web.desk.outage_forms import NOTICE, STEPS, OutageForm, local
from bihuan.web.desk.reading import YEARS
from bihuan.web.desk.templatetags.outages import due_text
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 50
WHICH = ("now", "planned", "past")
SENT_TWICE = timedelta(minutes=10)
"""The same notice once more within this time is the same form."""


@require_GET
@allowed("outage.read")
def outages(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Running, planned or past ones, or those behind a figure; filters stand in the address."""
    seen, wanted = visitor.scope("outage.read"), _wanted(request)
    page = Paginator(queries.outages(seen, wanted, visitor.now), PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "page": page,
        "wanted": wanted,
        "which": request.GET.get("which", "now"),
        "tabs": {name: _count(seen, name, visitor.now) for name in ("now", "planned")},
        "days": (request.GET.get("from", ""), request.GET.get("to", "")),
        "units": bureaus(seen),
        "kinds": list(KINDS),
        "areas": list(AREAS),
        "causes": list(CAUSES),
        "may_manage": visitor.may("outage.manage"),
        "tab": "outages",
    }
    return show(request, visitor, "desk/outages/list.html", context)


@require_GET
@allowed("outage.read")
def outage(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """One outage: what stands, whether it was told in time, all that was said of it, and what may be said next."""
    return _page(request, visitor, _one(visitor, number), {})


@require_http_methods(["GET", "POST"])
@allowed("outage.manage")
def new_outage(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A notice of a plan, or a fault that is there."""
    units = _places(visitor.scope("outage.manage"))
    names = tuple(name for group in NOTICE.values() for name in group)
    form = OutageForm(
        request.POST if request.method == "POST" else None,
        names=names,
        units=[(unit.code, unit.name(get_language() or "zh-hans")) for unit in units],
        needed=("kind", "unit", "area", "places"),
        initial={"published_at": local(visitor.now), "area": "urban"},
    )
    if request.method == "POST" and form.is_valid():
        unit = next(unit for unit in units if unit.code == form.cleaned_data["unit"])
        values = form.values
        try:
            made = actions.announce(
                unit=unit,
                values=values,
                by=visitor.staff.actor,
                at=_first(values, visitor.now),
                recorded_at=visitor.now,
                zone=packs.calendar().zone,
                once_within=SENT_TWICE,
            )
        except actions.OutageRefused as refused:
            form.refuse(list(refused.faults))
        else:
            messages.success(request, gettext("Announced: %(number)s.") % {"number": made.number})
            return redirect(reverse("outage", args=[made.number]))
    groups = [(title, form.group(NOTICE[code])) for code, title in _groups().items()]
    status = 422 if request.method == "POST" else 200
    context: dict[str, object] = {"form": form, "groups": groups, "tab": "outages"}
    return show(request, visitor, "desk/outages/new.html", context, status=status)


@require_POST
@allowed("outage.manage")
def tell_outage(request: HttpRequest, visitor: Visitor, number: str, step: str) -> HttpResponse:
    """One more word: started, partly restored, restored, plan changed, withdrawn, corrected."""
    one = _one(visitor, number, permission="outage.manage")
    if step not in STEPS:
        raise Http404
    form = _step_form(step, request.POST)
    if form.is_valid():
        try:
            actions.tell(
                outage_id=one.pk,
                step=step,
                values=form.values,
                by=visitor.staff.actor,
                at=form.cleaned_data.get("at") or visitor.now,
                recorded_at=visitor.now,
                zone=packs.calendar().zone,
                expected_seq=_whole(request.POST.get("expected_seq", "")),
            )
        except actions.OutageRefused as refused:
            form.refuse(list(refused.faults))
        except BihuanError as refused:
            form.add_error(None, refused.words.in_language(get_language() or "zh-hans"))
        else:
            messages.success(request, gettext("Recorded."))
            return redirect(reverse("outage", args=[number]))
    return _page(request, visitor, one, {step: form}, status=422)


@require_GET
@allowed("outage.manage")
def outage_clock(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """By when what is being typed must be told, and whether it is in time; a fragment beside the form."""
    kind, area = request.GET.get("kind", ""), request.GET.get("area", "")
    names = ("planned_start_at", "started_at", "confirmed_at", "published_at")
    moments: dict[str, Any] = {
        name: moment(request.GET.get(name, ""), timezone.get_default_timezone()) for name in names
    }
    now = Now(kind=kind, area=area if area in AREAS else "", **moments)
    promised = queries.notice_for(now)
    language = get_language() or "zh-hans"
    context: dict[str, object] = {
        "promised": promised,
        "asked": now.event_at is not None,
        "due": due_text(promised.at, by_day=promised.by_day) if promised else "",
        "lines": [line.in_language(language) for line in promised.lines] if promised else [],
        "state": ("kept" if promised.kept_by(now.published_at) else "broken")
        if promised and now.published_at
        else "",
    }
    return show(request, visitor, "desk/outages/clock.html", context)


@require_GET
@allowed("outage.read")
def known_outages(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What is known at an account's place, as a fragment for pages that speak with its customer."""
    account = supply.account(request.GET.get("account", ""))
    known = queries.known_at(premises=account.premises, at=visitor.now) if account else []
    return show(request, visitor, "desk/outages/known.html", {"known": known})


def address_behind(one: Indicator, *, part: str, period: Period, unit: str | None) -> str:
    """The page that shows the rows behind a figure of outages, days of supply or voltage."""
    days = {"from": period.first.isoformat(), "to": period.last.isoformat(), "unit": unit or ""}
    if one.table == "supply_day":
        return f"{reverse('outage-figures')}?{urlencode(days)}"
    if one.table == "voltage":
        klass = one.code.partition(".")[2]
        more = {"class": klass.upper()} if len(klass) == 1 else {"class": "D", "area": klass}
        return f"{reverse('voltage')}?{urlencode(days | more)}"
    which, kind, by = _BEHIND[one.code]
    if which in _PARTS:
        which = dict(zip(("denominator", "numerator", "missed"), _PARTS[which], strict=True))[part]
    return f"{reverse('outages')}?{urlencode(days | {'which': which, 'kind': kind, 'by': by})}"


_PARTS = {
    "due": ("due", "in_time", "late"),
    "notices": ("notices", "analysed", "not_analysed"),
    "plans": ("plans", "as_planned", "off_plan"),
}
_BEHIND = {
    "outage.notices": ("published", "", "published"),
    "outage.notices.planned": ("published", "planned", "published"),
    "outage.notices.temporary": ("published", "temporary", "published"),
    "outage.notices.fault": ("published", "fault", "published"),
    "outage.notices.shortage": ("published", "shortage", "published"),
    "outage.notice.timely": ("due", "", ""),
    "outage.scope": ("notices", "", "published"),
    "outage.plan.kept": ("plans", "", ""),
    "outage.plan.missed": ("not_executed", "", ""),
    "outage.plan.late": ("executed_late", "", ""),
    "outage.begun": ("off", "", ""),
    "outage.begun.fault": ("off", "fault", ""),
    "outage.fault.long": ("long_fault", "", ""),
    "outage.fault.minutes": ("over", "fault", ""),
}


def bureaus(seen: Scope) -> list[Unit]:
    """The bureaus of a scope."""
    return [unit for unit in people.units_within(seen) if unit.kind == "bureau"]


def day(text: str) -> date | None:
    """A day of the address; None when it is none, or in no year of ours."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _page(
    request: HttpRequest, visitor: Visitor, one: Outage, forms: dict[str, OutageForm], status: int = 200
) -> HttpResponse:
    manages = visitor.may("outage.manage") and visitor.scope("outage.manage").sees(one.unit.path)
    steps = [step for step in STEPS if one.state in LEAVES[step]] if manages else []
    begins: dict[str, Any] = {
        "at": local(visitor.now),
        "planned_start_at": one.planned_start_at,
        "planned_end_at": one.planned_end_at,
    }
    context: dict[str, object] = {
        "one": one,
        "entries": queries.entries_of(one),
        "steps": [
            (
                step,
                forms.get(step) or _step_form(step, None, begins if step != "correct" else {}),
                step in forms,
            )
            for step in steps
        ],
        "tab": "outages",
    }
    return show(request, visitor, "desk/outages/one.html", context, status=status)


def _step_form(step: str, data: Any, initial: dict[str, object] | None = None) -> OutageForm:
    needed = {
        "part": ("users", "customers"),
        "change": ("cause",),
        "withdraw": ("cause",),
        "correct": ("reason",),
    }
    return OutageForm(data, names=STEPS[step], needed=needed.get(step, ()), initial=initial, step=step)


def _one(visitor: Visitor, number: str, permission: str = "outage.read") -> Outage:
    found = queries.outage(visitor.scope(permission), number)
    if found is None:
        raise Http404
    return found


def _wanted(request: HttpRequest) -> queries.Wanted:
    get = {name: request.GET.get(name, "").replace("\x00", "").strip() for name in request.GET}
    which = get.get("which", "now")
    first, last = day(get.get("from", "")), day(get.get("to", ""))
    return queries.Wanted(
        which=which if which in WHICH or which in queries.PARTS else "",
        unit=get.get("unit", ""),
        kind=get.get("kind", ""),
        area=get.get("area", ""),
        line=get.get("line", ""),
        cause=get.get("cause", ""),
        text=get.get("q", ""),
        by="published_at" if get.get("by") == "published" else "event_at",
        since=midnight(first) if first else None,
        until=midnight(last + timedelta(days=1)) if last else None,
    )


def midnight(day: date) -> datetime:
    """When a day begins here."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def _count(seen: Scope, which: str, at: datetime) -> int:
    return queries.outages(seen, queries.Wanted(which=which), at).count()


def _places(seen: Scope) -> list[Unit]:
    return [unit for unit in people.units_within(seen) if unit.kind in ("bureau", "station")]


def _first(values: dict[str, Any], now: datetime) -> datetime:
    """When the first word of it was said: a fault when it began, a plan when it was published."""
    told: list[datetime] = [values[name] for name in ("started_at", "published_at") if values.get(name)]
    return min([*told, now])


def _groups() -> dict[str, str]:
    return {
        "what": gettext("What"),
        "where": gettext("Where and how many"),
        "when": gettext("When"),
        "told": gettext("Told how, and why"),
    }


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None
