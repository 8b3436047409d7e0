"""The ways that cases really went, and the same events for other programs."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from bihuan.bridges.eventlog.telling import ocel, xes
from bihuan.indicators.queries.process import events, process
from bihuan.indicators.rules import week
from bihuan.indicators.rules.process import goes_back, goes_straight, straight_way
from bihuan.kernel.loop import Loop
from bihuan.kernel.step import VERIFICATION
from bihuan.loops.catalogue import LOOPS
from bihuan.loops.catalogue import loop as loop_of
from tests.cast import CHONGQING, Cast, gather, moment

pytestmark = pytest.mark.django_db
WEEK = week("2007-W23", CHONGQING)
AT = moment("2007-06-20 00:00")
NAME = "{http://www.xes-standard.org/}"


def two_ways(cast: Cast) -> None:
    """Two repairs go straight through, one is returned by the wrong unit first."""
    for _ in range(2):
        case = cast.opens("repair")
        cast.restores(case)
        cast.confirms(case)
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, at=cast.later(minutes=2), facts={"unit": "NA"})
    cast.takes(case, "return", cast.neighbour, at=cast.later(minutes=2), facts={"reason": "wrong_unit"})
    cast.restores(case)


def test_the_commonest_way_comes_first_with_its_median_time() -> None:
    two_ways(gather())

    told = process(loop=loop_of("repair"), period=WEEK, at=AT)

    first, second = told.variants
    assert first.way == ("accept", "dispatch", "receive", "arrive", "restore", "confirm")
    assert (first.cases, first.seconds) == (2, 100 * 60)
    assert (second.cases, second.way[2]) == (1, "return")
    assert (told.cases, told.came_back) == (3, 1)


def test_from_step_to_step_the_times_add_up() -> None:
    two_ways(gather())

    arrows = {
        (one.step, one.after): one for one in process(loop=loop_of("repair"), period=WEEK, at=AT).arrows
    }

    assert arrows["receive", "arrive"].times == 3
    assert arrows["receive", "arrive"].median == 20 * 60
    assert arrows["dispatch", "return"].times == 1


def test_a_contact_between_two_steps_of_the_way_is_passed_over() -> None:
    cast = gather()
    cast.answers(cast.opens("complaint", at=moment("2007-06-05 09:00")))

    told = process(loop=loop_of("complaint"), period=WEEK, at=AT)

    assert told.move("receive", "answer") is not None
    assert [(one.step, one.after) for one in told.moves] == [
        ("accept", "dispatch"),
        ("answer", "review"),
        ("dispatch", "receive"),
        ("receive", "answer"),
    ]
    assert (told.cases, told.straight, told.taken["contact"]) == (1, 1, 1)


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.code)
def test_every_loop_has_a_straight_way_that_ends_with_its_verifier(loop: Loop) -> None:
    way = straight_way(loop)

    last = loop.step(way[-1])
    assert last is not None
    assert (last.ends, last.side) == (True, VERIFICATION)
    assert goes_straight(loop, way)
    assert not goes_back(loop) & set(way)


def test_what_goes_back_is_read_from_the_declaration() -> None:
    assert goes_back(loop_of("complaint")) == {"send_back", "return", "redirect", "rework"}
    assert goes_back(loop_of("action")) == {"send_back"}


def test_what_happened_later_is_not_known_yet() -> None:
    cast = gather()
    case = cast.opens("repair", at=moment("2007-06-05 09:00"))
    cast.restores(case)

    (only,) = process(loop=loop_of("repair"), period=WEEK, at=moment("2007-06-05 09:04")).variants

    assert only.way == ("accept", "dispatch")


def test_of_another_unit_nothing_is_told() -> None:
    cast = gather()
    two_ways(cast)

    assert process(loop=loop_of("repair"), period=WEEK, at=AT, unit=cast.nan.pk).cases == 0


def test_xes_has_a_trace_for_each_case_and_an_event_for_each_entry() -> None:
    two_ways(gather())

    log = ElementTree.fromstring("".join(xes(events(period=WEEK))))

    traces = log.findall(f"{NAME}trace")
    assert [len(trace.findall(f"{NAME}event")) for trace in traces] == [6, 6, 7]
    stamp = log.find(f"{NAME}trace/{NAME}event/{NAME}date")
    assert stamp is not None
    assert stamp.get("value") == "2007-06-05T01:00:00.000Z"


def test_ocel_relates_every_event_to_its_case_and_unit() -> None:
    two_ways(gather())

    told = json.loads("".join(ocel(events(period=WEEK))))

    keys = {one["id"] for one in told["objects"]}
    assert len(told["events"]) == 19
    assert all(link["objectId"] in keys for one in told["events"] for link in one["relationships"])
    assert {one["type"] for one in told["events"]} <= {kind["name"] for kind in told["eventTypes"]}


def test_confidential_cases_are_left_out() -> None:
    cast = gather()
    cast.opens("tipoff", facts={"about": "YJP"})

    assert list(events(period=WEEK)) == []
