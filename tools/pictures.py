"""Takes the README's pictures from a running demo (13 weeks, `--still`): `python tools/pictures.py http://127.0.0.1:8000`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PASSWORD = "bihuan-demo"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
LANGUAGES = {"zh-hans": "", "en": "-en"}
SIZE = {"width": 1280, "height": 800}


def main(address: str) -> None:
    """Four pages in both languages: a case, the callback desk, the weekly report, an indicator."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for language, ending in LANGUAGES.items():
            page = _enters(browser, address, "BB-D1", language)
            page.goto("/cases/?which=mine")
            page.goto(page.locator("tr[data-row] a").first.get_attribute("href") or "/")
            _take(page, f"desk{ending}")
            page = _enters(browser, address, "H01", language)
            page.goto("/callbacks/")
            _take(page, f"callbacks{ending}")
            page = _enters(browser, address, "B01", language)
            page.goto("/reports/")
            page.evaluate("document.querySelector('main section[id]:not(#actions)').scrollIntoView()")
            _take(page, f"report{ending}")
            page.goto("/indicators/repair.arrived_in_time/")
            _take(page, f"indicator{ending}")
        browser.close()


def _enters(browser: Browser, address: str, number: str, language: str) -> Page:
    context = browser.new_context(
        base_url=address,
        viewport=SIZE,  # type: ignore[arg-type]
        timezone_id="Asia/Shanghai",
        locale="en-GB" if language == "en" else "zh-CN",
    )
    context.add_cookies([{"name": "django_language", "value": language, "url": address}])
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("#number", number)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1200)  # charts move into place
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
