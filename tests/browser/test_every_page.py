"""Every page that some post may open, in a real browser: axe finds nothing, nothing scrolls sideways on a phone, each has one
heading and a title of its own, and a Chinese page holds no English sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.test_main_way import enters
from tests.cast import Cast, gather, somebody
from tests.web.test_posts import OPEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], list[str]]

PARTS = ("/intake/find/", "/callbacks/line/", "/outages/known/", "/outages/clock/")
"""What htmx puts into a page; no pages themselves."""

ORDER = ("inspector", "leader", "dispatcher", "agent", "callback", "editor", "executive", "admin")
"""Who opens a page that several may open."""

SENTENCE = re.compile(r"\b[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+\b")
"""Four English words on end; names of standards and of keys are shorter."""

SOURCES = ("/promises/", "/standards/")
"""Their sources may be quoted as they were published."""


def _pages(cast: Cast) -> dict[str, list[str]]:
    """The pages by the post that opens them here, each once."""
    case = cast.opens("repair")
    cast.restores(case)
    told: dict[str, list[str]] = {post: [] for post in ORDER}
    for page in sorted(set().union(*OPEN.values())):
        if not page.endswith((".csv", ".xlsx", ".json")) and page not in PARTS:
            told[next(post for post in (*ORDER, *OPEN) if page in OPEN[post])].append(page)
    told["agent"].append(f"/cases/{case.number}/")
    return told


def test_every_page_is_fit_for_everybody(page: Page, axe: Axe) -> None:
    cast = gather()
    faults: dict[str, list[str]] = {}
    for post, addresses in _pages(cast).items():
        place = cast.yang if post in ("dispatcher", "leader") else cast.centre
        page.set_viewport_size({"width": 1440, "height": 900})
        enters(page, somebody(f"E-{post}", "某人", post, place))
        for address in addresses:
            page.set_viewport_size({"width": 390, "height": 900})
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            found = axe(page)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append("scrolls sideways")
            if page.locator("h1").count() != 1:
                found.append(f"{page.locator('h1').count()} headings")
            if page.title().startswith("·") or not page.title().split("·")[0].strip():
                found.append("no title")
            said = SENTENCE.search(page.inner_text("main"))
            if said and not address.startswith(SOURCES):
                found.append(f"English: {said.group()}")
            page.set_viewport_size({"width": 1440, "height": 900})
            found += [fault for fault in axe(page) if fault not in found]
            if found:
                faults[f"{post} {address}"] = found

    assert faults == {}
