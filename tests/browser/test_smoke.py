"""The browser reaches the server at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_browser_sees_a_page_of_ours(page: Page, axe: Callable[[Page], list[str]]) -> None:
    answer = page.goto("/static/vendor/tabler/tabler.min.css")

    assert answer is not None
    assert answer.status == 200
    assert "tabler" in page.content().lower()
    axe(page)
