"""The weekly report as values, and what tells two versions of it apart."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.indicators.rules import Figure, Period
from bihuan.kernel.indicator import Chapter
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import CHAPTERS, declared


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of this week and of the weeks before it, oldest first; the last is this week's."""

    weeks: tuple[Figure, ...]

    @property
    def now(self) -> Figure:
        """This week."""
        return self.weeks[-1]

    @property
    def before(self) -> Figure:
        """The week before."""
        return self.weeks[-2]


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
    """Something that a meeting agreed: who does what by when, and how it stands. `earlier`: agreed before this week."""

    case: str
    unit: str
    what: str
    by_when: datetime | None
    state: str
    earlier: bool


@dataclass(frozen=True, slots=True)
class Weekly:
    """A week's report for the company or one unit. `version` is None as long as it isn't frozen.

    `words` say each chapter in sentences: proposed by rules, or as the editor wrote them.
    """

    week: str
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

    @property
    def figures(self) -> list[Figure]:
        """This week's figures in the order of the catalogue."""
        return [line.now for line in self.lines]

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


def content(weekly: Weekly) -> str:
    """What is frozen: every integer of the report, the names of the units, and the edition of every declaration."""
    return json.dumps(
        {
            "week": weekly.week,
            "unit": weekly.unit,
            "from": weekly.period.first.isoformat(),
            "to": weekly.period.last.isoformat(),
            "zone": str(weekly.period.zone),
            "at": weekly.at.isoformat(),
            "known": weekly.known.isoformat(),
            "seal": weekly.seal,
            "names": {code: [name.zh, name.en] for code, name in weekly.names.items()},
            "editions": {line.now.indicator.code: line.now.indicator.edition for line in weekly.lines},
            "figures": [figure.told("zh-hans") for figure in weekly.figures],
            "words": {chapter: [text.zh, text.en] for chapter, text in weekly.words.items()},
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
                for one in weekly.breaches
            ],
            "actions": [
                [
                    one.case,
                    one.unit,
                    one.what,
                    one.by_when.isoformat() if one.by_when else None,
                    one.state,
                    one.earlier,
                ]
                for one in weekly.actions
            ],
            "weeks": [[[week.numerator, week.denominator] for week in line.weeks] for line in weekly.lines],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def digest(text: str) -> str:
    """SHA-256 of a frozen content."""
    return hashlib.sha256(text.encode()).hexdigest()


def weekly_from(text: str, *, version: int) -> Weekly:
    """A frozen report as values again. Indicators that the catalogue has no longer are left out."""
    told: dict[str, Any] = json.loads(text)
    lines = []
    for figure, weeks in zip(told["figures"], told["weeks"], strict=True):
        try:
            one = declared(figure["code"])
        except KeyError:
            continue
        aim = None if figure["target"] is None else Decimal(figure["target"])
        lines.append(Line(tuple(Figure(one, figure["unit"], above, below, aim) for above, below in weeks)))
    return Weekly(
        week=told["week"],
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
        words={chapter: Words(zh=zh, en=en) for chapter, (zh, en) in told.get("words", {}).items()},
        breaches=tuple(
            Named(case, promise, unit, datetime.fromisoformat(due), late, cause, exemption)
            for case, promise, unit, due, late, cause, exemption in told.get("breaches", [])
        ),
        actions=tuple(
            Agreed(case, unit, what, datetime.fromisoformat(due) if due else None, state, earlier)
            for case, unit, what, due, state, earlier in told.get("actions", [])
        ),
    )


def differences(before: str, after: str) -> list[Changed]:
    """This week's figures that two contents tell differently."""
    was, now = _pairs(before), _pairs(after)
    return [
        Changed(code, unit, was.get((code, unit)), now.get((code, unit)))
        for code, unit in [*was, *(key for key in now if key not in was)]
        if was.get((code, unit)) != now.get((code, unit))
    ]


def _pairs(text: str) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    return {
        (figure["code"], figure["unit"]): (figure["numerator"], figure["denominator"])
        for figure in json.loads(text)["figures"]
    }


def words_of(text: str) -> dict[str, list[str]]:
    """The sentences of a frozen content, by chapter."""
    told: dict[str, list[str]] = json.loads(text).get("words", {})
    return told
