"""A step's form, drawn from the facts that its declaration names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import cast
from uuid import uuid4

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext

from bihuan.kernel.fact import Fact, FactKind, moment_text
from bihuan.kernel.step import Step
from bihuan.packs import queries as packs
from bihuan.people import queries as people
from bihuan.reports.rules import KINDS
from bihuan.standards import queries as standards

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
Pairs = list[tuple[str, str]]
FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Between them lies what somebody may type."""


class StepForm(forms.Form):
    """The facts of one step, its time, and what makes sending it twice harmless."""

    use_required_attribute = True

    def __init__(
        self,
        step: Step,
        data: QueryDict | None = None,
        *,
        seq: int = 0,
        units: Pairs | None = None,
        crews: Pairs | None = None,
        entries: Pairs | None = None,
        lists: Mapping[str, Pairs] | None = None,
        initial: dict[str, object] | None = None,
        at: bool = True,
        leave_out: Iterable[str] = (),
    ) -> None:
        super().__init__(data, initial=initial, prefix=None, auto_id=f"{step.code}-%s", label_suffix="")
        self.step = step
        self.lists: dict[str, Pairs] = {"unit": units or [], "crew": crews or [], "seq": entries or []}
        self.lists |= lists or {}
        out = set(leave_out)
        self.facts = [fact for fact in step.facts if not fact.imported and fact.code not in out]
        for fact in self.facts:
            self.fields[fact.code] = self._field(fact, needed=fact in step.needs)
        self._offer_areas_in_use()
        if at:
            self.fields["at"] = _moment(gettext("Happened at"), needed=False)
            self.fields["at"].help_text = gettext("Leave empty for now.")
        self.fields["expected_seq"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=seq
        )
        self.fields["client_id"] = forms.CharField(
            widget=forms.HiddenInput, max_length=80, required=False, initial=str(uuid4())
        )

    def _offer_areas_in_use(self) -> None:
        """Of the area classes only those that a promise of today tells apart, and the one proposed or sent: no town has all."""
        field, used = self.fields.get("area"), areas_in_use()
        if isinstance(field, forms.ChoiceField) and used:
            offered = used | {str((self.initial or {}).get("area", "")), self.data.get("area", ""), ""}
            field.choices = [(code, title) for code, title in cast("Pairs", field.choices) if code in offered]

    def _field(self, fact: Fact, *, needed: bool) -> forms.Field:
        language = get_language() or "zh-hans"
        label, hint = fact.title.in_language(language), fact.hint.in_language(language)
        none: Pairs = [] if needed else [("", gettext("not stated"))]
        match fact.kind:
            case FactKind.choice if not fact.unseen:
                pairs = [(choice.code, choice.title.in_language(language)) for choice in fact.choices]
                widget = forms.RadioSelect if len(pairs) <= 9 else forms.Select
                field: forms.Field = forms.ChoiceField(choices=[*none, *pairs], widget=widget)
            case FactKind.flag:
                pairs = [("yes", gettext("yes")), ("no", gettext("no"))]
                field = forms.ChoiceField(choices=[*none, *pairs], widget=forms.RadioSelect)
            case _ if fact.unseen:
                field = forms.CharField(max_length=64, widget=forms.HiddenInput)
            case FactKind.unit:
                field = forms.ChoiceField(choices=[("", "—"), *self.lists.get(fact.code, [])])
            case FactKind.listed:
                field = forms.ChoiceField(choices=[("", "—"), *listed(fact.listing)])
            case FactKind.money:
                field = forms.DecimalField(min_value=0, max_digits=11, decimal_places=2)
            case FactKind.code if self.lists.get(fact.code):
                field = forms.ChoiceField(choices=[("", "—"), *self.lists[fact.code]])
            case FactKind.code:
                field = forms.CharField(max_length=64)
            case FactKind.number if self.lists.get(fact.code):
                field = forms.ChoiceField(choices=[("", "—"), *self.lists[fact.code]])
            case FactKind.number:
                field = forms.IntegerField(min_value=0, max_value=2**31 - 1)
            case FactKind.moment:
                field = _moment(label, needed=needed)
            case FactKind.case:
                field = forms.CharField(max_length=40)
            case FactKind.words:
                field = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
        field.required, field.label, field.help_text = needed, label, hint
        field.error_messages["required"] = gettext("Fill in “%(name)s”.") % {"name": label}
        if not isinstance(field.widget, forms.RadioSelect):
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = look
        return field

    @property
    def stated(self) -> dict[str, object]:
        """Coded facts as the step takes them."""
        found: dict[str, object] = {}
        for fact in self.facts:
            value = self.cleaned_data.get(fact.code)
            if value in ("", None) or fact.kind is FactKind.words:
                continue
            match fact.kind:
                case FactKind.flag:
                    found[fact.code] = value == "yes"
                case FactKind.number:
                    found[fact.code] = int(value)
                case FactKind.money:
                    found[fact.code] = int(value * 100)
                case FactKind.moment:
                    found[fact.code] = moment_text(value)
                case _:
                    found[fact.code] = value
        return found

    @property
    def notes(self) -> dict[str, str]:
        """Erasable texts."""
        return {
            fact.code: self.cleaned_data[fact.code]
            for fact in self.facts
            if fact.kind is FactKind.words and self.cleaned_data.get(fact.code)
        }

    def happened(self, now: datetime, not_before: datetime | None = None) -> datetime:
        """When it happened: now when left empty. A minute typed without seconds isn't before what was done in that minute."""
        at: datetime | None = self.cleaned_data.get("at")
        if at is None:
            return now
        if not_before and at < not_before and at == not_before.replace(second=0, microsecond=0):
            return not_before
        return at

    @property
    def again(self) -> str | None:
        """The id under which the browser sends this form, once or more."""
        return self.cleaned_data.get("client_id") or None


def areas_in_use() -> set[str]:
    """The area classes that the limits of today's packs tell apart."""
    return {
        row.area
        for pack in packs.adopted_on(timezone.localdate())
        for promise in pack.promises
        for row in promise.limits
        if row.area
    }


def listed(taxonomy: str) -> list[tuple[str, Pairs]]:
    """The leaves of a taxonomy of today, below their classes."""
    language = get_language() or "zh-hans"
    today = timezone.localdate()
    return [
        (
            group.in_language(language),
            [(leaf.code, leaf.title.in_language(language)) for leaf in leaves],
        )
        for group, leaves in standards.grouped(taxonomy, today)
    ]


def thinkable(field: forms.DateField | forms.DateTimeField) -> None:
    """Refuse a year in which nothing of ours can be: days are counted from what is typed here."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    if isinstance(field, forms.DateTimeField):
        zone = timezone.get_default_timezone()
        ends = [datetime.combine(day, time(), zone) for day in (first, last)]
        field.validators += [MinValueValidator(ends[0]), MaxValueValidator(ends[1])]
    else:
        field.validators += [MinValueValidator(first), MaxValueValidator(last)]


def _moment(label: str, *, needed: bool) -> forms.DateTimeField:
    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
    )
    field = forms.DateTimeField(widget=widget, input_formats=MOMENTS, required=needed, label=label)
    field.error_messages["invalid"] = gettext("Give day and time, like %(example)s.") % {
        "example": f"{timezone.localtime():%Y-%m-%d %H:%M}"
    }
    thinkable(field)
    return field


class ReaderForm(forms.Form):
    """Somebody to whom a report is sent."""

    kind = forms.ChoiceField(widget=forms.Select(attrs={"class": "form-select"}))
    name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"class": "form-control"}))
    address = forms.EmailField(widget=forms.EmailInput(attrs={"class": "form-control"}))
    unit = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "form-select"}))
    language = forms.ChoiceField(
        choices=[("zh-hans", "简体中文"), ("en", "English")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        language = get_language() or "zh-hans"
        bureaus = [(unit.code, unit.name(language)) for unit in people.bureaus()]
        self.fields["unit"].choices = [("", gettext("Whole company")), *bureaus]  # type: ignore[attr-defined]
        kinds = [(kind.code, kind.title.in_language(language)) for kind in KINDS.values()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        labels = {
            "kind": gettext("Report"),
            "name": gettext("Name"),
            "address": gettext("E-mail address"),
            "unit": gettext("Unit"),
            "language": gettext("Language"),
        }
        for code, label in labels.items():
            self.fields[code].label = label
