"""What indicators are to reach, by unit and year, and who answers for them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.kernel.errors import BihuanError
from bihuan.loops.indicators.catalogue import CHAPTERS, DECLARED
from bihuan.packs import actions
from bihuan.packs.queries import targets
from bihuan.packs.rules import SPANS
from bihuan.people import queries as people
from bihuan.web.desk import charts
from bihuan.web.desk.reading import one_of
from bihuan.web.desk.target_forms import OwnerForm, TargetForm
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_GET
@allowed("figures.read")
def all_targets(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Every indicator with what the company is to reach today, how many units have targets of their own, and who answers for it."""
    today = timezone.localtime(visitor.now).date()
    standing, owners = targets.standing(), targets.owners()
    own: dict[str, set[str]] = {}
    for code, unit in standing.found:
        if unit is not None:
            own.setdefault(code, set()).add(unit)
    chapters = [
        (
            chapter,
            [
                {
                    "one": one,
                    "suffix": charts.suffix(one),
                    "aim": standing.standing(one.code, None, today),
                    "budget": standing.standing(one.code, None, today, "year"),
                    "own": len(own.get(one.code, ())),
                    "owner": owners.get(one.code),
                }
                for one in DECLARED
                if one.chapter == chapter.code
            ],
        )
        for chapter in CHAPTERS
    ]
    return show(request, visitor, "desk/indicators/targets.html", {"chapters": chapters, "today": today})


@require_http_methods(["GET", "POST"])
@allowed("figures.read")
def indicator_targets(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One indicator's targets since when, by whom and why; a form for whoever sets them."""
    one = one_of(code)
    today = timezone.localtime(visitor.now).date()
    owner = targets.owners().get(code)
    form, owner_form = TargetForm(one=one, today=today), OwnerForm(owner=owner.code if owner else "")
    status = 200
    if request.method == "POST":
        if not visitor.may("target.set"):
            raise PermissionDenied
        if request.POST.get("do") == "owner":
            owner_form = OwnerForm(request.POST)
            done = owner_form.is_valid() and _set_owner(visitor, code, owner_form)
        else:
            form = TargetForm(request.POST, one=one, today=today)
            done = form.is_valid() and _set_target(visitor, code, form)
        if done:
            messages.success(request, gettext("Written down."))
            return redirect("indicator-targets", code=code)
        status = 422
    language = get_language() or "zh-hans"
    context: dict[str, object] = {
        "indicator": one,
        "suffix": charts.suffix(one),
        "files": [aim for aim in targets.from_files() if aim.indicator == code],
        "history": [
            (row, name, SPANS[row.span].in_language(language)) for row, name in targets.history(code)
        ],
        "owner": owner,
        "form": form,
        "owner_form": owner_form,
        "sets": visitor.may("target.set"),
    }
    return show(request, visitor, "desk/indicators/target.html", context, status=status)


def _set_target(visitor: Visitor, code: str, form: TargetForm) -> bool:
    given = form.cleaned_data
    _within(visitor, given["unit"])
    try:
        actions.set_target(
            indicator=code,
            unit=given["unit"] or None,
            from_date=given["from_date"],
            value=given["value"],
            span=given["span"],
            source=given["source"],
            by=visitor.staff.actor,
            recorded_at=visitor.now,
        )
    except BihuanError as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, refused.words.in_language(get_language() or "zh-hans"))
        return False
    return True


def _within(visitor: Visitor, unit: str) -> None:
    """The company's target is set by whoever sets them for all of it, a unit's by whoever may for that unit."""
    seen = visitor.scope("target.set")
    if not seen.company and not people.units_within(seen).filter(code=unit).exists():
        raise PermissionDenied


def _set_owner(visitor: Visitor, code: str, form: OwnerForm) -> bool:
    _within(visitor, "")
    actions.set_owner(
        indicator=code,
        unit=form.cleaned_data["owner"] or None,
        by=visitor.staff.actor,
        recorded_at=visitor.now,
    )
    return True
