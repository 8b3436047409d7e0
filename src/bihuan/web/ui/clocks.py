"""A clock as people read it: what was promised, how much time is left or over, and why it is due then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext

from bihuan.kernel.limit import due, explain
from bihuan.kernel.words import Words
from bihuan.packs import queries as packs
from bihuan.promises.models import Breach, Clock
from bihuan.promises.rules import AGREED_DUE, SOURCE_DUE, Standing, standing


@dataclass(frozen=True, slots=True)
class Badge:
    """Everything that the badge shows."""

    title: str
    state: str
    word: str
    icon: str
    time: str
    due: str
    provisional: bool
    ticking: bool
    starts: str
    ends: str
    total: int
    passed: int
    clause: str
    lines: tuple[str, ...]


def badge(clock: Clock, at: datetime, *, explained: bool = True) -> Badge:
    """How a clock stands at this moment, in the reader's language, and why it is due then."""
    how = standing(
        started_at=clock.started_at,
        due_at=clock.due_at,
        by_day=clock.by_day,
        ended_at=clock.ended_at,
        void_at=clock.void_at,
        at=at,
        kind=clock.kind,
        suspended_at=clock.suspended_at,
    )
    decided = clock.ended_at if clock.ended_at and clock.ended_at <= at else clock.void_at
    moment = decided or at
    total = max(1, int((clock.due_at - clock.started_at).total_seconds()))
    left = clock.due_at - moment
    return Badge(
        title=promise_title(clock),
        state=str(how),
        word=_word(how),
        icon=_ICONS[how],
        time="" if how is Standing.void else _time(left, decided is not None),
        due=_due(clock),
        provisional=clock.provisional,
        ticking=decided is None,
        starts=clock.started_at.isoformat(),
        ends=clock.due_at.isoformat(),
        total=total,
        passed=min(total, max(0, total - int(left.total_seconds()))),
        clause=f"{_pack_title(clock)} {clock.clause}".strip(),
        lines=tuple(line.in_language(_language()) for line in _lines(clock)) if explained else (),
    )


def _lines(clock: Clock) -> tuple[Words, ...]:
    limit = packs.limit_given(
        pack=clock.pack,
        promise=clock.promise,
        area=clock.area,
        customer_class=clock.customer_class,
        amount=clock.amount,
        unit=clock.amount_unit,
    )
    if limit is None:
        return ()
    calendar = packs.calendar()
    lines = explain(start=clock.started_at, limit=limit, calendar=calendar)
    if due(start=clock.started_at, limit=limit, calendar=calendar).at != clock.due_at:
        lines += (_moved_to(clock),)
    return lines


def _moved_to(clock: Clock) -> Words:
    """A clock that stood still, or whose area or class was corrected, ends elsewhere than its limit alone says."""
    return Words(
        zh=f"期间挂起或经更正，到期时间为 {_due(clock)}。",
        en=f"It stood still meanwhile or was corrected: due {_due(clock)}.",
    )


def span(delta: timedelta) -> str:
    """`3 d 4 h`, `1 h 20 min`, `7 min`: two steps are enough to decide by."""
    minutes = int(abs(delta.total_seconds())) // 60
    if minutes >= 48 * 60:
        return gettext("%(days)s d %(hours)s h") % {"days": minutes // 1440, "hours": minutes % 1440 // 60}
    if minutes >= 60:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return gettext("%(minutes)s min") % {"minutes": minutes}


def promise_title(clock: Clock) -> str:
    """The promise's name in the text by which the clock went."""
    return _title(clock, (clock.pack, clock.edition, clock.clause))


def breach_title(breach: Breach) -> str:
    """The promise's name in the text by which the clock of a breach went: `promises.queries` tells it beside the breach."""
    told = getattr(breach, "text", None)
    return _title(breach, (told["pack"], told["edition"], told["clause"]) if told else ("", "", ""))


def _title(of: Clock | Breach, text: tuple[str, str, str]) -> str:
    """Packs may use one code for different kinds and areas: the same clause names it, else the same pack, else any."""
    if of.promise in (SOURCE_DUE, AGREED_DUE):
        return title_of(of.promise)
    named = [
        promise
        for pack in packs.editions()
        for promise in pack.promises
        if promise.code == of.promise and of.loop in promise.loops
    ]
    near = (
        [one for one in named if (one.pack, one.edition, one.clause) == text]
        or [one for one in named if one.pack == text[0]]
        or named
    )
    if len({one.title for one in near}) > 1:
        near = [one for one in near if not one.kinds or of.case.kind in one.kinds] or near
    return near[0].title.in_language(_language()) if near else title_of(of.promise)


def title_of(code: str) -> str:
    """A promise's name in the first adopted pack that has it."""
    for pack in packs.editions():
        for promise in pack.promises:
            if promise.code == code:
                return promise.title.in_language(_language())
    given = {SOURCE_DUE: gettext("Due date of the source"), AGREED_DUE: gettext("Agreed date")}
    return given.get(code, code)


def _pack_title(clock: Clock) -> str:
    for pack in packs.editions():
        if pack.code == clock.pack:
            return pack.title.in_language(_language())
    return ""


def _time(left: timedelta, decided: bool) -> str:
    shown = {"time": span(left)}
    if left.total_seconds() < 0:
        return gettext("%(time)s over") % shown
    return gettext("%(time)s to spare") % shown if decided else gettext("%(time)s left") % shown


def _due(clock: Clock) -> str:
    zone = packs.calendar().zone
    if clock.by_day:
        return f"{(clock.due_at - timedelta(seconds=1)).astimezone(zone):%m-%d} 24:00"
    return f"{clock.due_at.astimezone(zone):%m-%d %H:%M}"


def _word(how: Standing) -> str:
    match how:
        case Standing.kept:
            return gettext("kept")
        case Standing.broken:
            return gettext("broken")
        case Standing.void:
            return gettext("void")
        case Standing.close:
            return gettext("close")
        case Standing.running:
            return gettext("running")
        case Standing.suspended:
            return gettext("suspended")
        case Standing.measured:
            return gettext("measured")


_ICONS = {
    Standing.kept: "check",
    Standing.broken: "x",
    Standing.void: "ban",
    Standing.close: "alert",
    Standing.running: "clock",
    Standing.suspended: "pause",
    Standing.measured: "check",
}


def _language() -> str:
    return get_language() or "zh-hans"
