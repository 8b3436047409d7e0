"""Every pack of the house, put to a case of every business kind: one clock a code, the internal end before the public."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from bihuan.cases.rules import Round, Standstill
from bihuan.kernel.loop import Loop
from bihuan.kernel.promise import Promise
from bihuan.loops.catalogue import LOOPS
from bihuan.packs import queries
from bihuan.packs.rules import promises_for
from bihuan.promises.rules import Ticking, clocks

DAYS = {
    "sgcc-2005": "2007-06-04",
    "chongqing-2007": "2007-06-04",
    "sgcc-2011": "2012-06-04",
    "china-legal": "2013-06-04",
    "csg": "2013-06-04",
    "gb-2015": "2016-06-06",
    "india-2020": "2024-06-04",
    "victoria": "2020-06-04",
    "sgcc-2020": "2020-06-04",
    "sgcc-2022": "2023-06-05",
    "nigeria": "2024-06-04",
}


def kinds_of(loop: Loop) -> list[str]:
    """The kinds that a case of this loop may have; one empty kind if it has none."""
    facts = (fact for step in loop.steps for fact in step.facts if fact.column == "kind")
    return sorted({choice.code for fact in facts for choice in fact.choices}) or [""]


def ticking(pack: str, loop: Loop, kind: str, area: str, klass: str, *stops: Standstill) -> list[Ticking]:
    """The clocks of a case whose every moment lies an hour after the one before."""
    told = queries.load(pack)
    calendar = queries.calendar(told.calendar)
    accepted = datetime.fromisoformat(f"{DAYS[pack]}T09:00").replace(tzinfo=calendar.zone)
    marked = dict.fromkeys(["accepted", *(moment for step in loop.steps for moment in step.marks)])
    now = Round(1, columns={"kind": kind, "area": area, "customer_class": klass})
    for number, moment in enumerate(marked):
        now.moments[moment], now.marked_by[moment] = accepted + timedelta(hours=number), number
    now.standstills = list(stops)

    def promised(day: date) -> tuple[Promise, ...]:
        return promises_for(packs=[told], loop=loop.code, on=day)

    return clocks(rounds=[now], promises_on=promised, calendar=calendar)


@pytest.mark.parametrize("pack", sorted(DAYS))
def test_a_case_of_any_kind_gets_one_clock_a_code(pack: str) -> None:
    for loop, area, klass in product(LOOPS, ("urban", "rural", "remote", ""), ("resident", "hv-dual", "")):
        for kind in kinds_of(loop):
            made = ticking(pack, loop, kind, area, klass)

            assert len({clock.promise for clock in made}) == len(made)
            assert all(clock.due_at > clock.started_at for clock in made)
            assert all(
                clock.internal_due_at is None or clock.internal_due_at < clock.due_at for clock in made
            )


@pytest.mark.parametrize("pack", sorted(DAYS))
def test_standing_still_never_brings_a_clock_nearer_its_end(pack: str) -> None:
    start = datetime.fromisoformat(f"{DAYS[pack]}T10:00+00:00")
    still = [
        Standstill(start, start + timedelta(days=3), "customer_absent"),
        Standstill(start + timedelta(days=4), start + timedelta(days=6), "weather"),
    ]
    for loop in LOOPS:
        for kind in kinds_of(loop):
            running = ticking(pack, loop, kind, "urban", "resident")
            stopped = ticking(pack, loop, kind, "urban", "resident", *still)

            assert [clock.promise for clock in running] == [clock.promise for clock in stopped]
            assert all(a.due_at <= b.due_at for a, b in zip(running, stopped, strict=True))


def test_the_ten_of_2022_give_a_service_request_its_clocks() -> None:
    (service,) = (loop for loop in LOOPS if loop.code == "service")

    made = {clock.promise: clock for clock in ticking("sgcc-2022", service, "meter", "urban", "resident")}

    meter = made["meter-check"]
    assert sorted(made) == ["callback-owed", "dispatch-time", "meter-check", "receive-time"]
    assert (meter.due_at.isoformat(), meter.by_day) == ("2023-06-12T16:00:00+00:00", True)
    assert meter.internal_due_at == meter.due_at - timedelta(days=3)


def test_the_arrival_of_2022_is_measured_and_never_broken() -> None:
    (repair,) = (loop for loop in LOOPS if loop.code == "repair")

    (arrival,) = (c for c in ticking("sgcc-2022", repair, "lv", "urban", "") if c.promise == "repair-arrival")

    assert arrival.kind == "average"
    assert arrival.ended_at is not None
    assert arrival.ended_at > arrival.due_at
    assert arrival.verdict == ""


def test_a_british_repair_owes_its_sum() -> None:
    (repair,) = (loop for loop in LOOPS if loop.code == "repair")

    (restored,) = ticking("gb-2015", repair, "lv", "", "hv-single")

    assert restored.compensation is not None
    assert (restored.compensation.currency, restored.compensation.amount) == ("GBP", 15000)
