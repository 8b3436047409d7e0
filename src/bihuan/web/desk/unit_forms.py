"""What an administrator says of a unit: other names, a reason, another place."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from bihuan.people.models import Unit


def _text(length: int, **more: str) -> forms.CharField:
    return forms.CharField(max_length=length, widget=forms.TextInput(attrs={"class": "form-control"} | more))


class ReasonForm(forms.Form):
    """Why a unit is closed, or opened again."""

    why = _text(200)

    def __init__(self, data: QueryDict | None = None, **more: object) -> None:
        super().__init__(data, label_suffix="", **more)  # type: ignore[arg-type]
        labels = {
            "why": gettext("Why"),
            "name_zh": gettext("Chinese name"),
            "name_en": gettext("English name"),
            "parent": gettext("Below"),
            "code": gettext("Code in the new place"),
        }
        for name, field in self.fields.items():
            field.label = labels[name]


class RenameForm(ReasonForm):
    """Other names from now on."""

    name_zh = _text(80, lang="zh-hans")
    name_en = _text(120, lang="en")
    field_order = ("name_zh", "name_en", "why")

    def __init__(self, data: QueryDict | None = None, **more: object) -> None:
        super().__init__(data, **more)
        self.fields["name_en"].required = False


class MoveForm(ReasonForm):
    """Below which unit it is to stand, and the code of its successor there."""

    parent = forms.ChoiceField(widget=forms.Select(attrs={"class": "form-select"}))
    code = _text(40)
    field_order = ("parent", "code", "why")

    def __init__(
        self, data: QueryDict | None = None, *, units: Iterable[Unit], language: str, **more: object
    ) -> None:
        super().__init__(data, **more)
        choice = self.fields["parent"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [
                (unit.code, "　" * (unit.path.count("/") - 1) + unit.name(language)) for unit in units
            ]
