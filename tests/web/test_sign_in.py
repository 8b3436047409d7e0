"""Signing in: nobody tries passwords without end, and nobody is locked out by a slip."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from time_machine import travel

from tests.cast import PASSWORD, gather, somebody

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def tries(password: str, *, number: str = "A9", address: str = "10.0.0.1") -> int:
    answer = Client().post(
        "/sign-in/", {"number": number, "password": password}, headers={}, REMOTE_ADDR=address
    )
    return answer.status_code


def test_after_eight_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour() -> None:
    cast = gather()
    somebody("A9", "安久", "agent", cast.centre, PASSWORD)
    with travel(NOW, tick=False):
        assert [tries("wrong") for _ in range(8)] == [422] * 8
        assert tries(PASSWORD) == 429
    with travel(NOW + timedelta(minutes=16), tick=False):
        assert tries(PASSWORD) == 302


def test_somebody_else_signs_in_meanwhile() -> None:
    cast = gather()
    somebody("A9", "安久", "agent", cast.centre, PASSWORD)
    with travel(NOW, tick=False):
        for _ in range(9):
            tries("wrong", number="A1", address="10.0.0.2")
        assert tries(PASSWORD) == 302


def test_a_success_makes_earlier_slips_good() -> None:
    cast = gather()
    somebody("A9", "安久", "agent", cast.centre, PASSWORD)
    with travel(NOW, tick=False):
        for _ in range(3):
            assert [tries("wrong") for _ in range(5)] == [422] * 5
            assert tries(PASSWORD) == 302


def test_an_address_that_tries_many_numbers_is_stopped() -> None:
    gather()
    with travel(NOW, tick=False):
        answers = [tries("wrong", number=f"Z{place}") for place in range(62)]

    assert (answers[59], answers[60], answers[61]) == (422, 429, 429)
