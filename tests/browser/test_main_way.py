"""The main way through a real browser, without the mouse where an agent works, and axe on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from bihuan.people import actions as people
from bihuan.people.models import Staff
from tests.cast import PASSWORD, Cast, gather

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], list[str]]


def enters(page: Page, person: Staff) -> None:
    """Sign in by keyboard."""
    people.set_password(staff=person, password=PASSWORD)
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.focus("#number")
    page.keyboard.type(person.number)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_axe_finds_nothing_on_any_page(page: Page, axe: Axe) -> None:
    cast = gather()
    case = cast.opens("repair")
    cast.restores(case)
    seen: dict[str, list[str]] = {}
    page.goto("/sign-in/")
    seen["sign-in"] = axe(page)
    for person, addresses in _pages(cast, case.number):
        enters(page, person)
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            seen[address] = axe(page)

    assert {address: found for address, found in seen.items() if found} == {}


def test_an_agent_opens_a_case_without_the_mouse(page: Page) -> None:
    cast = gather()
    enters(page, cast.agent)
    page.goto("/intake/")

    page.keyboard.type(cast.account.number)
    page.keyboard.press("Enter")  # whoever is found alone is chosen
    page.wait_for_selector("input[name=kind]")
    assert page.evaluate("document.activeElement.name") == "kind"
    page.keyboard.press("Space")
    page.focus("textarea[name=description]")
    page.keyboard.type("楼道没电")
    page.keyboard.press("Tab")
    page.eval_on_selector("textarea[name=description]", "field => field.form.requestSubmit()")
    page.wait_for_url("**/cases/CQ-**")

    assert "杨家坪供电局" in page.inner_text("main")


def test_what_was_typed_goes_along_to_another_kind_and_is_gone_once_the_case_is_open(page: Page) -> None:
    cast = gather()
    enters(page, cast.agent)
    here = f"/intake/?account={cast.account.number}"
    page.goto(here)
    page.fill("textarea[name=description]", "楼道没电")

    page.click("text=情况反映")
    page.wait_for_url("**loop=situation**")
    assert page.input_value("textarea[name=description]") == "楼道没电"
    page.click("text=故障报修")
    page.wait_for_url("**loop=repair**")
    page.check("input[name=kind] >> nth=0")
    page.click("button:has-text('立单')")
    page.wait_for_url("**/cases/CQ-**")
    page.goto(here)

    assert page.input_value("textarea[name=description]") == ""


def _pages(cast: Cast, number: str) -> list[tuple[Staff, list[str]]]:
    return [
        (cast.agent, ["/", "/intake/", f"/intake/?account={cast.account.number}", "/cases/", "/promises/"]),
        (cast.caller, ["/callbacks/", f"/callbacks/?number={number}", f"/cases/{number}/"]),
        (cast.editor, ["/reports/weekly/2007-W23/", "/reports/weekly/2007-W23/repair.count/"]),
    ]
