"""Forms of outages and voltage: the fields of a notice, of each step, of a reading."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext

from bihuan.kernel.promise import AREAS
from bihuan.kernel.words import Words
from bihuan.outages.actions.tables import split
from bihuan.outages.rules.words import CAUSES, CHANNELS, CLASSES, FIELDS, KINDS
from bihuan.web.desk.forms import thinkable

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
Pairs = list[tuple[str, str]]

NOTICE = {
    "what": ("kind", "unit", "area"),
    "where": ("line", "line_name", "transformers", "places", "users", "customers", "important"),
    "when": ("planned_start_at", "planned_end_at", "started_at", "confirmed_at", "night_on"),
    "told": ("published_at", "channel", "why", "responsible", "external", "shortage"),
}
"""The fields of a new outage, in four groups."""

STEPS: dict[str, tuple[str, ...]] = {
    "start": ("at", "cause"),
    "part": ("at", "users", "customers"),
    "restore": ("at", "cause"),
    "change": ("at", "planned_start_at", "planned_end_at", "cause", "why"),
    "withdraw": ("at", "cause"),
    "correct": (
        *("started_at", "ended_at", "published_at", "channel", "planned_start_at", "planned_end_at"),
        *("users", "customers", "important", "cause", "external", "shortage", "reason"),
    ),
}
"""The fields of each step."""

FLAGS = ("night_on", "external", "shortage")


class OutageForm(forms.Form):
    """A new notice, or (with `step`) one more word on an outage."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        names: tuple[str, ...],
        units: Pairs | None = None,
        needed: tuple[str, ...] = (),
        initial: dict[str, object] | None = None,
        step: str = "new",
    ) -> None:
        super().__init__(data, initial=initial, auto_id=f"{step}-%s", label_suffix="")
        self.names = names
        for name in names:
            field = _field(name, units or [])
            field.required = name in needed
            field.label = _label(name)
            if field.required:
                field.error_messages["required"] = gettext("Fill in “%(name)s”.") % {"name": field.label}
            self.fields[name] = field

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, as the door takes it; unit, moment of the step and version apart."""
        found: dict[str, Any] = {}
        for name in self.names:
            value = self.cleaned_data.get(name)
            if name in ("unit", "at") or value in ("", None):
                continue
            if name in FLAGS:
                found[name] = value == "yes"
            elif name == "transformers":
                found[name] = split(str(value))
            else:
                found[name] = value
        return found

    def refuse(self, faults: list[tuple[str, Words]]) -> None:
        """Show what the door refused beside its fields."""
        language = get_language() or "zh-hans"
        for name, words in faults:
            text = words.in_language(language)
            if name in self.fields:
                self.add_error(name, text)
            else:
                self.add_error(None, f"{_label(name)}: {text}" if name in FIELDS else text)

    def group(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        """Some of the fields."""
        return [self[name] for name in names]


class ReadingForm(forms.Form):
    """Minutes of a voltage point in some days."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="reading-%s", label_suffix="")
        for name, label in (("first_date", gettext("First day")), ("last_date", gettext("Last day"))):
            widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
            day = self.fields[name] = forms.DateField(label=label, widget=widget)
            thinkable(day)
        for name, label in (
            ("monitored", gettext("Minutes monitored")),
            ("over", gettext("Minutes above")),
            ("under", gettext("Minutes below")),
        ):
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=10**7)
            self.fields[name].widget.attrs["class"] = "form-control"
        self.fields["why"] = forms.CharField(
            label=gettext("Why it is corrected"), required=False, max_length=200
        )
        self.fields["why"].widget.attrs["class"] = "form-control"


class PointForm(forms.Form):
    """A new voltage point; its limits follow from class and voltage."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, units: Pairs) -> None:
        super().__init__(data, auto_id="point-%s", label_suffix="")
        language = get_language() or "zh-hans"
        self.fields["code"] = forms.RegexField(r"^[A-Za-z0-9_-]{1,40}$", label=gettext("Code"))
        self.fields["name"] = forms.CharField(label=gettext("Name"), max_length=80)
        self.fields["unit"] = forms.ChoiceField(label=gettext("Unit"), choices=units)
        self.fields["area"] = _choice(AREAS)
        self.fields["area"].label = _label("area")
        self.fields["klass"] = forms.ChoiceField(
            label=gettext("Class"),
            choices=[(code, words.in_language(language)) for code, words in CLASSES.items()],
        )
        self.fields["nominal"] = forms.IntegerField(
            label=gettext("Nominal volts"), min_value=100, max_value=1_000_000
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = (
                "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            )


class UsersForm(forms.Form):
    """How many users and customers a bureau serves in an area, from a day on."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, units: Pairs) -> None:
        super().__init__(data, auto_id="users-%s", label_suffix="")
        self.fields["unit"] = forms.ChoiceField(label=gettext("Unit"), choices=units)
        self.fields["area"] = _choice(AREAS)
        self.fields["area"].label = _label("area")
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        day = self.fields["from_date"] = forms.DateField(label=gettext("From"), widget=widget)
        thinkable(day)
        for name, label in (("users", gettext("Medium-voltage users")), ("customers", gettext("Contracts"))):
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100_000_000)
        for field in self.fields.values():
            look = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = look


def _label(name: str) -> str:
    if name == "at":
        return gettext("Happened at")
    if name == "reason":
        return gettext("Why it is corrected")
    return FIELDS[name].in_language(get_language() or "zh-hans") if name in FIELDS else name


def _field(name: str, units: Pairs) -> forms.Field:
    field: forms.Field
    if name.endswith("_at") or name == "at":
        widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
        )
        moment = forms.DateTimeField(widget=widget, input_formats=MOMENTS)
        thinkable(moment)
        return moment
    if name in FLAGS:
        field = forms.ChoiceField(choices=[("", "—"), ("yes", gettext("yes")), ("no", gettext("no"))])
    elif name == "unit":
        field = forms.ChoiceField(choices=units)
    elif name in _CHOICES:
        field = _choice(_CHOICES[name], empty=name in ("cause", "channel"))
    elif name in ("users", "customers", "important"):
        field = forms.IntegerField(min_value=0, max_value=10_000_000)
    elif name in ("places", "why", "transformers"):
        field = forms.CharField(max_length=_LONGEST[name], widget=forms.Textarea(attrs={"rows": 2}))
    else:
        field = forms.CharField(max_length=_LONGEST[name])
    field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
    return field


def _choice(words: dict[str, Words], *, empty: bool = False) -> forms.ChoiceField:
    language = get_language() or "zh-hans"
    pairs = [(code, one.in_language(language)) for code, one in words.items()]
    return forms.ChoiceField(choices=[("", "—"), *pairs] if empty else pairs)


_CHOICES: dict[str, dict[str, Words]] = {"kind": KINDS, "area": AREAS, "cause": CAUSES, "channel": CHANNELS}
_LONGEST = {
    "line": 40,
    "line_name": 80,
    "places": 500,
    "why": 300,
    "transformers": 1_000,
    "responsible": 40,
    "reason": 200,
}


def local(at: datetime | None) -> datetime | None:
    """A moment as the form begins with it: to the minute."""
    return at.replace(second=0, microsecond=0) if at else None
