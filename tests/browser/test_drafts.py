"""What somebody typed and didn't send waits for him, and for nobody else at the same desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from bihuan.people.models import Staff
from tests.browser.test_main_way import enters
from tests.cast import Cast, gather, somebody

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECRET = "told in confidence"


@pytest.fixture
def cast() -> Cast:
    return gather()


def types(page: Page, cast: Cast) -> None:
    enters(page, cast.agent)
    _opens(page, cast)
    page.fill('textarea[name="description"]', SECRET)


def _opens(page: Page, cast: Cast) -> None:
    page.goto(f"/intake/?account={cast.account.number}&loop=complaint")


def _typed(page: Page) -> str:
    return page.input_value('textarea[name="description"]')


def test_it_waits_for_whoever_typed_it(cast: Cast, page: Page) -> None:
    types(page, cast)

    page.goto("/cases/")
    _opens(page, cast)

    assert _typed(page) == SECRET


def test_nobody_who_signs_in_after_him_finds_it(cast: Cast, page: Page) -> None:
    other: Staff = somebody("A5", "安次", "agent", cast.centre)
    types(page, cast)

    page.context.clear_cookies()
    enters(page, other)
    _opens(page, cast)

    assert _typed(page) == ""


def test_signing_out_forgets_it(cast: Cast, page: Page) -> None:
    types(page, cast)

    page.goto("/cases/")
    page.locator('form[action$="/sign-out/"]').evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/sign-in/**")
    enters(page, cast.agent)
    _opens(page, cast)

    assert _typed(page) == ""
