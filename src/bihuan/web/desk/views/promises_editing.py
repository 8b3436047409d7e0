"""Change promises: a limit by a form, a pack by its text, a pack copied, the order of packs. Checked, tried, then published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from bihuan.indicators import actions as indicators
from bihuan.kernel.errors import BihuanError
from bihuan.kernel.words import Words
from bihuan.packs import actions
from bihuan.packs import queries as packs
from bihuan.packs.queries import versions
from bihuan.packs.queries.versions import Version
from bihuan.packs.rules import Article, Line, PackFault, compare, line_of, lines_changed, with_limits
from bihuan.web.desk.promise_forms import ChangeForm, CopyForm, LimitForm, TextForm, a_year_before
from bihuan.web.desk.views.promises import place_of
from bihuan.web.ui.visitor import Visitor, allowed, show

ROWS = 6
"""How many packs the form of the order has room for, at least."""
AROUND = 2
"""So many lines of the text are shown around a mistake."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a text, and the lines around the place."""

    told: str
    line: int | None
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft would change: lines and articles."""

    lines: tuple[Line, ...]
    articles: tuple[Article, ...]


@require_http_methods(["GET", "POST"])
@allowed("promise.manage", "promise.try")
def edit_pack(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """The whole text: checked, tried, published."""
    every = _every(code)
    newest, today = every[0], _today(visitor)
    initial = {"text": newest.text, "based_on": newest.name} | _from_trial(request, code)
    form = TextForm(request.POST if request.method == "POST" else None, today=today, initial=initial)
    context: dict[str, object] = {"form": form, "tab": "edit"}
    # A browser ends lines its own way; a file, and what was published, ends them with one sign.
    draft = form.cleaned_data["text"].replace("\r\n", "\n") if form.is_bound and form.is_valid() else None
    return _answer(request, visitor, newest, form, draft, context, "desk/promises/edit.html")


@require_http_methods(["GET", "POST"])
@allowed("promise.manage", "promise.try")
def change_promise(request: HttpRequest, visitor: Visitor, code: str, place: int) -> HttpResponse:
    """The limits of one promise; the text is written for whoever fills in the form."""
    newest, today = _every(code)[0], _today(visitor)
    articles = newest.pack.promises
    if place >= len(articles) or not articles[place].limits:
        raise Http404
    form = LimitForm(
        request.POST if request.method == "POST" else None,
        promise=articles[place],
        today=today,
        initial={"based_on": newest.name},
    )
    context: dict[str, object] = {"form": form, "tab": "change", "promise": articles[place]}
    draft = None
    if form.is_bound and form.is_valid():
        try:
            draft = with_limits(newest.text, place=place, limits=form.limits)
        except BihuanError as refused:
            form.add_error(None, refused.words.in_language(_language()))
    return _answer(request, visitor, newest, form, draft, context, "desk/promises/change.html")


def _answer(
    request: HttpRequest,
    visitor: Visitor,
    newest: Version,
    form: ChangeForm,
    draft: str | None,
    context: dict[str, object],
    template: str,
) -> HttpResponse:
    """Do with a draft what the button says; whatever is refused leaves the form as it was typed."""
    frame: dict[str, object] = {
        "pack": newest.pack,
        "version": newest,
        "now": versions.in_force_on(newest.code, _today(visitor)),
        "place": place_of(newest.code, packs.adopted_on(_today(visitor))),
        "manages": visitor.may("promise.manage"),
        "tries": visitor.may("promise.try"),
    }
    if draft is not None:
        asked = request.POST.get("do", "check")
        try:
            if asked == "publish" and visitor.may("promise.manage"):
                return _published(request, visitor, newest.code, form, draft)
            if asked == "try" and visitor.may("promise.try"):
                return _tried(visitor, newest.code, form, draft)
            context["preview"] = _preview(newest, draft)
        except PackFault as fault:
            context["mistake"] = _mistake(draft, fault)
        except BihuanError as refused:
            field = refused.field if refused.field in form.fields else None
            form.add_error(field, refused.words.in_language(_language()))
    refused_it = form.is_bound and (bool(form.errors) or "mistake" in context)
    return show(request, visitor, template, frame | context, status=422 if refused_it else 200)


def _published(
    request: HttpRequest, visitor: Visitor, code: str, form: ChangeForm, draft: str
) -> HttpResponse:
    told = form.cleaned_data
    kept = actions.publish(
        code=code,
        text=draft,
        based_on=told["based_on"],
        effective_from=told["effective_from"],
        why=told["why"],
        by=visitor.staff.actor,
        at=visitor.now,
    )
    _said_published(request, kept.number, kept.effective_from)
    return redirect("pack-history", code)


def _tried(visitor: Visitor, code: str, form: ChangeForm, draft: str) -> HttpResponse:
    told = form.cleaned_data
    today = _today(visitor)
    asked = indicators.ask_trial(
        code=code,
        based_on=told["based_on"],
        text=draft,
        on=told["effective_from"],
        first=told["first"] or a_year_before(today),
        last=told["last"] or today,
        by=visitor.staff.actor,
        at=visitor.now,
    )
    return redirect("trial", asked.pk)


def _preview(newest: Version, draft: str) -> Preview:
    pack = packs.parse(newest.code, draft)
    articles = [article for article in compare(newest.pack, pack) if article.how != "same"]
    return Preview(lines_changed(newest.text.strip(), draft.strip()), tuple(articles))


def _mistake(draft: str, fault: PackFault) -> Mistake:
    lines = draft.splitlines()
    line = line_of(draft, fault.key) if fault.key else _line_said(fault.expected.en)
    told = fault.words.in_language(_language())
    if line is None:
        return Mistake(told, None, ())
    first = max(1, line - AROUND)
    return Mistake(told, line, tuple(enumerate(lines[first - 1 : line + AROUND], first)))


def _line_said(expected: str) -> int | None:
    """The line that a TOML reader names: `… (at line 3, column 5)`."""
    _, found, rest = expected.partition("at line ")
    number = rest.split(",")[0]
    return int(number) if found and number.isdecimal() else None


@require_http_methods(["GET", "POST"])
@allowed("promise.manage")
def copy_pack(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A pack of one's own, made from a version of another."""
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        today=_today(visitor),
        source=request.GET.get("source", ""),
    )
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        source, _, number = told["source"].partition("/")
        try:
            kept = actions.copy_version(
                source=source,
                number=int(number),
                code=told["code"].strip(),
                title=Words(zh=told["title_zh"], en=told["title_en"]),
                effective_from=told["effective_from"],
                why=told["why"],
                by=visitor.staff.actor,
                at=visitor.now,
            )
        except BihuanError as refused:
            field = refused.field if refused.field in form.fields else None
            form.add_error(field, refused.words.in_language(_language()))
        else:
            messages.success(
                request, gettext("Copied. It promises nothing until it is among the packs that apply.")
            )
            return redirect("pack", kept.code)
    status = 422 if form.is_bound else 200
    return show(request, visitor, "desk/promises/copy.html", {"form": form}, status)


@require_http_methods(["GET", "POST"])
@allowed("promise.manage")
def pack_order(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Which packs apply, in which order, from when on."""
    today = _today(visitor)
    orders = versions.adoptions()
    newest = list(orders[0].packs) if orders else list(versions.order_on(today))
    chosen = [code for code in request.POST.getlist("packs") if code] if request.method == "POST" else newest
    form = ChangeForm(request.POST if request.method == "POST" else None, today=today, initial={})
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            kept = actions.adopt(
                packs=chosen,
                effective_from=told["effective_from"],
                why=told["why"],
                by=visitor.staff.actor,
                at=visitor.now,
            )
        except BihuanError as refused:
            field = refused.field if refused.field in form.fields else None
            form.add_error(field, refused.words.in_language(_language()))
        else:
            text = gettext("These packs apply from %(day)s.") % {"day": kept.effective_from}
            messages.success(request, text)
            return redirect("pack-order")
    context: dict[str, object] = {
        "form": form,
        "rows": _room(chosen),
        "known": [(code, versions.versions(code)[0].pack.title) for code in versions.codes()],
        "now": versions.order_on(today),
        "orders": orders,
    }
    return show(request, visitor, "desk/promises/order.html", context, 422 if form.is_bound else 200)


def _room(chosen: Sequence[str]) -> list[str]:
    return [*chosen, *[""] * max(1, ROWS - len(chosen))]


def _said_published(request: HttpRequest, number: int, day: date) -> None:
    text = gettext("Version %(number)s is published and holds from %(day)s.") % {"number": number, "day": day}
    messages.success(request, text)


def _from_trial(request: HttpRequest, code: str) -> dict[str, Any]:
    """The draft of a trial, to be gone on with."""
    try:
        found = versions.trial(UUID(request.GET.get("trial", "")))
    except ValueError:
        return {}
    if found is None or found.code != code:
        return {}
    return {
        "text": found.text,
        "based_on": found.based_on,
        "effective_from": found.on,
        "first": found.first,
        "last": found.last,
    }


def _every(code: str) -> list[Version]:
    try:
        return versions.versions(code)
    except packs.PackUnknown:
        raise Http404 from None


def _today(visitor: Visitor) -> date:
    return timezone.localtime(visitor.now, packs.calendar().zone).date()


def _language() -> str:
    return get_language() or "zh-hans"
