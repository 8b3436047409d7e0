"""By when an outage must be told, after the packs that apply on the day it happens or is planned for."""

from __future__ import annotations

from bihuan.outages.rules import CODES, LOOP, NoticeDue, Now, notice_due
from bihuan.packs import queries as packs


def notice_for(now: Now) -> NoticeDue | None:
    """The promise of the first adopted pack that has one for this kind, with its explanation; None if nothing is promised."""
    calendar = packs.calendar()
    moment = now.event_at
    if moment is None:
        return None
    day = moment.astimezone(calendar.zone).date()
    promised = {one.code: one for one in packs.promises_on(LOOP, day)}
    promise = next((promised[code] for code in CODES.get(now.kind, ()) if code in promised), None)
    limit = promise.limit_for(area=now.area or None) if promise else None
    if promise is None or limit is None:
        return None
    return notice_due(
        now=now,
        limit=limit,
        before=promise.kind == "notice_before",
        promise=f"{promise.pack}/{promise.edition}/{promise.code}",
        calendar=calendar,
    )
