"""Every refusal has its name, its status and its sentence in the language asked for, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.cases.models import Case, ClientId, Entry
from tests.cast import Cast, appoint
from tests.web.api.conftest import Api, Caller

CALL: dict[str, Any] = {
    "loop": "repair",
    "client_id": "c-1",
    "account": "500100001",
    "facts": {"kind": "lv", "area": "urban"},
}


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"loop": "wedding"}, 422, "loop_unknown", "loop"),
        ({"account": "1"}, 422, "account_unknown", "account"),
        ({"account": None, "premises": "P9"}, 422, "premises_unknown", "premises"),
        ({"premises": "P9"}, 422, "place_ambiguous", "premises"),
        ({"facts": {"kind": "lv"}}, 422, "fact_missing", "area"),
        ({"facts": {"kind": "x", "area": "urban"}}, 422, "fact_invalid", "kind"),
        ({"facts": {"kind": 1, "area": "urban"}}, 422, "fact_invalid", "kind"),
        ({"facts": CALL["facts"] | {"colour": "red"}}, 422, "unknown_fact", "colour"),
        (
            {"facts": CALL["facts"] | {"source_due": "2007-06-05T09:00:00Z"}},
            422,
            "unknown_fact",
            "source_due",
        ),
        ({"facts": CALL["facts"] | {"repeat_of": "none"}}, 422, "unknown_case", "repeat_of"),
        ({"notes": {"poem": "x"}}, 422, "unknown_fact", "poem"),
        ({"at": "2199-01-01T00:00:00Z"}, 422, "time_refused", "at"),
        ({"at": "1950-01-01T00:00:00Z"}, 403, "not_permitted", None),
        ({"at": "2007-06-05T09:00:00"}, 422, "invalid_request", "at"),
        ({"at": 1180000000}, 422, "invalid_request", "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, 422, "invalid_request", "at"),
        ({"client_id": ""}, 422, "invalid_request", "client_id"),
        ({"client_id": None}, 422, "invalid_request", "client_id"),
        ({"notes": {"description": "a\u0000b"}}, 422, "invalid_request", "notes.description"),
        ({"facts": {"kind": 1.5, "area": "urban"}}, 422, "invalid_request", "facts.kind.bool"),
        ({"colour": "red"}, 422, "invalid_request", "colour"),
    ],
)
def test_a_case_is_not_begun(
    cast: Cast, api_of: Caller, change: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = api_of(cast.agent).post("cases", CALL | change)

    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (status, code, field)
    assert answer["Content-Type"] == "application/problem+json"
    assert (told["status"], told["type"]) == (status, f"urn:bihuan:problem:{code}")
    assert told["detail"]
    assert (Case.objects.count(), Entry.objects.count(), ClientId.objects.count()) == (0, 0, 0)


def test_who_may_not_open_cases_learns_nothing_of_accounts(cast: Cast, api_of: Caller) -> None:
    crew = api_of(cast.crew)

    answers = [crew.post("cases", CALL | {"account": account}).json() for account in ("500100001", "1")]

    assert answers[0] == answers[1]
    assert answers[0]["code"] == "not_permitted"


@pytest.mark.parametrize(
    ("who", "given", "status", "code", "field"),
    [
        ("agent", {"step": "dance"}, 422, "unknown_step", "step"),
        ("agent", {"step": "accept"}, 409, "out_of_order", "step"),
        ("crew", {"step": "arrive"}, 409, "out_of_order", "step"),
        ("agent", {"step": "dispatch"}, 422, "fact_missing", "unit"),
        ("agent", {"step": "dispatch", "facts": {"unit": "XX"}}, 422, "unknown_unit", "unit"),
        ("crew", {"step": "dispatch", "facts": {"unit": "YJP"}}, 403, "not_permitted", None),
        ("agent", {"step": "dispatch", "facts": {"unit": "YJP"}, "expected_seq": 9}, 409, "stale_page", None),
        (
            "agent",
            {"step": "dispatch", "facts": {"unit": "YJP"}, "at": "2007-06-05T08:59:00+08:00"},
            422,
            "time_refused",
            "at",
        ),
        ("agent", {"step": "dispatch", "expected_seq": "1"}, 422, "invalid_request", "expected_seq"),
    ],
)
def test_a_step_is_not_taken(
    cast: Cast, api_of: Caller, who: str, given: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    case = cast.opens("repair")

    answer = api_of(getattr(cast, who)).post(f"cases/{case.number}/steps", given)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
    case.refresh_from_db()
    assert (case.last_seq, case.state) == (1, "accepted")


def test_a_client_that_saw_too_little_is_told_how_far_the_case_is(cast: Cast, api_of: Caller) -> None:
    case = cast.opens("repair")
    cast.takes(case, "dispatch", cast.agent, facts={"unit": "YJP"})

    answer = api_of(cast.agent).post(f"cases/{case.number}/steps", {"step": "urge", "expected_seq": 1})

    assert (answer.json()["code"], answer.json()["last_seq"]) == ("stale_page", 2)


def test_unreached_comes_only_after_enough_attempts(cast: Cast, api_of: Caller) -> None:
    case = cast.opens("repair")
    cast.restores(case)

    answer = api_of(cast.caller).post(
        f"cases/{case.number}/steps", {"step": "unreached", "facts": {"reason": "no_answer"}}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "too_few_attempts")


def test_who_executed_cannot_verify(cast: Cast, api_of: Caller) -> None:
    case = cast.opens("repair")
    cast.restores(case)
    appoint(cast.crew.actor, cast.centre, "callback")

    answer = api_of(cast.crew).post(
        f"cases/{case.number}/steps",
        {"step": "confirm", "facts": {"solved": True, "satisfaction": "satisfied"}},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_independent")
    case.refresh_from_db()
    assert case.state == "restored"


def test_a_refusal_speaks_the_language_asked_for(cast: Cast, api_of: Caller) -> None:
    wrong = CALL | {"facts": {"kind": "lv"}}

    english, chinese = (api_of(cast.agent, language).post("cases", wrong) for language in ("en", "zh-CN"))

    assert (english.json()["title"], english.json()["detail"]) == (
        "What was sent can't be accepted",
        "“Accept” needs “Area class”.",
    )
    assert (chinese.json()["title"], chinese.json()["detail"]) == ("内容不能接受", "“受理”须填写“区域类别”。")
    assert (english["Content-Language"], chinese["Content-Language"]) == ("en", "zh-hans")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '"x"',
        "null",
        "NaN",
        '{"loop": "\\ud800"}',
        "9" * 5000,
        "[" * 200_000,
        '{"a":' * 100_000,
    ],
)
def test_a_body_that_is_no_request_is_a_problem(cast: Cast, api_of: Caller, body: str) -> None:
    answer = api_of(cast.agent).post("cases", body)

    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_too_big_is_a_problem(cast: Cast, api_of: Caller) -> None:
    answer = api_of(cast.agent).post("cases", "[" + " " * 3_000_000 + "]")

    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_big")


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "0001-05-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
)
def test_a_fact_with_a_time_beyond_every_calendar_is_refused(cast: Cast, api_of: Caller, moment: str) -> None:
    case = cast.opens("repair")
    cast.restores(case)
    facts = {"solved": True, "satisfaction": "satisfied", "customer_arrived_at": moment}

    answer = api_of(cast.caller).post(f"cases/{case.number}/steps", {"step": "confirm", "facts": facts})

    assert (answer.status_code, answer.json()["code"]) == (422, "fact_invalid")
    assert answer.json()["field"] == "customer_arrived_at"


@pytest.mark.parametrize("path", ["nothing/here", "cases/", "", "docs"])
def test_an_address_that_is_not_there_is_a_problem_too(db: None, path: str) -> None:
    for answer in (Api().get(path), Api().post(path, {})):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_address")


def test_a_wrong_method_is_a_problem_too(cast: Cast, api_of: Caller) -> None:
    answer = api_of(cast.agent).post("loops", {})

    assert (answer.status_code, answer.json()["code"], answer["Allow"]) == (405, "method_not_allowed", "GET")
    assert answer["Content-Type"] == "application/problem+json"
