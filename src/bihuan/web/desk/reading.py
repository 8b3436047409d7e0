"""A reading asked for in an address, and how it is told: periods, units, changes, standings, shares, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from bihuan.indicators.queries.league import Reading
from bihuan.indicators.queries.league import Row as Line
from bihuan.indicators.queries.moved import Shares
from bihuan.indicators.rules import Figure, Period, PeriodRefused, value, week, week_name
from bihuan.indicators.rules.intervals import wilson
from bihuan.indicators.rules.league import Standing
from bihuan.indicators.rules.moved import Change, Part, rounded, shown
from bihuan.kernel.indicator import Declared
from bihuan.kernel.promise import AREAS, CUSTOMER_CLASSES
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.indicators.catalogue import declared
from bihuan.people import queries as people
from bihuan.people.models import Unit
from bihuan.people.rules import Scope
from bihuan.reports import queries as reports
from bihuan.web.desk import charts
from bihuan.web.ui.clocks import title_of
from bihuan.web.ui.visitor import Visitor

SPANS = (1, 4, 13, 52)
"""Weeks that stand as links."""
LONGEST = 1100
"""Days; a longer period is no question for a page."""
TOP = 8
"""So many parts of a change are named, the others are summed."""
YEARS = range(1900, 2201)
"""Far enough from both ends of the calendar that years before and weeks after can be counted."""
MOST_PAGES = 100_000
DASH = "—"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. `names`: every unit's by code; `opens`: the units (None: the company) whose cases the reader may open."""

    period: Period
    unit: str | None
    units: tuple[Unit, ...]
    opens: frozenset[str | None]
    names: Mapping[str, str]

    @property
    def query(self) -> dict[str, str]:
        """The period and the unit as an address says them."""
        found = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return found | ({"unit": self.unit} if self.unit else {})

    def is_bureau(self, code: str) -> bool:
        """Whether the unit of this code is a bureau: those have pages of their own."""
        return any(unit.code == code for unit in self.units)

    @property
    def whole(self) -> str:
        """The unit's name, or the company's."""
        return self.names.get(self.unit, self.unit) if self.unit else gettext("Whole company")

    @property
    def days(self) -> str:
        """The ISO week, or the days."""
        first, last = self.period.first, self.period.last
        if first.weekday() == 0 and (last - first).days == 6:
            return f"{week_name(first)} ({first} – {last})"
        return f"{first} – {last}"

    def spans(self) -> list[tuple[int, str, bool]]:
        """Links to the last weeks that end with the period: how many, the address, whether it is this one."""
        found = []
        for weeks in SPANS:
            first = self.period.last - timedelta(days=7 * weeks - 1)
            query = self.query | {"from": first.isoformat()}
            found.append((weeks, f"?{urlencode(query)}", first == self.period.first))
        return found


def asked(request: HttpRequest, visitor: Visitor) -> Asked:
    """Last week, or the `week`, or the days `from` and `to`; the company, or the bureau `unit`. What doesn't exist is not found."""
    there = list(people.units_within(Scope(company=True, paths=())))
    units = tuple(one for one in there if one.kind == "bureau")
    unit = request.GET.get("unit") or None
    if unit is not None and unit not in {one.code for one in units}:
        raise Http404
    names = {one.code: one.name(charts.language()) for one in there}
    return Asked(_period(request, visitor), unit, units, opens(visitor, units), names)


def opens(visitor: Visitor, units: Sequence[Unit]) -> frozenset[str | None]:
    """The bureaus whose cases the reader may open; None among them stands for the whole company."""
    if not visitor.may("case.read"):
        return frozenset()
    seen = visitor.scope("figures.read")
    found: set[str | None] = {unit.code for unit in units if seen.sees(unit.path)}
    return frozenset(found | {None} if seen.company else found)


def possible(period: Period) -> Period:
    """The period, if there can be cases in it; nobody asks for others but to see what breaks."""
    if period.first.year not in YEARS or period.last.year not in YEARS:
        raise Http404
    return period


def page_of(request: HttpRequest) -> int:
    """The number of the page asked for, from 1 on; what is no number is the first."""
    text = request.GET.get("page", "")
    return min(max(1, int(text)), MOST_PAGES) if text.isdecimal() and len(text) < 9 else 1


def one_of(code: str) -> Declared:
    """The indicator or index of an address."""
    try:
        return declared(code)
    except KeyError:
        raise Http404 from None


def _period(request: HttpRequest, visitor: Visitor) -> Period:
    zone, query = reports.zone(), request.GET
    today = timezone.localtime(visitor.now).date()
    try:
        if query.get("week"):
            return possible(week(query["week"], zone))
        last_week = week(week_name(today - timedelta(days=7)), zone)
        last = date.fromisoformat(query["to"]) if query.get("to") else last_week.last
        first = date.fromisoformat(query["from"]) if query.get("from") else last - timedelta(days=6)
        if (last - first).days >= LONGEST:
            raise Http404
        return possible(Period(first, last, zone))
    except (PeriodRefused, ValueError, OverflowError):
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class Moved:
    """A change in words: `text` with its sign and unit, `sure` whether it is more than chance (None: not said)."""

    text: str
    was: str
    counts: str
    sure: bool | None
    better: bool | None
    why: str


def change(one: Declared, told: Change, before: Figure) -> Moved:
    """A change as it stands beside a figure."""
    was = before.value or DASH
    if told.apart is None:
        return Moved(DASH, was, charts.counts(before), None, None, gettext("nothing to compare with"))
    better = None
    if one.direction != "none" and told.apart != 0:
        better = (told.apart > 0) == (one.direction == "higher")
    sure = None if told.chance is None else not told.chance
    why = ""
    if sure is not None:
        why = gettext("more than chance") if sure else gettext("no more than chance")
    return Moved(signed(one, told.apart), was, charts.counts(before), sure, better if sure else None, why)


def signed(one: Declared, apart: Fraction) -> str:
    """A difference with its sign, in points where the figure is a percentage."""
    text = _plus(rounded(apart, one.decimals))
    unit = gettext("points") if charts.suffix(one) == "%" else charts.suffix(one)
    return f"{text} {unit}".strip()


def _plus(number: Decimal) -> str:
    return f"{number:+}" if number else f"{abs(number)}"


@dataclass(frozen=True, slots=True)
class Place:
    """A bureau's row of the league."""

    code: str
    name: str
    now: Figure
    interval: str
    rank: str
    place: str
    said: str
    before: Moved
    year: Moved
    strip: dict[str, float] | None
    link: str
    cases: str


def places(one: Declared, reading: Reading, at: Asked) -> list[Place]:
    """The bureaus, by rank where there is one."""
    standings = {} if reading.league is None else {unit.unit: unit for unit in reading.league.ordered}
    rows = {row.unit or "": row for row in reading.units}
    order = [code for code in standings or rows if at.is_bureau(code) or rows[code].now.denominator]
    low = _low(list(standings.values()))
    mean = float(reading.league.mean or 0) if reading.league else 0.0
    return [_place(one, rows[code], standings.get(code), at, low, mean) for code in order]


def interval(one: Declared, figure: Figure) -> str:
    """Wilson's interval in percent; empty where the figure is no rate of cases."""
    if one.measure != "percent" or not figure.denominator:
        return ""
    found = wilson(figure.numerator, figure.denominator)
    if found is None:
        return ""
    return f"{found.low * 100:.{one.decimals}f} – {found.high * 100:.{one.decimals}f}"


def cases_link(code: str, query: dict[str, str], part: str = "") -> str:
    """The address of the cases behind a figure."""
    more = {"part": part} if part else {}
    return f"{reverse('indicator-cases', args=[code])}?{urlencode(query | more)}"


def _place(one: Declared, row: Line, standing: Standing | None, at: Asked, low: float, mean: float) -> Place:
    code = row.unit or ""
    query = at.query | {"unit": code}
    ranks = standing.ranks if standing else None
    rank = ""
    if standing and ranks:
        rank = str(standing.rank) if ranks[0] == ranks[1] else f"{standing.rank} ({ranks[0]}–{ranks[1]})"
    return Place(
        code=code,
        name=at.names.get(code, code),
        now=row.now,
        interval=interval(one, row.now),
        rank=rank,
        place=standing.place if standing else "",
        said=charts.said(charts.PLACES[standing.place]) if standing else "",
        before=change(one, row.against_before, row.before),
        year=change(one, row.against_year, row.year),
        strip=charts.strip(standing, low, mean) if standing and standing.counted else None,
        link=f"{reverse('indicator', args=[one.code])}?{urlencode(query)}" if at.is_bureau(code) else "",
        cases=cases_link(one.code, query) if code in at.opens else "",
    )


def _low(standings: Sequence[Standing]) -> float:
    """Where the drawings of intervals begin: the lowest of those that aren't far smaller than the others."""
    counts = sorted(one.counted for one in standings if one.counted)
    middle = counts[len(counts) // 2] if counts else 0
    lows = [one.interval.low for one in standings if one.interval and 4 * one.counted >= middle]
    low = min(lows, default=0.0)
    return max(0.0, low - (1 - low) * 0.1)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a change as it stands in the table."""

    name: str
    before: str
    before_counts: str
    now: str
    now_counts: str
    mix: str
    rate: str
    total: str


@dataclass(frozen=True, slots=True)
class Why:
    """One dimension of a change: the parts that are named, and the sum of all."""

    dimension: str
    title: str
    rows: tuple[Share, ...]
    sum: str
    split: bool
    chart: dict[str, object]


def why(one: Declared, shares: Shares, names: Mapping[str, str]) -> Why:
    """The largest parts, the rest in one row; what is shown adds up to the sum that is shown."""
    parts = _gathered(shares.parts)
    titles = [_title(shares.dimension, part.key, names) for part in parts]
    split = one.measure != "count"
    decimals = one.decimals if split else 0
    totals = shown([part.total for part in parts], decimals)
    rows = []
    for part, title, total in zip(parts, titles, totals, strict=True):
        rows.append(
            Share(
                title,
                *_side(one, part.before),
                *_side(one, part.now),
                # So that each row adds up as it is shown.
                _plus(total - rounded(part.rate, decimals)),
                _plus(rounded(part.rate, decimals)),
                _plus(total),
            )
        )
    return Why(
        shares.dimension,
        _dimension(shares.dimension),
        tuple(rows),
        _plus(sum(totals, Decimal(0))),
        split,
        charts.moved(
            [(title, part.mix, part.rate) for title, part in zip(titles, parts, strict=True)],
            gettext("points") if one.measure == "percent" else charts.suffix(one),
            decimals,
        ),
    )


def _gathered(parts: Sequence[Part]) -> list[Part]:
    if len(parts) <= TOP + 1:
        return list(parts)
    rest = parts[TOP:]
    sides = [
        tuple(sum(getattr(part, side)[at] for part in rest) for at in (0, 1)) for side in ("before", "now")
    ]
    mix, rate = sum((part.mix for part in rest), Fraction(0)), sum((part.rate for part in rest), Fraction(0))
    return [*parts[:TOP], Part("*", sides[0], sides[1], mix, rate)]


def _side(one: Declared, pair: tuple[int, int]) -> tuple[str, str]:
    if one.measure == "count":
        return f"{pair[1]:,}", ""
    return value(one, *pair) or DASH, f"{pair[0]:,} / {pair[1]:,}"


def _dimension(code: str) -> str:
    return {
        "unit": gettext("By unit"),
        "loop": gettext("By business"),
        "kind": gettext("By class"),
        "area": gettext("By area"),
        "class": gettext("By customer class"),
        "promise": gettext("By promise"),
    }[code]


def _title(dimension: str, key: str, names: Mapping[str, str]) -> str:
    if key == "*":
        return gettext("All others")
    if not key or key.endswith(":"):
        return gettext("not said")
    match dimension:
        case "unit":
            return names.get(key, key)
        case "area" | "class":
            found = (AREAS if dimension == "area" else CUSTOMER_CLASSES).get(key)
            return charts.said(found) if found else key
        case "promise":
            return title_of(key)
    code, _, kind = key.partition(":")
    loop = next((one for one in LOOPS if one.code == code), None)
    if loop is None:
        return key
    fact = loop.opening.fact("kind") if kind else None
    title = charts.said(loop.title)
    return f"{title} · {charts.said(fact.title_of(kind))}" if fact else title
