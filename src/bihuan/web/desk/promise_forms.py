"""Forms of the promises' pages: a draft with its day and reason, limits row by row, a copy."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from bihuan.kernel.limit import LimitUnit
from bihuan.kernel.promise import Promise
from bihuan.packs.queries import versions
from bihuan.web.ui.templatetags.promises import unit_word


def _day_field() -> forms.DateInput:
    """A day as browsers want it, whatever the language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


class ChangeForm(forms.Form):
    """From when and why; the period on which a trial is made; what stands in it besides is the page's own."""

    effective_from = forms.DateField(widget=_day_field())
    why = forms.CharField(
        required=False, max_length=400, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    first = forms.DateField(required=False, widget=_day_field())
    last = forms.DateField(required=False, widget=_day_field())
    based_on = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, today: date, initial: dict[str, Any]) -> None:
        given = {"effective_from": today + timedelta(days=1), "first": a_year_before(today), "last": today}
        super().__init__(data, label_suffix="", initial=given | initial)
        for name, label in {
            "effective_from": gettext("Holds from"),
            "why": gettext("Why this change"),
            "first": gettext("Try it on cases from"),
            "last": gettext("to"),
        }.items():
            self.fields[name].label = label


class TextForm(ChangeForm):
    """The text of a pack."""

    text = forms.CharField(
        strip=False,
        max_length=200_000,
        widget=forms.Textarea(
            attrs={"class": "form-control code", "rows": 28, "spellcheck": "false", "wrap": "off"}
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, today: date, initial: dict[str, Any]) -> None:
        super().__init__(data, today=today, initial=initial)
        self.fields["text"].label = gettext("Text (TOML)")


class LimitForm(ChangeForm):
    """Amount and unit for each row of one promise."""

    def __init__(
        self, data: QueryDict | None = None, *, promise: Promise, today: date, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, today=today, initial=initial)
        units = [(str(unit), unit_word(str(unit))) for unit in LimitUnit]
        self.rows = list(promise.limits)
        for place, row in enumerate(self.rows):
            self.fields[f"amount-{place}"] = forms.IntegerField(
                min_value=1,
                initial=row.limit.amount,
                label=gettext("Amount"),
                widget=forms.NumberInput(attrs={"class": "form-control"}),
            )
            self.fields[f"unit-{place}"] = forms.ChoiceField(
                choices=units,
                initial=str(row.limit.unit),
                label=gettext("Unit"),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def pairs(self) -> list[tuple[object, forms.BoundField, forms.BoundField]]:
        """The rows with their two fields."""
        return [(row, self[f"amount-{n}"], self[f"unit-{n}"]) for n, row in enumerate(self.rows)]

    @property
    def limits(self) -> list[tuple[int, str]]:
        """What was typed; call when the form is valid."""
        told = self.cleaned_data
        return [(told[f"amount-{n}"], told[f"unit-{n}"]) for n in range(len(self.rows))]


class CopyForm(forms.Form):
    """Which version, and the copy's own code and title."""

    source = forms.ChoiceField(widget=forms.Select(attrs={"class": "form-select"}))
    code = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"class": "form-control"}))
    title_zh = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs={"class": "form-control", "lang": "zh-hans"})
    )
    title_en = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs={"class": "form-control", "lang": "en"})
    )
    effective_from = forms.DateField(widget=_day_field())
    why = forms.CharField(max_length=400, widget=forms.TextInput(attrs={"class": "form-control"}))

    def __init__(self, data: QueryDict | None = None, *, today: date, source: str) -> None:
        initial = {"effective_from": today + timedelta(days=1), "source": source}
        super().__init__(data, label_suffix="", initial=initial)
        every = [one for code in versions.codes() for one in versions.versions(code)]
        labels = {
            "source": gettext("Made from"),
            "code": gettext("Code of the copy"),
            "title_zh": f"{gettext('Title')} (中文)",
            "title_en": f"{gettext('Title')} (English)",
            "effective_from": gettext("Holds from"),
            "why": gettext("Why"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        choice = self.fields["source"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [
                (one.name, f"{one.name} · {one.pack.title.in_language(_language())}") for one in every
            ]


def a_year_before(today: date) -> date:
    """The first day of the year that ends today."""
    return today - timedelta(days=364)


def _language() -> str:
    return get_language() or "zh-hans"
