"""Promises in the reader's words: kinds, moments, limits, sums, what differs between two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from django import template
from django.utils.translation import get_language, gettext

from bihuan.indicators.queries.kept import Sum
from bihuan.indicators.queries.promised import Mean
from bihuan.kernel.limit import SUSPENSIONS, Limit
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES, MEASURES, Compensation, LimitRow, Promise, Warn
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.packs.queries.citing import cited as cited_in
from bihuan.packs.rules import Change
from bihuan.promises.models import Clock
from bihuan.web.ui.clocks import span
from bihuan.web.ui.templatetags.bihuan import short

register = template.Library()


@register.filter
def kind_word(kind: str) -> str:
    """What kind of promise it is."""
    return {
        "step_limit": gettext("limit of each case"),
        "notice_before": gettext("notice before an event"),
        "average": gettext("average of a period"),
        "period_level": gettext("level of a period"),
        "attested": gettext("found by inspection"),
    }.get(kind, kind)


@register.filter
def cited(source: str) -> str:
    """A source in the reader's language, where it was translated."""
    return cited_in(source, get_language() or "zh-hans")


@register.filter
def certainty_word(certainty: str) -> str:
    """How sure it is that the source says so."""
    return {
        "seen": gettext("source seen"),
        "memory": gettext("from memory, to be checked"),
        "design": gettext("our own design"),
    }.get(certainty, certainty)


@register.filter
def moment_word(code: str) -> str:
    """A moment that a step marks; its code where no loop of the house has it yet."""
    return {
        "accepted": gettext("acceptance"),
        "dispatched": gettext("dispatch"),
        "received": gettext("receipt by the unit"),
        "contacted": gettext("contact with the customer"),
        "arrived": gettext("arrival"),
        "restored": gettext("restoration"),
        "answered": gettext("answer"),
        "done": gettext("completion"),
        "called": gettext("first callback"),
        "verified": gettext("verification"),
        "confirmed": gettext("confirmation by the customer"),
        "ended": gettext("end"),
        "planned": gettext("plan"),
        "reviewed": gettext("review"),
        "inspected": gettext("inspection"),
        "assessed": gettext("assessment"),
        "paid": gettext("payment"),
        "recovered": gettext("recovery"),
        "energised": gettext("energising"),
        "appealed": gettext("appeal"),
        "noticed": gettext("notice"),
        "outage_started": gettext("start of the outage"),
        "outage_confirmed": gettext("outage confirmed on site"),
        "notice_delivered": gettext("notice delivered"),
        "reminded": gettext("reminder"),
        "disconnected": gettext("cut-off"),
        "scheme_replied": gettext("supply scheme given"),
        "design_submitted": gettext("design handed in"),
        "design_reviewed": gettext("design reviewed"),
        "inspection_asked": gettext("inspection asked for"),
        "works_inspected": gettext("works inspected"),
        "completion_reported": gettext("completion reported"),
        "ticket_taken": gettext("ticket taken"),
        "served": gettext("served"),
        "owed": gettext("sum owed"),
        "estimate_asked": gettext("estimate asked for"),
        "estimated": gettext("estimate given"),
        "materials_supplied": gettext("materials supplied"),
        "quarter_ended": gettext("end of the quarter"),
    }.get(code, code)


@register.filter
def loop_words(codes: tuple[str, ...]) -> str:
    """Business kinds by name, also those that aren't built yet."""
    known = {loop.code: loop.title.in_language(_language()) for loop in LOOPS}
    return _listed(known.get(code) or _to_come().get(code, code) for code in codes)


def _to_come() -> dict[str, str]:
    """Business kinds that packs speak of and that have no loop yet."""
    return {
        "outage": gettext("outages"),
        "connection": gettext("new connections"),
        "disconnection": gettext("cutting off for arrears"),
        "hall": gettext("service hall"),
        "fuse": gettext("main fuse"),
        "voltage": gettext("voltage complaints"),
        "compensation": gettext("compensation"),
        "solar": gettext("rooftop solar"),
    }


@register.filter
def kinds_words(promise: Promise) -> str:
    """For which kinds of a case it is, by name."""
    names = {
        choice.code: choice.title
        for loop in LOOPS
        if loop.code in promise.loops
        for step in loop.steps
        for fact in step.facts
        if fact.column == "kind"
        for choice in fact.choices
    }
    return _listed(names[kind].in_language(_language()) if kind in names else kind for kind in promise.kinds)


@register.filter
def limit_told(limit: Limit | None) -> str:
    """A limit with all that goes with it; a dash where there is none."""
    if limit is None:
        return "—"
    parts = [limit.words.in_language(_language())]
    if limit.cutoff is not None:
        parts.append(gettext("in before %(time)s counts that day") % {"time": f"{limit.cutoff:%H:%M}"})
    for hours, text in (
        (limit.hours, gettext("hours: %(hours)s")),
        (limit.opens, gettext("starts in %(hours)s")),
    ):
        if hours is not None:
            parts.append(text % {"hours": hours.words.in_language(_language())})
    return parts[0] if len(parts) == 1 else f"{parts[0]} ({_semicolons(parts[1:])})"


@register.filter
def place_told(row: LimitRow) -> str:
    """For which area and class a limit is; empty where the promise doesn't tell them apart."""
    found = (AREAS.get(row.area or ""), CUSTOMER_CLASSES.get(row.customer_class or ""))
    return " ".join(words.in_language(_language()) for words in found if words)


@register.filter
def level_told(promise: Promise) -> str:
    """The level of a period with its measure."""
    if promise.level is None:
        return gettext("set by somebody else")
    measure = MEASURES[promise.measure].in_language(_language())
    return f"{promise.level} {measure}"


@register.filter
def suspensions_told(codes: tuple[str, ...]) -> str:
    """For which reasons the clock may stand still."""
    return _listed(
        SUSPENSIONS[code].in_language(_language()) if code in SUSPENSIONS else code for code in codes
    )


@register.filter
def warn_told(warn: Warn) -> str:
    """Who is told when."""
    whom = {
        "person": gettext("who has it"),
        "leader": gettext("the unit's leader"),
        "department": gettext("the department"),
        "supervision": gettext("supervision"),
    }[warn.to]
    if warn.share is not None:
        return gettext("at %(share)s %%: %(whom)s") % {"share": warn.share, "whom": whom}
    return gettext("%(limit)s before: %(whom)s") % {"limit": limit_told(warn.before), "whom": whom}


@register.filter
def sum_told(one: Compensation) -> str:
    """What breaking it costs."""
    parts = [_money(one.amount, one.currency)]
    if one.every is not None and not one.amount:
        parts = [
            gettext("%(sum)s for each %(period)s late")
            % {"sum": _money(one.further, one.currency), "period": limit_told(one.every)}
        ]
    klass = CUSTOMER_CLASSES.get(one.customer_class or "")
    if klass:
        parts[0] = f"{klass.in_language(_language())}: {parts[0]}"
    if one.every is not None and one.amount:
        parts.append(
            gettext("and %(sum)s for each further %(period)s")
            % {"sum": _money(one.further, one.currency), "period": limit_told(one.every)}
        )
    if one.cap is not None:
        parts.append(gettext("at most %(sum)s") % {"sum": _money(one.cap, one.currency)})
    parts.append(gettext("paid without being asked for") if one.automatic else gettext("on claim"))
    return _semicolons(parts)


@register.filter
def field_word(name: str) -> str:
    """What a field of a promise is called."""
    return {
        "clause": gettext("Article"),
        "title": gettext("Title"),
        "source": gettext("Source"),
        "certainty": gettext("Certainty"),
        "kind": gettext("Kind of promise"),
        "public": gettext("Public"),
        "loops": gettext("Business kinds"),
        "kinds": gettext("Only for"),
        "starts": gettext("Starts with"),
        "keeps": gettext("Kept by"),
        "valid_from": gettext("Valid from"),
        "valid_to": gettext("Valid to"),
        "level": gettext("Level"),
        "measure": gettext("Measured in"),
        "note": gettext("Note"),
        "suspensions": gettext("May stand still for"),
        "warnings": gettext("Warnings"),
        "compensation": gettext("Compensation"),
    }.get(name, name)


@register.filter
def side_told(change: Change, side: str) -> str:
    """One side of what differs, in words."""
    value = change.one if side == "one" else change.other
    return _told(change.name, value)


def _told(name: str, value: object) -> str:
    match name, value:
        case _, None | () | "":
            return "—"
        case "kind", str():
            return kind_word(value)
        case "certainty", str():
            return certainty_word(value)
        case (("starts" | "keeps"), str()):
            return moment_word(value)
        case "measure", str():
            return MEASURES[value].in_language(_language()) if value in MEASURES else value
        case "loops", tuple():
            return loop_words(value)
        case "suspensions", tuple():
            return suspensions_told(value)
        case "warnings", tuple():
            return _semicolons(warn_told(one) for one in value)
        case "compensation", tuple():
            return _semicolons(sum_told(one) for one in value)
        case _, Words():
            return value.in_language(_language())
        case _, bool():
            return gettext("yes") if value else gettext("no")
        case _, tuple():
            return _listed(str(item) for item in value)
    return str(value)


@register.filter
def part_word(part: str) -> str:
    """How clocks stand that a count holds."""
    return {
        "kept": gettext("kept"),
        "broken": gettext("broken"),
        "running": gettext("running"),
        "void": gettext("void"),
        "measured": gettext("measured"),
    }.get(part, part)


@register.filter
def parts_shown(promise: Promise) -> tuple[str, ...]:
    """Which counts of a promise are told: of an average only how many were measured."""
    return ("measured", "running") if promise.kind == "average" else ("kept", "broken", "running")


@register.filter
def part_of(tally: Sum, part: str) -> int:
    """One count of a tally."""
    return tally[part]


@register.filter
def count_word(part: str, n: int) -> str:
    """A count with its word."""
    return {
        "kept": gettext("%(n)s kept"),
        "broken": gettext("%(n)s broken"),
        "running": gettext("%(n)s running"),
        "measured": gettext("%(n)s measured"),
    }[part] % {"n": n}


@register.filter
def over_by(clock: Clock, at: datetime) -> str:
    """By how much a broken clock is over its limit."""
    return span((clock.ended_at or at) - clock.due_at)


@register.filter
def clock_limit(clock: Clock) -> str:
    """The limit under which a clock runs."""
    return f"{clock.amount} {unit_word(clock.amount_unit)}" if clock.amount else "—"


@register.filter
def clock_due(clock: Clock) -> str:
    """When it is due; a limit in days ends with its last day."""
    if not clock.by_day:
        return short(clock.due_at)
    return short(clock.due_at - timedelta(seconds=1)).rsplit(" ", 1)[0] + " 24:00"


@register.filter
def unit_word(code: str) -> str:
    """What a limit counts."""
    return {
        "minutes": gettext("minutes"),
        "hours": gettext("hours"),
        "days": gettext("calendar days"),
        "days_rolled": gettext("calendar days, moved on from a day off"),
        "working_days": gettext("working days"),
        "business_minutes": gettext("minutes in business hours"),
        "business_hours": gettext("hours in business hours"),
    }.get(code, code)


@register.filter
def mean_of(side: Mapping[str, int] | Sum) -> str:
    """The average of the clocks that an average is taken of, in minutes."""
    tenths = round(side["seconds"] / side["measured"] / 6) if side["measured"] else 0
    return gettext("%(m)s min on average") % {"m": f"{tenths // 10}.{tenths % 10}"}


@register.filter
def minutes_of(one: Mean) -> str:
    """An average in minutes with one decimal, rounded half-even from the two integers."""
    if one.exact is None:
        return "—"
    tenths = round(one.exact / 6)
    return f"{tenths // 10}.{tenths % 10}"


@register.filter
def whole_minutes(seconds: int) -> str:
    """A sum of seconds in whole minutes, with thousands apart."""
    return f"{round(Fraction(seconds, 60)):,}"


@register.filter
def loop_word(code: str) -> str:
    """One business kind by name."""
    return loop_words((code,))


@register.filter
def share_of(part: int, whole: int) -> str:
    """A per cent with two decimals, rounded half-even from the two integers; a dash of nothing."""
    if not whole:
        return "—"
    hundredths, rest = divmod(part * 10_000, whole)
    if 2 * rest > whole or (2 * rest == whole and hundredths % 2):
        hundredths += 1
    return f"{hundredths // 100}.{hundredths % 100:02d} %"


def _money(amount: int, currency: str) -> str:
    return f"{amount // 100:,}.{amount % 100:02d} {currency}"


def _listed(parts: Iterable[str]) -> str:
    return ("、" if _language().startswith("zh") else ", ").join(parts)


def _semicolons(parts: Iterable[str]) -> str:
    return ("；" if _language().startswith("zh") else "; ").join(parts)


def _language() -> str:
    return get_language() or "zh-hans"
