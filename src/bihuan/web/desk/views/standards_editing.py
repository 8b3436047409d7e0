"""Changing one class in detail or one typical case in a form; seen before it is published, and with everything it was before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from bihuan.kernel.errors import BihuanError
from bihuan.people import queries as people
from bihuan.standards import actions, queries
from bihuan.standards.rules import Leaf, StandardFault, put
from bihuan.web.desk.forms import listed
from bihuan.web.desk.standard_forms import EditionForm, LeafForm, TypicalForm, part_titles, set_titles
from bihuan.web.desk.views.standards import READ
from bihuan.web.ui.visitor import Visitor, allowed, show


@require_http_methods(["GET", "POST"])
@allowed(*READ, "standards.manage")
def leaf_page(request: HttpRequest, visitor: Visitor, code: str, leaf: str) -> HttpResponse:
    """A class in detail: what it means, the typical cases under it, what was changed; who may, changes or retires it."""
    if code not in queries.known():
        raise Http404
    today = timezone.localdate()
    newest = queries.newest("taxonomies", code)
    tree = queries.tree_of(code, newest.text)
    found = next((one for one in tree.leaves if one.code == leaf), None)
    if found is None:
        raise Http404
    may = visitor.may("standards.manage")
    if request.method == "POST" and not may:
        return show(request, visitor, "403.html", {}, status=403)
    form = LeafForm(request.POST or None, tree, found, newest.edition, today)
    if request.method == "POST" and form.is_valid():
        done = _publish(request, visitor, form, ("taxonomies", code), ("leaf", form.row(leaf)))
        if done:
            return redirect("leaf", code, leaf)
    return show(
        request,
        visitor,
        "desk/standards/leaf.html",
        {
            "tree": tree,
            "leaf": found,
            "sets": _sets(found),
            "in_force": queries.leaf(code, leaf, today) is not None,
            "cases": [
                case for case in queries.case_book(today).cases if (case.loop, case.leaf) == (code, leaf)
            ],
            "changes": _told(queries.changes_of("taxonomies", code, "leaf", leaf)),
            "form": form if may else None,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@allowed("standards.manage")
def new_leaf(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One more class in detail below a class that is there."""
    if code not in queries.known():
        raise Http404
    newest = queries.newest("taxonomies", code)
    tree = queries.tree_of(code, newest.text)
    form = LeafForm(request.POST or None, tree, None, newest.edition, timezone.localdate())
    if request.method == "POST" and form.is_valid():
        own = form.cleaned_data["code"]
        if any(one.code == own for one in tree.leaves):
            form.add_error("code", gettext("This code is taken; a code is never given twice."))
        else:
            start = form.cleaned_data["effective_from"]
            row = {**form.row(own), "certainty": "design", "valid_from": start}
            if _publish(request, visitor, form, ("taxonomies", code), ("leaf", row)):
                return redirect("leaf", code, own)
    context = {"tree": tree, "form": form}
    return show(request, visitor, "desk/standards/new_leaf.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed("standards.manage")
def edit_case(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """A typical case in both languages, seen as it will be read before it is published."""
    today = timezone.localdate()
    newest = queries.newest("casebook", queries.TYPICAL)
    case = queries.book_of(newest.text).case(code)
    if case is None:
        raise Http404
    form = TypicalForm(request.POST or None, case, listed(case.loop), newest.edition, today)
    preview: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        if "publish" not in request.POST:
            preview = [
                (title, form.cleaned_data[f"{part}_zh"], form.cleaned_data[f"{part}_en"])
                for part, title in part_titles().items()
            ]
        elif _publish(request, visitor, form, ("casebook", queries.TYPICAL), ("case", form.row(code))):
            return redirect("edit-case", code)
    context = {
        "one": case,
        "form": form,
        "preview": preview,
        "changes": _told(queries.changes_of("casebook", queries.TYPICAL, "case", code)),
    }
    return show(
        request, visitor, "desk/standards/edit_case.html", context, status=422 if form.errors else 200
    )


def _publish(
    request: HttpRequest,
    visitor: Visitor,
    form: EditionForm,
    standard: tuple[str, str],
    change: tuple[str, dict[str, object]],
) -> bool:
    """Publish the newest text with one row changed; a refusal stands at the field that it is about."""
    kind, code = standard
    table, row = change
    try:
        actions.publish(
            kind=kind,
            code=code,
            text=put(f"{kind}/{code}.toml", queries.newest(kind, code).text, table, row),
            based_on=form.cleaned_data["based_on"],
            effective_from=form.cleaned_data["effective_from"],
            today=timezone.localdate(visitor.now),
            why=form.cleaned_data["why"],
            by=visitor.staff.actor,
            recorded_at=visitor.now,
        )
    except BihuanError as fault:
        own = None if isinstance(fault, StandardFault) or fault.field not in form.fields else fault.field
        form.add_error(own, fault.words.in_language(get_language() or "zh-hans"))
        return False
    day = form.cleaned_data["effective_from"]
    messages.success(request, gettext("Published; it holds from %(day)s.") % {"day": day})
    return True


def _sets(leaf: Leaf) -> list[str]:
    titles = set_titles()
    return [titles[code] for code in leaf.sets]


def _told(changes: Iterable[queries.Change]) -> list[dict[str, Any]]:
    """Who changed what: for each edition the keys that differ, before and after."""
    rows = list(changes)
    names = people.names_of({change.edition.by_id for change in rows})
    return [
        {
            "edition": change.edition,
            "name": names.get(change.edition.by_id, ""),
            "rows": [
                (key, before, after)
                for key in dict.fromkeys((*change.before, *change.after))
                for before, after in _differing(change.before.get(key), change.after.get(key))
            ],
        }
        for change in rows
    ]


def _differing(before: object, after: object) -> list[tuple[str, str]]:
    """What differs, one line a language where both are texts in two languages."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            (str(before.get(key, "")), str(after.get(key, "")))
            for key in dict.fromkeys((*before, *after))
            if before.get(key) != after.get(key)
        ]
    return [] if before == after else [(_plain(before), _plain(after))]


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return " / ".join(str(one) for one in value.values())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
