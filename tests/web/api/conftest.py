"""A client that holds somebody's token, and the cast it talks about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bihuan.people.actions import issue_token
from bihuan.people.models import Staff
from tests.cast import FOUNDED, Cast, gather

Caller = Callable[..., "Api"]


class Api:
    """Speaks JSON with a token, in English unless told otherwise."""

    def __init__(self, token: str = "", language: str = "en") -> None:
        self._client = Client()
        self._headers = {"accept-language": language} | (
            {"authorization": f"Bearer {token}"} if token else {}
        )

    def get(self, path: str, **query: Any) -> Any:
        """GET below /api/."""
        return self._client.get(f"/api/{path}", query, headers=self._headers)

    def post(self, path: str, given: Any) -> Any:
        """POST below /api/."""
        return self._client.post(f"/api/{path}", given, "application/json", headers=self._headers)


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def api_of(db: None) -> Caller:
    def holding(person: Staff, language: str = "en") -> Api:
        token = issue_token(actor=person.actor, label="test", created_at=FOUNDED)
        return Api(token, language)

    return holding
