"""The case book, the trees of classes, how grave a complaint is; and proposals from what a caller says."""

from __future__ import annotations

import difflib
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.kernel.errors import BihuanError
from bihuan.loops.catalogue import loop as loop_of
from bihuan.people import queries as people
from bihuan.standards import actions, queries
from bihuan.standards.models import StandardVersion
from bihuan.standards.rules import Leaf
from bihuan.web.desk.standard_forms import set_titles
from bihuan.web.ui.visitor import Visitor, allowed, show

READ = ("case.read", "promise.read", "standards.manage")


@require_GET
@allowed(*READ)
def standards(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """All typical cases by class, the trees, and the rules of severity."""
    today = timezone.localdate()
    text = request.GET.get("q", "").strip()[:400]
    book = queries.case_book(today)
    near = [case for case, _ in queries.nearest(text, today, 8)] if text else list(book.cases)
    trees = [queries.load(code, today) for code in queries.known()]
    context: dict[str, object] = {
        "book": book,
        "q": text,
        "cases": [(case, queries.leaf(case.loop, case.leaf, today)) for case in near],
        "trees": [(tree, len([leaf for leaf in tree.leaves if leaf.valid_on(today)])) for tree in trees],
    }
    return show(request, visitor, "desk/standards/book.html", context)


@require_GET
@allowed(*READ)
def typical_case(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One typical case, to be read."""
    today = timezone.localdate()
    case = queries.typical(code, today)
    if case is None:
        raise Http404
    cases = queries.case_book(today).cases
    place = cases.index(case)
    return show(
        request,
        visitor,
        "desk/standards/case.html",
        {
            "one": case,
            "leaf": queries.leaf(case.loop, case.leaf, today),
            "loop": loop_of(case.loop),
            "number": place + 1,
            "before": cases[place - 1] if place else None,
            "after": cases[place + 1] if place + 1 < len(cases) else None,
        },
    )


@require_GET
@allowed(*READ)
def tree(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """A tree of classes as it holds today, searched by words or code; what is retired, and what is coming."""
    if code not in queries.known():
        raise Http404
    today = timezone.localdate()
    text = request.GET.get("q", "").strip()[:80]
    groups = queries.grouped(code, today)
    newest = queries.newest("taxonomies", code)
    return show(
        request,
        visitor,
        "desk/standards/tree.html",
        {
            "tree": queries.load(code, today),
            "q": text,
            "groups": [(group, found) for group, leaves in groups if (found := _matching(leaves, text))],
            "retired": [leaf for leaf in queries.load(code, today).leaves if not leaf.valid_on(today)],
            "coming": newest.since if newest.since is not None and newest.since > today else None,
            "sets": set_titles(),
        },
    )


@require_GET
@allowed(*READ)
def severity(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """From which facts which grade is proposed."""
    rules = queries.severity_rules(timezone.localdate())
    graded = loop_of("complaint").opening.fact("severity")
    origin = loop_of("complaint").opening.fact("origin")
    if graded is None or origin is None:
        raise Http404
    rows = [
        (graded.title_of(rule.grade), rule, [origin.title_of(code) for code in rule.origins])
        for rule in rules
    ]
    return show(request, visitor, "desk/standards/severity.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@allowed("standards.manage")
def edit_standard(request: HttpRequest, visitor: Visitor, kind: str, code: str) -> HttpResponse:
    """The text with its history; a new edition holds from a later day on. What was typed stays when it is refused."""
    today = timezone.localdate()
    if (kind, code) not in _editable():
        raise Http404
    newest = queries.newest(kind, code)
    based_on = request.POST.get("based_on", "")
    typed = {
        "based_on": based_on if based_on.isdecimal() and len(based_on) < 9 else f"{newest.edition}",
        "text": request.POST.get("text", newest.text).replace("\r\n", "\n"),
        "why": request.POST.get("why", ""),
        "effective_from": request.POST.get("effective_from", f"{today + timedelta(days=1)}"),
    }
    refused = ""
    if request.method == "POST":
        try:
            actions.publish(
                kind=kind,
                code=code,
                text=typed["text"],
                based_on=int(typed["based_on"]),
                effective_from=_day(typed["effective_from"]) or today,
                today=today,
                why=typed["why"],
                by=visitor.staff.actor,
                recorded_at=visitor.now,
            )
        except BihuanError as fault:
            refused = fault.words.in_language(get_language() or "zh-hans")
        else:
            messages.success(
                request, gettext("Published; it holds from %(day)s.") % {"day": typed["effective_from"]}
            )
            return redirect("edit-standard", kind, code)
    past = list(queries.versions(kind, code)[:20])
    names = people.names_of({row.by_id for row in past})
    history = [
        (row, names.get(row.by_id, ""), _changes(before, row.text))
        for row, before in _pairs(past, kind, code)
    ]
    context: dict[str, object] = {
        "kind": kind,
        "code": code,
        "typed": typed,
        "refused": refused,
        "history": history,
    }
    return show(request, visitor, "desk/standards/edit.html", context, status=422 if refused else 200)


@require_GET
@allowed("case.open", "case.handle")
def nearest(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The typical cases nearest to what is being typed, for the intake and the case page."""
    today = timezone.localdate()
    text = request.GET.get("description", "") or request.GET.get("text", "")
    found = [
        (case, near, queries.leaf(case.loop, case.leaf, today))
        for case, near in queries.nearest(text, today)
        if len(text.strip()) >= 4
    ]
    return show(request, visitor, "desk/standards/nearest.html", {"found": found})


@require_GET
@allowed("case.open")
def grade(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """How grave a complaint with these facts is proposed to be."""
    facts = severity_facts(
        request.GET.get("origin", ""), request.GET.get("affected", ""), request.GET.get("injury", "")
    )
    found = queries.grading(facts, timezone.localdate())
    graded = loop_of("complaint").opening.fact("severity")
    title = graded.title_of(found.grade) if graded else None
    return show(request, visitor, "desk/standards/grade.html", {"found": found, "title": title})


def severity_facts(origin: str, affected: str, injury: str) -> dict[str, object]:
    """What the rules of severity go by, from the fields of a form."""
    return {
        "origin": origin,
        "affected": int(affected) if affected.isdecimal() and len(affected) < 9 else 0,
        "injury": injury == "yes",
    }


def _matching(leaves: list[Leaf], text: str) -> list[Leaf]:
    low = text.lower()
    return [
        leaf
        for leaf in leaves
        if any(
            low in part.lower()
            for words in (leaf.title, leaf.klass_title, leaf.group)
            for part in (words.zh, words.en)
        )
        or low in leaf.code
    ]


def _editable() -> set[tuple[str, str]]:
    return {("taxonomies", code) for code in queries.known()} | {
        ("casebook", queries.TYPICAL),
        ("casebook", queries.SEVERITY),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _pairs(past: list[StandardVersion], kind: str, code: str) -> list[tuple[StandardVersion, str]]:
    """Each edition with the text that held before it; the first follows the file."""
    first = queries.text_of(kind, code, date.min)
    return [(row, past[place + 1].text if place + 1 < len(past) else first) for place, row in enumerate(past)]


def _changes(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]
