"""Charts in a real browser: told what the server tells its own engine, drawn, led on from, and readable beside."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from bihuan.reports.layouts import drawing
from tests.browser.test_main_way import enters
from tests.cast import Cast, gather, moment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORT = "/reports/weekly/2007-W23/?live=1"
INDICATOR = "/indicators/repair.arrived_in_time/?week=2007-W23"
TOLD = """(name) => {
  const spec = JSON.parse(document.getElementById(name).textContent);
  return JSON.stringify(bihuanCharts.drawing(spec, TONE).option);
}""".replace("TONE", json.dumps(drawing.PAPER))


def some_weeks() -> Cast:
    """Repairs of three weeks, one of them late."""
    cast = gather()
    for day in ("2007-05-23", "2007-05-30", "2007-06-05", "2007-06-06"):
        case = cast.opens(at=moment(f"{day} 09:00"))
        cast.later(minutes=90 if day == "2007-06-06" else 10)
        cast.restores(case)
        cast.confirms(case)
    return cast


@pytest.mark.parametrize("address", [REPORT, INDICATOR, REPORT + "&meeting=1"])
def test_the_page_draws_what_the_server_would(
    page: Page, axe: Callable[[Page], list[str]], address: str
) -> None:
    enters(page, some_weeks().editor)
    faults: list[str] = []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.goto(address)
    names = page.eval_on_selector_all("[data-chart]", "boxes => boxes.map(box => box.dataset.chart)")

    assert names
    for name in names:
        spec = json.loads(page.inner_text(f"script#{name}") or page.text_content(f"script#{name}") or "")
        assert page.evaluate(TOLD, name) == drawing.option(spec, drawing.PAPER), name
    assert page.locator("[data-chart] canvas").count() == len(names)
    assert axe(page) == []
    assert faults == []


def test_a_week_of_a_picture_leads_to_its_own_report(page: Page) -> None:
    enters(page, some_weeks().editor)
    page.goto(REPORT)
    assert page.locator('th a[href="/reports/weekly/2007-W21/#repair"]').inner_text() == "2007-W21"
    box = page.locator('[data-chart="repair-over"]')
    box.scroll_into_view_if_needed()
    x, y = page.evaluate(
        "() => { const box = document.querySelector('[data-chart=\"repair-over\"]');"
        " return echarts.getInstanceByDom(box).convertToPixel({ seriesIndex: 0 }, [0, 100]); }"
    )

    box.click(position={"x": x, "y": y})

    page.wait_for_url("**/reports/weekly/2007-W21/#repair")
