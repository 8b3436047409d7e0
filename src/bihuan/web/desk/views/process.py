"""How cases really went: the declared way and its times, the ways taken, where they came back, and the cases of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from bihuan.indicators.queries.process import Arrow, Process, Variant
from bihuan.indicators.queries.process import process as process_of
from bihuan.indicators.queries.process_cases import cases_that_went
from bihuan.indicators.rules import Period, PeriodRefused
from bihuan.indicators.rules.process import Which, goes_back, goes_straight, stays, straight_way
from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.reports.queries import zone
from bihuan.web.desk.process_map import drawn
from bihuan.web.desk.reading import LONGEST, page_of, possible
from bihuan.web.ui.visitor import Visitor, allowed, show

FOUR_WEEKS = timedelta(days=28)
PAGE = 50
SHOWN = tuple(loop for loop in LOOPS if not loop.confidential)
"""What is told in confidence is in no process view."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; `unit` None: the company."""

    loop: Loop
    period: Period
    unit: Unit | None
    units: list[Unit]
    whole: bool

    @property
    def query(self) -> str:
        """The same again, for links to the cases."""
        told = {
            "loop": self.loop.code,
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
        }
        return urlencode(told | ({"unit": self.unit.code} if self.unit else {}))


@require_GET
@allowed("figures.read")
def process(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A loop in a period, of the company or of a unit that this person reads."""
    asked = _asked(request, visitor)
    loop = asked.loop
    told = process_of(
        loop=loop, period=asked.period, at=visitor.now, unit=asked.unit.pk if asked.unit else None
    )
    title, way, back = _titles(loop), straight_way(loop), goes_back(loop)
    usual = {*way, *stays(loop)}
    variants = [_way(one, loop, title, usual) for one in told.variants]
    arrows = [_told(arrow, title, told.seconds) for arrow in _by_time(told)]
    context = _context(asked) | {
        "told": told,
        "map": drawn(told, loop, title),
        "stages": _stages(told, way, title),
        "variants": [row for row in variants if _weighs(row, told)],
        "rare": [row for row in variants if not _weighs(row, told)],
        "more_ways": told.ways - len(told.variants),
        "arrows": [row for row in arrows if row["share"]],
        "quick": [row for row in arrows if not row["share"]],
        "returns": [_told(arrow, title, told.seconds) for arrow in told.arrows if arrow.after in back],
        "untaken": [step.title for step in loop.steps if step.code not in told.taken and not step.corrects],
    }
    return show(request, visitor, "desk/process.html", context)


@require_GET
@allowed("figures.read")
def process_cases(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The cases of one way or one arrow, the slowest first."""
    if not visitor.may("case.read"):
        raise Http404
    asked = _asked(request, visitor)
    which = _which(request, asked.loop)
    page = page_of(request)
    found = cases_that_went(
        loop=asked.loop,
        which=which,
        period=asked.period,
        at=visitor.now,
        seen=visitor.scope("case.read"),
        unit=asked.unit.pk if asked.unit else None,
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
    title, usual = _titles(asked.loop), {*straight_way(asked.loop), *stays(asked.loop)}
    back = goes_back(asked.loop)
    context = _context(asked) | {
        "found": found,
        "rows": [(row.case, timedelta(seconds=row.seconds)) for row in found.rows],
        "steps": [(title(step), step in usual, step in back) for step in which.way or which.arrow or ()],
        "which": which,
        "page": page,
        "more": page * PAGE < found.total - found.hidden,
    }
    return show(request, visitor, "desk/process_cases.html", context)


def _asked(request: HttpRequest, visitor: Visitor) -> Asked:
    today = timezone.localtime(visitor.now).date()
    loop = next((one for one in SHOWN if one.code == request.GET.get("loop")), SHOWN[0])
    first = _day(request.GET.get("from", "")) or today - FOUR_WEEKS
    last = _day(request.GET.get("to", "")) or today - timedelta(days=1)
    try:
        period = possible(Period(first, last, zone()))
    except PeriodRefused as fault:
        raise Http404 from fault
    if (last - first).days >= LONGEST:
        raise Http404
    seen = visitor.scope("figures.read")
    units = people.reported_units(seen)
    unit = next((one for one in units if one.code == request.GET.get("unit", "")), None)
    if unit is None and not seen.company:
        if not units:
            raise Http404
        unit = units[0]
    return Asked(loop, period, unit, units, seen.company)


def _context(asked: Asked) -> dict[str, object]:
    return {
        "loop": asked.loop,
        "loops": SHOWN,
        "period": asked.period,
        "units": asked.units,
        "unit": asked.unit,
        "whole": asked.whole,
        "query": asked.query,
    }


def _which(request: HttpRequest, loop: Loop) -> Which:
    """A way, an arrow, or those that came back; 404 for a step that the loop doesn't have."""
    way = tuple(request.GET["way"].split(".")) if request.GET.get("way") else ()
    step, after = request.GET.get("step", ""), request.GET.get("after", "")
    if any(loop.step(code) is None for code in (*way, *((step, after) if step or after else ()))):
        raise Http404
    asked = request.GET
    return Which(
        way,
        (step, after) if step else None,
        move=asked.get("move") == "1",
        came_back=asked.get("back") == "1",
    )


def _stages(told: Process, way: tuple[str, ...], title: Callable[[str], str]) -> list[dict[str, object]]:
    """The declared way step by step: how many cases came so far, how long the step before it took, and what happened instead."""
    stages = []
    for number, step in enumerate(way):
        before = way[number - 1] if number else ""
        arrow = told.move(before, step) if before else None
        onwards = way[number + 1 : number + 2]
        others = [one for one in told.moves if one.step == step and one.after not in onwards]
        stages.append(
            {
                "title": title(step),
                "taken": told.taken.get(step, 0),
                "arrow": arrow and _told(arrow, title, told.seconds, move=True),
                "others": [_told(one, title, told.seconds, move=True) for one in others],
            }
        )
    return stages


def _by_time(told: Process) -> list[Arrow]:
    return sorted(told.arrows, key=lambda one: (-one.seconds, -one.times, one.step, one.after))


def _way(one: Variant, loop: Loop, title: Callable[[str], str], usual: set[str]) -> dict[str, object]:
    back = goes_back(loop)
    return {
        "one": one,
        "straight": goes_straight(loop, one.way),
        "steps": [(title(step), step in usual, step in back) for step in one.way],
        "way": ".".join(one.way),
        "median": timedelta(seconds=one.seconds),
        "most": timedelta(seconds=one.most),
    }


def _weighs(row: dict[str, object], told: Process) -> bool:
    """Whether a way is gone by one case in a hundred, or is the commonest."""
    one = row["one"]
    return one is told.variants[0] or (isinstance(one, Variant) and one.cases * 100 >= told.cases)


def _told(arrow: Arrow, title: Callable[[str], str], whole: int, *, move: bool = False) -> dict[str, object]:
    return {
        "one": arrow,
        "step": title(arrow.step),
        "after": title(arrow.after),
        "median": timedelta(seconds=arrow.median),
        "most": timedelta(seconds=arrow.most),
        "share": round(100 * arrow.seconds / whole) if whole else 0,
        "query": urlencode({"step": arrow.step, "after": arrow.after} | ({"move": "1"} if move else {})),
    }


def _titles(loop: Loop) -> Callable[[str], str]:
    language = get_language() or "zh-hans"

    def title(code: str) -> str:
        step = loop.step(code)
        return (step.title if step else Words(zh=code, en=code)).in_language(language)

    return title


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
