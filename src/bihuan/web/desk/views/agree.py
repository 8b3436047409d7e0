"""What the meeting agrees: who does what by when. It goes its way like every case and stands first in next week's report."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.loop import Loop
from bihuan.loops.catalogue import LOOPS
from bihuan.people import queries as people
from bihuan.web.desk.forms import Pairs, StepForm
from bihuan.web.desk.views.case import case_address
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_http_methods(["GET", "POST"])
@allowed("action.agree")
def agree(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The form of the loop's first step, and whom it is given to."""
    loop = next((one for one in LOOPS if one.agenda), None)
    if loop is None:
        raise Http404
    initial: dict[str, object] = {"week": request.GET.get("week", "")}
    form = StepForm(loop.opening, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            case = _agreed(loop, form, request.POST.get("to", ""), visitor)
        except BihuanError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.words.in_language(get_language() or "zh-hans"))
        else:
            messages.success(request, gettext("Agreed: %(number)s.") % {"number": case.number})
            return redirect(case_address(case.number))
    context = {"form": form, "loop": loop, "units": _units(), "to": request.POST.get("to", "")}
    return show(request, visitor, "desk/agree.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _agreed(loop: Loop, form: StepForm, to: str, visitor: Visitor) -> Case:
    case = flow.begin(
        loop=loop.code,
        by=visitor.staff.actor,
        at=form.happened(visitor.now),
        recorded_at=visitor.now,
        facts=form.stated,
        notes=form.notes,
        client_id=form.again,
    )
    handing = next((step for step in loop.steps_from(loop.opening.reaches) if step.hands_over), None)
    if to and handing is not None and case.state == loop.opening.reaches:
        case = flow.take(
            case_id=case.pk,
            step=handing.code,
            by=visitor.staff.actor,
            at=visitor.now,
            recorded_at=visitor.now,
            facts={"unit": to},
        )
    return case


def _units() -> Pairs:
    language = get_language() or "zh-hans"
    return [(unit.code, unit.name(language)) for unit in people.responsible_units()]
