"""Chromium with the running city: pages of people, on the telephone and at the desk."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.running import City, Visitor

CHROMIUM = Path(os.environ.get("ZHICHENG_CHROMIUM", "/usr/bin/chromium"))
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PHONE, DESK, WALL = {"width": 390, "height": 844}, {"width": 1440, "height": 900}, {"width": 1920, "height": 1080}
# In the street where the demo's officials work.
_HERE = {"latitude": 22.6905, "longitude": 114.1235}
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists() and not IN_CI:
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium, or name one in ZHICHENG_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _wait_for_scripts(page: Page) -> None:
    """Acts on a page only once its parts listen: before that a click follows its link, as it does without scripts."""
    starting = page.locator("html:not([data-started]):has(script[src*='js/main'])")
    page.add_locator_handler(starting, lambda _: None)


@pytest.fixture
def open_page(chromium: Browser, city: City) -> Iterator[OpenPage]:
    """Opens pages: `open_page(visitor, size=…, script=…)`. At the end no page may have complained in its console."""
    contexts, complaints = [], []

    def opened(visitor: Visitor | None = None, *, size: dict[str, int] = DESK, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=city.url,
            viewport=size,
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            geolocation=_HERE,
            permissions=["geolocation"],
            reduced_motion="reduce",
        )
        contexts.append(context)
        if visitor is not None:
            context.add_cookies([{"name": "sessionid", "value": visitor.cookies["sessionid"], "url": city.url}])
        page = context.new_page()
        if script:
            _wait_for_scripts(page)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: said.type == "error" and complaints.append(f"{page.url}: {said.text}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [said for said in complaints if "status of 4" not in said] == []
