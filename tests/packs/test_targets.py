"""Targets by unit and year: the files' stand until somebody sets others, and what held stays known."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, connection

from bihuan.indicators.queries import figures
from bihuan.kernel.words import Words
from bihuan.loops.indicators.catalogue import DECLARED
from bihuan.packs.actions import MayNotSetTargets, NoSuchTarget, set_owner, set_target
from bihuan.packs.queries import targets
from bihuan.packs.rules import Aim, PackFault, Sheet, gathered, targets_from
from tests.cast import Cast, gather, moment
from tests.indicators.test_figures import MONDAY_AFTER, WEEK

MAY, JUNE = date(2007, 5, 1), date(2007, 6, 1)
CODES = [one.code for one in DECLARED]

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return gather()


def aim(value: str | None, unit: str | None = None, day: date = MAY) -> Aim:
    told = None if value is None else Decimal(value)
    return Aim("repair.satisfied", unit, day, told, Words(zh="", en=""))


def sets(cast: Cast, value: str, **more: Any) -> None:
    given = {
        "indicator": "repair.satisfied",
        "unit": None,
        "from_date": MAY,
        "source": "年度责任书",
        "by": cast.editor.actor,
        "recorded_at": moment("2007-04-20 09:00"),
    }
    set_target(value=value, **(given | more))


def test_the_plan_of_2006_aims_at_what_the_speech_told() -> None:
    told = gathered(targets.from_files(), [])

    assert told.of("complaint.first_time", None, JUNE) == Decimal("99.5")
    assert told.of("callback.satisfied", None, JUNE) == 95
    assert told.of("supply.rs1.urban", None, JUNE) == Decimal("99.90")
    assert told.of("complaint.first_time", None, date(2005, 12, 31)) is None
    assert told.of("repair.count", None, JUNE) is None


def test_a_unit_has_its_own_target_else_the_companys() -> None:
    told = gathered([aim("95")], [aim("97", "YJP", JUNE)])

    assert told.of("repair.satisfied", "YJP", JUNE) == 97
    assert told.of("repair.satisfied", "YJP", MAY) == 95
    assert told.of("repair.satisfied", "WZ", JUNE) == 95


def test_a_target_taken_away_gives_back_the_companys_and_of_the_company_none() -> None:
    told = gathered([aim("95")], [aim("97", "YJP"), aim(None, "YJP", JUNE)])
    assert told.of("repair.satisfied", "YJP", JUNE) == 95

    told = gathered([aim("95")], [aim(None, None, JUNE)])
    assert told.of("repair.satisfied", None, MAY) == 95
    assert told.of("repair.satisfied", "YJP", JUNE) is None


def test_of_two_for_the_same_day_the_newer_holds() -> None:
    assert gathered([], [aim("95"), aim("96")]).of("repair.satisfied", None, MAY) == 96


def test_a_figure_is_held_against_the_target_of_its_unit_and_day(cast: Cast) -> None:
    cast.restores(cast.opens())
    sets(cast, "98.5", unit="YJP", from_date=date(2007, 6, 10))
    sets(cast, "99", unit="YJP", from_date=date(2007, 6, 11))

    (now,) = figures(periods=[WEEK], at=MONDAY_AFTER, codes=["repair.satisfied"])
    (before,) = figures(periods=[WEEK.weeks_before(1)], at=MONDAY_AFTER, codes=["repair.satisfied"])

    assert {row.unit: row.target for row in now}["YJP"] == "98.50"
    assert {row.unit: row.target for row in now}[None] == "95.00"
    assert {row.unit: row.target for row in before}["YJP"] == "95.00"


def test_what_was_aimed_at_then_stays_known(cast: Cast) -> None:
    sets(cast, "99", recorded_at=moment("2007-06-08 09:00"))

    before = targets.standing(known=moment("2007-06-08 08:59"))

    assert before.of("repair.satisfied", None, JUNE) == 95
    assert targets.standing().of("repair.satisfied", None, JUNE) == 99


@pytest.mark.parametrize(
    ("value", "more", "field"),
    [
        ("many", {}, "value"),
        ("NaN", {}, "value"),
        ("-1", {}, "value"),
        ("100.5", {}, "value"),
        ("1.23456", {}, "value"),
        ("95", {"source": " "}, "source"),
        ("95", {"span": "year"}, "span"),
        ("95", {"span": "week"}, "span"),
        ("95", {"indicator": "repair.nothing"}, "indicator"),
    ],
)
def test_what_can_not_be_aimed_at_is_told_with_its_field(
    cast: Cast, value: str, more: dict[str, str], field: str
) -> None:
    with pytest.raises(NoSuchTarget) as refused:
        sets(cast, value, **more)

    assert refused.value.field == field
    assert targets.history("repair.satisfied") == []


def test_a_unit_that_does_not_exist_is_told(cast: Cast) -> None:
    with pytest.raises(NoSuchTarget) as refused:
        sets(cast, "95", unit="NOWHERE")

    assert refused.value.field == "unit"


def test_a_sum_may_have_a_target_for_the_year(cast: Cast) -> None:
    sets(cast, "12000", indicator="supply.user_hours", span="year", from_date=date(2007, 1, 1))

    told = targets.standing()

    assert told.of("supply.user_hours", None, JUNE, "year") == 12_000
    assert told.of("supply.user_hours", None, JUNE) is None


def test_only_who_answers_for_the_figures_sets_targets(cast: Cast) -> None:
    with pytest.raises(MayNotSetTargets):
        sets(cast, "95", by=cast.agent.actor)
    with pytest.raises(MayNotSetTargets):
        set_owner(indicator="repair.satisfied", unit="YJP", by=cast.agent.actor, recorded_at=MONDAY_AFTER)


def test_the_newest_owner_answers_for_a_figure(cast: Cast) -> None:
    for unit in ("YJP", "KF"):
        set_owner(indicator="repair.satisfied", unit=unit, by=cast.editor.actor, recorded_at=MONDAY_AFTER)
    assert {code: unit.code for code, unit in targets.owners().items()} == {"repair.satisfied": "KF"}

    set_owner(indicator="repair.satisfied", unit=None, by=cast.editor.actor, recorded_at=MONDAY_AFTER)
    assert targets.owners() == {}


@pytest.mark.server
@pytest.mark.parametrize("attack", ["UPDATE packs_target SET value = 1", "DELETE FROM packs_owner"])
def test_who_aimed_at_what_can_not_be_rewritten(cast: Cast, attack: str) -> None:
    sets(cast, "95")

    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(attack)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"indicators": ["repair.nothing"]}, "indicators"),
        ({"indicators": []}, "indicators"),
        ({"value": "much"}, "value"),
        ({"value": 95}, "value"),
        ({"certainty": "sure"}, "certainty"),
        ({"span": "week"}, "span"),
        ({"weight": "1"}, "weight"),
    ],
)
def test_a_mistake_in_a_file_is_named(change: dict[str, object], key: str) -> None:
    target = {
        "indicators": ["repair.satisfied"],
        "value": "95",
        "from": MAY,
        "certainty": "seen",
        "source": {"zh": "计划", "en": "plan"},
    } | change
    content = {
        "targets": {"code": "plan", "title": {"zh": "计划", "en": "plan"}, "source": "a plan"},
        "target": [target],
    }

    with pytest.raises(PackFault) as fault:
        targets_from(Sheet("targets/plan.toml", content), code="plan", indicators=CODES)

    assert key in fault.value.key
