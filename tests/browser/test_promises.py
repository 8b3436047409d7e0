"""The promises' pages in a real browser: axe, no scrolling sideways on a phone, and a change from its check to its publication."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from bihuan.indicators import actions as indicators
from bihuan.packs import queries
from bihuan.packs.models import PackVersion, Trial
from tests.browser.test_main_way import enters
from tests.cast import gather, somebody

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], list[str]]
CODE = "chongqing-2007"
PAGES = (
    "/promises/",
    f"/promises/{CODE}/",
    f"/promises/{CODE}/history/",
    f"/promises/{CODE}/edit/",
    f"/promises/{CODE}/change/0/",
    f"/promises/compare/?one=sgcc-2005/0&other={CODE}/0",
    "/promises/copy/",
    "/promises/order/",
)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, axe: Axe, width: int) -> None:
    cast = gather()
    cast.restores(cast.opens("repair"))
    enters(page, somebody("X1", "谢敏", "admin", cast.centre))
    page.set_viewport_size({"width": width, "height": 900})
    seen: dict[str, list[str]] = {}
    wide: list[str] = []

    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        seen[address] = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)

    assert {address: found for address, found in seen.items() if found} == {}
    assert wide == []


def test_a_limit_is_checked_tried_and_published(page: Page, axe: Axe) -> None:
    cast = gather()
    enters(page, somebody("X1", "谢敏", "admin", cast.centre))
    page.goto(f"/promises/{CODE}/change/0/")

    page.fill("#id_amount-0", "30")
    page.click("button[value=check]")
    page.wait_for_selector("#preview")
    assert "30 分钟" in page.inner_text("#preview")
    page.click("button[value=try]")
    page.wait_for_url("**/trials/**")
    indicators.run_trial(key=Trial.objects.get().pk, clock=timezone.now)
    page.wait_for_selector("table.trial")  # the page asks again by itself
    assert axe(page) == []

    page.click("text=继续编辑此草案")
    page.fill("#id_why", "董事会决议")
    page.click("button[value=publish]")
    page.wait_for_url("**/history/")
    assert "董事会决议" in page.inner_text("main")
    assert PackVersion.objects.get().text.count("amount = 30") == 1
