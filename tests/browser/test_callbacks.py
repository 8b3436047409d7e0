"""The callback desk by keyboard in a real browser, and axe on its pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from bihuan.cases.models import Case, Cycle, Entry
from bihuan.flow.actions.calls import end_call
from bihuan.people import actions as people
from bihuan.people.models import Staff
from bihuan.surveys import queries
from tests.cast import PASSWORD, Cast, gather, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], list[str]]


def enters(page: Page, person: Staff) -> None:
    people.set_password(staff=person, password=PASSWORD)
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.fill("#number", person.number)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def restored(cast: Cast) -> Case:
    return cast.restores(cast.opens("repair", at=moment("2007-06-05 09:00")))


def test_a_call_is_written_down_without_the_mouse(page: Page) -> None:
    cast = gather()
    case = restored(cast)
    enters(page, cast.caller)
    page.goto(f"/callbacks/?number={case.number}")

    page.keyboard.press("1")  # it is solved
    page.keyboard.press("2")  # nobody rang
    page.keyboard.type("1015")  # when the crew came
    page.keyboard.press("Tab")
    page.keyboard.press("3")  # fair
    page.keyboard.press("c")
    page.wait_for_url("**/callbacks/")

    cycle = Cycle.objects.get(case=case)
    assert (cycle.solved, cycle.rang_on_arrival, cycle.satisfaction) == (True, False, "fair")
    assert cycle.customer_arrived_at == moment("2007-06-05 10:15")
    assert Entry.objects.get(case=case, step="confirm").actor == cast.caller.actor


def test_sending_back_by_key_first_asks_why(page: Page) -> None:
    cast = gather()
    case = restored(cast)
    enters(page, cast.caller)
    page.goto(f"/callbacks/?number={case.number}")

    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.name") == "reason"
    page.keyboard.press("Space")
    page.keyboard.press("b")
    page.wait_for_url("**/callbacks/")

    assert Case.objects.get(pk=case.pk).cycle == 2


def test_axe_finds_nothing_on_the_pages_of_the_callbacks(page: Page, axe: Axe) -> None:
    cast = gather()
    heard, waiting = restored(cast), restored(cast)
    end_call(
        case_id=heard.pk,
        step="confirm",
        by=cast.caller.actor,
        at=cast.later(hours=1),
        recorded_at=cast.now,
        facts={
            "solved": True,
            "satisfaction": "satisfied",
            "customer_arrived_at": moment("2007-06-05 10:15"),
        },
        notes={},
        expected_seq=heard.last_seq,
        sheet=queries.asked_on("repair", moment("2007-06-05 12:00").date()),
        answers={"manner": "good", "wish": "早点来"},
    )
    seq = Entry.objects.get(step="confirm").seq
    pages = {
        cast.caller: [f"/callbacks/?number={waiting.number}", "/callbacks/questions/repair/"],
        cast.inspector: [
            "/callbacks/ledger/?from=2007-06-04&to=2007-06-10",
            "/callbacks/ledger/cases/?from=2007-06-04&to=2007-06-10",
            "/callbacks/findings/?state=",
            "/callbacks/scores/?week=2007-W23",
            f"/callbacks/scores/{heard.number}/{seq}/",
            "/callbacks/questions/",
            f"/cases/{heard.number}/",
        ],
        cast.editor: ["/callbacks/questions/repair/"],
    }
    seen: dict[str, list[str]] = {}
    for person, addresses in pages.items():
        enters(page, person)
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            seen[f"{person.number} {address}"] = axe(page)

    assert {address: found for address, found in seen.items() if found} == {}
