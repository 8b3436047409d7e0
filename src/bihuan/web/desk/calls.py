"""One call as the desk shows it: numbers, script, what the unit says beside what is asked, and the forms that end it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext

from bihuan.cases.models import Case, Cycle
from bihuan.flow.rules.admission import may_act
from bihuan.kernel.fact import Fact
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import VERIFICATION, Step
from bihuan.loops.catalogue import loop as loop_of
from bihuan.supply.queries import numbers_of
from bihuan.surveys import queries as surveys
from bihuan.surveys.rules.calling import counted, next_number
from bihuan.surveys.rules.duties import Duty
from bihuan.surveys.rules.questions import Question, QuestionKind, Questionnaire, talks
from bihuan.web.desk.forms import MOMENTS, Pairs, StepForm, thinkable
from bihuan.web.ui.templatetags.bihuan import short
from bihuan.web.ui.visitor import Visitor

CLOCK = re.compile(r"(\d{1,2})[:：.]?(\d{2})")
EXTRA = "answer-"
SILENT = ("declined", "anonymous")


@dataclass(frozen=True, slots=True)
class Number:
    """One of the customer's numbers: its place (the first is 1), how often it was tried, whether it is next."""

    place: int
    digits: str
    kind: str
    tries: int
    wrong: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its field and what the unit says of the same thing."""

    question: Question
    field: forms.BoundField
    unit: str


@dataclass(frozen=True, slots=True)
class Call:
    """Everything that the desk needs for one call."""

    case: Case
    round: Cycle
    duty: Duty
    sheet: Questionnaire
    numbers: tuple[Number, ...]
    attempts: int
    form: TalkForm
    asked: tuple[Asked, ...]
    others: tuple[dict[str, Any], ...]
    closing: Step | None
    back: Step | None

    @property
    def silent(self) -> bool:
        """Whether nobody is rung: the customer declined beforehand, or nobody knows who he is."""
        return self.round.callback in SILENT


class ClockField(forms.Field):
    """A time told by a customer: `11:20` on the day in question, or day and time in full."""

    def __init__(self, *, day: datetime | None) -> None:
        attrs = {
            "class": "form-control",
            "placeholder": "11:20",
            "inputmode": "numeric",
            "autocomplete": "off",
            "maxlength": "20",
        }
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs))
        self.day = timezone.localtime(day) if day else None

    def to_python(self, value: Any) -> Any:
        """An aware datetime, or None when nothing was typed."""
        text = str(value or "").strip()[:40]
        if not text:
            return None
        found = CLOCK.fullmatch(text)
        if found and self.day and int(found[1]) < 24 and int(found[2]) < 60:
            return datetime.combine(self.day.date(), time(int(found[1]), int(found[2])), self.day.tzinfo)
        whole = forms.DateTimeField(input_formats=MOMENTS)
        thinkable(whole)
        try:
            return whole.clean(text)
        except forms.ValidationError:
            example = timezone.localtime().strftime("%Y-%m-%d 11:20")
            wrong = gettext("Give a time like 11:20, or day and time like %(example)s.") % {
                "example": example
            }
            raise forms.ValidationError(wrong) from None


class TalkForm(StepForm):
    """What was said in a call: the facts of every step with which a talk ends, and the answers that are no facts.

    `chosen` is the step that the button names; only its facts are stated, and what it needs must be there.
    """

    def __init__(
        self,
        loop: Loop,
        sheet: Questionnaire,
        data: QueryDict | None = None,
        *,
        chosen: Step | None = None,
        seq: int = 0,
        day: datetime | None = None,
    ) -> None:
        steps = talks(loop)
        known: dict[str, Fact] = {}
        for step in steps:
            known |= {fact.code: fact for fact in step.facts if fact.code not in known}
        needed = {fact.code for step in steps for fact in step.needs}
        whole = replace(
            steps[0],
            code="talk",
            needs=tuple(fact for fact in known.values() if fact.code in needed),
            may=tuple(fact for fact in known.values() if fact.code not in needed),
        )
        super().__init__(whole, data, seq=seq, at=False)
        self.sheet, self.chosen = sheet, chosen
        for question in sheet.questions:
            if question.fact in self.fields:
                self._ask(question, day)
            elif not question.fact:
                self.fields[EXTRA + question.code] = self._extra(question)
        wanted = {fact.code for fact in chosen.needs} if chosen else set()
        for code in known:
            self.fields[code].required = code in wanted
        for field in self.fields.values():
            if isinstance(field.widget, forms.RadioSelect) and isinstance(field, forms.ChoiceField):
                field.choices = sorted(cast(Pairs, field.choices), key=lambda pair: pair[0] == "")
        self.order_fields([_name(question) for question in sheet.questions])

    def _ask(self, question: Question, day: datetime | None) -> None:
        field = self.fields[question.fact]
        if question.kind is QuestionKind.moment:
            field = self.fields[question.fact] = ClockField(day=day)
        field.label = question.text.in_language(get_language() or "zh-hans")
        field.error_messages["required"] = gettext("Fill in “%(name)s”.") % {"name": field.label}

    def _extra(self, question: Question) -> forms.Field:
        language = get_language() or "zh-hans"
        none = [] if question.needed else [("", gettext("not stated"))]
        match question.kind:
            case QuestionKind.flag:
                pairs = [*none, ("yes", gettext("yes")), ("no", gettext("no"))]
                field: forms.Field = forms.ChoiceField(choices=pairs, widget=forms.RadioSelect)
            case QuestionKind.choice:
                listed = [(choice.code, choice.title.in_language(language)) for choice in question.choices]
                field = forms.ChoiceField(choices=[*none, *listed], widget=forms.RadioSelect)
            case QuestionKind.scale:
                scale = [(str(step), str(step)) for step in range(question.least, question.most + 1)]
                field = forms.ChoiceField(choices=[*none, *scale], widget=forms.RadioSelect)
            case QuestionKind.moment:
                field = ClockField(day=None)
            case QuestionKind.words:
                look = forms.Textarea(attrs={"rows": 2, "class": "form-control"})
                field = forms.CharField(max_length=2000, widget=look)
        field.label = question.text.in_language(language)
        field.required = bool(question.needed and self.chosen and self.chosen.ends)
        field.error_messages["required"] = gettext("Fill in “%(name)s”.") % {"name": field.label}
        return field

    @property
    def stated(self) -> dict[str, object]:
        """The facts that the chosen step may state."""
        if self.chosen is None:
            return {}
        allowed = {fact.code for fact in self.chosen.facts}
        return {code: value for code, value in super().stated.items() if code in allowed}

    @property
    def answers(self) -> dict[str, object]:
        """Answers that are no facts, by question."""
        found: dict[str, object] = {}
        for question in self.sheet.extra:
            value = self.cleaned_data.get(EXTRA + question.code)
            if value in ("", None):
                continue
            match question.kind:
                case QuestionKind.flag:
                    found[question.code] = value == "yes"
                case QuestionKind.scale:
                    found[question.code] = int(str(value))
                case QuestionKind.moment:
                    found[question.code] = value.isoformat()
                case _:
                    found[question.code] = value
        return found


def call_of(
    case: Case, rounds: Cycle, visitor: Visitor, *, typed: StepForm | None = None, shown: bool = True
) -> Call | None:
    """The call that is owed on this case, or None where nothing can be asked (the state has no such steps).

    `shown`: whether whom to ring may stand on the page; else its numbers are only counted.
    """
    loop = loop_of(case.loop)
    sheet = surveys.asked_on(case.loop, timezone.localtime(visitor.now).date())
    here = [step for step in loop.steps_from(case.state) if step.side is VERIFICATION]
    bureau = case.unit.path if case.unit else ""
    crew = case.crew.path if case.crew else ""
    mine = [
        step for step in here if may_act(step=step, held=visitor.held, bureau_path=bureau, crew_path=crew)
    ]
    talking = [step for step in mine if step in talks(loop)]
    if sheet is None or not talking:
        return None
    duty = surveys.duty_for(case.loop, rounds.done_at or visitor.now)
    tries = surveys.tries_of(case.pk, case.cycle)
    made = counted(tries, duty.spacing)
    numbers = _numbers(case, tries, shown)
    form = typed if isinstance(typed, TalkForm) else talk_form(case, rounds, sheet)
    others = [
        _other(step, case, typed, numbers)
        for step in mine
        if step not in talking and _offered(step, rounds, duty, made)
    ]
    return Call(
        case=case,
        round=rounds,
        duty=duty,
        sheet=sheet,
        numbers=numbers,
        attempts=made,
        form=form,
        asked=tuple(_asked(sheet, form, rounds)),
        others=tuple(others),
        closing=next((step for step in talking if step.ends), None),
        back=next((step for step in talking if step.opens_cycle), None),
    )


def talk_form(
    case: Case,
    rounds: Cycle,
    sheet: Questionnaire,
    data: QueryDict | None = None,
    chosen: Step | None = None,
) -> TalkForm:
    """The form of a talk, as it is shown or as it was sent."""
    day = rounds.arrived_at or rounds.done_at
    return TalkForm(loop_of(case.loop), sheet, data, chosen=chosen, seq=case.last_seq, day=day)


def _offered(step: Step, rounds: Cycle, duty: Duty, made: int) -> bool:
    """An ending without the customer is offered only where the duty, or the customer himself, allows it."""
    if step.after is not None:
        return made >= max(duty.attempts, step.after[1])
    if step.only_if is not None:
        column, values = step.only_if
        return getattr(rounds, column, "") in values
    return step.by == "callback.do" and rounds.callback not in SILENT


def _other(step: Step, case: Case, typed: StepForm | None, numbers: tuple[Number, ...]) -> dict[str, Any]:
    bound = typed is not None and typed.step.code == step.code
    chosen = next((one.place for one in numbers if one.chosen), None)
    places = [(str(one.place), f"{one.place}. {one.digits}") for one in numbers]
    form = (
        typed
        if bound
        else StepForm(
            step, seq=case.last_seq, at=False, lists={"number": places}, initial={"number": chosen or ""}
        )
    )
    return {"step": step, "form": form, "open": bound, "ends": step.ends}


def numbers_for_form(case: Case) -> dict[str, list[tuple[str, str]]]:
    """The customer's numbers as a step's form lists them."""
    return {
        "number": [
            (str(place), f"{place}. {digits}")
            for place, (digits, _) in enumerate(numbers_of(case.customer), start=1)
        ]
    }


def _numbers(case: Case, tries: list[Any], shown: bool) -> tuple[Number, ...]:
    listed = numbers_of(case.customer)
    chosen = next_number(len(listed), tries)
    return tuple(
        Number(
            place=place,
            digits=digits if shown else "",
            kind=kind_word(kind),
            tries=sum(one.number == place for one in tries),
            wrong=any(one.number == place and one.reason == "wrong_number" for one in tries),
            chosen=place == chosen,
        )
        for place, (digits, kind) in enumerate(listed, start=1)
    )


def kind_word(kind: str) -> str:
    """What sort of number it is."""
    words: Mapping[str, str] = {
        "mobile": gettext("mobile"),
        "home": gettext("home"),
        "work": gettext("work"),
        "family": gettext("family"),
    }
    return words.get(kind, gettext("on file"))


def _asked(sheet: Questionnaire, form: TalkForm, rounds: Cycle) -> list[Asked]:
    found = []
    for question in sheet.questions:
        name = _name(question)
        if name in form.fields:
            found.append(Asked(question, form[name], _unit_says(question.fact, rounds)))
    return found


def _unit_says(fact: str, rounds: Cycle) -> str:
    """What the unit wrote about the thing that is asked; nothing where it wrote nothing."""
    match fact:
        case "customer_arrived_at" if rounds.arrived_at:
            return gettext("arrived %(at)s") % {"at": short(rounds.arrived_at)}
        case "rang_on_arrival" | "contacted_first_day" if rounds.contacted_at:
            return gettext("contacted %(at)s") % {"at": short(rounds.contacted_at)}
        case "rang_on_arrival" | "contacted_first_day":
            return gettext("no contact recorded")
        case "solved" if rounds.done_at:
            return gettext("done %(at)s") % {"at": short(rounds.done_at)}
    return ""


def _name(question: Question) -> str:
    return question.fact or EXTRA + question.code
