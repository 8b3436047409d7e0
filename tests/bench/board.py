"""The unit board with ten thousand open cases: server time of the page, and its number of queries."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from bihuan.flow import actions as flow
from bihuan.flow.rules import History, Past
from bihuan.people.models import Staff
from bihuan.supply.models import Account
from tests.bench.figure import Figure

CASES = 10_000
TIMES = 10


def measure() -> list[Figure]:
    """Half of the cases are open to their bureau, with running and broken clocks."""
    staff = {person.number: person for person in Staff.objects.order_by("number")}
    account = Account.objects.order_by("number").first()
    assert account is not None
    now = datetime.now(UTC) - timedelta(hours=1)
    agent = staff["A1"].actor_id
    histories = []
    for number in range(CASES):
        opened = now - timedelta(minutes=number % 3_000)
        steps = (
            Past("accept", opened, opened, agent, {"kind": "bill", "area": "urban"}),
            Past("dispatch", opened, opened, agent, {"unit": "YJP"}),
        )
        histories.append(
            History(
                "situation",
                steps,
                premises_id=account.premises_id,
                customer_id=account.customer_id,
                unit="YJP",
            )
        )
    flow.replay(histories=histories)
    settings.ALLOWED_HOSTS = ["*"]
    figures = []
    for post, what in (("L1", "a unit's"), ("B1", "the company's")):
        client = Client()
        client.force_login(staff[post])
        client.get("/cases/")
        queries = _queries(client)
        began = time.perf_counter()
        for _ in range(TIMES):
            answer = client.get("/cases/")
            assert answer.status_code == 200
            assert answer.content.count(b"data-row") == 50
        spent = (time.perf_counter() - began) / TIMES * 1000
        figures += [
            Figure(f"board: {what} page, {CASES:,} open cases", spent, "ms", 200, "aim"),
            Figure(f"board: {what} page, queries", queries, "queries"),
        ]
    return figures


def _queries(client: Client) -> int:
    """How many statements one page sends."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *others: Any) -> Any:
        sent.append(statement)
        return execute(statement, *others)

    with connection.execute_wrapper(note):
        client.get("/cases/")
    return len(sent)
