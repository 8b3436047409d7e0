"""History in bulk: entries a second."""

from __future__ import annotations

import time
from datetime import timedelta

from bihuan.flow import actions as flow
from bihuan.flow.rules import History, Past
from bihuan.people import queries as people
from bihuan.people.models import Staff
from bihuan.supply.models import Account
from tests.bench.figure import Figure
from tests.cast import moment

CASES = 6_000


def measure() -> list[Figure]:
    """Repairs of six steps on the cast that the step bench gathered."""
    staff = {person.number: person.actor_id for person in Staff.objects.order_by("number")}
    account = Account.objects.order_by("number").first()
    assert account is not None
    assert people.unit_by_code("YJP")
    told: tuple[tuple[str, int, str, dict[str, str | bool | int]], ...] = (
        ("accept", 0, "A1", {"kind": "lv", "area": "urban", "source": "call"}),
        ("dispatch", 2, "A1", {"unit": "YJP"}),
        ("receive", 4, "D1", {"crew": "YJP-Q1"}),
        ("arrive", 25, "Q1", {}),
        ("restore", 50, "Q1", {"cause": "fuse"}),
        ("confirm", 120, "H1", {"solved": True, "satisfaction": "satisfied", "rang_on_arrival": True}),
    )
    start = moment("2007-02-01 08:30")
    histories = []
    for number in range(CASES):
        opened = start + timedelta(minutes=number * 7 % 400_000)
        steps = tuple(
            Past(step, at := opened + timedelta(minutes=after), at + timedelta(seconds=20), staff[who], facts)
            for step, after, who, facts in told
        )
        histories.append(
            History(
                "repair",
                steps,
                premises_id=account.premises_id,
                customer_id=account.customer_id,
                account_id=account.pk,
                unit="YJP",
            )
        )
    began = time.perf_counter()
    done = flow.replay(histories=histories)
    spent = time.perf_counter() - began
    return [Figure("replay", done.entries / spent, "entries/s", 20_000, "aim")]
