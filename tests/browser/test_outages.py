"""The pages of outages and voltage in a real browser: axe, no scrolling sideways on a phone, and a plan from its notice to its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from bihuan.outages import actions
from bihuan.outages.models import Outage
from bihuan.outages.rules import Reading
from tests.browser.test_main_way import enters
from tests.cast import CHONGQING, gather
from tests.outages.told import announced, fault
from tests.outages.world import JULY, june

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], list[str]]


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page, axe: Axe, width: int) -> None:
    cast = gather()
    june(cast)
    open_now, planned = fault(cast, "2007-07-01 10:00"), announced(cast)
    point = actions.add_point(code="D1", name="首端", unit=cast.yang, area="urban", klass="D", nominal=220)
    new = actions.NewReading(point, date(2007, 6, 1), date(2007, 6, 30), Reading(43_200, 0, 432))
    actions.read_voltage(given=new, by=cast.dispatcher.actor, at=JULY, zone=CHONGQING)
    enters(page, cast.dispatcher)
    page.set_viewport_size({"width": width, "height": 900})
    days = "from=2007-06-01&to=2007-06-30"
    seen: dict[str, list[str]] = {}
    wide: list[str] = []

    for address in (
        "/outages/",
        "/outages/?which=past",
        f"/outages/?which=off_plan&{days}",
        f"/outages/{open_now.number}/",
        f"/outages/{planned.number}/",
        "/outages/new/",
        f"/outages/figures/?{days}",
        f"/voltage/?{days}",
        "/voltage/D1/",
        "/voltage/new/",
        "/outages/users/",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        seen[address] = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)

    assert {address: found for address, found in seen.items() if found} == {}
    assert wide == []


def test_a_plan_is_typed_told_by_when_and_announced(page: Page) -> None:
    cast = gather()
    enters(page, cast.dispatcher)
    start = timezone.localtime() + timedelta(days=3)
    page.goto("/outages/new/")

    page.fill("#new-planned_start_at", f"{start:%Y-%m-%dT08:00}")
    page.wait_for_selector("#notice-clock section")
    assert "公告不及时" in page.inner_text("#notice-clock")
    page.fill("#new-planned_end_at", f"{start:%Y-%m-%dT18:00}")
    page.fill("#new-places", "石坪村")
    page.select_option("#new-channel", "newspaper")
    page.click("button.btn-primary")
    page.wait_for_url("**/outages/CQ-T*/")

    assert "公告不及时" in page.inner_text("main")
    assert Outage.objects.get().places == "石坪村"
