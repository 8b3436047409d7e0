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
    page.keyboard.press("Enter")
    page.wait_for_selector(f"a[href*='account={cast.account.number}']")
    page.focus(f"a[href*='account={cast.account.number}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=kind]")
    page.focus("input[name=kind]")
    page.keyboard.press("Space")
    page.focus("textarea[name=description]")
    page.keyboard.type("楼道没电")
    page.keyboard.press("Tab")
    page.eval_on_selector("textarea[name=description]", "field => field.form.requestSubmit()")
    page.wait_for_url("**/cases/CQ-**")

    assert "杨家坪供电局" in page.inner_text("main")


def _pages(cast: Cast, number: str) -> list[tuple[Staff, list[str]]]:
    return [
        (cast.agent, ["/", "/intake/", f"/intake/?account={cast.account.number}", "/cases/", "/promises/"]),
        (cast.caller, ["/callbacks/", f"/callbacks/?number={number}", f"/cases/{number}/"]),
        (cast.editor, ["/reports/weekly/2007-W23/", "/reports/weekly/2007-W23/repair.count/"]),
    ]
