"""The forms in which a class in detail and a typical case are changed; each with the day from which it holds, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from bihuan.standards.rules import PARTS, SETS, Leaf, Taxonomy, TypicalCase


class EditionForm(forms.Form):
    """What every new edition says: since when, why, and from which edition it was made."""

    effective_from = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    )
    why = forms.CharField(max_length=400, widget=forms.TextInput(attrs={"class": "form-control"}))
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, initial: Mapping[str, Any], today: date) -> None:
        start = {"effective_from": today + timedelta(days=1), **initial}
        super().__init__(data, initial=start, label_suffix="")
        self.fields["effective_from"].label = gettext("Holds from")
        self.fields["why"].label = gettext("Why")

    def pairs(self) -> list[tuple[Any, Any]]:
        """Both languages of each text, side by side."""
        return [
            (self[name], self[f"{name[:-3]}_en"])
            for name in self.fields
            if name.endswith("_zh") and f"{name[:-3]}_en" in self.fields
        ]

    def words(self, name: str) -> dict[str, str] | None:
        """A text in both languages as a row holds it; None when both are empty."""
        both = {code: _one_line(self.cleaned_data[f"{name}_{code}"]) for code in ("zh", "en")}
        return both if any(both.values()) else None


class LeafForm(EditionForm):
    """A class in detail: its words, its place, its weight, until when it is offered."""

    def __init__(
        self, data: QueryDict | None, tree: Taxonomy, leaf: Leaf | None, base: int, today: date
    ) -> None:
        super().__init__(data, {"based_on": base, **(_of_leaf(leaf) if leaf else {})}, today)
        language = get_language() or "zh-hans"
        self._places = {_place(one): one for one in tree.leaves}
        if leaf is None:
            self.fields["code"] = forms.SlugField(
                max_length=40, label=gettext("Code (small letters, digits, hyphens)"), widget=_line()
            )
        self.fields["place"] = forms.ChoiceField(
            label=gettext("Belongs to"),
            choices=[
                (key, f"{one.klass_title.in_language(language)} · {one.group.in_language(language)}")
                for key, one in self._places.items()
            ],
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        for name, label, needed in (
            ("title", gettext("Title"), True),
            ("definition", gettext("Definition"), False),
        ):
            _add_pair(self, name, label, needed=needed, rows=1 if name == "title" else 3)
        self.fields["sets"] = forms.MultipleChoiceField(
            label=gettext("Weight in the appraisal"),
            choices=[(code, title) for code, title in set_titles().items()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["valid_to"] = forms.DateField(
            label=gettext("Offered until (empty: on and on)"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        )
        self.order_fields(
            ["code", "place", "title_zh", "title_en", "definition_zh", "definition_en", "sets", "valid_to"]
        )

    def row(self, code: str) -> dict[str, object]:
        """The row of the text; keys that it doesn't name stay as they are."""
        near = self._places[self.cleaned_data["place"]]
        return {
            "code": code,
            "class": {"code": near.klass, "zh": near.klass_title.zh, "en": near.klass_title.en},
            "group": {"zh": near.group.zh, "en": near.group.en},
            "title": self.words("title"),
            "definition": self.words("definition"),
            "sets": self.cleaned_data["sets"] or None,
            "valid_to": self.cleaned_data["valid_to"],
        }


class TypicalForm(EditionForm):
    """A typical case: every part in both languages, and the class in detail under which it is opened."""

    def __init__(
        self,
        data: QueryDict | None,
        case: TypicalCase,
        leaves: list[tuple[str, list[tuple[str, str]]]],
        base: int,
        today: date,
    ) -> None:
        told = {
            f"{name}_{code}": getattr(getattr(case, name), code) for name in PARTS for code in ("zh", "en")
        }
        super().__init__(data, {"based_on": base, "leaf": case.leaf, **told}, today)
        for name, label in part_titles().items():
            _add_pair(self, name, label, needed=True, rows=1 if name == "title" else 3)
        if leaves:
            self.fields["leaf"] = forms.ChoiceField(
                label=gettext("Opened as"),
                choices=leaves,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def row(self, code: str) -> dict[str, object]:
        """The row of the text; keys that it doesn't name stay as they are."""
        leaf = {"leaf": self.cleaned_data["leaf"]} if "leaf" in self.fields else {}
        return {"code": code, **leaf, **{name: self.words(name) for name in PARTS}}


def part_titles() -> dict[str, str]:
    """The parts of a typical case, by the heads under which they are read."""
    return {
        "title": gettext("Title"),
        "definition": gettext("What it is"),
        "counts": gettext("Counts"),
        "not_counts": gettext("Doesn't count"),
        "example": gettext("Example"),
        "law": gettext("Law and rules"),
        "handling": gettext("Handling"),
    }


def set_titles() -> dict[str, str]:
    """How an appraisal weighs a leaf."""
    titles = (
        gettext("Class 1: marketing misconduct"),
        gettext("Class 2"),
        gettext("Production"),
        gettext("Not counted"),
    )
    return dict(zip(SETS, titles, strict=True))


def _of_leaf(leaf: Leaf) -> dict[str, object]:
    return {
        "place": _place(leaf),
        "title_zh": leaf.title.zh,
        "title_en": leaf.title.en,
        "definition_zh": leaf.definition.zh if leaf.definition else "",
        "definition_en": leaf.definition.en if leaf.definition else "",
        "sets": list(leaf.sets),
        "valid_to": leaf.valid_to,
    }


def _place(leaf: Leaf) -> str:
    return f"{leaf.klass}|{leaf.group.zh}"


def _add_pair(form: forms.Form, name: str, label: str, *, needed: bool, rows: int) -> None:
    for code, language in (("zh", "中文"), ("en", "English")):
        widget = (
            _line()
            if rows == 1
            else forms.Textarea(attrs={"class": "form-control", "rows": rows, "lang": code})
        )
        form.fields[f"{name}_{code}"] = forms.CharField(
            label=f"{label} ({language})", required=needed, max_length=2000, widget=widget
        )


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control"})


def _one_line(text: str) -> str:
    return " ".join(text.split())
