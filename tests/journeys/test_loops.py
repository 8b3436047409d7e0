"""One journey a loop, through HTTP as the desk sends it: call, unit, crew or handler, callback."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bihuan.cases.models import Case, Cycle
from bihuan.people.models import Staff
from bihuan.promises.models import Clock
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db


def at_the_desk(person: Staff) -> Client:
    client = Client()
    client.force_login(person)
    return client


def opens(cast: Cast, loop: str, **facts: str) -> Case:
    """The agent finds the account, types the case and dispatches it at once."""
    address = f"/intake/?account={cast.account.number}&loop={loop}"
    given = {
        "client_id": str(uuid4()),
        "dispatch_to": "YJP",
        "area": "urban",
        "description": "楼道里没有电",
    } | facts
    answer = at_the_desk(cast.agent).post(address, given)
    assert answer.status_code == 302, re.findall(r"invalid-feedback[^<]*<?[^<]*", answer.content.decode())
    return Case.objects.get()


def takes(case: Case, step: str, person: Staff, **facts: Any) -> Case:
    """Send the step's form as the page shows it."""
    case.refresh_from_db()
    given = {"client_id": str(uuid4()), "expected_seq": str(case.last_seq)} | facts
    answer = at_the_desk(person).post(f"/cases/{case.number}/steps/{step}/", given)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    case.refresh_from_db()
    return case


def answers(case: Case, cast: Cast) -> Case:
    """The handler answers, and the leader looks at it where the loop asks for that."""
    takes(case, "answer", cast.handler)
    return takes(case, "review", cast.leader) if case.state == "in_review" else case


def test_a_repair_from_the_call_to_the_customers_word() -> None:
    cast = gather()
    case = opens(cast, "repair", kind="lv")
    assert (case.state, case.unit) == ("dispatched", cast.yang)

    takes(case, "receive", cast.dispatcher, crew="YJP-Q1")
    takes(case, "arrive", cast.crew)
    takes(case, "restore", cast.crew, cause="fuse", remark="换了熔断件")
    takes(case, "confirm", cast.caller, solved="yes", satisfaction="satisfied", rang_on_arrival="yes")

    assert case.state == "closed"
    assert Cycle.objects.get(case=case).rang_on_arrival is True
    assert Clock.objects.filter(case=case, ended_at=None).count() == 0


@pytest.mark.parametrize(("loop", "kind"), [("complaint", "service"), ("situation", "bill")])
def test_a_matter_from_the_call_through_a_send_back_to_the_customers_word(loop: str, kind: str) -> None:
    cast = gather()
    case = opens(cast, loop, kind=kind)

    takes(case, "receive", cast.handler)
    takes(case, "contact", cast.handler)
    answers(case, cast)
    takes(case, "send_back", cast.caller, reason="not_solved", solved="no", satisfaction="dissatisfied")
    assert (case.state, case.cycle) == ("accepted", 2)
    takes(case, "dispatch", cast.agent, unit="YJP")
    takes(case, "receive", cast.handler)
    answers(case, cast)
    takes(case, "confirm", cast.caller, solved="yes", satisfaction="satisfied", contacted_first_day="yes")

    assert case.state == "closed"
    assert [cycle.ending for cycle in Cycle.objects.filter(case=case)] == ["sent_back", "confirmed"]


def test_a_stale_page_is_told_and_what_was_typed_is_kept() -> None:
    cast = gather()
    case = opens(cast, "repair", kind="lv")
    seen = case.last_seq
    takes(case, "urge", cast.agent)

    answer = at_the_desk(cast.dispatcher).post(
        f"/cases/{case.number}/steps/receive/",
        {"client_id": "x", "expected_seq": str(seen), "remark": "马上派人"},
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "他人已处理过此工单" in page
    assert "马上派人" in page
    case.refresh_from_db()
    assert case.state == "dispatched"


def test_a_missing_fact_is_named_and_nothing_changes() -> None:
    cast = gather()
    case = opens(cast, "repair", kind="lv")
    takes(case, "arrive", cast.crew)

    answer = at_the_desk(cast.crew).post(
        f"/cases/{case.number}/steps/restore/", {"client_id": "x", "remark": "好了"}
    )

    assert answer.status_code == 422
    assert "故障原因" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "on_site"


def test_who_executed_finds_no_way_to_verify_on_the_page() -> None:
    from tests.cast import appoint

    cast = gather()
    case = opens(cast, "repair", kind="lv")
    takes(case, "arrive", cast.crew)
    takes(case, "restore", cast.crew, cause="fuse")
    appoint(cast.crew.actor, cast.centre, "callback")

    answer = at_the_desk(cast.crew).post(
        f"/cases/{case.number}/steps/confirm/",
        {"client_id": "x", "solved": "yes", "satisfaction": "satisfied"},
    )

    assert answer.status_code in (403, 422)
    case.refresh_from_db()
    assert case.state == "restored"
