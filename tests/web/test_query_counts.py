"""No page costs more queries because it has more rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.packs import queries as packs
from bihuan.people.models import Staff
from bihuan.standards import queries as standards
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_minute_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is published is looked for once a minute; on a slow machine that may fall between two counts."""
    monkeypatch.setattr(packs, "_SECONDS", 1e9)
    monkeypatch.setattr(standards, "FRESH", 1e9)


def cost(person: Staff, page: str) -> int:
    client = Client()
    client.force_login(person)
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


def fill(cast: Cast, cases: int) -> None:
    for _ in range(cases):
        case = cast.opens("repair", at=cast.later(minutes=1))
        cast.restores(case)
        cast.takes(cast.opens("situation"), "dispatch", cast.agent, facts={"unit": "YJP"})


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("leader", "/"),
        ("leader", "/cases/"),
        ("agent", "/intake/find/?q=石坪"),
        ("caller", "/callbacks/"),
        ("caller", "/callbacks/line/"),
        ("inspector", "/callbacks/ledger/?from=2007-06-04&to=2007-06-10"),
        ("inspector", "/callbacks/ledger/cases/?from=2007-06-04&to=2007-06-10"),
        ("inspector", "/callbacks/findings/?state="),
        ("inspector", "/callbacks/scores/?week=2007-W23"),
        ("caller", "/callbacks/questions/"),
        ("editor", "/reports/weekly/2007-W23/"),
        ("editor", "/reports/weekly/2007-W23/repair.count/"),
        ("editor", "/indicators/?week=2007-W23"),
        ("editor", "/indicators/repair.arrived_in_time/?week=2007-W23"),
        ("editor", "/indicators/repair.count/cases/?week=2007-W23"),
        ("editor", "/league/?week=2007-W23"),
        ("inspector", "/process/?loop=repair&from=2007-06-04&to=2007-06-10"),
        ("inspector", "/process/cases/?loop=repair&from=2007-06-04&to=2007-06-10"),
        ("inspector", "/cases/"),
        ("inspector", "/promises/"),
        ("inspector", "/promises/chongqing-2007/repair-arrival/kept/"),
    ],
)
def test_a_page_costs_the_same_with_many_rows(who: str, page: str) -> None:
    cast = gather()
    person: Staff = getattr(cast, who)
    fill(cast, 2)
    few = cost(person, page)

    fill(cast, 6)

    assert cost(person, page) == few
