"""One case: who, where, what; its clocks and timeline; and the steps that this person may take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from bihuan.cases import queries as cases
from bihuan.cases.models import Case
from bihuan.cases.queries import Line
from bihuan.flow import actions as flow
from bihuan.flow.rules.refusals import StalePage
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.step import Step
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.promises import queries as promises
from bihuan.promises.models import Clock
from bihuan.standards import queries as standards
from bihuan.standards.rules import Leaf, TypicalCase
from bihuan.web.desk import telling
from bihuan.web.desk.forms import Pairs, StepForm
from bihuan.web.desk.sides import sides
from bihuan.web.ui.clocks import promise_title
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_GET
@allowed("case.read")
def case_page(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """The case as it stands."""
    case = _found(visitor, number)
    return show(request, visitor, "desk/case.html", told(case, visitor))


@require_POST
@allowed("case.identity")
def reveal(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """Show who brought a confidential case, after having written down who looked; of any other nothing more is shown."""
    case = _found(visitor, number)
    if case.confidential:
        flow.look(case_id=case.pk, by=visitor.staff.actor, at=visitor.now, why=request.POST.get("why", ""))
        case = cases.with_who_brought(case, visitor.staff.actor_id)
    return show(request, visitor, "desk/case.html", told(case, visitor) | {"revealed": case.confidential})


@require_POST
@allowed("case.read")
def take_step(request: HttpRequest, visitor: Visitor, number: str, step: str) -> HttpResponse:
    """Take a step, or show the case with what was typed and what is wrong with it."""
    case = _found(visitor, number)
    declared = loop_of(case.loop).step(step)
    if declared is None:
        raise Http404
    form = step_form(case, declared, data=request.POST)
    status = 422
    if form.is_valid():
        try:
            flow.take(
                case_id=case.pk,
                step=step,
                by=visitor.staff.actor,
                at=form.happened(visitor.now, case.reached_at),
                recorded_at=visitor.now,
                facts=form.stated,
                notes=form.notes,
                client_id=form.again,
                expected_seq=form.cleaned_data.get("expected_seq"),
            )
        except StalePage as stale:
            status = 409
            return _again(request, visitor, number, declared, stale, status)
        except BihuanError as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, gettext("Recorded: %(step)s.") % {"step": _title(declared)})
            return redirect(_onward(request) or case_address(number))
    fresh = _found(visitor, number)
    return show(request, visitor, "desk/case.html", told(fresh, visitor, typed=form), status=status)


def _again(
    request: HttpRequest, visitor: Visitor, number: str, step: Step, stale: StalePage, status: int
) -> HttpResponse:
    """What is new stands marked in the timeline; sending the form once more is then meant."""
    seen = int(request.POST.get("expected_seq") or 0)
    case = _found(visitor, number)
    data = QueryDict(request.POST.urlencode(), mutable=True)
    data["expected_seq"] = str(case.last_seq)
    form = step_form(case, step, data=data)
    form.is_valid()
    _blame(form, stale)
    context = told(case, visitor, typed=form) | {"seen": seen, "stale": True}
    return show(request, visitor, "desk/case.html", context, status=status)


def told(case: Case, visitor: Visitor, *, typed: StepForm | None = None) -> dict[str, object]:
    """Everything that the page shows, in a number of queries that doesn't depend on the case's length."""
    loop = loop_of(case.loop)
    lines = cases.lines(case.pk)
    names = people.names_of({line.entry.actor_id for line in lines})
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=telling.unit_codes(lines))}
    rounds = cases.cycles(case.pk)
    entries = telling.timeline(loop, lines, names, units)
    lists = _lists(case)
    choices: Pairs = [(str(one.seq), f"#{one.seq} {one.title}") for one in entries]
    steps: list[dict[str, Any]] = []
    clocks = promises.clocks_of(case.pk)
    now = rounds[-1] if rounds else None
    broken = any(telling.is_broken(clock, visitor.now) for clock in clocks)
    for one in telling.open_steps(case, loop, lines, visitor, now, broken):
        bound = typed is not None and typed.step.code == one.step.code
        form = (
            typed
            if bound
            else StepForm(
                one.step,
                seq=case.last_seq,
                units=lists["unit"],
                crews=lists["crew"],
                entries=choices,
                lists=spoken_of(clocks, visitor.now),
                initial={"unit": case.unit.code if case.unit else ""},
            )
        )
        steps.append({"step": one.step, "form": form, "refused": one.refused, "open": bound})
    if typed is not None and not any(row["open"] for row in steps):
        steps.insert(0, {"step": typed.step, "form": typed, "refused": "", "open": True})
    seen = visitor.scope("case.read")
    # What else a customer brought says who he is.
    told_who = case.customer_id if not case.confidential else None
    history = list(cases.history_of_customer(told_who, seen, but=case.pk)) if told_who else []
    return {
        "case": case,
        "entries": entries,
        "rounds": rounds,
        "sides": sides(loop, lines, rounds[-1]) if rounds else [],
        "clocks": clocks,
        "breaches": promises.breaches_of(case.pk),
        "near": _near(case, lines, visitor),
        "secret": case.confidential,
        "identity": visitor.may("case.identity"),
        "steps": steps,
        "acts": bool(steps),
        "history": history,
        "related": [] if case.confidential else list(cases.related(case, seen)),
    }


def _near(case: Case, lines: Sequence[Line], visitor: Visitor) -> list[tuple[TypicalCase, Leaf | None]]:
    """The typical cases nearest to what the customer said, for those who handle the matter; none once it is ended."""
    opening = loop_of(case.loop).opening
    told = next((line.notes.get("description") for line in lines if line.entry.seq == 1), None)
    if case.ended_at or not told or opening.fact("proposed_leaf") is None or not visitor.may(*HANDLES):
        return []
    today = timezone.localdate()
    found = standards.nearest(told, today)
    return [(one, standards.leaf(one.loop, one.leaf, today)) for one, _ in found]


HANDLES = ("case.handle", "case.review", "case.panel")
"""Whoever holds one of these works on the matter itself."""


def step_form(case: Case, step: Step, *, data: QueryDict) -> StepForm:
    """The form of a step as it was sent."""
    lists = _lists(case)
    entries: Pairs = [(str(seq), f"#{seq}") for seq in range(1, case.last_seq + 1)]
    return StepForm(
        step,
        data,
        seq=case.last_seq,
        units=lists["unit"],
        crews=lists["crew"],
        entries=entries,
        lists=spoken_of(promises.clocks_of(case.pk), timezone.now()),
    )


def spoken_of(clocks: Sequence[Clock], at: datetime) -> dict[str, Pairs]:
    """The broken promises of a case, and their rounds, to choose from when something is said of them."""
    broken = [clock for clock in clocks if telling.is_broken(clock, at)]
    return {
        "promise": [(clock.promise, promise_title(clock)) for clock in broken],
        "round": [(str(number), str(number)) for number in sorted({clock.cycle for clock in broken})],
    }


def bureaus() -> Pairs:
    """Every bureau to choose from."""
    language = get_language() or "zh-hans"
    return [(unit.code, f"{unit.name(language)} ({unit.code})") for unit in people.bureaus()]


def case_address(number: str) -> str:
    """Where a case is shown."""
    return f"/cases/{number}/"


def _lists(case: Case) -> dict[str, Pairs]:
    language = get_language() or "zh-hans"
    crews = people.crews(case.unit.bureau_id or case.unit.pk) if case.unit else []
    return {"unit": bureaus(), "crew": [(unit.code, unit.name(language)) for unit in crews]}


def _found(visitor: Visitor, number: str) -> Case:
    case = cases.by_number(number, visitor.scope("case.read"))
    if case is None:
        raise Http404
    return case


def _blame(form: StepForm, refusal: BihuanError) -> None:
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, refusal.words.in_language(get_language() or "zh-hans"))


def _title(step: Step) -> str:
    return step.title.in_language(get_language() or "zh-hans")


def _onward(request: HttpRequest) -> str | None:
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    return onward if onward and safe else None
