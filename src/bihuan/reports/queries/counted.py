"""The report of any week, month or year, counted as of any moment and as known at any record time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from bihuan.cases.models import Case, Cycle, Note
from bihuan.indicators.queries import added_up, figures, last_seal
from bihuan.indicators.queries.known import as_known
from bihuan.indicators.queries.league import league_of
from bihuan.indicators.rules import Figure, Period, counted_of, rows_of
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.packs.queries import targets
from bihuan.people.models import Unit
from bihuan.promises.queries import fallen_due
from bihuan.reports.models import ReportText
from bihuan.reports.queries.beside import NAMED_AT_MOST, named_rows, tables
from bihuan.reports.rules import (
    KINDS,
    Agreed,
    Kind,
    Line,
    Named,
    Rank,
    Report,
    proposed,
)


def zone() -> ZoneInfo:
    """The utility's own time."""
    return ZoneInfo(settings.TIME_ZONE)


def report(
    *, kind: str, name: str, unit: str | None, at: datetime, known: datetime, whole: bool = True
) -> Report:
    """A period's figures by bureau, each with those of the periods before it, counted in one pass.

    With `whole` also last year's, the year so far, ranks, breakdowns and rolls: a report on paper. Raises `PeriodRefused`,
    `UnitHasNoFigures`.
    """
    with as_known(known):
        return _report(kind, name, unit, at, known, whole=whole)


def _report(kind: str, name: str, unit: str | None, at: datetime, known: datetime, *, whole: bool) -> Report:
    which = KINDS[kind]
    period = which.period(name, zone())
    periods = [which.back(period, count) for count in range(which.length - 1, -1, -1)]
    head = _head(which, periods) if whole else None
    ahead = [head] if head and head.last + timedelta(days=1) == periods[0].first else []
    counted = figures(periods=[*ahead, *periods], at=at, known=known, unit=unit)
    so_far = [counted.pop(0)] if ahead else []
    lines = tuple(Line(told) for told in zip(*counted, strict=True))
    codes = {line.now.unit for line in lines if line.now.unit}
    if whole:
        if head and not ahead:
            so_far = figures(periods=[head], at=at, known=known, unit=unit)
        lines = _beside(lines, which, periods, unit, at, known, so_far)
    breaches, breach_count = named_breaches(period, unit, at)
    actions = agreed(period, unit, at, done=kind != "yearly")
    rolls = named_rows(period, unit, at, known) if whole else ()
    codes |= {one.unit for one in breaches} | {one.unit for one in actions}
    codes |= {place for roll in rolls for _, place, _ in roll.cases}
    names = {
        one.code: Words(zh=one.name_zh, en=one.name_en or one.name_zh)
        for one in Unit.objects.filter(code__in=codes).order_by("path")
    }
    told = Report(
        kind=which,
        name=name,
        period=period,
        at=at,
        known=known,
        seal=last_seal(known),
        unit=unit,
        names=names,
        lines=lines,
        breaches=breaches,
        breach_count=breach_count,
        actions=actions,
        tables=tables(which, period, unit, at, known) if whole else (),
        rolls=rolls,
    )
    return replace(told, words=proposed(told) | edited(kind, name, unit, known))


def _beside(
    lines: Sequence[Line],
    kind: Kind,
    periods: Sequence[Period],
    unit: str | None,
    at: datetime,
    known: datetime,
    so_far: Sequence[Sequence[Figure]],
) -> tuple[Line, ...]:
    """Last year's figure, the year so far, the year's budget and the rank to each line."""
    period = periods[-1]
    ago = kind.year_before(period)
    (past,) = figures(periods=[ago], at=at, known=known, unit=unit) if ago else [[]]
    # Where nothing of the kind was counted, most likely nothing was kept yet: a nought would say that nothing happened.
    kept = counted_of(past)
    year_before = {(one.indicator.code, one.unit): one for one in past if rows_of(one.indicator) <= kept}
    to_date = {(one.indicator.code, one.unit): one for one in _to_date(lines, kind, periods, so_far)}
    ranks, aims = _ranks(lines, period, unit, at, known), targets.standing(known=known)
    return tuple(
        replace(
            line,
            year_before=year_before.get(key),
            to_date=to_date.get(key),
            budget=aims.of(*key, period.last, "year"),
            rank=ranks.get(key),
        )
        for line in lines
        for key in [(line.now.indicator.code, line.now.unit)]
    )


def _head(kind: Kind, periods: Sequence[Period]) -> Period | None:
    """What of the year so far lies before the first of the periods that is wholly within it."""
    year = kind.to_date(periods[-1])
    if year is None:
        return None
    within = [period.first for period in periods if period.first >= year.first]
    until = within[0] - timedelta(days=1) if within else year.last
    return Period(year.first, until, year.zone) if until >= year.first else None


def _to_date(
    lines: Sequence[Line], kind: Kind, periods: Sequence[Period], so_far: Sequence[Sequence[Figure]]
) -> list[Figure]:
    """The year so far: its head, to which the line's own periods are added."""
    year = kind.to_date(periods[-1])
    if year is None:
        return []
    within = [place for place, period in enumerate(periods) if period.first >= year.first]
    parts = [*so_far, *([line.points[place] for line in lines] for place in within)]
    return added_up(parts, days=(year.last - year.first).days + 1)


def _ranks(
    lines: Sequence[Line], period: Period, unit: str | None, at: datetime, known: datetime
) -> Mapping[tuple[str, str | None], Rank]:
    """Places of the bureaus among all bureaus; those too small to be told apart have none."""
    rows = [line.now for line in lines]
    if unit is not None:
        (rows,) = figures(periods=[period], at=at, known=known)
    found: dict[tuple[str, str | None], Rank] = {}
    for code in dict.fromkeys(row.indicator.code for row in rows):
        made = league_of([row for row in rows if row.indicator.code == code and row.unit is not None])
        ranked = [one for one in made.standings if one.rank and one.ranks] if made else []
        for one in ranked:
            if one.rank and one.ranks:
                found[code, one.unit] = Rank(one.rank, *one.ranks, len(ranked))
    return found


def named_breaches(period: Period, unit: str | None, at: datetime) -> tuple[tuple[Named, ...], int]:
    """The breaches of public promises that fell due in the period and are known as of `at`, the latest first; and how many.

    A confidential case is named nowhere.
    """
    found = fallen_due(period.start, period.end).filter(
        case__confidential=False, public=True, found_at__lte=at
    )
    if unit:
        found = found.filter(unit__code=unit)
    rows = found.select_related("case", "unit").order_by("-late_seconds", "due_at", "case__number")
    named = tuple(
        Named(
            case=row.case.number,
            promise=row.promise,
            unit=row.unit.code if row.unit else "",
            due_at=row.due_at,
            late_seconds=row.late_seconds,
            cause=row.cause,
            exemption=row.exemption,
        )
        for row in rows[:NAMED_AT_MOST]
    )
    return named, len(named) if len(named) < NAMED_AT_MOST else found.count()


def agreed(period: Period, unit: str | None, at: datetime, *, done: bool = True) -> tuple[Agreed, ...]:
    """What meetings agreed: all that is open, and with `done` what was ended in the period; that of earlier ones first."""
    loops = [loop.code for loop in LOOPS if loop.agenda]
    found = Case.objects.filter(loop__in=loops, opened_at__lte=at).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=period.start if done else at)
    )
    if unit:
        found = found.filter(unit__code=unit)
    cases = list(found.select_related("unit").order_by("opened_at", "id"))
    texts = dict(
        Note.objects.filter(case__in=[case.pk for case in cases], seq=1, field="description").values_list(
            "case_id", "text"
        )
    )
    dues = dict(
        Cycle.objects.filter(case__in=[case.pk for case in cases], cycle=1).values_list(
            "case_id", "agreed_due"
        )
    )
    return tuple(
        Agreed(
            case=case.number,
            unit=case.unit.code if case.unit else "",
            what=texts.get(case.pk) or "",
            by_when=dues.get(case.pk),
            state=case.state,
            earlier=case.opened_at < period.start,
        )
        for case in cases
    )


def edited(kind: str, name: str, unit: str | None, known: datetime) -> dict[str, Words]:
    """What the editor wrote by then instead of the sentences proposed, by chapter. An emptied text gives the proposal back."""
    found = ReportText.objects.filter(kind=kind, period=name, role="words", recorded_at__lte=known)
    found = found.filter(unit=None) if unit is None else found.filter(unit__code=unit)
    newest = {row.chapter: row.text for row in found.order_by("recorded_at", "id")}
    return {chapter: Words(zh=text, en=text) for chapter, text in newest.items() if text.strip()}
