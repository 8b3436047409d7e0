"""What is asked of customers, kind by kind and version by version, with the duty behind it; a new version from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from bihuan.kernel.errors import BihuanError
from bihuan.kernel.loop import Loop
from bihuan.loops.catalogue import LOOPS
from bihuan.people import queries as people
from bihuan.people.rules import Scope
from bihuan.surveys import actions, queries
from bihuan.surveys.models import Edition
from bihuan.surveys.queries.answers import given, tally
from bihuan.surveys.rules.duties import duty_on
from bihuan.surveys.rules.questions import FITS, Question, QuestionKind, Questionnaire, askable
from bihuan.web.ui.visitor import Visitor, allowed, show

BLANK = 3
"""Empty rows for further questions."""
MOST = 30
PAGE = 50
READERS = ("callback.do", "callback.ledger", "callback.review", "questionnaire.edit", "finding.rule")


class EditionForm(forms.Form):
    """A new version: from which day, why, script, and questions row by row. A row without a code is left out."""

    valid_from = forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
    )
    why = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"class": "form-control"}))
    opening_zh = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}))
    opening_en = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}))
    closing_zh = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}))
    closing_en = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}))

    def __init__(self, loop: Loop, data: QueryDict | None = None, *, sheet: Questionnaire, day: date) -> None:
        super().__init__(data, label_suffix="", initial=_initial(sheet, day))
        self.loop = loop
        self.fields["valid_from"].label = gettext("Asked from")
        self.fields["why"].label = gettext("Why this change")
        self.fields["opening_zh"].label, self.fields["opening_en"].label = _both(gettext("Opening"))
        self.fields["closing_zh"].label, self.fields["closing_en"].label = _both(gettext("Closing"))

    @property
    def rows(self) -> list[dict[str, str]]:
        """The questions as they were typed, or as they are now with some empty rows after them."""
        if isinstance(self.data, QueryDict) and self.is_bound:
            names = ("code", "kind", "fact", "zh", "en", "choices", "least", "most", "needed")
            columns = {name: self.data.getlist(f"q-{name}") for name in names}
            count = min(MOST, len(columns["code"]))
            return [
                {name: (columns[name][place : place + 1] or [""])[0].strip() for name in names}
                for place in range(count)
            ]
        rows = [_row(question) for question in self.initial["questions"]]
        return rows + [_row(None) for _ in range(BLANK)]

    @property
    def content(self) -> dict[str, Any]:
        """The version as the files write it; call when the form is valid."""
        told = self.cleaned_data
        return {
            "opening": {"zh": told["opening_zh"], "en": told["opening_en"]},
            "closing": {"zh": told["closing_zh"], "en": told["closing_en"]},
            "question": [self._question(row) for row in self.rows if row["code"]],
        }

    def _question(self, row: dict[str, str]) -> dict[str, Any]:
        facts = askable(self.loop)
        fact = row["fact"]
        kind = str(FITS[facts[fact].kind]) if fact in facts else row["kind"]
        found: dict[str, Any] = {
            "code": row["code"],
            "kind": kind,
            "text": {"zh": row["zh"], "en": row["en"]},
        }
        if fact:
            return found | {"fact": fact}
        found["needed"] = row["needed"] == "yes"
        if kind == QuestionKind.choice:
            found["choices"] = [_choice(line) for line in row["choices"].splitlines() if line.strip()]
        if kind == QuestionKind.scale:
            found["least"], found["most"] = _number(row["least"]), _number(row["most"])
        return found


@require_GET
@allowed(*READERS)
def questionnaires(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Every kind with its duty today and the version that is asked today."""
    today = timezone.localtime(visitor.now).date()
    day = _day(request, today)
    duties = queries.book().duties
    context: dict[str, object] = {
        "day": day,
        "rows": [
            (
                loop,
                duty_on(duties, loop.code, day),
                queries.asked_on(loop.code, day) if askable(loop) else None,
            )
            for loop in LOOPS
        ],
        "cards": queries.book().scorecards,
        "comparisons": queries.book().comparisons,
    }
    return show(request, visitor, "desk/callbacks/questionnaires.html", context)


@require_http_methods(["GET", "POST"])
@allowed(*READERS)
def questionnaire(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One kind: what is asked now, every version, and for editors the form of a new one."""
    loop = next((one for one in LOOPS if one.code == code and askable(one)), None)
    if loop is None:
        raise Http404
    today = timezone.localtime(visitor.now).date()
    versions = queries.editions(code)
    now = queries.asked_on(code, today)
    shown = _shown(request, versions, now)
    edits = visitor.may("questionnaire.edit")
    form, status = None, 200
    if edits:
        bound = request.POST if request.method == "POST" else None
        form = EditionForm(loop, bound, sheet=shown, day=today + timedelta(days=1))
    if request.method == "POST":
        if form is None:
            raise Http404
        status = 422
        if form.is_valid() and _published(form, loop, visitor):
            messages.success(request, gettext("The new version is kept."))
            return redirect("questionnaire", code=code)
    rows = {row.version: row for row in Edition.objects.filter(loop=code).order_by("version")}
    names = people.names_of({row.by_id for row in rows.values()})
    context: dict[str, object] = {
        "loop": loop,
        "sheet": shown,
        "now_asked": now,
        "versions": [
            (one, rows.get(one.version), names.get(rows[one.version].by_id, "") if one.version else "")
            for one in versions
        ],
        "tallies": _tallies(shown, code, _seen(visitor)),
        "form": form,
        "kinds": [(str(kind), kind_title(kind)) for kind in QuestionKind],
        "facts": [(fact.code, fact.title.in_language(_language())) for fact in askable(loop).values()],
        "questions": [
            (one, kind_title(one.kind), askable(loop)[one.fact].title if one.fact else None)
            for one in shown.questions
        ],
    }
    return show(request, visitor, "desk/callbacks/questionnaire.html", context, status)


@require_GET
@allowed(*READERS)
def answers(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """The calls behind one count of answers; for a question in words, what customers said."""
    version = request.GET.get("version", "0")
    sheet = next((one for one in queries.editions(code) if str(one.version) == version), None)
    question = sheet.question(request.GET.get("question", "")) if sheet else None
    if sheet is None or question is None or question.fact:
        raise Http404
    value = _value(question, request.GET.get("value", ""))
    found = given(_seen(visitor), loop=code, version=sheet.version, question=question.code, value=value)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "loop": next(loop for loop in LOOPS if loop.code == code),
        "sheet": sheet,
        "question": question,
        "value": question.title_of(value) if value is not None else None,
        "page": page,
        "rows": [
            (row, row.text if row.value is None else question.title_of(row.value).in_language(_language()))
            for row in page.object_list
        ],
    }
    return show(request, visitor, "desk/callbacks/answers.html", context)


def _value(question: Question, text: str) -> object:
    """A coded answer as an address writes it; None for all, 404 for one that can't be."""
    if not text:
        return None
    match question.kind:
        case QuestionKind.flag if text in ("yes", "no"):
            return text == "yes"
        case QuestionKind.scale if text.isdecimal() and len(text) < 4:
            return int(text)
        case QuestionKind.choice if text in {choice.code for choice in question.choices}:
            return text
    raise Http404


def _tallies(
    sheet: Questionnaire, loop: str, seen: Scope
) -> list[tuple[Question, int, list[tuple[str, str, int, int]]]]:
    """Each extra question with its answers: (how the address writes it, how it reads, how often, per cent)."""
    counts = tally(seen, loop=loop, version=sheet.version)
    found = []
    for question in sheet.extra:
        mine = counts.get(question.code, {})
        whole = sum(mine.values())
        lines = [
            (
                {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value),
                question.title_of(value).in_language(_language()),
                count,
                round(100 * count / whole),
            )
            for value, count in sorted(mine.items(), key=lambda one: (-one[1], str(one[0])))
            if value is not None
        ]
        found.append((question, whole, lines))
    return found


def _seen(visitor: Visitor) -> Scope:
    """The scope of the first permission by which this reader is here."""
    return visitor.scope(next(one for one in READERS if visitor.may(one)))


def kind_title(kind: QuestionKind) -> str:
    """How the form of an answer reads."""
    return {
        QuestionKind.flag: gettext("yes or no"),
        QuestionKind.choice: gettext("one of several"),
        QuestionKind.scale: gettext("a scale"),
        QuestionKind.moment: gettext("a time"),
        QuestionKind.words: gettext("in words"),
    }[kind]


def _published(form: EditionForm, loop: Loop, visitor: Visitor) -> bool:
    try:
        actions.publish(
            loop=loop.code,
            valid_from=form.cleaned_data["valid_from"],
            content=form.content,
            why=form.cleaned_data["why"],
            by=visitor.staff.actor,
            at=visitor.now,
        )
    except BihuanError as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, refusal.words.in_language(_language()))
        return False
    return True


def _shown(request: HttpRequest, versions: list[Questionnaire], now: Questionnaire | None) -> Questionnaire:
    asked = request.GET.get("version", "")
    found = next((one for one in versions if str(one.version) == asked), None) if asked else now
    if found is None and (asked or not versions):
        raise Http404
    return found or versions[0]


def _initial(sheet: Questionnaire, day: date) -> dict[str, Any]:
    return {
        "valid_from": day,
        "opening_zh": sheet.opening.zh,
        "opening_en": sheet.opening.en,
        "closing_zh": sheet.closing.zh,
        "closing_en": sheet.closing.en,
        "questions": sheet.questions,
    }


def _row(question: Question | None) -> dict[str, str]:
    if question is None:
        return dict.fromkeys(("code", "fact", "zh", "en", "choices", "needed"), "") | {
            "kind": "flag",
            "least": "1",
            "most": "5",
        }
    return {
        "code": question.code,
        "kind": str(question.kind),
        "fact": question.fact,
        "zh": question.text.zh,
        "en": question.text.en,
        "choices": "\n".join(f"{one.code} | {one.title.zh} | {one.title.en}" for one in question.choices),
        "least": str(question.least),
        "most": str(question.most),
        "needed": "yes" if question.needed else "",
    }


def _choice(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|")] + ["", "", ""]
    return {"code": parts[0], "zh": parts[1], "en": parts[2]}


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 4 else text


def _both(title: str) -> tuple[str, str]:
    return f"{title} (中文)", f"{title} (English)"


def _day(request: HttpRequest, today: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", "") or today.isoformat())
    except ValueError:
        raise Http404 from None


def _language() -> str:
    return get_language() or "zh-hans"
