"""What the utility has promised, edition by edition: kept and broken this year, compared, and how it came to be so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from bihuan.indicators.queries import kept, promised
from bihuan.indicators.queries.kept import Sum, Tally
from bihuan.indicators.rules import Period
from bihuan.kernel.promise import AREAS, Promise
from bihuan.packs import queries as packs
from bihuan.packs.queries import versions
from bihuan.packs.queries.versions import Version
from bihuan.packs.rules import Pack, compare, count, lines_changed
from bihuan.people.rules import Scope
from bihuan.web.desk.views.outage_figures import period, quick
from bihuan.web.desk.views.outages import midnight
from bihuan.web.ui.visitor import Visitor, allowed, show

PAGE = 50
Key: TypeAlias = tuple[str, str, str]
"""Pack, edition and code of a promise."""


@dataclass(frozen=True, slots=True)
class Line:
    """A promise with how it was kept this year; `place` is its number in the text."""

    promise: Promise
    place: int
    way: promised.Way
    tally: Sum | None
    query: str
    told: Told | None = None
    areas: tuple[promised.Average, ...] = ()
    level: promised.Level | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Notices of outages under a promise. `query` finds them in the list of outages."""

    kept: int
    broken: int
    running: int
    query: str

    @property
    def decided(self) -> int:
        """Kept and broken."""
        return self.kept + self.broken


@require_GET
@allowed("promise.read")
def promises(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What holds today, the pack that wins first; what is to come; and every other pack."""
    today = _today(visitor)
    adopted = packs.adopted_on(today)
    year = _year(visitor, adopted)
    covered: set[tuple[str, str]] = set()
    sections = []
    for pack in adopted:
        lines = _lines(pack, year)
        holds = [line for line in lines if _holds(line.promise, today, covered)]
        covered |= {(line.promise.code, loop) for line in holds for loop in line.promise.loops or ("",)}
        sections.append((pack, holds, len(lines) - len(holds)))
    order = {pack.code for pack in adopted}
    context: dict[str, object] = {
        "sections": sections,
        "year": today.year,
        "coming": versions.upcoming(today),
        "orders": [one for one in versions.adoptions() if one.effective_from > today],
        "others": [(code, versions.versions(code)[0].pack) for code in versions.codes() if code not in order],
        "today": today,
        "outages": visitor.may("outage.read"),
        "opens": visitor.may("case.read"),
        "manages": visitor.may("promise.manage"),
    }
    return show(request, visitor, "desk/promises/promises.html", context)


@require_GET
@allowed("promise.read")
def pack_page(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """One version of a pack, article by article; the one in force today unless another is named."""
    today = _today(visitor)
    every = _every(code)
    now = versions.in_force_of(every, today)
    asked = request.GET.get("version", "")
    shown = _named(every, asked) if asked else now or every[0]
    context: dict[str, object] = {
        "pack": shown.pack,
        "version": shown,
        "now": now,
        "versions": every,
        "newest": shown == every[0],
        "lines": _lines(shown.pack, _year(visitor, [shown.pack])),
        "year": today.year,
        "place": place_of(code, packs.adopted_on(today)),
        "tab": "articles",
        "today": today,
        "outages": visitor.may("outage.read"),
        "opens": visitor.may("case.read"),
        "manages": visitor.may("promise.manage"),
        "tries": visitor.may("promise.try"),
    }
    return show(request, visitor, "desk/promises/pack.html", context)


@require_GET
@allowed("promise.read")
def pack_history(request: HttpRequest, visitor: Visitor, code: str) -> HttpResponse:
    """Every version of a pack: who published it, when, why, from when it holds, and the lines that changed."""
    every = _every(code)
    now = versions.in_force_of(every, _today(visitor))
    texts = {one.name: one.text for one in every}
    rows = []
    for one in every:
        if one.based_on and one.based_on not in texts:
            texts[one.based_on] = _text_of(one.based_on)
        before = texts.get(one.based_on, "")
        rows.append((one, lines_changed(before, one.text) if one.based_on else ()))
    context: dict[str, object] = {
        "pack": (now or every[0]).pack,
        "version": now or every[0],
        "rows": rows,
        "now": now,
        "place": place_of(code, packs.adopted_on(_today(visitor))),
        "today": _today(visitor),
        "trials": versions.recent_trials(code) if visitor.may("promise.try") else [],
        "tab": "history",
        "manages": visitor.may("promise.manage"),
        "tries": visitor.may("promise.try"),
    }
    return show(request, visitor, "desk/promises/history.html", context)


@require_GET
@allowed("promise.read")
def compare_packs(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Any two versions of any packs, article by article."""
    today = _today(visitor)
    choices = [(one.name, one, one.pack) for code in versions.codes() for one in versions.versions(code)]
    names = [name for name, _, _ in choices]
    adopted = [
        found.name for code in versions.order_on(today) if (found := versions.in_force_on(code, today))
    ]
    first, second = [*adopted, *names, *names][:2]
    one = _chosen(request.GET.get("one", first), choices)
    other = _chosen(request.GET.get("other", second), choices)
    articles = compare(one.pack, other.pack)
    wanted = request.GET.get("show", "")
    context: dict[str, object] = {
        "one": one,
        "other": other,
        "one_pack": one.pack,
        "other_pack": other.pack,
        "choices": choices,
        "articles": [article for article in articles if wanted in ("", article.how)],
        "told": count(articles),
        "whole": len(articles),
        "wanted": wanted,
    }
    return show(request, visitor, "desk/promises/compare.html", context)


@require_GET
@allowed("promise.read")
def promise_cases(request: HttpRequest, visitor: Visitor, code: str, promise: str, part: str) -> HttpResponse:
    """The cases behind a count of this year."""
    if not visitor.may("case.read") or part not in kept.PARTS:
        raise Http404
    every = _every(code)
    named = [one for version in every for one in version.pack.named(promise)]
    if not named:
        raise Http404
    loops, kinds = (
        [one for one in request.GET.get(name, "").split(",") if one] for name in ("loops", "kinds")
    )
    own = Sum(
        tuple(
            tally
            for tally in _counted(visitor)
            if (tally.pack, tally.promise) == (code, promise)
            and (not loops or tally.loop in loops)
            and (not kinds or tally.kind in kinds)
        )
    )
    days = period(request, _today(visitor), otherwise="year") if "from" in request.GET else None
    area = request.GET.get("area")
    found = kept.behind(
        pack=code,
        promise=promise,
        part=part,
        seen=visitor.scope("case.read"),
        since=midnight(days.first) if days else _new_year(visitor),
        at=visitor.now,
        loops=loops,
        kinds=kinds,
        area=area if area in AREAS or area == "" else None,
        unit=request.GET.get("unit", ""),
        until=midnight(days.last + timedelta(days=1)) if days else None,
    )
    context: dict[str, object] = {
        "pack": every[0].pack,
        "promise": next((one for one in named if set(one.loops) & set(loops)), named[0]),
        "part": part,
        "parts": [] if days else [(one, own[one]) for one in kept.PARTS],
        "year": f"{days.first} – {days.last}" if days else _today(visitor).year,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
    }
    return show(request, visitor, "desk/promises/cases.html", context)


@require_GET
@allowed("promise.read")
def promise_average(request: HttpRequest, visitor: Visitor, code: str, promise: str) -> HttpResponse:
    """An average of a period, by area and unit: kept or not, with its minutes and cases."""
    today = _today(visitor)
    days = period(request, today, otherwise="year")
    texts = [version.pack for version in _every(code)]
    named = [one for pack in texts for one in pack.named(promise) if one.kind == "average"]
    if not named:
        raise Http404
    found = promised.averages(
        named[:1],
        seen=_seen(visitor),
        since=midnight(days.first),
        until=midnight(days.last + timedelta(days=1)),
        at=visitor.now,
    )
    context: dict[str, object] = {
        "pack": texts[0],
        "promise": named[0],
        "areas": next(iter(found.values())),
        "days": days,
        "quick": quick(today),
        "opens": visitor.may("case.read"),
    }
    return show(request, visitor, "desk/promises/average.html", context)


def _today(visitor: Visitor) -> date:
    return timezone.localtime(visitor.now, packs.calendar().zone).date()


def _new_year(visitor: Visitor) -> datetime:
    return datetime.combine(_today(visitor).replace(month=1, day=1), time(), packs.calendar().zone)


def _seen(visitor: Visitor) -> Scope:
    return visitor.scope("case.read" if visitor.may("case.read") else "promise.read")


def _counted(visitor: Visitor) -> list[Tally]:
    """How every promise was kept this year."""
    return kept.tallies(seen=_seen(visitor), since=_new_year(visitor), at=visitor.now)


@dataclass(frozen=True, slots=True)
class Year:
    """Everything that was counted of promises from New Year until today."""

    first: date
    last: date
    clocks: list[Tally]
    notices: list[promised.Notices]
    averages: Mapping[Key, tuple[promised.Average, ...]]
    levels: Mapping[Key, promised.Level]


def _year(visitor: Visitor, shown: Iterable[Pack]) -> Year:
    """By clocks, by notices, by averages and by figures; each in a few queries, however many promises."""
    every = [one for pack in shown for one in pack.promises]
    since, today = _new_year(visitor), _today(visitor)
    until = midnight(today + timedelta(days=1))
    seen = _seen(visitor)
    whole = Period(today.replace(month=1, day=1), today, packs.calendar().zone)
    return Year(
        first=whole.first,
        last=whole.last,
        clocks=_counted(visitor),
        notices=promised.notices(seen=seen, since=since, until=until, at=visitor.now),
        averages=promised.averages(every, seen=seen, since=since, until=until, at=visitor.now),
        levels=promised.levels(every, seen=seen, period=whole, at=visitor.now),
    )


def _lines(pack: Pack, year: Year) -> list[Line]:
    lines = []
    for place, one in enumerate(pack.promises):
        own = tuple(tally for tally in year.clocks if tally.pack == pack.code and _belongs(tally, one))
        query = {"loops": ",".join(one.loops), "kinds": ",".join(one.kinds)}
        asked = urlencode({name: value for name, value in query.items() if value})
        key = (one.pack, one.edition, one.code)
        lines.append(
            Line(
                one,
                place,
                promised.way(one),
                Sum(own) if own else None,
                asked,
                told=_told(one, year),
                areas=tuple(area for area in year.averages.get(key, ()) if area.whole.count),
                level=year.levels.get(key),
            )
        )
    return lines


def _told(promise: Promise, year: Year) -> Told | None:
    """The notices under this promise; the promise tells kinds of outages apart or not."""
    name = f"{promise.pack}/{promise.edition}/{promise.code}"
    own = [
        one
        for one in year.notices
        if one.promise == name and (not promise.kinds or one.kind in promise.kinds)
    ]
    if not own:
        return None
    query = {"from": f"{year.first}", "to": f"{year.last}"} | ({"kind": own[0].kind} if len(own) == 1 else {})
    return Told(
        sum(one.kept for one in own),
        sum(one.broken for one in own),
        sum(one.running for one in own),
        query=f"&{urlencode(query)}",
    )


def _belongs(tally: Tally, promise: Promise) -> bool:
    same = tally.promise == promise.code and tally.loop in promise.loops
    return same and (not promise.kinds or tally.kind in promise.kinds)


def _holds(promise: Promise, today: date, covered: set[tuple[str, str]]) -> bool:
    """Whether it holds today, and no pack before it promises the same for all of its loops."""
    own = {(promise.code, loop) for loop in promise.loops or ("",)}
    return promise.valid_on(today) and not own <= covered


def _every(code: str) -> list[Version]:
    try:
        return versions.versions(code)
    except packs.PackUnknown:
        raise Http404 from None


def _named(every: Iterable[Version], number: str) -> Version:
    found = next((one for one in every if str(one.number) == number), None)
    if found is None:
        raise Http404
    return found


def _chosen(name: str, choices: list[tuple[str, Version, Pack]]) -> Version:
    found = next((one for known, one, _ in choices if known == name), None)
    if found is None:
        raise Http404
    return found


def _text_of(name: str) -> str:
    code, _, number = name.partition("/")
    return next((one.text for one in _every(code) if str(one.number) == number), "")


def place_of(code: str, adopted: Iterable[Pack]) -> int | None:
    """Which place a pack has among those that apply; None if it isn't among them."""
    return next((place for place, pack in enumerate(adopted, 1) if pack.code == code), None)
