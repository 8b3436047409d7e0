"""The ledger of calls owed as a page: every figure opens to its cases; exempted by whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from bihuan.cases.models import Entry
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.people import queries as people
from bihuan.people.models import Actor, Unit
from bihuan.surveys.queries.hearing import newest_talk
from bihuan.surveys.queries.ledger import EXEMPTING, GROUPS, behind, exempted, ledger
from bihuan.surveys.rules.ledger import Balance, Part
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 50
WIDTH = 150
"""Of the bar beside a balance, in pixels."""
LEAST = 3
"""So wide is a part that is there at all."""
REASONS = {
    choice.code: choice.title
    for loop in LOOPS
    for step in loop.steps
    if step.code in EXEMPTING
    for fact in step.needs
    if fact.code == "reason"
    for choice in fact.choices
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The period asked for: both days included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first day's midnight in the utility's zone."""
        return datetime.combine(self.first, time(), timezone.get_current_timezone())

    @property
    def end(self) -> datetime:
        """The midnight that ends the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), timezone.get_current_timezone())

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger with its name, what its figures open to, and the widths of its bar."""

    name: str
    balance: Balance
    query: str
    bar: tuple[tuple[int, int], ...]


@require_GET
@allowed("callback.ledger")
def callback_ledger(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The balance of a period; last week when none is named."""
    asked = period(request, visitor.now)
    seen = visitor.scope("callback.ledger")
    told = ledger(seen, first=asked.start, end=asked.end)
    units = Unit.objects.in_bulk([key for key in told.by_unit if key is not None])
    by_unit = sorted(told.by_unit.items(), key=lambda one: (-one[1].owed, _code(units, one[0])))
    names = people.names_of({one.actor_id for one in told.exemptions})
    labels = {
        actor.pk: actor.label
        for actor in Actor.objects.filter(pk__in=[one.actor_id for one in told.exemptions])
    }
    context: dict[str, object] = {
        "asked": asked,
        "whole": _line(gettext("All"), told.whole, asked, {}),
        "by_loop": [
            _line(_title(code), balance, asked, {"loop": code}) for code, balance in told.by_loop.items()
        ],
        "by_unit": [
            _line(_unit_name(units, key), balance, asked, {"unit": _code(units, key)})
            for key, balance in by_unit
        ],
        "exemptions": [
            (_reason(one.reason), names.get(one.actor_id) or _machine(labels[one.actor_id]), one.count)
            for one in told.exemptions
        ],
        "before": _moved(asked, -1),
        "after": _moved(asked, 1),
    }
    return show(request, visitor, "desk/callbacks/ledger.html", context)


@require_GET
@allowed("callback.ledger")
def callback_ledger_cases(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The cases behind one figure."""
    asked = period(request, visitor.now)
    group = request.GET.get("group", "owed")
    if group not in GROUPS:
        raise Http404
    loop, unit = request.GET.get("loop", ""), request.GET.get("unit", "")
    found = behind(
        visitor.scope("callback.ledger"), first=asked.start, end=asked.end, group=group, loop=loop, unit=unit
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    why = exempted([row for row in rows if row.part == Part.exempt])
    names = people.names_of({entry.actor_id for entry in why.values()})
    context: dict[str, object] = {
        "asked": asked,
        "group": group_title(group),
        "loop": _title(loop) if loop else "",
        "unit": unit,
        "page": page,
        "rows": [
            (row, group_title(row.part), _granted(why.get((row.case_id, row.cycle)), names)) for row in rows
        ],
    }
    return show(request, visitor, "desk/callbacks/ledger_cases.html", context)


def period(request: HttpRequest, now: datetime) -> Asked:
    """The days named, or the last week that is over and in which somebody was called; 404 for days that aren't."""
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    if not first and not last:
        return last_week(now)
    try:
        asked = Asked(date.fromisoformat(first or last), date.fromisoformat(last or first))
    except ValueError:
        raise Http404 from None
    if asked.last < asked.first or asked.last.year > 2200 or asked.first.year < 1900:
        raise Http404
    return asked


def last_week(now: datetime) -> Asked:
    """The newest week with talks that is over; the last one before now when there is none."""
    today = timezone.localtime(now).date()
    this = today - timedelta(days=today.weekday())
    newest = newest_talk()
    day = timezone.localtime(newest).date() if newest else this
    monday = day - timedelta(days=day.weekday())
    monday = min(monday, this - timedelta(days=7))
    return Asked(monday, monday + timedelta(days=6))


def group_title(group: str) -> str:
    """What a figure of the ledger is called."""
    return {
        "owed": gettext("owed"),
        "made": gettext("made"),
        "open": gettext("not called yet"),
        "reached": gettext("reached"),
        "unreached": gettext("ended unreached"),
        "tried": gettext("being tried"),
        "untried": gettext("not called yet"),
        "exempt": gettext("exempt"),
    }[group]


def _line(name: str, balance: Balance, asked: Asked, more: dict[str, str]) -> Line:
    query = asked.query + ("&" + urlencode(more) if more else "")
    place, bar = 0, []
    for count in (balance.made, balance.open, balance.exempt):
        width = max(LEAST, round(WIDTH * count / balance.owed)) if count else 0
        bar.append((place, width))
        place += width
    return Line(name, balance, query, tuple(bar))


def _moved(asked: Asked, step: int) -> str:
    days = (asked.last - asked.first).days + 1
    shift = timedelta(days=days * step)
    return Asked(asked.first + shift, asked.last + shift).query


def _granted(entry: Entry | None, names: dict[UUID, str]) -> tuple[str, str] | None:
    if entry is None:
        return None
    return _reason(str(entry.facts.get("reason", ""))), names.get(entry.actor_id) or _machine(
        entry.actor.label
    )


def _machine(label: str) -> str:
    return gettext("the house itself") if label == "bihuan" else label


def _reason(code: str) -> str:
    words: Words | None = REASONS.get(code)
    return words.in_language(_language()) if words else code


def _title(code: str) -> str:
    return next((loop.title.in_language(_language()) for loop in LOOPS if loop.code == code), code)


def _code(units: dict[UUID, Unit], key: UUID | None) -> str:
    return units[key].code if key in units else ""


def _unit_name(units: dict[UUID, Unit], key: UUID | None) -> str:
    return units[key].name(_language()) if key in units else gettext("no unit")


def _language() -> str:
    return get_language() or "zh-hans"
