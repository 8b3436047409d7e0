"""Declarations as SQL: each indicator in exactly one pass, and nothing that another engine has no words for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest
import sqlglot
from sqlglot import ErrorLevel

from bihuan.indicators.engines.compiling import POSTGRESQL, Question, counting, passes
from bihuan.indicators.engines.duckdb import DUCKDB
from bihuan.indicators.engines.spark import SPARK
from bihuan.indicators.rules import value
from bihuan.kernel.expression import Column, MinutesBetween, Times, columns, fixed
from bihuan.kernel.indicator import Indicator
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import CHAPTERS, INDICATORS

QUESTION = Question(
    bounds=tuple(datetime(2007, 6, day, tzinfo=UTC) for day in (4, 11, 18)),
    at=datetime(2007, 6, 19, tzinfo=UTC),
)


def test_every_indicator_is_counted_in_exactly_one_pass() -> None:
    counted = [one.code for group in passes(INDICATORS) for one in group]

    assert sorted(counted) == sorted(one.code for one in INDICATORS)
    assert len(passes(INDICATORS)) == 9


def test_codes_are_used_once_and_chapters_exist() -> None:
    assert len({one.code for one in INDICATORS}) == len(INDICATORS)
    assert {one.chapter for one in INDICATORS} == {chapter.code for chapter in CHAPTERS}


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
@pytest.mark.parametrize("number", range(9))
def test_a_pass_can_be_written_for_the_engines_of_the_archive(number: int, dialect: str) -> None:
    statement = counting(passes(INDICATORS)[number], QUESTION)

    (written,) = sqlglot.transpile(
        statement, read="postgres", write=dialect, unsupported_level=ErrorLevel.RAISE
    )

    assert "FILTER" in written


def test_a_condition_tells_to_which_values_it_ties_a_column() -> None:
    tied = Column("promise").is_("a") & Column("loop").is_("repair")

    assert fixed(tied, "promise") == frozenset({"a"})
    assert fixed(tied | Column("promise").in_("b", "c"), "promise") == frozenset({"a", "b", "c"})
    assert fixed(tied | Column("public"), "promise") is None
    assert set(columns(tied)) == {"promise", "loop"}


def test_a_ratio_is_a_sum_over_a_sum_in_every_dialect() -> None:
    words = Words(zh="停电时户数", en="customer minutes")
    lost = Times(Column("users"), MinutesBetween(Column("started_at"), Column("ended_at")))
    one = Indicator(
        code="outage.test",
        title=words,
        source=words,
        rule=words,
        chapter="supply",
        table="outage",
        measure="ratio",
        where=Column("shortage").is_(False),
        denominator=Column("users"),
        numerator=lost,
        counted_at="started_at",
        scale=Fraction(1, 60),
    )

    for dialect in (POSTGRESQL, DUCKDB, SPARK):
        written = counting([one], QUESTION, dialect)
        assert written.count("SUM(") == 2
        assert "COUNT(" not in written
    assert value(one, 90, 2) == "0.75"


def test_only_a_ratio_has_a_scale() -> None:
    with pytest.raises(ValueError, match="only a ratio or a sum has a scale"):
        replace(INDICATORS[0], scale=Fraction(2))
