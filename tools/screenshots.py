"""Takes pictures of the desk's pages: `python tools/screenshots.py http://127.0.0.1:8000 NUMBER PASSWORD FOLDER [PATH …]`."""

from __future__ import annotations

import shutil
import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
WIDTHS = (1440, 390)
LOOKS = (("zh-hans", "light"), ("en", "dark"))


def main(address: str, number: str, password: str, folder: Path, paths: list[str]) -> None:
    """Every page at both widths, in Chinese and light, in English and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for width, (language, theme) in product(WIDTHS, LOOKS):
            _take(browser, address, number, password, folder, paths, width, language, theme)
        browser.close()


def _take(
    browser: Browser,
    address: str,
    number: str,
    password: str,
    folder: Path,
    paths: list[str],
    width: int,
    language: str,
    theme: str,
) -> None:
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 900}, timezone_id="Asia/Shanghai"
    )
    context.add_cookies(
        [
            {"name": "django_language", "value": language, "url": address},
            {"name": "theme", "value": theme, "url": address},
        ]
    )
    page = context.new_page()
    page.on("console", lambda line: print(f"{line.type}: {line.text}") if line.type == "error" else None)
    page.goto("/sign-in/")
    page.fill("#number", number)
    page.fill("#password", password)
    page.click("main button")
    page.wait_for_url("**/")
    for path in paths:
        page.goto(path)
        name = f"{number}-{path.strip('/').replace('/', '-').replace('?', '-') or 'home'}-{width}-{language}-{theme}.png"
        page.screenshot(path=folder / name, full_page=True)
        print(name)
    context.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]), sys.argv[5:] or ["/"])
