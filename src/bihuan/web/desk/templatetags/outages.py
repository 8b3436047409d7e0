"""Codes of outages and voltage in words, and how a notice stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import timezone
from django.utils.translation import get_language, gettext

from bihuan.kernel.promise import AREAS
from bihuan.kernel.words import Words
from bihuan.outages.models import Outage
from bihuan.outages.queries import notice_for, now_of
from bihuan.outages.rules import Ratio, rounded, verdict
from bihuan.outages.rules.words import CAUSES, CHANGES, CHANNELS, CLASSES, FIELDS, KINDS, STATES, STEPS
from bihuan.web.ui.clocks import span

register = template.Library()

_WORDS: dict[str, dict[str, Words]] = {
    "kind": KINDS,
    "state": STATES,
    "change": CHANGES,
    "cause": CAUSES,
    "channel": CHANNELS,
    "step": STEPS,
    "class": CLASSES,
    "field": FIELDS,
    "area": dict(AREAS),
}


@register.filter
def said(code: str, of: str) -> str:
    """A code in the reader's language: `"planned"|said:"kind"`."""
    words = _WORDS[of].get(code)
    return words.in_language(get_language() or "zh-hans") if words else code


@dataclass(frozen=True, slots=True)
class Notice:
    """How a notice stands: state, a word, the latest moment, and why that one."""

    state: str
    word: str
    tone: str
    due: str
    lines: tuple[str, ...]


@register.simple_tag
def notice(one: Outage, at: datetime, *, explained: bool = False) -> Notice:
    """Told in time or not; `explained` also tells how the latest moment comes about."""
    state = verdict(due_at=one.notice_due_at, by_day=one.notice_by_day, published_at=one.published_at, at=at)
    if one.state == "withdrawn" and one.published_at is None:
        state = "none"
    words = {
        "kept": (gettext("told in time"), "good"),
        "broken": (gettext("told late") if one.published_at else gettext("not told in time"), "bad"),
        "running": (gettext("to be told"), "warn"),
        "none": (gettext("nothing promised"), ""),
    }
    word, tone = words[state]
    promised = notice_for(now_of(one)) if explained else None
    language = get_language() or "zh-hans"
    lines = tuple(line.in_language(language) for line in promised.lines) if promised else ()
    return Notice(state, word, tone, due_text(one.notice_due_at, by_day=one.notice_by_day), lines)


def due_text(due_at: datetime | None, *, by_day: bool) -> str:
    """The latest moment as people write it; a midnight is the 24:00 of the day before."""
    if due_at is None:
        return ""
    if by_day:
        return f"{timezone.localtime(due_at - timedelta(seconds=1)):%Y-%m-%d} 24:00"
    return f"{timezone.localtime(due_at):%Y-%m-%d %H:%M}"


@register.filter
def lasting(one: Outage, at: datetime) -> str:
    """How long it took, or has taken until now."""
    return span((one.ended_at or at) - one.started_at) if one.started_at else ""


@register.filter
def hours(seconds: int) -> Decimal:
    """Seconds in hours with one decimal."""
    return rounded(Fraction(seconds, 3600), 1)


@register.filter
def percent(ratio: Ratio, decimals: int = 2) -> str:
    """A ratio in per cent; a dash where there is nothing to divide by."""
    value = ratio.percent(decimals)
    return "—" if value is None else f"{value} %"


@register.filter
def minutes(value: Fraction) -> str:
    """Minutes with two decimals."""
    return gettext("%(n)s minutes") % {"n": rounded(value, 2)}


@register.filter
def told_value(value: object) -> str:
    """What an entry keeps, as people read it: moments in the utility's zone, lists with commas."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and value[10:11] == "T":
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return "—" if value is None else str(value)


@register.filter
def figure(value: object) -> str:
    """A number, or a dash."""
    return "—" if value is None else str(value)
