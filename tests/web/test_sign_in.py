"""Signing in: nobody tries passwords without end, and nobody is locked out by a slip."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from bihuan.people import queries as people
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


def test_nobody_keeps_somebody_else_out_from_one_address() -> None:
    cast = gather()
    somebody("A9", "安久", "agent", cast.centre, PASSWORD)
    with travel(NOW, tick=False):
        for _ in range(30):
            tries("wrong", address="203.0.113.5")
        assert tries(PASSWORD, address="203.0.113.5") == 429
        assert tries(PASSWORD, address="10.0.0.7") == 302


def test_a_number_tried_from_many_addresses_waits_everywhere() -> None:
    cast = gather()
    somebody("A9", "安久", "agent", cast.centre, PASSWORD)
    with travel(NOW, tick=False):
        for place in range(40):
            assert tries("wrong", address=f"203.0.113.{place}") == 422
        assert tries(PASSWORD) == 429


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


def test_behind_a_server_of_our_own_each_asker_is_counted_by_himself(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BIHUAN_BEHIND_PROXY = True
    monkeypatch.setattr(people, "TRIES_FROM_AN_ADDRESS", 3)
    gather()

    def asks(number: str, told: str) -> int:
        client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": told})
        return client.post("/sign-in/", {"number": number, "password": "wrong"}).status_code

    with travel(NOW, tick=False):
        attacker = [asks(f"Z{place}", f"10.9.9.{place}, 203.0.113.5") for place in range(4)]

        assert attacker == [422, 422, 422, 429]
        assert asks("A1", "203.0.113.6") == 422


def test_what_a_client_says_of_itself_counts_for_nothing_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "TRIES_FROM_AN_ADDRESS", 3)
    gather()
    with travel(NOW, tick=False):
        answers = [
            Client(REMOTE_ADDR="10.0.0.7", headers={"X-Forwarded-For": f"10.9.9.{place}"})
            .post("/sign-in/", {"number": f"Z{place}", "password": "wrong"})
            .status_code
            for place in range(4)
        ]

    assert answers == [422, 422, 422, 429]


@pytest.mark.parametrize(
    ("address", "secure"), [("https://bihuan.example", True), ("http://127.0.0.1:8000", False)]
)
def test_reached_by_https_cookies_go_no_other_way(address: str, secure: bool) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
    told = f"from django.conf import settings; print(*(getattr(settings, name) for name in {names}))"
    surroundings = {**os.environ, "DJANGO_SETTINGS_MODULE": "bihuan.settings", "BIHUAN_ADDRESS": address}

    done = subprocess.run(
        [sys.executable, "-c", told], env=surroundings, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [str(secure)] * 3
