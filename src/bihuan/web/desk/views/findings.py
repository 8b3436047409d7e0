"""Findings: what system, unit and customer say otherwise of the same moment; explained by units, decided by supervision."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from bihuan.kernel.errors import BihuanError
from bihuan.people import queries as people
from bihuan.people.rules import Scope
from bihuan.surveys import actions
from bihuan.surveys.models import Finding, Ruling
from bihuan.surveys.queries.book import book
from bihuan.surveys.queries.findings import STATES, by_key, counted
from bihuan.surveys.queries.findings import findings as found_in
from bihuan.surveys.rules.statements import KINDS, REASONS
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 30
MAY = {"explained": "finding.explain", "upheld": "finding.rule", "cleared": "finding.rule"}
"""Who may say what of a finding."""


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with its words, what was said of it, and what this reader may say."""

    finding: Finding
    title: str
    state: str
    state_title: str
    said: tuple[tuple[str, str, str, Ruling], ...]
    choices: tuple[tuple[str, str, list[tuple[str, str]]], ...]


@require_GET
@allowed("finding.explain", "finding.rule")
def findings(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Those still open first in mind: the filter starts with them; each opens to its case."""
    seen = _scope(visitor)
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    if state not in ("", *STATES) or kind not in ("", *KINDS):
        raise Http404
    unit, number = request.GET.get("unit", ""), request.GET.get("number", "").strip()
    found = found_in(seen, kind=kind, state=state, unit=unit, number=number)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = people.names_of({ruling.by_id for row in rows for ruling in row.rulings.all()})
    counts = counted(seen)
    context: dict[str, object] = {
        "rows": [_row(row, names, visitor) for row in rows],
        "page": page,
        "state": state,
        "kind": kind,
        "unit": unit,
        "number": number,
        "states": [("", gettext("all"))] + [(one, state_title(one)) for one in STATES],
        "kinds": [(one.kind, one.title.in_language(_language())) for one in book().comparisons],
        "counts": [(one, state_title(one), counts.get(one, 0)) for one in STATES if one != "lifted"],
        "comparisons": book().comparisons,
        "units": [
            one for one in people.units_within(seen) if one.kind in ("bureau", "department", "service_centre")
        ],
    }
    return show(request, visitor, "desk/callbacks/findings.html", context)


@require_POST
@allowed("finding.explain", "finding.rule")
def rule_on(request: HttpRequest, visitor: Visitor, key: str) -> HttpResponse:
    """Explain, uphold or clear."""
    state = request.POST.get("state", "")
    if state not in MAY:
        raise Http404
    seen = visitor.scope(MAY[state])
    finding = by_key(_key(key), seen)
    if finding is None or not visitor.may(MAY[state]):
        raise Http404
    try:
        actions.rule_on(
            finding_id=finding.pk,
            state=state,
            reason=request.POST.get("reason", ""),
            text=request.POST.get("text", ""),
            by=visitor.staff.actor,
            at=visitor.now,
        )
    except BihuanError as refusal:
        messages.error(request, refusal.words.in_language(_language()))
    else:
        messages.success(
            request,
            gettext("Recorded: %(step)s.") % {"step": f"{finding.case.number} {state_title(state)}"},
        )
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()})
    return redirect(onward if onward and safe else reverse("findings"))


def state_title(state: str) -> str:
    """How the state of a finding reads."""
    return {
        "open": gettext("undecided"),
        "explained": gettext("explained"),
        "upheld": gettext("upheld"),
        "cleared": gettext("cleared"),
        "lifted": gettext("lifted by a correction"),
    }[state]


def _row(finding: Finding, names: dict[UUID, str], visitor: Visitor) -> Row:
    state = "lifted" if finding.lifted_at else str(getattr(finding, "state", "open"))
    language = _language()
    titles = {one.kind: one.title.in_language(language) for one in book().comparisons}
    said = []
    for ruling in finding.rulings.all():
        reasons = {choice.code: choice.title.in_language(language) for choice in REASONS[ruling.state]}
        who = names.get(ruling.by_id, ruling.by.label)
        said.append((state_title(ruling.state), reasons.get(ruling.reason, ruling.reason), who, ruling))
    choices = [
        (step, _act(step), [(one.code, one.title.in_language(language)) for one in REASONS[step]])
        for step in _open_to(state)
        if visitor.may(MAY[step])
    ]
    return Row(
        finding,
        titles.get(finding.kind, finding.kind),
        state,
        state_title(state),
        tuple(said),
        tuple(choices),
    )


def _act(state: str) -> str:
    """What somebody does who brings a finding into a state."""
    return {
        "explained": gettext("Explain"),
        "upheld": gettext("Uphold it"),
        "cleared": gettext("Clear the unit"),
    }[state]


def _open_to(state: str) -> tuple[str, ...]:
    match state:
        case "open" | "explained":
            return ("explained", "upheld", "cleared")
        case "upheld":
            return ("cleared",)
        case "cleared":
            return ("upheld",)
    return ()


def _scope(visitor: Visitor) -> Scope:
    return visitor.scope("finding.rule" if visitor.may("finding.rule") else "finding.explain")


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _language() -> str:
    return get_language() or "zh-hans"
