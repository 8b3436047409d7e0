"""Promises that no single case keeps: how each is counted follows from its declaration; averages by area and unit; levels; notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.indicators.queries import promised
from bihuan.indicators.queries.promised import Level, Mean
from bihuan.indicators.rules import Figure, Period
from bihuan.kernel.limit import Limit, LimitUnit
from bihuan.kernel.promise import Promise
from bihuan.loops.indicators.catalogue import indicator
from bihuan.packs import queries as packs
from bihuan.people.rules import Scope
from tests.cast import CHONGQING, Cast, gather, moment

COMPANY = Scope(company=True, paths=())


def one(pack: str, code: str) -> Promise:
    return packs.load(pack).named(code)[0]


@pytest.mark.parametrize(
    ("pack", "code", "way"),
    [
        ("sgcc-2005", "supply-reliability-city", "level"),
        ("sgcc-2022", "voltage-rural", "level"),
        ("sgcc-2005", "price-display", "inspection"),
        ("sgcc-2005", "outage-notice-planned", "notices"),
        ("chongqing-2007", "outage-notice-fault", "notices"),
        ("chongqing-2007", "repair-arrival", "clocks"),
        ("sgcc-2022", "repair-arrival", "clocks"),
        ("sgcc-2005", "energise", ""),
        ("victoria", "annual-hours-20", ""),
        ("gb-2015", "supply-restoration", "clocks"),
    ],
)
def test_how_a_promise_is_counted_follows_from_its_declaration(pack: str, code: str, way: str) -> None:
    assert promised.way(one(pack, code)) == way


@given(st.lists(st.integers(0, 20_000), max_size=8), st.integers(1, 300))
def test_an_average_is_kept_when_it_is_at_most_its_limit(lasted: list[int], minutes: int) -> None:
    mean = Mean("urban", None, Limit(minutes, LimitUnit.minutes), sum(lasted), len(lasted))

    slow = None if not lasted else Fraction(sum(lasted), len(lasted)) <= minutes * 60

    assert mean.kept is slow


def test_an_average_in_working_days_has_no_verdict() -> None:
    assert Mean("", None, Limit(3, LimitUnit.working_days), 60, 1).kept is None


@pytest.mark.parametrize(
    ("reached", "kept"), [((9_990, 10_000), True), ((9_989_999, 10_000_000), False), ((0, 0), None)]
)
def test_a_level_is_judged_by_its_exact_value(reached: tuple[int, int], kept: bool | None) -> None:
    found = Figure(indicator("supply.rs1.urban"), None, *reached)

    assert Level(one("sgcc-2005", "supply-reliability-city"), found).kept is kept


def test_a_level_that_somebody_else_sets_has_a_figure_and_no_verdict() -> None:
    found = Figure(indicator("supply.rs1.rural"), None, 1, 1)

    assert Level(one("sgcc-2005", "supply-reliability-rural"), found).kept is None


@pytest.mark.django_db
def test_averages_by_area_and_unit_are_sums_over_counts(settings: pytest.FixtureRequest) -> None:
    settings.BIHUAN_PACKS = ["sgcc-2022"]  # type: ignore[attr-defined]
    packs.forget()
    cast = gather()
    for minutes in (30, 50, 56):
        arrives(cast, minutes, "urban")
    arrives(cast, 91, "rural")

    found = averages(one("sgcc-2022", "repair-arrival"))

    told = {area.whole.area: (area.whole.seconds // 60, area.whole.count, area.whole.kept) for area in found}
    assert told == {"urban": (136, 3, False), "rural": (91, 1, False), "remote": (0, 0, None)}
    assert [(mean.unit.code if mean.unit else "", mean.count) for mean in found[0].units] == [("YJP", 3)]


@pytest.mark.django_db
def test_what_a_reader_may_not_see_is_in_no_average(settings: pytest.FixtureRequest) -> None:
    settings.BIHUAN_PACKS = ["sgcc-2022"]  # type: ignore[attr-defined]
    packs.forget()
    cast = gather()
    arrives(cast, 30, "urban")

    found = averages(one("sgcc-2022", "repair-arrival"), Scope(company=False, paths=(cast.nan.path,)))

    assert {area.whole.count for area in found} == {0}


@pytest.mark.django_db
def test_levels_of_a_company_without_readings_are_unknown() -> None:
    gather()
    promises = [one("sgcc-2005", "voltage-city"), one("sgcc-2005", "repair-arrival")]

    found = promised.levels(
        promises,
        seen=COMPANY,
        period=Period(date(2007, 1, 1), date(2007, 6, 30), CHONGQING),
        at=moment("2007-06-30 12:00"),
    )

    (level,) = found.values()
    assert (level.figure and level.figure.value, level.kept) == (None, None)


def test_a_level_names_an_indicator_that_is_there() -> None:
    for code in packs.known():
        for told in packs.load(code).promises:
            if told.indicator:
                assert told.kind == "period_level"
                assert indicator(told.indicator).in_percent


def averages(promise: Promise, seen: Scope = COMPANY) -> tuple[promised.Average, ...]:
    found = promised.averages(
        [promise, replace(promise, code="other")],
        seen=seen,
        since=moment("2022-01-01 00:00"),
        until=moment("2023-01-01 00:00"),
        at=moment("2022-12-01 00:00"),
    )
    return found[promise.pack, promise.edition, promise.code]


def arrives(cast: Cast, minutes: int, area: str) -> None:
    case = cast.opens("repair", at=moment("2022-06-07 09:00"), facts={"area": area})
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=1), facts={"unit": "YJP"})
    cast.takes(case, "receive", cast.dispatcher, at=cast.later(minutes=1), facts={"crew": "YJP-Q1"})
    cast.takes(case, "arrive", cast.crew, at=moment("2022-06-07 09:00") + timedelta(minutes=minutes))
