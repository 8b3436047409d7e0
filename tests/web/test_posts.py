"""Every page with every post: what a post may open, and nothing of units that it doesn't see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bihuan.cases.models import Case
from tests.cast import Cast, gather, somebody

pytestmark = pytest.mark.django_db

LEDGER = ("/callbacks/ledger/", "/callbacks/ledger/cases/", "/callbacks/questions/")
PROMISES = ("/promises/", "/promises/sgcc-2005/", "/promises/sgcc-2005/history/", "/promises/compare/")
SUPPLY = ("/outages/", "/outages/figures/", "/outages/known/", "/outages/users/", "/voltage/")
MANAGES = ("/outages/new/", "/outages/clock/", "/voltage/new/")
FIGURES = (
    "/indicators/",
    "/indicators/repair.arrived_in_time/",
    "/indicators/repair.count/cases/",
    "/indicators/repair.count/cases.csv",
    "/indicators/targets/",
    "/indicators/repair.arrived_in_time/targets/",
    "/league/",
)
OPEN = {
    "agent": {
        "/",
        "/intake/",
        "/intake/find/",
        "/cases/",
        *PROMISES,
        *SUPPLY,
    },
    "callback": {
        "/",
        "/cases/",
        "/callbacks/",
        "/callbacks/line/",
        *PROMISES,
        *LEDGER,
        "/callbacks/scores/",
        *SUPPLY,
    },
    "dispatcher": {
        "/",
        "/cases/",
        *PROMISES,
        *SUPPLY,
        *MANAGES,
    },
    "handler": {"/", "/cases/", *PROMISES, *SUPPLY},
    "crew": {"/", "/cases/", *SUPPLY},
    "leader": {
        *FIGURES,
        "/breaches/",
        "/money/",
        "/process/",
        "/process/cases/",
        "/perception/",
        "/",
        "/cases/",
        *PROMISES,
        "/reports/weekly/",
        "/open/",
        "/open/dictionary/",
        "/reports/monthly/",
        "/reports/yearly/",
        *LEDGER,
        "/callbacks/findings/",
        *SUPPLY,
        *MANAGES,
    },
    "editor": {
        *FIGURES,
        "/breaches/",
        "/money/",
        "/process/",
        "/process/cases/",
        "/perception/",
        "/",
        "/cases/",
        *PROMISES,
        "/reports/weekly/",
        "/open/",
        "/open/dictionary/",
        "/reports/monthly/",
        "/reports/yearly/",
        *LEDGER,
        *SUPPLY,
    },
    "executive": {
        *FIGURES,
        "/breaches/",
        "/money/",
        "/process/",
        "/process/cases/",
        "/perception/",
        "/",
        "/cases/",
        *PROMISES,
        "/reports/weekly/",
        "/open/",
        "/open/dictionary/",
        "/reports/monthly/",
        "/reports/yearly/",
        *LEDGER,
        *SUPPLY,
    },
    "inspector": {
        *FIGURES,
        "/breaches/",
        "/money/",
        "/process/",
        "/process/cases/",
        "/perception/",
        "/",
        "/cases/",
        *PROMISES,
        "/promises/sgcc-2005/edit/",
        "/reports/weekly/",
        "/open/",
        "/open/dictionary/",
        "/reports/monthly/",
        "/reports/yearly/",
        *LEDGER,
        "/callbacks/findings/",
        "/callbacks/scores/",
        *SUPPLY,
    },
    "admin": {
        "/",
        *PROMISES,
        "/promises/sgcc-2005/edit/",
        "/promises/copy/",
        "/promises/order/",
        "/units/",
        "/units/posts/",
        "/units/at/YJP/",
    },
}
PAGES = sorted(set().union(*OPEN.values()))


def person(cast: Cast, post: str) -> Client:
    place = cast.yang if post in ("dispatcher", "handler", "leader", "crew") else cast.centre
    client = Client()
    client.force_login(somebody(f"X-{post}", "某人", post, place))
    return client


@pytest.mark.parametrize("post", sorted(OPEN))
def test_a_post_opens_its_pages_and_no_others(post: str) -> None:
    client = person(gather(), post)

    opened = {page for page in PAGES if client.get(page).status_code == 200}
    refused = {page for page in PAGES if client.get(page).status_code == 403}

    assert opened == OPEN[post]
    assert refused == set(PAGES) - OPEN[post]


def test_every_page_of_the_desk_asks_who_is_there() -> None:
    addresses = [
        "/"
        + address.replace("<str:number>", "X")
        .replace("reports/<slug:kind>", "reports/weekly")
        .replace("<slug:ending>", "pdf")
        .replace("<slug:step>", "arrive")
        .replace("<str:name>", "2007-W23")
        .replace("<str:code>", "repair.count")
        .replace("<slug:code>", "sgcc-2005")
        .replace("<slug:kind>", "casebook")
        .replace("<slug:leaf>", "reading")
        .replace("<slug:promise>", "repair-arrival")
        .replace("<slug:part>", "kept")
        .replace("<int:place>", "0")
        .replace("<uuid:key>", "0190f3b2-0000-7000-8000-000000000000")
        for address in _addresses(get_resolver().url_patterns)
        if not address.startswith(("api/", "sign-in", "health", "theme", "i18n", "static", "reports/read"))
    ]

    answers = {address: (Client().get(address), Client().post(address)) for address in addresses}

    assert len(addresses) > 10
    for address, (got, posted) in answers.items():
        assert {got.status_code, posted.status_code} <= {302, 405}, address
        assert "200" not in (str(got.status_code), str(posted.status_code))


@pytest.mark.parametrize("post", ["dispatcher", "handler", "leader", "crew"])
def test_a_case_of_another_unit_is_not_there(post: str) -> None:
    cast = gather()
    case = cast.opens("repair")
    client = Client()
    client.force_login(somebody("Y1", "邻居", post, cast.nan))

    assert client.get(f"/cases/{case.number}/").status_code == 404
    assert case.number not in client.get("/cases/").content.decode()
    answer = client.post(f"/cases/{case.number}/steps/urge/", {"client_id": "x"})
    assert answer.status_code == 404
    assert Case.objects.get().last_seq == 1


def test_names_and_telephones_are_masked_in_lists() -> None:
    cast = gather()
    cast.opens("repair")

    page = person(cast, "dispatcher").get("/cases/").content.decode()

    assert "周末" not in page
    assert "13800000001" not in page


def test_a_page_says_what_scripts_may_run() -> None:
    answer = person(gather(), "agent").get("/")

    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy or "default-src 'none'" in policy


def test_a_form_without_its_token_is_refused() -> None:
    cast = gather()
    case = cast.opens("repair")
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.agent)

    assert client.post(f"/cases/{case.number}/steps/urge/", {"client_id": "x"}).status_code == 403
    assert Case.objects.get().last_seq == 1


def _addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _addresses(pattern.url_patterns, before + str(pattern.pattern))
        else:
            found.append(before + str(pattern.pattern))
    return found
