"""What every drawn layout shows, put into plain values: words in one language, numbers as text, points of lines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction

from bihuan.indicators.rules import Figure, week_name
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.steps import BREACH_CAUSE
from bihuan.packs import queries as packs
from bihuan.reports.rules import Agreed, Line, Named, Weekly

UNITS = {
    "percent": Words(zh="%", en="%"),
    "minutes": Words(zh="分钟", en="min"),
    "count": Words(zh="", en=""),
    "ratio": Words(zh="", en=""),
    "sum": Words(zh="", en=""),
    "index": Words(zh="", en=""),
}
TEXTS = {
    "title": Words(zh="服务质量周报", en="Weekly service-quality report"),
    "week": Words(zh="周次", en="Week"),
    "at": Words(zh="统计时刻", en="As of"),
    "known": Words(zh="数据截至", en="As known at"),
    "seal": Words(zh="封存号", en="Seal"),
    "none": Words(zh="未封存", en="not sealed"),
    "draft": Words(zh="未冻结", en="not frozen"),
    "version": Words(zh="第{}版", en="version {}"),
    "indicator": Words(zh="指标", en="Indicator"),
    "now": Words(zh="本周", en="This week"),
    "before": Words(zh="上周", en="Week before"),
    "change": Words(zh="环比", en="Change"),
    "target": Words(zh="目标", en="Target"),
    "counts": Words(zh="计数", en="Counts"),
    "line": Words(zh="近13周", en="13 weeks"),
    "bureau": Words(zh="单位", en="Unit"),
    "whole": Words(zh="全公司", en="Whole company"),
    "idle": Words(zh="以下单位本周无此类业务：", en="Nothing of this kind in this week: "),
    "numerator": Words(zh="分子", en="Numerator"),
    "denominator": Words(zh="分母", en="Denominator"),
    "actions": Words(zh="议定事项", en="Agreed actions"),
    "action": Words(zh="事项", en="What"),
    "by_when": Words(zh="期限", en="By"),
    "state": Words(zh="状态", en="State"),
    "earlier": Words(zh="上周及以前", en="agreed before"),
    "breaches": Words(zh="超时限明细", en="Breaches named"),
    "case": Words(zh="工单", en="Case"),
    "promise": Words(zh="承诺", en="Promise"),
    "late": Words(zh="超时（分钟）", en="Late, minutes"),
    "running": Words(zh="仍未办到", en="still open"),
    "cause": Words(zh="原因", en="Cause"),
    "note": Words(
        zh="比率由分子、分母两个整数按四舍六入五成双取得；“—”表示分母为零。红色为未达目标。",
        en="Rates are rounded half-even from the two integers; — means that there was nothing to count. Red misses the target.",
    ),
}
DASH = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number on paper; `missed` where it falls short of its target."""

    text: str
    counts: str
    missed: bool
    code: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator of the whole: this week, the week before, the line."""

    code: str
    title: str
    measure: str
    suffix: str
    now: Cell
    before: str
    change: str
    target: str
    points: tuple[float | None, ...]
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Bureau:
    """A bureau's numbers of a chapter."""

    code: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter on paper."""

    code: str
    title: str
    rows: tuple[Row, ...]
    heads: tuple[str, ...]
    bureaus: tuple[Bureau, ...]
    idle: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Breached:
    """A breach on paper."""

    case: str
    promise: str
    unit: str
    due: str
    late: str
    cause: str


@dataclass(frozen=True, slots=True)
class Action:
    """An agreed action on paper."""

    case: str
    what: str
    unit: str
    by_when: str
    state: str
    earlier: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole report on paper."""

    texts: dict[str, str]
    language: str
    week: str
    days: str
    at: str
    known: str
    seal: str
    version: str
    unit: str
    weeks: tuple[str, ...]
    sections: tuple[Section, ...]
    breaches: tuple[Breached, ...]
    actions: tuple[Action, ...]

    def plain(self) -> dict[str, object]:
        """As JSON takes it."""
        return asdict(self)


def sheet(weekly: Weekly, *, language: str = "zh-hans") -> Sheet:
    """A report ready to be drawn."""
    texts = {name: words.in_language(language) for name, words in TEXTS.items()}
    period, zone = weekly.period, weekly.period.zone
    whole = weekly.names[weekly.unit].in_language(language) if weekly.unit else texts["whole"]
    return Sheet(
        texts=texts,
        language=language,
        week=weekly.week,
        days=f"{period.first} – {period.last}",
        at=f"{weekly.at.astimezone(zone):%Y-%m-%d %H:%M}",
        known=f"{weekly.known.astimezone(zone):%Y-%m-%d %H:%M}",
        seal=f"#{weekly.seal}" if weekly.seal else texts["none"],
        version=texts["version"].format(weekly.version) if weekly.version else texts["draft"],
        unit=whole,
        weeks=tuple(week_name(period.weeks_before(back).first) for back in range(12, -1, -1)),
        sections=tuple(
            _section(chapter.code, chapter.title.in_language(language), groups, weekly, language)
            for chapter, groups in weekly.chapters()
            if any(_happened(group[0]) for group in groups)
        ),
        breaches=tuple(_breached(one, weekly, language) for one in weekly.breaches),
        actions=tuple(_action(one, weekly, language) for one in weekly.actions),
    )


def _breached(one: Named, weekly: Weekly, language: str) -> Breached:
    cause = BREACH_CAUSE.title_of(one.cause).in_language(language) if one.cause else DASH
    return Breached(
        case=one.case,
        promise=_promise(one.promise, language),
        unit=_name(one.unit, weekly, language),
        due=f"{one.due_at.astimezone(weekly.period.zone):%m-%d %H:%M}",
        late=str(one.late_seconds // 60) if one.late_seconds else TEXTS["running"].in_language(language),
        cause=cause,
    )


def _action(one: Agreed, weekly: Weekly, language: str) -> Action:
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
        unit=_name(one.unit, weekly, language),
        by_when=f"{one.by_when.astimezone(weekly.period.zone):%m-%d}" if one.by_when else DASH,
        state=titles.get(one.state, one.state),
        earlier=one.earlier,
        overdue=one.state in open_still and one.by_when is not None and one.by_when < weekly.at,
    )


def _name(code: str, weekly: Weekly, language: str) -> str:
    name = weekly.names.get(code)
    return name.in_language(language) if name else code or DASH


def _promise(code: str, language: str) -> str:
    """A promise by its name in the packs that apply; the given due dates by those of their figures."""
    for pack in packs.adopted():
        for promise in pack.promises:
            if promise.code == code:
                return promise.title.in_language(language)
    found = _GIVEN.get(code)
    return found.in_language(language) if found else code


_GIVEN = {
    "source-due": Words(zh="来源系统给定的期限", en="Due date given by the source"),
    "agreed-due": Words(zh="议定期限", en="Agreed date"),
}


def _section(code: str, title: str, groups: list[list[Line]], weekly: Weekly, language: str) -> Section:
    rows, columns = [], []
    for group in groups:
        if _counted_ever(group[0]):
            rows.append(_row(group[0], language))
            columns.append(group)
    units = [line.now.unit for line in columns[0][1:]] if columns else []
    bureaus = [
        Bureau(
            unit or "",
            weekly.names[unit or ""].in_language(language),
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
        _words(code, weekly, language),
    )


def _words(chapter: str, weekly: Weekly, language: str) -> str:
    words = weekly.words.get(chapter)
    return words.in_language(language) if words else ""


def _counted_ever(line: Line) -> bool:
    """A promise that nobody was given in thirteen weeks needs no row; a count of nothing is news."""
    return line.now.indicator.measure in ("count", "sum") or any(figure.denominator for figure in line.weeks)


def _happened(line: Line) -> bool:
    """Whether there was anything to count in any of the weeks; a chapter in which nothing ever was is left out."""
    return any(
        figure.denominator or (figure.denominator is None and figure.numerator) for figure in line.weeks
    )


def _row(line: Line, language: str) -> Row:
    one = line.now.indicator
    points = [figure.exact for figure in line.weeks]
    known = [point for point in points if point is not None]
    low, high = (min(known), max(known)) if known else (Fraction(0), Fraction(0))
    if one.measure in ("count", "sum"):
        low = Fraction(0)
    width = high - low
    return Row(
        code=one.code,
        title=one.title.in_language(language),
        measure=one.measure,
        suffix=UNITS["percent" if one.in_percent else one.measure].in_language(language),
        now=_cell(line.now),
        before=line.before.value or DASH,
        change=_change(line),
        target=line.now.target or "",
        # A line that never moves runs through the middle.
        points=tuple(
            None if point is None else round(float((point - low) / width), 4) if width else 0.5
            for point in points
        ),
        low=_short(low),
        high=_short(high),
    )


def _cell(figure: Figure) -> Cell:
    counts = "" if figure.denominator is None else f"{figure.numerator}/{figure.denominator}"
    if figure.indicator.measure == "minutes":
        counts = f"{figure.denominator}"
    if figure.indicator.measure in ("ratio", "index"):
        counts = (
            ""  # seconds and minutes by the billion tell nobody anything; the page behind has them in hours
        )
    return Cell(figure.value or DASH, counts, figure.met is False, figure.indicator.code, figure.unit or "")


def _change(line: Line) -> str:
    now, before = line.now.exact, line.before.exact
    if now is None or before is None:
        return DASH
    return f"{float(now - before):+.{line.now.indicator.decimals}f}"


def _short(number: Fraction) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")
