"""Which pictures a report has: to each chapter its main rate over the periods, and where the bureaus stand in it. Made from the
report's own figures alone, so that a frozen report shows tomorrow what it shows today.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bihuan.indicators.rules import Figure
from bihuan.indicators.rules.control import Chart
from bihuan.indicators.rules.league import League, Standing, league
from bihuan.kernel.indicator import Declared
from bihuan.kernel.words import Words
from bihuan.reports.layouts.charts import PLACES, Spec, control, control_of, counts, funnel_of, signs
from bihuan.reports.layouts.drawing import svg
from bihuan.reports.rules import Line, Report

WIDE, HIGH = 460, 250
"""Of a picture on paper, in pixels; it is scaled to its column."""
FEWEST = 3
"""With fewer units that had cases there is nothing to compare."""
A_MONTH = 27
"""Days between the first and the last of the shortest month."""
NAMED_PLACES: tuple[Literal["weak", "model"], ...] = ("weak", "model")
DASH = "—"

TEXTS = {
    "over": Words(zh="{}：{}", en="{}: {}"),
    "units": Words(zh="{}：各单位，{}", en="{}: units, {}"),
    "provisional": Words(
        zh="不足12个点，控制限为暂定。", en="Fewer than twelve points: the limits are provisional."
    ),
    "restless": Words(
        zh="多数点有信号：过程已经改变，整段控制限意义不大。",
        en="Most points say something: this became another process, and limits for all of it mean little.",
    ),
    "signal": Words(zh="{}：{}。", en="{}: {}."),
    "ordinary": Words(
        zh="{}属于平常波动，没有改变的信号。",
        en="{} is an ordinary up or down: nothing says that anything changed.",
    ),
    "empty": Words(zh="{}无此类业务。", en="{}: nothing of this kind."),
    "alike": Words(
        zh="没有单位与全公司之差超出偶然；名次先后不说明问题。",
        en="No unit stands apart from the company by more than chance; the order of ranks says nothing.",
    ),
    "named": Words(zh="{}：{}。", en="{}: {}."),
    "signals": Words(zh="信号", en="Signals"),
    "place": Words(zh="与全公司相比", en="Against the company"),
    "unit": Words(zh="单位", en="Unit"),
    "counts": Words(zh="计数", en="Counts"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what it says in a sentence, and the table that stands beside it: period or unit, value, counts, remark.

    `marked` are the places of the rows that say something.
    """

    name: str
    code: str
    title: str
    says: str
    spec: Spec
    heads: tuple[str, str, str, str]
    rows: tuple[tuple[str, str, str, str], ...]
    marked: frozenset[int]
    links: tuple[str, ...]
    """Where each row leads; empty on paper."""

    @property
    def kind(self) -> str:
        """Of the drawing: `control` or `funnel`."""
        return str(self.spec["kind"])

    @property
    def across(self) -> Sequence[tuple[tuple[str, str, str, str], str]]:
        """The rows with where they lead."""
        return list(zip(self.rows, self.links, strict=True))

    @property
    def beside(self) -> Sequence[tuple[tuple[str, str, str, str], str]]:
        """The same as they stand beside the picture: of periods the last one first."""
        return self.across[::-1] if self.kind == "control" else self.across

    @property
    def counted(self) -> bool:
        """Whether its values have counts to stand beside them."""
        return any(row[2] for row in self.rows)

    @property
    def noted(self) -> bool:
        """Whether there is anything to say of a row."""
        return any(row[3] for row in self.rows)

    @property
    def table(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Heads and rows without a column that is empty throughout."""
        there = [0, 1, *([2] if self.counted else []), *([3] if self.noted else [])]
        heads, *rows = ([row[place] for place in there] for row in (self.heads, *self.rows))
        return heads, rows

    @property
    def svg(self) -> str:
        """As drawn for paper."""
        return svg(self.spec, width=WIDE, height=HIGH)

    @property
    def address(self) -> str:
        """The drawing itself as an address: a page that needs nothing else."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()

    def plain(self) -> dict[str, object]:
        """As Typst takes it."""
        return {
            "kind": self.kind,
            "code": self.code,
            "title": self.title,
            "says": self.says,
            "svg": self.svg,
            "rows": self.rows,
            "table": self.table,
            "noted": self.noted,
            "marked": sorted(self.marked),
        }


Link = Callable[[str, date, str | None], str]
"""Where a point leads: of which indicator; for the report's own unit (None) the first day of a period, for others of their cases."""


def nowhere(code: str, first: date, unit: str | None) -> str:
    """Paper leads nowhere."""
    return ""


def pictures(report: Report, *, language: str, link: Link = nowhere) -> Mapping[str, tuple[Picture, ...]]:
    """The pictures of each chapter that has any: a chapter in which nothing was ever counted has none."""
    found: dict[str, tuple[Picture, ...]] = {}
    for chapter, groups in report.chapters():
        group = _main(groups)
        if group is None:
            continue
        made = (
            _over(report, chapter.code, group[0], language, link),
            _units(report, chapter.code, group, language, link),
        )
        told = tuple(one for one in made if one is not None)
        if told:
            found[chapter.code] = told
    return found


def _main(groups: Sequence[list[Line]]) -> list[Line] | None:
    """A chapter's main figure: its first rate of cases with a target; else its first rate, any other measure, a count.

    One that never moved makes no picture where another of the chapter did: that all were in time stands in the table.
    """

    def order(group: list[Line]) -> tuple[bool, int]:
        one, aim = group[0].now.indicator, group[0].now.aim
        still = len({point.exact for point in group[0].points if _counted(point)}) == 1
        if one.measure == "percent":
            return still, 0 if aim is not None else 1
        if one.in_percent:
            return still, 2
        return still, 4 if one.measure in ("count", "sum") else 3

    there = [group for group in groups if sum(_counted(point) for point in group[0].points) > 1]
    return min(there, key=order, default=None)


def _counted(figure: Figure) -> bool:
    return bool(figure.numerator if figure.denominator is None else figure.denominator)


def _over(report: Report, chapter: str, line: Line, language: str, link: Link) -> Picture | None:
    """The figure over the periods, from the first in which anything was counted, with its limits."""
    kind, count = report.kind, len(line.points)
    days = [kind.back(report.period, back).first for back in range(count - 1, -1, -1)]
    first = next(place for place, point in enumerate(line.points) if _counted(point))
    points, days = line.points[first:], days[first:]
    names = [kind.name_of(day) for day in days]
    made, one = control_of(points, "p"), line.now.indicator
    if made is None:
        return None
    spec = control(
        points,
        names,
        made,
        [link(one.code, day, None) for day in days],
        language=language,
        step=kind.code,
    )
    remarks = [signs(point.signals, language=language, step=kind.code) for point in made.points]
    return Picture(
        name=f"{chapter}-over",
        code=one.code,
        title=_text("over", language).format(_title(one, language), kind.line.in_language(language)),
        says=_says_over(report, made, remarks, language),
        spec=spec,
        heads=(
            "",
            _title(one, language),
            _text("counts", language),
            _text("signals", language),
        ),
        rows=tuple(
            (name, point.value or DASH, _counts(point), remark)
            for name, point, remark in zip(names, points, remarks, strict=True)
        ),
        marked=frozenset(made.signalling),
        links=tuple(spec["links"]),
    )


def _says_over(report: Report, made: Chart, remarks: Sequence[str], language: str) -> str:
    now = report.kind.now.in_language(language)
    if made.points[-1].value is None:
        said = _text("empty", language).format(now)
    elif 2 * len(made.signalling) > len(made.points):
        said = _text("restless", language)
    elif remarks[-1]:
        said = _text("signal", language).format(now, remarks[-1])
    else:
        said = _text("ordinary", language).format(now)
    provisional = _text("provisional", language) if made.provisional else ""
    return " ".join(part for part in (said, provisional) if part) if language == "en" else said + provisional


def _units(report: Report, chapter: str, group: list[Line], language: str, link: Link) -> Picture | None:
    """The units by how many cases they had; None where the figure is no rate of cases, or there is nothing to compare.

    A week has too few cases to tell units apart: there all weeks of the line are taken together.
    """
    one, kind = group[0].now.indicator, report.kind
    together = (report.period.last - report.period.first).days < A_MONTH
    rows = {
        line.now.unit: _sum(line.points if together else line.points[-1:])
        for line in group[1:]
        if line.now.unit is not None
    }
    rates = [row.exact for row in rows.values() if row.exact is not None]
    if one.measure != "percent" or len(rates) < FEWEST or len(set(rates)) == 1:
        return None
    span = (kind.line if together else kind.now).in_language(language)
    first = kind.back(report.period, kind.length - 1 if together else 0).first
    made = league({unit: (row.numerator, row.denominator or 0) for unit, row in rows.items()}, one.direction)
    names = {unit: _name(report, unit, language) for unit in rows}
    links = {unit: link(one.code, first, unit) for unit in rows}
    spec = funnel_of(made, names, links, one, group[0].now.aim, language=language)
    if spec is None:
        return None
    there = [standing for standing in made.ordered if standing.counted]
    return Picture(
        name=f"{chapter}-units",
        code=one.code,
        title=_text("units", language).format(_title(one, language), span),
        says=_says_units(made, names, rows, language),
        spec=spec,
        heads=(
            _text("unit", language),
            _title(one, language),
            _text("counts", language),
            _text("place", language),
        ),
        rows=tuple(
            (
                names[standing.unit],
                rows[standing.unit].value or DASH,
                counts(rows[standing.unit]),
                "" if standing.place == "within" else PLACES[standing.place].in_language(language),
            )
            for standing in there
        ),
        marked=frozenset(place for place, standing in enumerate(there) if standing.place in NAMED_PLACES),
        links=tuple(links[standing.unit] for standing in there),
    )


def _counts(figure: Figure) -> str:
    """The integers behind a value: both of a rate, the cases of a mean; of sums by the billion none."""
    if figure.indicator.measure == "minutes":
        return f"{figure.denominator:,}"
    return counts(figure) if figure.indicator.measure == "percent" else ""


def _sum(points: Sequence[Figure]) -> Figure:
    """A rate of cases over several periods."""
    met = sum(point.numerator for point in points)
    return replace(points[-1], numerator=met, denominator=sum(point.denominator or 0 for point in points))


def _says_units(made: League, names: Mapping[str, str], rows: Mapping[str, Figure], language: str) -> str:
    comma = ", " if language == "en" else "、"

    def one(standing: Standing) -> str:
        return f"{names[standing.unit]} {rows[standing.unit].value} % ({counts(rows[standing.unit])})"

    told = [
        _text("named", language).format(
            PLACES[place].in_language(language).capitalize(),
            comma.join(one(each) for each in made.placed(place)),
        )
        for place in NAMED_PLACES
        if made.placed(place)
    ]
    return " ".join(told) if told else _text("alike", language)


def _text(name: str, language: str) -> str:
    return TEXTS[name].in_language(language)


def _title(one: Declared, language: str) -> str:
    return one.title.in_language(language)


def _name(report: Report, unit: str, language: str) -> str:
    name = report.names.get(unit)
    return name.in_language(language) if name else unit
