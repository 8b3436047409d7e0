"""A board that stands open asks again; it keeps what it shows until there is something new."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Response

from tests.browser.test_main_way import enters
from tests.cast import gather

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_open_board_shows_a_new_case_by_itself(page: Page) -> None:
    cast = gather()
    cast.opens("repair", at=timezone.now())
    enters(page, cast.leader)
    page.clock.install()
    page.goto("/cases/")

    def asks_again() -> int:
        with page.expect_response(_is_poll) as caught:
            page.clock.fast_forward(21_000)
        return int(caught.value.status)

    assert asks_again() == 204
    assert page.locator("#rows tr[data-row]").count() == 1

    cast.opens("repair", at=timezone.now())
    assert asks_again() == 200
    page.wait_for_function("document.querySelectorAll('#rows tr[data-row]').length === 2")
    assert asks_again() == 204
    assert page.locator("#rows tr[data-row]").count() == 2


def _is_poll(answer: Response) -> bool:
    return "/cases/" in answer.url and "seen=" in answer.url
