"""The pages of targets: what is aimed at and since when, set by whoever answers for the figures."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.packs.queries import targets
from bihuan.people.models import Staff
from tests.cast import Cast, gather

pytestmark = pytest.mark.django_db
PAGE = "/indicators/repair.satisfied/targets/"
GOOD = {
    "do": "target",
    "unit": "YJP",
    "value": "98",
    "span": "each",
    "from_date": "2007-01-01",
    "source": "责任书",
}


@pytest.fixture
def cast() -> Cast:
    return gather()


def of(person: Staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_the_plans_targets_stand_on_one_page(cast: Cast) -> None:
    page = of(cast.leader).get("/indicators/targets/").content.decode()

    assert "≥ 99.5 %" in page
    assert "eleventh five-year plan: the three tens kept" in page


def test_the_editor_sets_a_bureaus_target_and_names_who_answers(cast: Cast) -> None:
    client = of(cast.editor)

    assert client.post(PAGE, GOOD).status_code == 302
    assert client.post(PAGE, {"do": "owner", "owner": "KF"}).status_code == 302

    page = client.get(PAGE).content.decode()
    assert "责任书" in page
    assert "白文" in page
    assert targets.owners()["repair.satisfied"].code == "KF"
    assert "98" in client.get("/indicators/repair.satisfied/?week=2007-W23&unit=YJP").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "many"}, "A target is a number"),
        ({"value": "101"}, "at most 100"),
        ({"source": ""}, "This field is required"),
        ({"from_date": "soon"}, "Enter a valid date"),
        ({"unit": "NOWHERE"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: Cast, change: dict[str, str], said: str
) -> None:
    answer = of(cast.editor).post(PAGE, GOOD | change)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert ('value="责任书"' in page) is ("source" not in change)
    assert targets.history("repair.satisfied") == []


def test_a_leader_reads_targets_but_sets_none(cast: Cast) -> None:
    client = of(cast.leader)

    assert "Set a target" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, GOOD).status_code == 403
    assert targets.history("repair.satisfied") == []


def test_an_index_shows_what_it_is_made_of(cast: Cast) -> None:
    cast.answers(cast.opens("complaint"))

    page = of(cast.editor).get("/indicators/index.service/?week=2007-W23").content.decode()

    assert "Matters with three calls or more" in page
    assert "100.00" in page
    assert of(cast.editor).get("/reports/weekly/2007-W23/index.service/").status_code == 302
    assert of(cast.editor).get("/indicators/index.service/cases/?week=2007-W23").status_code == 404


@pytest.mark.parametrize(
    "address", ["/reports/", "/reports/monthly/", "/reports/yearly/", "/reports/monthly/2007-06/"]
)
def test_every_kind_of_report_has_its_page(cast: Cast, address: str) -> None:
    cast.restores(cast.opens())

    answer = of(cast.editor).get(address)

    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/reports/daily/", "/reports/monthly/2007-W23/", "/reports/yearly/2007-06/"]
)
def test_other_periods_are_not_found(cast: Cast, address: str) -> None:
    assert of(cast.editor).get(address).status_code == 404
