"""The unit board with ten thousand open cases: server time of the page, its number of queries, and a poll's CPU."""

from __future__ import annotations

import re
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
            Figure(
                f"board: {what} poll, nothing changed",
                _poll(client),
                "ms CPU",
                5,
                "200 boards: 5 % of a core",
            ),
        ]
    return figures


def _poll(client: Client) -> float:
    """CPU of one of two hundred boards that ask every twenty seconds: 5 ms each are 5 % of a core."""
    asks = {"hx-request": "true"}
    page = client.get("/cases/", headers=asks).content.decode()
    seen = re.findall(r'name="seen" value="([^"]+)"', page)[0]
    began = time.process_time()
    for _ in range(TIMES):
        assert client.get("/cases/", {"seen": seen}, headers=asks).status_code == 204
    return (time.process_time() - began) / TIMES * 1000


def _queries(client: Client) -> int:
    """How many statements one page sends."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *others: Any) -> Any:
        sent.append(statement)
        return execute(statement, *others)

    with connection.execute_wrapper(note):
        client.get("/cases/")
    return len(sent)
