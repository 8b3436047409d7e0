"""Declarations as SQL, put together with sqlglot: one pass for all indicators that share a table and a moment.

Every value in the text is a literal written by sqlglot: the declarations' own, moments, keys. Nothing a user typed goes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

import sqlglot
from sqlglot import exp

from bihuan.kernel import expression as say
from bihuan.kernel.indicator import Indicator

DIALECT = "postgres"


@dataclass(frozen=True, slots=True)
class Source:
    """A table as it can be asked about: `hidden` maps a column to the moment before which nothing is known of it."""

    table: str
    born: str
    plain: tuple[str, ...]
    moments: tuple[str, ...]
    hidden: tuple[tuple[str, str, str], ...] = ()
    tied: str = ""
    """A column that an index begins with."""


CYCLE = Source(
    table="cases_cycle",
    born="accepted_at",
    plain=(
        *(
            "case_id",
            "cycle",
            "loop",
            "unit_id",
            "area",
            "customer_class",
            "kind",
            "leaf",
            "severity",
            "source",
        ),
        *("callback", "imported", "amount_due", "amount_paid", "amount_recovered"),
    ),
    moments=(
        "accepted_at",
        "dispatched_at",
        "received_at",
        "contacted_at",
        "arrived_at",
        "restored_at",
        "answered_at",
        "done_at",
        "called_at",
        "verified_at",
        "confirmed_at",
        "ended_at",
        "repeated_at",
        "planned_at",
        "reviewed_at",
        "inspected_at",
        "assessed_at",
        "paid_at",
        "recovered_at",
        "energised_at",
        "appealed_at",
        "decided_at",
        "supervised_at",
    ),
    hidden=(
        ("ending", "ended_at", "''"),
        ("satisfaction", "verified_at", "''"),
        ("solved", "verified_at", "NULL"),
        ("responsibility", "decided_at", "''"),
    ),
)
CLOCK = Source(
    table="promises_clock",
    born="started_at",
    plain=(
        "case_id",
        "cycle",
        "loop",
        "promise",
        "public",
        "unit_id",
        "area",
        "customer_class",
        "started_at",
        "due_at",
        "by_day",
        "kind",
        "imported",
    ),
    moments=("ended_at", "void_at", "suspended_at"),
    tied="promise",
)
SOURCES = {"cycle": CYCLE, "clock": CLOCK}

STALE = {"cases_cycle": "stale_cycle", "promises_clock": "stale_clock"}
"""Temporary tables: the rows of cases in which something was recorded later than is asked about."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: periods between neighbouring bounds, as of `at`, of these units (None: of all)."""

    bounds: tuple[datetime, ...]
    at: datetime
    units: tuple[UUID, ...] | None = None
    rebuilt: bool = False
    """Whether the temporary tables stand in for the cases they hold."""


def passes(indicators: Sequence[Indicator]) -> list[list[Indicator]]:
    """Indicators that one pass answers: the same table, the same moment."""

    def key(one: Indicator) -> tuple[str, str]:
        return one.table, one.counted_at

    return [list(group) for _, group in groupby(sorted(indicators, key=key), key=key)]


def counting(indicators: Sequence[Indicator], question: Question) -> str:
    """period, unit, then denominator and numerator of each indicator."""
    counted: list[exp.Expr] = []
    for one in indicators:
        among = _among(one)
        counted.append(_filtered(exp.Count(this=exp.Star()), among, question))
        if one.numerator is None:
            counted.append(exp.null())
        elif one.measure == "minutes":
            counted.append(_filtered(exp.Sum(this=_compile(one.numerator, question.at)), among, question))
        else:
            counted.append(_filtered(exp.Count(this=exp.Star()), among & one.numerator, question))
    select = exp.select(_period(question.bounds), exp.column("unit_id", "seen"), *counted)
    return _from(select, indicators, question).group_by("1", "2").sql(DIALECT)


def finding(one: Indicator, question: Question, part: str) -> exp.Select:
    """case_id, cycle and the counted moment of the rows behind a figure, in order."""
    condition = _compile(_among(one), question.at)
    if one.numerator is not None and one.measure != "minutes" and part != "denominator":
        among = _compile(one.numerator, question.at)
        condition = exp.and_(condition, among if part == "numerator" else exp.not_(_true(among)))
    select = exp.select("seen.case_id", "seen.cycle", "seen.counted_at")
    return _from(select, [one], question).where(condition)


def _among(one: Indicator) -> say.Expression:
    return one.where & one.denominator


def _filtered(aggregate: exp.Expr, condition: say.Expression, question: Question) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=exp.Where(this=_compile(condition, question.at)))


def _from(select: exp.Select, indicators: Sequence[Indicator], question: Question) -> exp.Select:
    source, counted_at = SOURCES[indicators[0].table], indicators[0].counted_at
    rows = _rows(source, counted_at, _tied(source, indicators), question)
    select = select.from_(rows.subquery("seen"))
    low, high = _moment(question.bounds[0]), _moment(question.bounds[-1])
    counted = exp.column("counted_at", "seen")
    select = select.where(exp.GTE(this=counted, expression=low), exp.LT(this=counted.copy(), expression=high))
    if question.units is not None:
        keys = [exp.cast(_text(str(key)), "uuid") for key in question.units]
        select = select.where(exp.In(this=exp.column("unit_id", "seen"), expressions=keys))
    return select


def _rows(
    source: Source, counted_at: str, tied: frozenset[str] | None, question: Question
) -> exp.Select | exp.Union:
    """The source's rows as they were known at `at`, near the periods asked about, so that an index finds them."""
    live = _seen(source, source.table, counted_at, tied, question)
    if not question.rebuilt:
        return live
    live = live.where(_sql("NOT EXISTS (SELECT 1 FROM stale_case AS gone WHERE gone.id = kept.case_id)"))
    return exp.union(live, _seen(source, STALE[source.table], counted_at, tied, question), distinct=False)


def _seen(
    source: Source, table: str, counted_at: str, tied: frozenset[str] | None, question: Question
) -> exp.Select:
    at = _moment(question.at).sql(DIALECT)
    shown = "due_at - CASE WHEN by_day THEN INTERVAL '1 second' ELSE INTERVAL '0 second' END"
    columns = [f"kept.{name}" for name in source.plain]
    columns += [f"CASE WHEN kept.{name} <= {at} THEN kept.{name} END AS {name}" for name in source.moments]
    columns += [
        f"CASE WHEN kept.{moment} <= {at} THEN kept.{name} ELSE {empty} END AS {name}"
        for name, moment, empty in source.hidden
    ]
    # A limit in days belongs to its last day, not to the midnight at which it is over.
    counted = f"({shown})" if counted_at == "due_at" else counted_at
    columns.append(f"{counted} AS counted_at")
    select = exp.select(*(_sql(column) for column in columns)).from_(f"{table} AS kept")
    key, low, high = exp.column(counted_at, "kept"), question.bounds[0], question.bounds[-1]
    select = select.where(
        exp.GTE(this=key, expression=_moment(low)),
        exp.LTE(this=key.copy(), expression=_moment(high)),
        exp.LTE(this=exp.column(source.born, "kept"), expression=_moment(question.at)),
    )
    if counted_at != "due_at":
        select = select.where(exp.LTE(this=key.copy(), expression=_moment(question.at)))
    if tied is not None:
        select = select.where(exp.column(source.tied, "kept").isin(*sorted(tied)))
    return select


def _tied(source: Source, indicators: Sequence[Indicator]) -> frozenset[str] | None:
    if not source.tied:
        return None
    ties = [say.fixed(one.where, source.tied) for one in indicators]
    known = [tie for tie in ties if tie is not None]
    return frozenset[str]().union(*known) if len(known) == len(ties) else None


def _period(bounds: Sequence[datetime]) -> exp.Expr:
    case = exp.Case()
    for index, bound in enumerate(bounds[1:-1]):
        before = exp.LT(this=exp.column("counted_at", "seen"), expression=_moment(bound))
        case = case.when(before, exp.Literal.number(index))
    last = exp.Literal.number(len(bounds) - 2)
    return case.else_(last) if len(bounds) > 2 else last


def _compile(expression: say.Expression, at: datetime) -> exp.Expr:
    match expression:
        case say.Column(name):
            return exp.column(name, "seen")
        case say.Value(bool(value)):
            return exp.true() if value else exp.false()
        case say.Value(int(value)):
            return exp.Literal.number(value)
        case say.Value(str(value)):
            return _text(value)
        case say.AsOf():
            return _moment(at)
        case say.Compare(sign, left, right):
            kind = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE}[sign]
            return kind(this=_compile(left, at), expression=_compile(right, at))
        case say.OneOf(column, values):
            return _compile(column, at).isin(*values)
        case say.IsNull(column):
            return exp.Is(this=_compile(column, at), expression=exp.null())
        case say.Both(left, right):
            return exp.and_(_compile(left, at), _compile(right, at))
        case say.Either(left, right):
            return exp.or_(_compile(left, at), _compile(right, at))
        case say.Not(part):
            return exp.not_(_compile(part, at))
        case say.MinutesBetween(start, end):
            return _sql(f"floor(extract(EPOCH FROM seen.{end.name} - seen.{start.name}) / 60)")
    raise TypeError(f"no SQL for {expression!r}")


def _true(condition: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=exp.paren(condition), expressions=[exp.false()])


def _sql(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, dialect=DIALECT)


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _moment(value: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(value.isoformat()), "timestamptz")
