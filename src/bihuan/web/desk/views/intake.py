"""A call comes in: find the customer, see what is known, open a case or urge one that is open."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.flow import actions as flow
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.loop import Loop
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.catalogue import loop as loop_of
from bihuan.outages import queries as outages
from bihuan.packs import queries as packs
from bihuan.standards import queries as standards
from bihuan.supply import queries as supply
from bihuan.supply.models import Account
from bihuan.web.desk.forms import StepForm
from bihuan.web.desk.views.case import bureaus, case_address
from bihuan.web.ui.visitor import Visitor, allowed, show


class Searched(TypedDict):
    """What was typed, and whom it fits."""

    q: str
    found: list[Account]


@require_GET
@allowed("case.open")
def find(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The customers that fit what is being typed."""
    return show(request, visitor, "desk/intake_found.html", {**_found(request, visitor)})


@require_http_methods(["GET", "POST"])
@allowed("case.open")
def intake(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Search, choose, open; whoever is found alone is chosen. Without an account the place is told in words."""
    account = _account(request.GET.get("account", ""), visitor)
    searched = _found(request, visitor)
    if request.method == "GET" and "account" not in request.GET and len(found := searched["found"]) == 1:
        return redirect(f"{reverse('intake')}?{urlencode({'account': found[0].number})}")
    loop = _loop(request.GET.get("loop", ""), visitor)
    form = _form(request, loop, account)
    if request.method == "POST" and form.is_valid():
        try:
            case = _open(request, visitor, loop, account, form)
        except BihuanError as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.words.in_language(get_language() or "zh-hans"))
        else:
            messages.success(request, gettext("Opened: %(number)s.") % {"number": case.number})
            return redirect(case_address(case.number))
    context: dict[str, object] = {
        **searched,
        "account": account,
        "alone": request.GET.get("account") == "-",
        "loop": loop,
        "loops": _openable(visitor),
        "form": form,
        "bureaus": bureaus(),
        "dispatch_to": request.POST.get("dispatch_to", _bureau(account)),
        "promised": _promised(visitor, loop, account),
        "at_once": loop.at_once,
        "at_once_reason": request.POST.get("at_once", ""),
    }
    if account is not None:
        seen = visitor.scope("case.read")
        context["open_here"] = [(case, _urgeable(case)) for case in cases.open_at(account.premises_id, seen)]
        context["known"] = outages.known_at(premises=account.premises, at=visitor.now)
        context["history"] = list(cases.history_of_customer(account.customer_id, seen))
    return show(
        request, visitor, "desk/intake.html", context, status=422 if request.method == "POST" else 200
    )


@transaction.atomic
def _open(
    request: HttpRequest, visitor: Visitor, loop: Loop, account: Account | None, form: StepForm
) -> Case:
    case = flow.begin(
        loop=loop.code,
        by=visitor.staff.actor,
        at=form.happened(visitor.now),
        recorded_at=visitor.now,
        facts=_with_proposals(loop, form),
        notes=form.notes,
        premises=account.premises if account else None,
        customer=account.customer if account else None,
        account=account,
        client_id=form.again,
    )
    at_once, reason = loop.at_once, request.POST.get("at_once", "")
    if at_once is not None and reason and case.state == "accepted":
        return flow.take(
            case_id=case.pk,
            step=at_once.code,
            by=visitor.staff.actor,
            at=visitor.now,
            recorded_at=visitor.now,
            facts={"reason": reason},
        )
    bureau = request.POST.get("dispatch_to", "")
    if bureau and case.state == "accepted" and visitor.may("case.dispatch"):
        flow.take(
            case_id=case.pk,
            step="dispatch",
            by=visitor.staff.actor,
            at=visitor.now,
            recorded_at=visitor.now,
            facts={"unit": bureau},
        )
    return case


def _with_proposals(loop: Loop, form: StepForm) -> dict[str, object]:
    """What was stated, and what the house proposed at that moment: the nearest class and the grade. A grade that nobody
    chose is the one proposed."""
    facts = form.stated
    today = timezone.localdate()
    opening = loop.opening
    if opening.fact("proposed_severity"):
        graded = standards.grading(facts, today).grade
        facts |= {"proposed_severity": graded, "severity": facts.get("severity", graded)}
    leaf = opening.fact("leaf")
    if opening.fact("proposed_leaf") and leaf:
        near = standards.nearest(form.notes.get("description", ""), today, 1)
        if near and standards.leaf(leaf.listing, near[0][0].leaf, today):
            facts["proposed_leaf"] = near[0][0].leaf
    return facts


def _urgeable(case: Case) -> bool:
    step = loop_of(case.loop).step("urge")
    return step is not None and case.state in step.leaves


def _form(request: HttpRequest, loop: Loop, account: Account | None) -> StepForm:
    proposed: dict[str, object] = {"source": "call", "urgency": "general"}
    if account is not None:
        proposed |= {"area": account.premises.area, "customer_class": account.customer.customer_class}
    form = StepForm(loop.opening, request.POST if request.method == "POST" else None, initial=proposed)
    if request.method == "GET" and request.GET.get("account"):
        form.visible_fields()[0].field.widget.attrs["autofocus"] = True
    return form


def _promised(visitor: Visitor, loop: Loop, account: Account | None) -> list[tuple[object, object]]:
    """What the agent reads out: the public promises of today for this kind, place and customer."""
    today = visitor.now.astimezone(packs.calendar().zone).date()
    area = account.premises.area if account else None
    klass = account.customer.customer_class if account else None
    found = [
        (promise.title, promise.limit_for(area=area, customer_class=klass), promise.limits)
        for promise in packs.promises_on(loop.code, today)
        if promise.public and promise.kind == "step_limit"
    ]
    return [(title, limit.words) for title, limit, _ in found if limit is not None]


def _found(request: HttpRequest, visitor: Visitor) -> Searched:
    text = request.GET.get("q", "").strip()
    seen = visitor.scope("case.open")
    return {"q": text, "found": list(supply.find(text, seen=seen)) if len(text) >= 2 else []}


def _account(number: str, visitor: Visitor) -> Account | None:
    """The account of this number, of a place for which this person may open cases."""
    found = supply.account(number) if number else None
    return found if found is not None and visitor.scope("case.open").sees(found.premises.unit.path) else None


def _openable(visitor: Visitor) -> list[Loop]:
    """The kinds that this person may open."""
    return [loop for loop in LOOPS if loop.opening.by in visitor.permissions]


def _loop(code: str, visitor: Visitor) -> Loop:
    openable = _openable(visitor)
    return next((loop for loop in openable if loop.code == code), openable[0])


def _bureau(account: Account | None) -> str:
    if account is None:
        return ""
    unit = account.premises.unit
    return unit.bureau.code if unit.bureau else unit.code
