"""The pages of signing in, in Chromium: no serious barrier, nothing wider than the phone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from zhicheng.core.parties.public import present_totp
from zhicheng.kit.clock import now
from zhicheng.web.signin.tests.conftest import PASSWORD, PHONE, hire, sms_code

CHROMIUM = Path(os.environ.get("ZHICHENG_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
NEXT = "main button.button--primary"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread; Django's work does not
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(params=["with scripts", "without scripts"])
def page(request, browser: Browser, live_server) -> Iterator[Page]:
    scripts = request.param == "with scripts"
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=scripts, base_url=live_server.url
    )
    page = context.new_page()
    page.scripts = scripts
    yield page
    context.close()


def check(page: Page) -> None:
    if page.scripts:
        violations = Axe().run(page).response["violations"]
        serious = [
            (one["id"], one["nodes"][0]["target"]) for one in violations if one["impact"] in {"serious", "critical"}
        ]
        assert serious == [], page.url
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


class TestPages:
    def test_lead_a_resident_in(self, page: Page, settings) -> None:
        page.goto("/signin/?next=/account/")
        check(page)
        page.fill("[name=phone]", "123")
        page.click(NEXT)
        check(page)
        page.fill("[name=phone]", PHONE)
        page.click(NEXT)
        check(page)
        page.fill("[name=code]", sms_code(settings))
        page.click(NEXT)
        assert page.url.endswith("/account/")
        assert page.get_by_text("138****1234").is_visible()
        check(page)

    def test_lead_an_official_in(self, page: Page) -> None:
        hire("chen.wei")
        page.goto("/signin/official/?next=/account/delegation/")
        page.fill("[name=login]", "chen.wei")
        page.fill("[name=password]", "wrong")
        page.click(NEXT)
        check(page)
        page.fill("[name=password]", PASSWORD)
        page.click(NEXT)
        check(page)
        page.fill("[name=code]", present_totp("chen.wei", now=now()))
        page.click(NEXT)
        assert page.url.endswith("/account/delegation/")
        for address in ("/account/delegation/", "/account/password/", "/account/"):
            page.goto(address)
            check(page)

    def test_enrol_a_new_official(self, page: Page) -> None:
        hire("li.na", demo=False)
        page.goto("/signin/official/")
        page.fill("[name=login]", "li.na")
        page.fill("[name=password]", PASSWORD)
        page.click(NEXT)
        assert page.locator("svg.segno, main svg").first.is_visible()
        check(page)
