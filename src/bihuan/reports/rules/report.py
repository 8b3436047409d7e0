"""A report of a week, month or year as values, and what tells two versions of it apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.indicators.rules import Figure, Period, counted_of, rows_of
from bihuan.kernel.indicator import Chapter
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import CHAPTERS, declared
from bihuan.reports.rules.kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Rank:
    """A unit's place among those that were ranked, with the places that chance leaves open."""

    place: int
    best: int
    worst: int
    of: int


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of this period and of those before it, oldest first; the last is this period's.

    `year_before` is the same period of last year, `to_date` the year so far; None where the kind of report has none, or
    nobody asked. `budget` is what a sum or count may come to in the year.
    """

    points: tuple[Figure, ...]
    year_before: Figure | None = None
    to_date: Figure | None = None
    budget: Decimal | None = None
    rank: Rank | None = None

    @property
    def now(self) -> Figure:
        """This period."""
        return self.points[-1]

    @property
    def before(self) -> Figure:
        """The period before."""
        return self.points[-2]

    @property
    def over_budget(self) -> bool | None:
        """Whether the year so far has used more than the year may have; None where nothing is aimed at."""
        used = (self.to_date or self.now).exact
        return None if self.budget is None or used is None else used > self.budget


@dataclass(frozen=True, slots=True)
class Share:
    """A value of a breakdown with its counts now and in the period before, in the order of the breakdown's figures."""

    code: str
    title: Words
    now: tuple[int, ...]
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A breakdown in its chapter: repairs by class, complaints by leaf."""

    code: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """Cases that a chapter names: number, unit, what it is about. `total` is how many there are, named or not."""

    code: str
    total: int
    cases: tuple[tuple[str, str, Words], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A breach named in the report. `late_seconds` is 0 while it runs."""

    case: str
    promise: str
    unit: str
    due_at: datetime
    late_seconds: int
    cause: str
    exemption: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something that a meeting agreed: who does what by when, and how it stands. `earlier`: agreed before this period."""

    case: str
    unit: str
    what: str
    by_when: datetime | None
    state: str
    earlier: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A period's report for the company or one unit. `version` is None as long as it isn't frozen.

    `words` say each chapter in sentences: proposed by rules, or as the editor wrote them.
    """

    kind: Kind
    name: str
    period: Period
    at: datetime
    known: datetime
    seal: int | None
    unit: str | None
    names: dict[str, Words]
    lines: tuple[Line, ...]
    version: int | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    breaches: tuple[Named, ...] = ()
    actions: tuple[Agreed, ...] = ()
    tables: tuple[Table, ...] = ()
    rolls: tuple[Called, ...] = ()
    breach_count: int = 0
    """How many breaches there are, named or not."""
    _counted_before: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_counted_before", counted_of(line.before for line in self.lines))

    @property
    def share(self) -> Fraction:
        """The part of this period's days in those of both, this one and the one before: months aren't equally long."""
        now, before = self.period.days, self.kind.back(self.period).days
        return Fraction(now, now + before)

    @property
    def figures(self) -> list[Figure]:
        """This period's figures in the order of the catalogue."""
        return [line.now for line in self.lines]

    def blank_before(self, figure: Figure) -> bool:
        """Whether the period before counted nothing of the kind: most likely nothing was kept yet, so that nothing is compared."""
        return not rows_of(figure.indicator) <= self._counted_before

    def chapters(self) -> list[tuple[Chapter, list[list[Line]]]]:
        """For each chapter, for each indicator: the whole first, then the bureaus."""
        found = []
        for chapter in CHAPTERS:
            groups: dict[str, list[Line]] = {}
            for line in self.lines:
                if line.now.indicator.chapter == chapter.code:
                    groups.setdefault(line.now.indicator.code, []).append(line)
            found.append((chapter, list(groups.values())))
        return found


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that a later version tells otherwise."""

    code: str
    unit: str | None
    was: tuple[int, int | None] | None
    now: tuple[int, int | None] | None

    def told(self) -> dict[str, object]:
        """As it is kept."""
        was, now = (None if pair is None else list(pair) for pair in (self.was, self.now))
        return {"code": self.code, "unit": self.unit, "was": was, "is": now}


def content(report: Report) -> str:
    """What is frozen: every integer of the report, the names of the units, and the edition of every declaration."""
    return json.dumps(
        {
            "kind": report.kind.code,
            "name": report.name,
            "unit": report.unit,
            "from": report.period.first.isoformat(),
            "to": report.period.last.isoformat(),
            "zone": str(report.period.zone),
            "at": report.at.isoformat(),
            "known": report.known.isoformat(),
            "seal": report.seal,
            "names": {code: [name.zh, name.en] for code, name in report.names.items()},
            "editions": {line.now.indicator.code: line.now.indicator.edition for line in report.lines},
            "figures": [figure.told("zh-hans") for figure in report.figures],
            "words": {chapter: [text.zh, text.en] for chapter, text in report.words.items()},
            "breaches": [
                [
                    one.case,
                    one.promise,
                    one.unit,
                    one.due_at.isoformat(),
                    one.late_seconds,
                    one.cause,
                    one.exemption,
                ]
                for one in report.breaches
            ],
            "breach_count": report.breach_count,
            "actions": [
                [
                    one.case,
                    one.unit,
                    one.what,
                    one.by_when.isoformat() if one.by_when else None,
                    one.state,
                    one.earlier,
                ]
                for one in report.actions
            ],
            "points": [[_pair(point) for point in line.points] for line in report.lines],
            "beside": [[_pair(line.year_before), _pair(line.to_date)] for line in report.lines],
            "budgets": [None if line.budget is None else str(line.budget) for line in report.lines],
            "ranks": [
                line.rank and [line.rank.place, line.rank.best, line.rank.worst, line.rank.of]
                for line in report.lines
            ],
            "tables": [
                [
                    table.code,
                    [
                        [share.code, [share.title.zh, share.title.en], share.now, share.before]
                        for share in table.shares
                    ],
                ]
                for table in report.tables
            ],
            "rolls": [
                [
                    roll.code,
                    roll.total,
                    [[number, unit, [what.zh, what.en]] for number, unit, what in roll.cases],
                ]
                for roll in report.rolls
            ],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _pair(figure: Figure | None) -> list[int | None] | None:
    return None if figure is None else [figure.numerator, figure.denominator]


def digest(text: str) -> str:
    """SHA-256 of a frozen content."""
    return hashlib.sha256(text.encode()).hexdigest()


def report_from(text: str, *, version: int) -> Report:
    """A frozen report as values again. Indicators that the catalogue has no longer are left out.

    A content frozen before there were months and years says `week` and `weeks`, and has nothing beside; it stays readable.
    """
    told: dict[str, Any] = json.loads(text)
    count = len(told["figures"])
    told = {
        "kind": "weekly",
        "name": told.get("week"),
        "points": told.get("weeks"),
        "beside": [[None, None]] * count,
        "budgets": [None] * count,
        "ranks": [None] * count,
        "words": {},
        "breaches": [],
        "actions": [],
        "tables": [],
        "rolls": [],
    } | told
    lines = []
    for place, (figure, points) in enumerate(zip(told["figures"], told["points"], strict=True)):
        try:
            one = declared(figure["code"])
        except KeyError:
            continue
        aim = None if figure["target"] is None else Decimal(figure["target"])
        year_before, to_date = (
            None if pair is None else Figure(one, figure["unit"], *pair) for pair in told["beside"][place]
        )
        budget, rank = told["budgets"][place], told["ranks"][place]
        lines.append(
            Line(
                tuple(Figure(one, figure["unit"], above, below, aim) for above, below in points),
                year_before,
                to_date,
                None if budget is None else Decimal(budget),
                None if rank is None else Rank(*rank),
            )
        )
    return Report(
        kind=KINDS[told["kind"]],
        name=told["name"],
        period=Period(
            date.fromisoformat(told["from"]), date.fromisoformat(told["to"]), ZoneInfo(told["zone"])
        ),
        at=datetime.fromisoformat(told["at"]),
        known=datetime.fromisoformat(told["known"]),
        seal=told["seal"],
        unit=told["unit"],
        names={code: Words(zh=zh, en=en) for code, (zh, en) in told["names"].items()},
        lines=tuple(lines),
        version=version,
        words={chapter: Words(zh=zh, en=en) for chapter, (zh, en) in told["words"].items()},
        breaches=tuple(
            Named(case, promise, unit, datetime.fromisoformat(due), late, cause, exemption)
            for case, promise, unit, due, late, cause, exemption in told["breaches"]
        ),
        breach_count=told.get("breach_count", len(told["breaches"])),
        actions=tuple(
            Agreed(case, unit, what, datetime.fromisoformat(due) if due else None, state, earlier)
            for case, unit, what, due, state, earlier in told["actions"]
        ),
        tables=tuple(
            Table(
                code,
                tuple(
                    Share(value, Words(zh=zh, en=en), tuple(now), tuple(before))
                    for value, (zh, en), now, before in shares
                ),
            )
            for code, shares in told["tables"]
        ),
        rolls=tuple(
            Called(
                code, total, tuple((number, unit, Words(zh=zh, en=en)) for number, unit, (zh, en) in cases)
            )
            for code, total, cases in told["rolls"]
        ),
    )


def differences(before: str, after: str) -> list[Changed]:
    """This period's figures that two contents tell differently; an indicator that one of them doesn't know is no difference.

    Nor is a row that stands in one of them alone and says that nothing was counted: bureaus open and close.
    """
    was, now = _pairs(before), _pairs(after)
    both = {code for code, _ in was} & {code for code, _ in now}
    return [
        Changed(code, unit, was.get((code, unit)), now.get((code, unit)))
        for code, unit in [*was, *(key for key in now if key not in was)]
        if code in both and _something(was.get((code, unit))) != _something(now.get((code, unit)))
    ]


def _something(pair: tuple[int, int | None] | None) -> tuple[int, int | None] | None:
    return pair if pair and any(pair) else None


def _pairs(text: str) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    return {
        (figure["code"], figure["unit"]): (figure["numerator"], figure["denominator"])
        for figure in json.loads(text)["figures"]
    }


def words_of(text: str) -> dict[str, list[str]]:
    """The sentences of a frozen content, by chapter."""
    told: dict[str, list[str]] = json.loads(text).get("words", {})
    return told


def editions_of(text: str) -> dict[str, int]:
    """The editions of the declarations by which a frozen content was counted."""
    told: dict[str, int] = json.loads(text).get("editions", {})
    return told
