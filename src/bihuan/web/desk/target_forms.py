"""The forms of an indicator's targets and of who answers for it."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from bihuan.kernel.indicator import Declared
from bihuan.packs.rules import SPANS
from bihuan.people import queries as people
from bihuan.people.rules import Scope


class TargetForm(forms.Form):
    """From this day on so much, for the company or one bureau; an empty value takes the target away."""

    unit = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "form-select"}))
    value = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )
    span = forms.ChoiceField(widget=forms.Select(attrs={"class": "form-select"}))
    from_date = forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
    )
    source = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"class": "form-control"}))

    def __init__(self, data: QueryDict | None = None, *, one: Declared, today: date) -> None:
        super().__init__(data, label_suffix="", initial={"from_date": date(today.year, 1, 1), "span": "each"})
        language = get_language() or "zh-hans"
        bureaus = [(unit.code, unit.name(language)) for unit in people.bureaus()]
        spans = SPANS if one.measure in ("sum", "count") else {"each": SPANS["each"]}
        choices = {
            "unit": [("", gettext("Whole company")), *bureaus],
            "span": [(code, words.in_language(language)) for code, words in spans.items()],
        }
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]
        for name, label in {
            "unit": gettext("Unit"),
            "value": gettext("Target"),
            "span": gettext("Of what"),
            "from_date": gettext("Holds from"),
            "source": gettext("What it rests on"),
        }.items():
            self.fields[name].label = label


class OwnerForm(forms.Form):
    """Which department, centre or bureau answers for the indicator."""

    owner = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, data: QueryDict | None = None, *, owner: str = "") -> None:
        super().__init__(data, label_suffix="", initial={"owner": owner})
        language = get_language() or "zh-hans"
        units = people.units_within(Scope(company=True, paths=()))
        listed = [
            (unit.code, unit.name(language))
            for unit in units
            if unit.active and unit.kind in ("company", "department", "service_centre", "bureau")
        ]
        self.fields["owner"].choices = [("", gettext("nobody")), *listed]  # type: ignore[attr-defined]
        self.fields["owner"].label = gettext("Answers for it")
