"""The organisation: units renamed, moved and closed with a reason; what each post permits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.cases import queries as cases
from bihuan.flow import actions as flow
from bihuan.kernel.errors import BihuanError
from bihuan.people import actions
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.supply import queries as supply
from bihuan.web.desk.unit_forms import MoveForm, ReasonForm, RenameForm
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_GET
@allowed("people.manage")
def units(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The tree as it stands; closed units when asked for."""
    closed = request.GET.get("closed") == "1"
    context: dict[str, object] = {"tree": people.tree(visitor.now, closed=closed), "closed": closed}
    return show(request, visitor, "desk/people/units.html", context)


@require_GET
@allowed("people.manage")
def posts(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What each post may do, how far it reaches and how many hold it."""
    return show(request, visitor, "desk/people/posts.html", {"every_post": people.posts(visitor.now)})


@require_http_methods(["GET", "POST"])
@allowed("people.manage")
def unit_page(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One unit: its people, what was done to it, and what may be done."""
    unit = people.unit_by_code(code)
    if unit is None:
        raise Http404
    asked = request.POST.get("do", "")
    forms = _forms(request, unit, asked)
    form = forms.get(asked)
    status = 200
    if request.method == "POST":
        if form is None:
            raise Http404
        status = 422
        if form.is_valid():
            try:
                after = _done(unit, asked, form.cleaned_data, visitor)
            except BihuanError as refused:
                field = refused.field if refused.field in form.fields else None
                form.add_error(field, refused.words.in_language(_language()))
            else:
                messages.success(request, gettext("Recorded."))
                return redirect("unit", after.code)
    left = cases.open_with(unit)
    context: dict[str, object] = {
        "unit": unit,
        "forms": forms,
        "asked": asked,
        "held": people.held_in(unit, visitor.now),
        "below": unit.children.filter(active=True).order_by("path"),
        "changes": people.changes_of(unit),
        "left": left.count(),
        # A case that is named is one that this reader may see; how many there are he must know to close the unit.
        "left_first": left.filter(pk__in=cases.visible(visitor.scope("case.read")).values("pk"))[:5],
        "served": supply.served_by(unit),
        "may_read": visitor.may("case.read"),
    }
    return show(request, visitor, "desk/people/unit.html", context, status=status)


def _forms(request: HttpRequest, unit: Unit, asked: str) -> dict[str, Any]:
    def data(name: str) -> Any:
        return request.POST if request.method == "POST" and asked == name else None

    names = {"name_zh": unit.name_zh, "name_en": unit.name_en}
    found: dict[str, Any] = {"rename": RenameForm(data("rename"), initial=names, auto_id="rename-%s")}
    if unit.active and unit.parent_id is not None:
        found["move"] = MoveForm(
            data("move"),
            units=Unit.objects.filter(active=True).exclude(pk=unit.pk).order_by("path"),
            language=_language(),
            auto_id="move-%s",
        )
        found["close"] = ReasonForm(data("close"), auto_id="close-%s")
    elif not unit.active:
        found["reopen"] = ReasonForm(data("reopen"), auto_id="reopen-%s")
    return found


def _done(unit: Unit, what: str, told: dict[str, Any], visitor: Visitor) -> Unit:
    who: dict[str, Any] = {"why": told["why"], "by": visitor.staff.actor, "at": visitor.now}
    match what:
        case "rename":
            return actions.rename_unit(unit=unit, name_zh=told["name_zh"], name_en=told["name_en"], **who)
        case "close":
            return flow.close_unit(unit=unit, **who)
        case "reopen":
            return actions.reopen_unit(unit=unit, **who)
    parent = people.unit_by_code(told["parent"])
    if parent is None:
        raise Http404
    return flow.move_unit(unit=unit, parent=parent, code=told["code"], **who)


def _language() -> str:
    return get_language() or "zh-hans"
