"""How the values of a breakdown and the cases of a roll read in a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from bihuan.cases.models import Case
from bihuan.kernel.fact import Fact
from bihuan.kernel.indicator import Breakdown
from bihuan.kernel.words import Words
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.indicators.catalogue import indicator
from bihuan.outages import queries as outages
from bihuan.outages.models import Outage
from bihuan.outages.rules import CAUSES
from bihuan.packs import queries as packs
from bihuan.standards import queries as standards

GIVEN = {
    "source-due": Words(zh="来源系统给定的期限", en="Due date given by the source"),
    "agreed-due": Words(zh="议定期限", en="Agreed date"),
}
HOUR = timedelta(hours=1)
UNSAID = Words(zh="未注明", en="not said")


def titles_of(table: Breakdown, values: Iterable[str], on: date) -> dict[str, Words]:
    """The values of the column by which a breakdown splits, as they read on that day."""
    if table.by == "line":
        names = outages.line_names(values)
        return {
            code: Words(zh=f"{name} {code}".strip(), en=f"{name} {code}".strip())
            for code, name in names.items()
        }
    return {value: title_of(table, value, on) for value in values}


def title_of(table: Breakdown, value: str, on: date) -> Words:
    """A value of the column by which a breakdown splits, as it read on that day."""
    if not value:
        return UNSAID
    if table.by == "loop":
        return next((loop.title for loop in LOOPS if loop.code == value), Words(zh=value, en=value))
    if table.by == "promise":
        return promise_title(value)
    if indicator(table.of[0]).table == "outage":
        return CAUSES.get(value, Words(zh=value, en=value))
    for fact in _facts(table.by):
        told = _said(fact, value, on)
        if told is not None:
            return told
    return Words(zh=value, en=value)


def promise_title(code: str) -> Words:
    """A promise as the packs that are, were or will be adopted name it; given due dates by their own names."""
    for pack in packs.editions():
        for promise in pack.promises:
            if promise.code == code:
                return promise.title
    return GIVEN.get(code, Words(zh=code, en=code))


def about(case: Case, on: date) -> Words:
    """What a case is about: its business and class."""
    loop = next((loop for loop in LOOPS if loop.code == case.loop), None)
    if loop is None:
        return Words(zh=case.loop, en=case.loop)
    fact = loop.opening.fact("kind")
    told = _said(fact, case.kind, on) if fact and case.kind else None
    if told is None:
        return loop.title
    return Words(zh=f"{loop.title.zh}·{told.zh}", en=f"{loop.title.en}: {told.en}")


def about_outage(one: Outage) -> Words:
    """What an outage was: how long it took and where."""
    if one.started_at is None or one.ended_at is None:
        return Words(zh=one.places, en=one.places)
    hours = f"{(one.ended_at - one.started_at) / HOUR:.1f}"
    return Words(zh=f"{hours}小时，{one.places}", en=f"{hours} h, {one.places}")


def _facts(column: str) -> list[Fact]:
    """The facts that fill a column, each wording once."""
    return list(
        dict.fromkeys(
            fact for loop in LOOPS for step in loop.steps for fact in step.facts if fact.column == column
        )
    )


def _said(fact: Fact, value: str, on: date) -> Words | None:
    if fact.listing:
        path = standards.path_of(fact.listing, value, on)
        return (
            Words(
                zh=" › ".join(dict.fromkeys(one.zh for one in path if one.zh)),
                en=" › ".join(dict.fromkeys(one.en for one in path if one.en)),
            )
            if path
            else None
        )
    return next((choice.title for choice in fact.choices if choice.code == value), None)
