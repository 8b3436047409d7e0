"""How cases really went: the ways, the time between steps, where they came back."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from bihuan.indicators.queries.process import process as process_of
from bihuan.indicators.rules import Period, PeriodRefused
from bihuan.kernel.loop import Loop
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.people import queries as people
from bihuan.reports.queries import zone
from bihuan.web.ui.visitor import Visitor, allowed, show

FOUR_WEEKS = timedelta(days=28)


@require_GET
@allowed("figures.read")
def process(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A loop in a period, of the company or of a unit that this person reads."""
    today = timezone.localtime(visitor.now).date()
    loop = next((one for one in LOOPS if one.code == request.GET.get("loop")), LOOPS[0])
    first = _day(request.GET.get("from", "")) or today - FOUR_WEEKS
    last = _day(request.GET.get("to", "")) or today - timedelta(days=1)
    try:
        period = Period(first, last, zone())
    except PeriodRefused as fault:
        raise Http404 from fault
    seen = visitor.scope("figures.read")
    units = [one for one in people.units_within(seen) if one.kind == "bureau"]
    asked = request.GET.get("unit", "")
    unit = next((one for one in units if one.code == asked), None)
    if unit is None and not seen.company:
        if not units:
            raise Http404
        unit = units[0]
    told = process_of(loop=loop, period=period, at=visitor.now, unit=unit.pk if unit else None)
    language = get_language() or "zh-hans"
    context: dict[str, object] = {
        "loop": loop,
        "loops": LOOPS,
        "period": period,
        "units": units,
        "unit": unit.code if unit else "",
        "whole": seen.company,
        "told": told,
        "variants": [
            (one, [_title(loop, step, language) for step in one.way], timedelta(seconds=one.seconds))
            for one in told.variants
        ],
        "arrows": [
            (
                one,
                _title(loop, one.step, language),
                _title(loop, one.after, language),
                timedelta(seconds=one.median),
                timedelta(seconds=one.most),
            )
            for one in told.arrows
        ],
    }
    return show(request, visitor, "desk/process.html", context)


def _title(loop: Loop, code: str, language: str) -> str:
    step = loop.step(code)
    return (step.title if step else Words(zh=code, en=code)).in_language(language)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
