"""What every drawn layout shows, put into plain values: words in one language, numbers as text, points of lines."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from bihuan.indicators.rules import Figure, value
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.indicators.catalogue import BREAKDOWNS, ROLLS, declared, indicator
from bihuan.loops.steps import BREACH_CAUSE
from bihuan.reports.layouts.paper import (
    DASH,
    TEXTS,
    UNITS,
    Action,
    Breached,
    Breakdown,
    Bureau,
    Called,
    Cell,
    Row,
    Section,
    Sheet,
)
from bihuan.reports.queries.naming import promise_title
from bihuan.reports.rules import Agreed, Line, Named, Rank, Report, Share, Table
from bihuan.reports.rules import Called as Roll


def sheet(report: Report, *, language: str = "zh-hans") -> Sheet:
    """A report ready to be drawn."""
    kind = report.kind
    named = TEXTS | {"title": kind.title, "now": kind.now, "before": kind.before, "line": kind.line}
    texts = {name: words.in_language(language) for name, words in named.items()}
    period, zone = report.period, report.period.zone
    whole = report.names[report.unit].in_language(language) if report.unit else texts["whole"]
    return Sheet(
        texts=texts,
        language=language,
        kind=kind.code,
        name=report.name,
        days=f"{period.first} – {period.last}",
        at=f"{report.at.astimezone(zone):%Y-%m-%d %H:%M}",
        known=f"{report.known.astimezone(zone):%Y-%m-%d %H:%M}",
        seal=f"#{report.seal}" if report.seal else texts["none"],
        version=texts["version"].format(report.version) if report.version else texts["draft"],
        unit=whole,
        points=tuple(
            kind.name_of(kind.back(period, count).first) for count in range(kind.length - 1, -1, -1)
        ),
        sections=tuple(
            _section(chapter.code, chapter.title.in_language(language), groups, report, language)
            for chapter, groups in report.chapters()
            if any(_happened(group[0]) for group in groups)
        ),
        breaches=tuple(_breached(one, report, language) for one in report.breaches),
        breaches_more=_more(report.breach_count - len(report.breaches), language),
        actions=tuple(_action(one, report, language) for one in report.actions),
    )


def _breached(one: Named, report: Report, language: str) -> Breached:
    cause = BREACH_CAUSE.title_of(one.cause).in_language(language) if one.cause else DASH
    return Breached(
        case=one.case,
        promise=promise_title(one.promise).in_language(language),
        unit=_name(one.unit, report, language),
        due=f"{one.due_at.astimezone(report.period.zone):%m-%d %H:%M}",
        late=str(one.late_seconds // 60) if one.late_seconds else TEXTS["running"].in_language(language),
        cause=cause,
    )


def _action(one: Agreed, report: Report, language: str) -> Action:
    titles = {
        state.code: state.title.in_language(language)
        for loop in LOOPS
        if loop.agenda
        for state in loop.states
    }
    open_still = {code for loop in LOOPS if loop.agenda for code in loop.open_states}
    return Action(
        case=one.case,
        what=one.what,
        unit=_name(one.unit, report, language),
        by_when=f"{one.by_when.astimezone(report.period.zone):%m-%d}" if one.by_when else DASH,
        state=titles.get(one.state, one.state),
        earlier=one.earlier,
        overdue=one.state in open_still and one.by_when is not None and one.by_when < report.at,
    )


def _name(code: str, report: Report, language: str) -> str:
    name = report.names.get(code)
    return name.in_language(language) if name else code or DASH


def _section(code: str, title: str, groups: list[list[Line]], report: Report, language: str) -> Section:
    rows, columns = [], []
    for group in groups:
        if _counted_ever(group[0]):
            before = None if report.blank_before(group[0].now) else group[0].before
            rows.append(_row(group[0], language, before))
            columns.append(group)
    units = [line.now.unit for line in columns[0][1:]] if columns else []
    bureaus = [
        Bureau(
            unit or "",
            report.names[unit or ""].in_language(language),
            tuple(_cell(group[place].now) for group in columns),
        )
        for place, unit in enumerate(units, start=1)
    ]
    busy = [bureau for bureau in bureaus if any(cell.text not in (DASH, "0") for cell in bureau.cells)]
    idle = [bureau.name for bureau in bureaus if bureau not in busy]
    return Section(
        code,
        title,
        tuple(rows),
        tuple(row.title for row in rows),
        tuple(busy),
        tuple(idle),
        _words(code, report, language),
        tuple(_table(one, report, language) for one in report.tables if _chapter_of_table(one.code) == code),
        tuple(_called(one, report, language) for one in report.rolls if _chapter_of_roll(one.code) == code),
    )


def _table(table: Table, report: Report, language: str) -> Breakdown:
    shown = _TABLES[table.code]
    now, before = report.kind.now.in_language(language), report.kind.before.in_language(language)
    rates = [indicator(code).measure == "percent" for code in shown.of]
    if rates[0]:
        texts = (TEXTS[name].in_language(language) for name in ("due", "kept", "missed"))
        heads = ["", *texts, now, before]
    elif len(shown.of) == 1:
        heads = ["", now, before, TEXTS["share"].in_language(language)]
    else:
        heads = [""]
        for code in shown.of:
            title = indicator(code).title.in_language(language)
            heads += [title, f"{title} ({before})" if language == "en" else f"{title}（{before}）"]
    whole = sum(one.now[0] for one in table.shares)
    rows = tuple(
        (one.title.in_language(language), *(_rates(shown.of[0], one) if rates[0] else _counts(one, whole)))
        for one in table.shares
    )
    more = len(rows) - ROWS
    return Breakdown(
        table.code,
        shown.title.in_language(language),
        tuple(heads),
        rows,
        rows[:ROWS],
        TEXTS["other_rows"].in_language(language).format(more) if more > 0 else "",
    )


def _rates(code: str, one: Share) -> list[str]:
    (kept, due), was = one.now[:2], one.before[:2]
    told, earlier = value(indicator(code), kept, due), value(indicator(code), was[0], was[1])
    return [
        f"{due:,}",
        f"{kept:,}",
        f"{due - kept:,}",
        *(f"{rate} %" if rate else DASH for rate in (told, earlier)),
    ]


def _counts(one: Share, whole: int) -> list[str]:
    cells = [
        text for pair in zip(one.now, one.before, strict=True) for text in (f"{pair[0]:,}", f"{pair[1]:,}")
    ]
    if len(one.now) == 1:
        cells.append(f"{one.now[0] * 100 / whole:.1f} %" if whole else DASH)
    return cells


def _more(count: int, language: str) -> str:
    return TEXTS["others"].in_language(language).format(count) if count > 0 else ""


def _called(roll: Roll, report: Report, language: str) -> Called:
    return Called(
        roll.code,
        _ROLLS[roll.code].title.in_language(language),
        tuple(
            (number, _name(unit, report, language), what.in_language(language))
            for number, unit, what in roll.cases
        ),
        roll.total,
        _more(roll.total - len(roll.cases), language),
        "outage" if indicator(_ROLLS[roll.code].of).table == "outage" else "case",
    )


ROWS = 30
"""Rows of a breakdown on paper; the workbook has all."""
_TABLES = {one.code: one for one in BREAKDOWNS}
_ROLLS = {one.code: one for one in ROLLS}


def _chapter_of_table(code: str) -> str:
    return declared(_TABLES[code].of[0]).chapter if code in _TABLES else ""


def _chapter_of_roll(code: str) -> str:
    return declared(_ROLLS[code].of).chapter if code in _ROLLS else ""


def _words(chapter: str, report: Report, language: str) -> str:
    words = report.words.get(chapter)
    return words.in_language(language) if words else ""


def _counted_ever(line: Line) -> bool:
    """A promise that nobody was given in thirteen weeks needs no row; a count of nothing is news."""
    return line.now.indicator.measure in ("count", "sum") or any(figure.denominator for figure in line.points)


def _happened(line: Line) -> bool:
    """Whether there was anything to count in any of the weeks; a chapter in which nothing ever was is left out."""
    return any(
        figure.denominator or (figure.denominator is None and figure.numerator) for figure in line.points
    )


def _row(line: Line, language: str, before: Figure | None) -> Row:
    one = line.now.indicator
    points = [figure.exact for figure in line.points]
    known = [point for point in points if point is not None]
    low, high = (min(known), max(known)) if known else (Fraction(0), Fraction(0))
    if one.measure in ("count", "sum"):
        low = Fraction(0)
    width = high - low
    return Row(
        code=one.code,
        title=one.title.in_language(language),
        measure=one.measure,
        suffix=""
        if line.now.value is None
        else UNITS["percent" if one.in_percent else one.measure].in_language(language),
        now=_cell(line.now, line.over_budget),
        before=_shown(before),
        change=_change(line.now, before),
        year_before=_shown(line.year_before),
        year_change=_change(line.now, line.year_before),
        to_date=_shown(line.to_date),
        target=_target(line, language),
        rank=_rank(line.rank),
        # A line that never moves runs through the middle.
        points=tuple(
            None if point is None else round(float((point - low) / width), 4) if width else 0.5
            for point in points
        ),
        low=_short(low),
        high=_short(high),
    )


def _cell(figure: Figure, over: bool | None = None) -> Cell:
    counts = "" if figure.denominator is None else f"{figure.numerator}/{figure.denominator}"
    if figure.indicator.measure == "minutes":
        counts = f"{figure.denominator}"
    if figure.indicator.measure in ("ratio", "index"):
        counts = (
            ""  # seconds and minutes by the billion tell nobody anything; the page behind has them in hours
        )
    return Cell(
        _shown(figure),
        counts,
        figure.met is False or over is True,
        figure.indicator.code,
        figure.unit or "",
    )


def _shown(figure: Figure | None) -> str:
    """A value with commas between thousands; a dash where there is none."""
    if figure is None or figure.value is None:
        return DASH
    return f"{Decimal(figure.value):,f}"


def _change(now: Figure, before: Figure | None) -> str:
    if before is None or now.value is None or before.value is None:
        return DASH
    apart = Decimal(now.value) - Decimal(before.value)
    return f"{apart:+,f}" if apart else f"{abs(apart):f}"


def _target(line: Line, language: str) -> str:
    """What is aimed at; of a year's budget how much of it is used."""
    if line.budget is None:
        return line.now.target or ""
    used = (line.to_date or line.now).exact
    part = f" ({float(used * 100 / Fraction(line.budget)):.0f} %)" if used is not None and line.budget else ""
    return f"{TEXTS['budget'].in_language(language)} {line.budget:,.0f}{part}"


def _rank(rank: Rank | None) -> str:
    if rank is None:
        return ""
    span = f" ({rank.best}–{rank.worst})" if rank.best != rank.worst else ""
    return f"{rank.place}{span}/{rank.of}"


def _short(number: Fraction) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")
