"""The callback desk: the next call is chosen, the questions stand ready."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bihuan.cases import queries as cases
from bihuan.kernel.step import VERIFICATION
from bihuan.promises import queries as promises
from bihuan.web.desk.views.case import told
from bihuan.web.ui.visitor import Visitor, allowed, show

APART = timedelta(hours=2)
"""Attempts on the same customer are at least so far apart."""
QUIET = getattr(settings, "BIHUAN_QUIET_HOURS", "12-14,21-8")
"""Hours in which nobody is rung, in the utility's zone."""
WAITING = 12


@require_GET
@allowed("callback.do")
def callbacks(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Oldest due first; quiet hours and the distance between attempts are kept unless a case is named."""
    seen = visitor.scope("callback.do")
    owed = promises.calls_owed(seen)
    ready = promises.callable_now(owed, at=visitor.now, apart=APART)
    waiting = promises.with_clocks(ready[:WAITING])
    quiet = is_quiet(visitor.now)
    midnight = timezone.localtime(visitor.now).replace(hour=0, minute=0, second=0, microsecond=0)
    context: dict[str, object] = {
        "waiting": waiting,
        "quiet": quiet,
        "quiet_hours": QUIET,
        "day": promises.calls_of_the_day(seen, midnight),
    }
    number = request.GET.get("number", "")
    if not number and waiting and not quiet:
        number = waiting[0].case.number
    case = cases.by_number(number, seen) if number else None
    if case is not None:
        page = told(case, visitor)
        steps = page["steps"]
        asked = [row for row in steps if row["step"].side is VERIFICATION] if isinstance(steps, list) else []
        if asked:
            asked[0]["open"] = True
        context |= page | {"steps": asked}
    return show(request, visitor, "desk/callbacks.html", context)


def is_quiet(at: datetime) -> bool:
    """Whether this is an hour in which nobody is rung."""
    hour = timezone.localtime(at).hour
    for span in QUIET.split(","):
        first, last = (int(part) for part in span.split("-"))
        if (first <= hour < last) if first < last else (hour >= first or hour < last):
            return True
    return False
