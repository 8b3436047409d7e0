"""What a machine's request passes before it is answered, and what it does not."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_cookie_is_no_token(cast: Cast, client: Client) -> None:
    client.force_login(cast.agent)

    answer = client.get("/api/loops")

    assert answer.status_code == 401
    assert not answer.cookies


def test_no_session_is_read(cast: Cast, client: Client, django_assert_num_queries: object) -> None:
    client.force_login(cast.agent)

    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = client.get("/api/loops")

    assert answer.status_code == 401


def test_another_hosts_name_is_refused(cast: Cast, client: Client) -> None:
    answer = client.get("/api/loops", headers={"host": "elsewhere.example"})

    assert answer.status_code == 400


def test_an_answer_is_never_a_page(cast: Cast, client: Client) -> None:
    answer = client.get("/api/loops")

    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Vary"] == "Accept-Language"
    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_page_that_only_begins_like_the_api_is_a_page(cast: Cast, client: Client) -> None:
    answer = client.get("/apis")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
