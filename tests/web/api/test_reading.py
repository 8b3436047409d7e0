"""What may be read, by whom: one case, a list, the catalogue, and nothing without a token."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bihuan.loops.catalogue import LOOPS
from bihuan.people import actions as people
from tests.cast import FOUNDED, Cast, moment
from tests.web.api.conftest import Api, Caller

ADDRESSES: tuple[tuple[str, str], ...] = (
    ("post", "cases"),
    ("get", "cases"),
    ("get", "cases/CQ-BX070605-000001"),
    ("post", "cases/CQ-BX070605-000001/steps"),
    ("get", "loops"),
    ("get", "figures"),
)


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
@pytest.mark.parametrize("token", ["", "bh_never-issued", "\u00ff"])
def test_nothing_is_done_or_told_without_a_token(db: None, method: str, path: str, token: str) -> None:
    api = Api(token)

    answer = api.post(path, {}) if method == "post" else api.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == 'Bearer realm="bihuan"'
    assert answer.json()["code"] == "unauthenticated"


def test_a_token_that_was_revoked_opens_nothing(cast: Cast) -> None:
    token = people.issue_token(actor=cast.agent.actor, label="old", created_at=FOUNDED)
    assert Api(token).get("cases").status_code == 200

    revoked = people.revoke_tokens(actor=cast.agent.actor, label="old", at=timezone.now())

    assert (revoked, Api(token).get("cases").status_code) == (1, 401)


def test_the_token_of_somebody_who_left_opens_nothing(cast: Cast, api_of: Caller) -> None:
    api = api_of(cast.agent)
    cast.agent.is_active = False
    cast.agent.save()

    assert api.get("cases").status_code == 401


def test_a_case_out_of_scope_is_not_there(cast: Cast, api_of: Caller) -> None:
    case = cast.opens("repair")
    neighbour = api_of(cast.neighbour)

    read = neighbour.get(f"cases/{case.number}")
    taken = neighbour.post(f"cases/{case.number}/steps", {"step": "receive"})

    for answer in (read, taken):
        assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")
        assert answer.json() == {
            "type": "urn:bihuan:problem:case_not_found",
            "title": "Not found",
            "status": 404,
            "detail": f"There is no case “{case.number}”.",
            "code": "case_not_found",
            "field": "number",
        }
    case.refresh_from_db()
    assert case.last_seq == 1
    assert neighbour.get("cases").json() == {"cases": [], "next": None}
    assert api_of(cast.dispatcher).get(f"cases/{case.number}").status_code == 200


@pytest.mark.parametrize("number", ["nothing", "%00", "x" * 300, "杨", "a b", "."])
def test_a_number_that_is_not_there_is_not_found(cast: Cast, api_of: Caller, number: str) -> None:
    answer = api_of(cast.agent).get(f"cases/{number}")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_who_may_read_no_cases_is_told_so(cast: Cast, api_of: Caller) -> None:
    clerk = people.hire(number="V1", name="管理")
    people.appoint(actor=clerk.actor, unit=cast.company, post="admin", starts_at=FOUNDED, recorded_at=FOUNDED)

    answer = api_of(clerk).get("cases")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


def test_a_case_is_told_with_timeline_cycles_and_clocks(cast: Cast, api_of: Caller) -> None:
    case = cast.opens("repair", notes={"description": "整栋楼停电"})
    cast.restores(case)
    cast.takes(
        case,
        "correct",
        cast.inspector,
        at=cast.later(minutes=30),
        facts={"seq": 4, "reason": "mistyped", "new_at": "2007-06-05T09:50:00+08:00"},
    )

    told = api_of(cast.caller).get(f"cases/{case.number}").json()

    assert (told["number"], told["state"], told["unit"], told["crew"]) == (
        case.number,
        "restored",
        "YJP",
        "YJP-Q1",
    )
    assert (told["account"], told["premises"], told["customer"]) == ("500100001", "P1", "K1")
    first, arrived = told["timeline"][0], told["timeline"][3]
    assert (first["step"], first["notes"]) == ("accept", {"description": "整栋楼停电"})
    assert (arrived["at"], arrived["corrected_by"]) == ("2007-06-05T01:25:00Z", 6)
    assert told["cycles"][0]["moments"]["arrived"] == "2007-06-05T01:50:00Z"
    clocks = {clock["promise"]: clock for clock in told["clocks"]}
    assert clocks["repair-arrival"]["standing"] == "broken"
    assert clocks["repair-arrival"]["due"] == "2007-06-05T09:45:00+08:00"
    assert clocks["callback-owed"]["standing"] == "broken"
    assert told["steps"] == ["confirm", "send_back", "attempt", "unreached", "exempt_call"]


def test_moments_are_told_to_the_microsecond(cast: Cast, api_of: Caller) -> None:
    case = cast.opens("repair", at=moment("2007-06-05 09:00").replace(microsecond=123456))

    answer = api_of(cast.agent).get(f"cases/{case.number}")

    assert answer.json()["opened_at"] == "2007-06-05T01:00:00.123456Z"
    assert answer["Cache-Control"] == "no-store"


def test_reading_a_case_costs_the_same_however_long_it_is(cast: Cast, api_of: Caller) -> None:
    agent = api_of(cast.agent)
    short, long = cast.opens("repair"), cast.opens("repair")
    cast.restores(long)

    with CaptureQueriesContext(connection) as few:
        agent.get(f"cases/{short.number}")
    with CaptureQueriesContext(connection) as many:
        agent.get(f"cases/{long.number}")

    assert (len(few), len(many)) == (7, 7)


def test_a_list_is_read_page_by_page_newest_first(cast: Cast, api_of: Caller) -> None:
    numbers = [cast.opens("repair", at=cast.later(minutes=1)).number for _ in range(4)]
    same_moment = [cast.opens("situation").number for _ in range(3)]
    agent = api_of(cast.agent)

    first = agent.get("cases", limit=5).json()
    second = agent.get("cases", limit=5, cursor=first["next"]).json()

    assert [case["number"] for case in first["cases"] + second["cases"]] == [*numbers, *same_moment][::-1]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"loop": "repair"}, ["early", "late"]),
        ({"loop": "complaint"}, ["complaint"]),
        ({"state": "dispatched"}, ["late"]),
        ({"unit": "YJP"}, ["early", "complaint", "late"]),
        ({"unit": "CQ"}, ["early", "complaint", "late"]),
        ({"unit": "NA"}, []),
        ({"opened_from": "2007-06-06"}, ["complaint", "late"]),
        ({"opened_to": "2007-06-05"}, ["early"]),
        ({"opened_from": "2007-06-06", "opened_to": "2007-06-06", "loop": "repair"}, []),
    ],
)
def test_a_list_is_narrowed(cast: Cast, api_of: Caller, query: dict[str, str], expected: list[str]) -> None:
    cases = {
        # the last moment of the day in Chongqing, which in UTC is afternoon
        "early": cast.opens("repair", at=moment("2007-06-05 23:59:59")),
        "complaint": cast.opens("complaint", at=moment("2007-06-06 00:00")),
        "late": cast.opens("repair", at=moment("2007-06-07 09:00")),
    }
    cast.takes(cases["late"], "dispatch", cast.agent, facts={"unit": "YJP"})

    found = api_of(cast.agent).get("cases", **query).json()["cases"]

    assert [case["number"] for case in found] == [cases[name].number for name in reversed(expected)]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"unit": "XX"}, "unit_unknown", "unit"),
        ({"cursor": "x"}, "cursor_unknown", "cursor"),
        ({"cursor": "9" * 40 + "." + "0" * 32}, "cursor_unknown", "cursor"),
        ({"opened_from": "0001-01-01"}, "invalid_request", "opened_from"),
        ({"opened_from": "20070605"}, "invalid_request", "opened_from"),
        ({"state": "\x00"}, "invalid_request", "state"),
        ({"limit": "0"}, "invalid_request", "limit"),
        ({"sate": "closed"}, "argument_unknown", "sate"),
    ],
)
def test_a_filter_that_cannot_be_is_refused(
    cast: Cast, api_of: Caller, query: dict[str, Any], code: str, field: str
) -> None:
    answer = api_of(cast.agent).get("cases", **query)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


def test_the_catalogue_is_told_in_the_language_asked_for(cast: Cast, api_of: Caller) -> None:
    english = api_of(cast.crew).get("loops").json()
    chinese = api_of(cast.crew, "zh-CN").get("loops").json()

    assert [loop["title"] for loop in english][:1] == ["Fault repair"]
    assert [loop["title"] for loop in chinese][:1] == ["故障报修"]
    assert [loop["code"] for loop in english] == [loop.code for loop in LOOPS]
    accept = english[0]["steps"][0]
    assert [fact["code"] for fact in accept["facts"] if fact["needed"]] == ["kind", "area"]
    assert "source_due" not in [fact["code"] for fact in accept["facts"]]
