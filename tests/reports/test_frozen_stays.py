"""What was frozen stays right: neither what is told later nor what is built later makes an honest report look altered."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from bihuan.flow import actions as flow
from bihuan.indicators.queries import figures
from bihuan.indicators.queries.known import as_known
from bihuan.indicators.rules import week
from bihuan.loops.indicators.catalogue import declared, indicator
from bihuan.outages import actions as outages
from bihuan.outages.actions.voltage import NewReading
from bihuan.outages.rules import Reading
from bihuan.people import actions as people
from bihuan.promises.models import Breach
from bihuan.reports import actions, queries
from bihuan.reports.models import Snapshot
from bihuan.reports.queries import kept
from bihuan.reports.rules import content
from tests.cast import CHONGQING, Cast, gather, moment
from tests.outages.told import fault

MONDAY = moment("2007-06-11 08:00")
WEEK = week("2007-W23", CHONGQING)


def freeze(cast: Cast, kind: str = "weekly", name: str = "2007-W23", at: datetime = MONDAY) -> Snapshot:
    return actions.freeze(kind=kind, name=name, at=at, known=at, by=cast.editor.actor, recorded_at=at)


def said() -> list[str]:
    return [words.en for words in queries.differing_snapshots()]


def counted(code: str, known: datetime | None = None) -> dict[str | None, tuple[int, int | None]]:
    (rows,) = figures(periods=[WEEK], at=MONDAY, known=known, codes=[code])
    return {one.unit: (one.numerator, one.denominator) for one in rows}


@pytest.fixture
def cast() -> Cast:
    made = gather()
    made.confirms(made.restores(made.opens(at=moment("2007-06-05 09:00"))))
    return made


@pytest.mark.django_db
def test_a_bureau_that_opens_later_changes_nothing_that_was_frozen(cast: Cast) -> None:
    freeze(cast)
    people.create_unit(
        code="XIN", name_zh="新供电局", name_en="New", kind="bureau", wing="execution", parent=cast.company
    )

    assert said() == []
    assert freeze(cast, at=moment("2007-06-20 08:00")).version == 1


@pytest.mark.django_db
def test_a_bureau_that_worked_only_before_the_line_changes_nothing(cast: Cast) -> None:
    old = people.create_unit(
        code="LAO", name_zh="老供电局", name_en="Old", kind="bureau", wing="execution", parent=cast.company
    )
    cast.opens(at=moment("2007-01-15 09:00"), unit=old)
    people.close_unit(unit=old, by=cast.inspector.actor, at=moment("2007-06-10 09:00"), why="合并")
    freeze(cast)

    assert said() == []


@pytest.mark.django_db
def test_a_figure_whose_rule_was_changed_is_another_figure(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(cast)
    monkeypatch.setattr(
        kept, "content", lambda told: content(told).replace('"denominator":1', '"denominator":2')
    )
    accused = {words.split(":")[1].split()[0] for words in said()}
    assert "repair.satisfied" in accused

    changed = replace(indicator("repair.satisfied"), edition=2)
    monkeypatch.setattr(kept, "declared", lambda code: changed if code == changed.code else declared(code))

    assert {words.split(":")[1].split()[0] for words in said()} == accused - {"repair.satisfied"}


@pytest.mark.django_db
def test_what_is_told_of_outages_later_is_no_charge_against_the_report(cast: Cast) -> None:
    outage = fault(cast, "2007-06-06 09:00", "2007-06-06 11:00")
    freeze(cast)
    later = moment("2007-06-12 09:00")
    values = {"ended_at": moment("2007-06-06 12:00"), "reason": "mistyped"}
    outages.tell(
        outage_id=outage.pk,
        step="correct",
        values=values,
        by=cast.dispatcher.actor,
        at=later,
        recorded_at=later,
        zone=CHONGQING,
    )

    assert said() == []


@pytest.mark.django_db
def test_a_bulletin_frozen_before_the_month_s_voltage_came_stays_right(cast: Cast) -> None:
    point = outages.add_point(code="D1", name="石坪", unit=cast.yang, area="urban", klass="D", nominal=220)
    freeze(cast, "monthly", "2007-06", moment("2007-07-01 06:05"))
    given = NewReading(point, date(2007, 6, 1), date(2007, 6, 30), Reading(43200, 100, 332))
    outages.read_voltage(given=given, by=cast.dispatcher.actor, at=moment("2007-07-03 09:00"), zone=CHONGQING)

    assert said() == []


@pytest.mark.django_db
def test_a_standstill_written_down_later_leaves_the_limit_as_it_was_known(cast: Cast) -> None:
    situation = cast.opens("situation", at=moment("2007-06-04 09:00"))
    cast.takes(situation, "dispatch", cast.agent, at=cast.later(minutes=10), facts={"unit": "YJP"})
    cast.takes(situation, "receive", cast.handler, at=cast.later(minutes=20))
    cast.takes(situation, "contact", cast.handler, at=cast.later(minutes=30))
    freeze(cast)
    before = counted("promise.kept.matter-answer")

    cast.now = moment("2007-06-11 10:00")
    facts = {"reason": "customer_asked"}
    cast.takes(
        situation, "suspend", cast.handler, at=moment("2007-06-06 09:00"), recorded_at=cast.now, facts=facts
    )
    cast.takes(situation, "resume", cast.handler, at=moment("2007-06-11 09:00"), recorded_at=cast.now)

    assert before[None] == (0, 1)
    assert counted("promise.kept.matter-answer", known=MONDAY) == before
    assert said() == []


@pytest.mark.django_db
def test_a_tip_off_is_never_counted_for_the_unit_that_it_speaks_of(cast: Cast) -> None:
    facts = {"kind": "abuse", "about": "YJP"}
    tipoff = cast.opens("tipoff", facts=facts, at=moment("2007-06-10 20:00"))
    freeze(cast)
    before = counted("business.count")

    cast.now = moment("2007-06-11 09:00")
    cast.takes(tipoff, "dispatch", cast.agent, facts={"unit": "NA"})

    assert before["YJP"] == (0, None)
    assert before[None] == (1, None)
    assert counted("business.count", known=MONDAY) == before
    assert said() == []


@pytest.mark.django_db(transaction=True)
def test_a_step_that_waited_for_the_freeze_is_written_down_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast = gather()
    case = cast.restores(cast.opens(at=moment("2007-06-05 09:00")))
    module = sys.modules["bihuan.reports.actions.freeze"]
    report, waiting = module.report, list[threading.Thread]()
    begun = MONDAY - timedelta(milliseconds=20)

    def confirm() -> None:
        try:
            facts = {"solved": True, "satisfaction": "satisfied"}
            cast.takes(
                case, "confirm", cast.caller, at=moment("2007-06-10 18:00"), recorded_at=begun, facts=facts
            )
        finally:
            connection.close()

    def slow(**asked: Any) -> Any:
        waiting.append(threading.Thread(target=confirm))
        waiting[0].start()
        time.sleep(0.3)
        return report(**asked)

    monkeypatch.setattr(module, "report", slow)
    freeze(cast)
    waiting[0].join()

    assert case.entries.latest("seq").step == "confirm"
    assert case.entries.latest("seq").recorded_at > MONDAY
    assert said() == []


@pytest.mark.django_db(transaction=True)
def test_everything_asked_as_known_then_is_of_one_snapshot() -> None:
    """Between two questions somebody takes a step on a case that the first one still found untouched."""
    cast = gather()
    case = cast.opens(at=moment("2007-06-05 09:00"))
    other = cast.opens(at=moment("2007-06-05 10:00"))
    known = moment("2007-06-05 12:00")
    cast.now = moment("2007-06-06 09:00")
    cast.restores(other)

    def elsewhere() -> None:
        try:
            cast.restores(case)
        finally:
            connection.close()

    with as_known(known):
        before = counted("callback.owed", known)
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        within = counted("callback.owed", known)

    assert case.entries.latest("seq").step == "restore"
    assert within == before
    assert counted("callback.owed")[None] == (2, None)


@pytest.mark.django_db
def test_within_what_was_known_then_nothing_else_can_be_asked(cast: Cast) -> None:
    with as_known(MONDAY), pytest.raises(ValueError, match="within what was known"):
        counted("repair.count", known=moment("2007-06-05 12:00"))


@pytest.mark.django_db
def test_a_limit_in_days_is_broken_on_its_last_day_not_on_the_next_monday(cast: Cast) -> None:
    """Each week's report names as many breaches as its figure counts, those too that run out at midnight before Monday."""
    for day in range(1, 12):
        cast.opens("situation", at=moment(f"2007-06-{day:02} 09:00"))
    at = moment("2007-06-25 08:00")
    flow.judge(at=at)

    for name in ("2007-W22", "2007-W23", "2007-W24"):
        told = queries.report(kind="weekly", name=name, unit=None, at=at, known=at)
        kept = next(line.now for line in told.lines if line.now.indicator.code == "promise.kept")
        assert kept.denominator is not None
        assert len(told.breaches) == kept.denominator - kept.numerator
    midnights = [row.due_at for row in Breach.objects.all()]
    assert moment("2007-06-11 00:00") in midnights
