"""Declarations as syntax trees of sqlglot: one pass for all indicators that share a table and a moment, for any engine.

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

from bihuan.indicators.engines.sources import SOURCES, Source
from bihuan.kernel import expression as say
from bihuan.kernel.indicator import Indicator

_PARSED = "postgres"
"""The dialect in which this file itself writes the little SQL that it doesn't put together from trees."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine says what the trees leave open. `minutes` is in its own words: whole minutes, rounded down."""

    name: str
    minutes: str
    key: str
    tables: str = ""
    """What stands before a source's name; empty: the table of PostgreSQL."""

    def table(self, source: Source) -> str:
        """The name under which the engine finds the source's rows."""
        return f"{self.tables}{source.name}" if self.tables else source.table


POSTGRESQL = Dialect(
    name="postgres",
    minutes="floor(extract(EPOCH FROM seen.{end} - seen.{start}) / 60)",
    key="uuid",
)

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


def counting(
    indicators: Sequence[Indicator], question: Question, dialect: Dialect = POSTGRESQL, by: str = "unit_id"
) -> str:
    """period, unit (or another column of the table), then denominator and numerator of each indicator."""
    compiler = _Compiler(question, dialect)
    counted: list[exp.Expr] = []
    for one in indicators:
        counted += compiler.counts(one)
    select = exp.select(compiler.period(), exp.column(by, "seen", quoted=True), *counted, copy=False)
    return compiler.asked(select, indicators).group_by("1", "2", copy=False).sql(dialect.name, copy=False)


def finding(one: Indicator, question: Question, part: str, dialect: Dialect = POSTGRESQL) -> exp.Select:
    """The key, cycle and counted moment of the rows behind a figure: the case's key, or of another table the row's own."""
    compiler = _Compiler(question, dialect)
    condition = compiler.compile(_among(one))
    if one.numerator is not None and one.measure == "percent" and part != "denominator":
        among = compiler.compile(one.numerator)
        condition = exp.and_(condition, among if part == "numerator" else exp.not_(_true(among)))
    of_cases = SOURCES[one.table].of_cases
    key, cycle = ("seen.case_id", "seen.cycle") if of_cases else ("seen.id", "1")
    select = exp.select(key, cycle, "seen.counted_at", copy=False)
    return compiler.asked(select, [one]).where(condition, copy=False)


def _among(one: Indicator) -> say.Expression:
    return one.where if one.measure == "ratio" else one.where & one.denominator


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Every tree is built for one question and used once: nothing is copied on the way (`copy=False`), which took most of the time."""

    question: Question
    dialect: Dialect

    def counts(self, one: Indicator) -> list[exp.Expr]:
        """Denominator, then numerator."""
        among = _among(one)
        if one.measure == "ratio":
            below = self._filtered(exp.Sum(this=self.compile(one.denominator)), among)
        else:
            below = self._filtered(exp.Count(this=exp.Star()), among)
        if one.numerator is None:
            return [below, exp.null()]
        if one.measure in ("minutes", "ratio", "sum"):
            return [below, self._filtered(exp.Sum(this=self.compile(one.numerator)), among)]
        return [below, self._filtered(exp.Count(this=exp.Star()), among & one.numerator)]

    def _filtered(self, aggregate: exp.Expr, condition: say.Expression) -> exp.Expr:
        return exp.Filter(this=aggregate, expression=exp.Where(this=self.compile(condition)))

    def asked(self, select: exp.Select, indicators: Sequence[Indicator]) -> exp.Select:
        """From the source's rows, in the periods, of the units."""
        source, counted_at = SOURCES[indicators[0].table], indicators[0].counted_at
        rows = self._rows(source, counted_at, _tied(source, indicators))
        select = select.from_(rows.subquery("seen", copy=False), copy=False)
        low, high = _moment(self.question.bounds[0]), _moment(self.question.bounds[-1])
        counted = exp.column("counted_at", "seen")
        select = select.where(
            exp.GTE(this=counted, expression=low),
            exp.LT(this=counted.copy(), expression=high),
            copy=False,
        )
        if self.question.units is not None:
            keys = [exp.cast(_text(str(key)), self.dialect.key) for key in self.question.units]
            select = select.where(exp.In(this=exp.column("unit_id", "seen"), expressions=keys), copy=False)
        return select

    def _rows(self, source: Source, counted_at: str, tied: frozenset[str] | None) -> exp.Select | exp.Union:
        """The source's rows as they were known at `at`, near the periods asked about, so that an index finds them."""
        live = self._seen(source, self.dialect.table(source), counted_at, tied)
        if not self.question.rebuilt or not source.of_cases:
            return live
        gone = _sql("NOT EXISTS (SELECT 1 FROM stale_case AS gone WHERE gone.id = kept.case_id)")
        live = live.where(gone, copy=False)
        again = self._seen(source, STALE[source.table], counted_at, tied)
        return exp.union(live, again, distinct=False, copy=False)

    def _seen(self, source: Source, table: str, counted_at: str, tied: frozenset[str] | None) -> exp.Select:
        question = self.question
        tied_to = {name: (moment, empty) for name, moment, empty in source.hidden}
        columns: list[exp.Expr] = []
        for column in source.columns:
            name = column.name
            if name in tied_to:
                moment, empty = tied_to[name]
                columns.append(_once(moment, question.at, name, _empty(empty)))
            elif name in source.moments:
                columns.append(_once(name, question.at, name))
            else:
                columns.append(exp.column(name, "kept", quoted=True))
        # A limit in days belongs to its last day, not to the midnight at which it is over.
        due = counted_at == "due_at"
        shown = "(kept.due_at - CASE WHEN kept.by_day THEN INTERVAL '1 second' ELSE INTERVAL '0 second' END)"
        columns.append(_sql(f"{shown if due else f'kept.{counted_at}'} AS counted_at"))
        select = exp.select(*columns, copy=False).from_(f"{table} AS kept", copy=False)
        key = exp.column(counted_at, "kept")
        select = select.where(
            exp.GTE(this=key, expression=_moment(question.bounds[0])),
            exp.LTE(this=key.copy(), expression=_moment(question.bounds[-1])),
            exp.LTE(this=exp.column(source.born, "kept"), expression=_moment(question.at - source.lasts)),
            copy=False,
        )
        if counted_at in source.moments:
            select = select.where(exp.LTE(this=key.copy(), expression=_moment(question.at)), copy=False)
        if tied is not None:
            select = select.where(exp.column(source.tied, "kept").isin(*sorted(tied), copy=False), copy=False)
        return select

    def period(self) -> exp.Expr:
        """The number of the period into which a row falls."""
        bounds = self.question.bounds
        case = exp.Case()
        for index, bound in enumerate(bounds[1:-1]):
            before = exp.LT(this=exp.column("counted_at", "seen"), expression=_moment(bound))
            case = case.when(before, exp.Literal.number(index), copy=False)
        last = exp.Literal.number(len(bounds) - 2)
        return case.else_(last, copy=False) if len(bounds) > 2 else last

    def compile(self, expression: say.Expression) -> exp.Expr:
        """One expression."""
        match expression:
            case say.Column(name):
                return exp.column(name, "seen", quoted=True)
            case say.Value(bool(value)):
                return exp.true() if value else exp.false()
            case say.Value(int(value)):
                return exp.Literal.number(value)
            case say.Value(str(value)):
                return _text(value)
            case say.AsOf():
                return _moment(self.question.at)
            case say.Compare(sign, left, right):
                kind = {"=": exp.EQ, "<": exp.LT, "<=": exp.LTE}[sign]
                return kind(this=self.compile(left), expression=self.compile(right))
            case say.OneOf(column, values):
                return self.compile(column).isin(*values, copy=False)
            case say.IsNull(column):
                return exp.Is(this=self.compile(column), expression=exp.null())
            case say.Both(left, right):
                return exp.and_(self.compile(left), self.compile(right), copy=False)
            case say.Either(left, right):
                return exp.or_(self.compile(left), self.compile(right), copy=False)
            case say.Not(part):
                return exp.not_(self.compile(part), copy=False)
            case say.MinutesBetween(start, end):
                text = self.dialect.minutes.format(start=start.name, end=end.name)
                return sqlglot.parse_one(text, dialect=self.dialect.name)
            case say.Times(left, right):
                return exp.paren(exp.Mul(this=self.compile(left), expression=self.compile(right)), copy=False)
        raise TypeError(f"no SQL for {expression!r}")


def _tied(source: Source, indicators: Sequence[Indicator]) -> frozenset[str] | None:
    if not source.tied:
        return None
    ties = [say.fixed(one.where, source.tied) for one in indicators]
    known = [tie for tie in ties if tie is not None]
    return frozenset[str]().union(*known) if len(known) == len(ties) else None


def _once(moment: str, at: datetime, name: str, empty: exp.Expr | None = None) -> exp.Expr:
    """The column once its moment has come, else what is empty. Put together, since parsing it took a third of a report's time."""
    come = exp.LTE(this=exp.column(moment, "kept"), expression=_moment(at))
    case = exp.Case().when(come, exp.column(name, "kept"), copy=False)
    return exp.alias_(case.else_(empty, copy=False) if empty is not None else case, name, copy=False)


def _empty(text: str) -> exp.Expr:
    return exp.null() if text == "NULL" else _text(text.strip("'"))


def _true(condition: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=exp.paren(condition), expressions=[exp.false()])


def _sql(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, dialect=_PARSED)


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _moment(value: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(value.isoformat()), "timestamptz")
