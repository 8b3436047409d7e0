"""The same request sent twice at the same moment is done once, and both senders get the answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from bihuan.cases.models import Case, Entry
from bihuan.people.actions import issue_token
from tests.cast import FOUNDED, gather

pytestmark = pytest.mark.django_db(transaction=True)

CALL = {
    "loop": "repair",
    "client_id": "c-1",
    "account": "500100001",
    "facts": {"kind": "lv", "area": "urban"},
}


def test_the_same_call_sent_eight_times_at_once_is_one_case() -> None:
    token = issue_token(actor=gather().agent.actor, label="test", created_at=FOUNDED)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _post(token, "/api/cases", CALL), range(8)))

    assert {status for status, _ in answers} == {201}
    assert len({number for _, number in answers}) == 1
    assert (Case.objects.count(), Entry.objects.count()) == (1, 1)


def test_of_two_steps_that_saw_the_same_page_one_is_stale() -> None:
    cast = gather()
    case = cast.opens("repair")
    token = issue_token(actor=cast.agent.actor, label="test", created_at=FOUNDED)
    step = {"step": "dispatch", "facts": {"unit": "YJP"}, "expected_seq": 1}

    with ThreadPoolExecutor(4) as pool:
        path = f"/api/cases/{case.number}/steps"
        answers = list(pool.map(lambda _: _post(token, path, step)[0], range(4)))

    assert sorted(answers) == [200, 409, 409, 409]
    case.refresh_from_db()
    assert case.last_seq == 2


def _post(token: str, path: str, given: object) -> tuple[int, str]:
    try:
        answer = Client(enforce_csrf_checks=True).post(
            path, given, "application/json", headers={"authorization": f"Bearer {token}"}
        )
        return answer.status_code, answer.json().get("number", answer.json().get("code"))
    finally:
        connections.close_all()
