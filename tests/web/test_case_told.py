"""What a case's page and the list of breaches say is what the door says: attempts as they count, promises by their own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from bihuan.flow import actions as flow
from tests.cast import CHONGQING, Cast, gather, moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def then() -> Iterator[None]:
    with time_machine.travel(datetime(2007, 6, 20, 12, tzinfo=CHONGQING), tick=False):
        yield


def read(person: Any, page: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    found = client.get(page)
    assert found.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found.content.decode()))


def rings(cast: Cast, minutes: int) -> Any:
    case = cast.restores(cast.opens("repair"))
    for _ in range(3):
        cast.takes(
            case, "attempt", cast.caller, at=cast.later(minutes=minutes), facts={"reason": "no_answer"}
        )
    return case


def test_attempts_pressed_in_a_row_count_as_one_on_the_page_too() -> None:
    cast = gather()
    case = rings(cast, minutes=1)

    assert "Only after 3 attempts; there are 1." in read(cast.caller, f"/cases/{case.number}/")


def test_attempts_hours_apart_open_the_ending_on_the_page() -> None:
    cast = gather()
    case = rings(cast, minutes=120)

    assert "Only after" not in read(cast.caller, f"/cases/{case.number}/")


def test_an_attempt_corrected_to_another_time_counts_as_corrected() -> None:
    cast = gather()
    case = rings(cast, minutes=120)
    case.refresh_from_db()
    moved = {"seq": case.last_seq, "reason": "mistyped", "new_at": "2007-06-05T05:41:00Z"}

    cast.takes(case, "correct", cast.inspector, at=cast.later(minutes=5), facts=moved)

    assert "Only after 3 attempts; there are 2." in read(cast.caller, f"/cases/{case.number}/")


def test_a_breach_is_named_after_the_promise_of_its_own_kind() -> None:
    cast = gather()
    cast.restores(cast.opens("repair"))
    cast.answers(cast.opens("situation", at=moment("2007-06-05 09:00")))
    flow.judge(at=moment("2007-06-15 12:00"))

    told = read(cast.inspector, "/breaches/")

    table = told[told.index("Late by") :]
    assert "Callback after a repair" in table
    assert "Callback after a complaint or situation report" in table
