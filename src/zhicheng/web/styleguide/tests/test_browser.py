"""The faces in Chromium: no serious barrier, nothing wider than the phone, forms by steps and without scripts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from zhicheng.web.styleguide.groups import GROUPS
from zhicheng.web.styleguide.pages import PAGES

CHROMIUM = Path(os.environ.get("ZHICHENG_CHROMIUM", "/usr/bin/chromium"))
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
ADDRESSES = [
    *(f"/styleguide/{group.code}/?theme={theme}" for group in GROUPS for theme in ("light", "dark")),
    *(f"/styleguide/pages/{name}/" for name in PAGES),
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright's loop runs in this thread; Django's own work does not
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.mark.slow
class TestEveryPage:
    def test_has_no_serious_barrier_and_fits_the_phone(self, page: Page, live_server) -> None:
        found = []
        for address in ADDRESSES:
            page.goto(f"{live_server.url}{address}")
            violations = Axe().run(page).response["violations"]
            found += [
                (address, v["id"], v["nodes"][0]["target"])
                for v in violations
                if v["impact"] in {"serious", "critical"}
            ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((address, "wider than the phone", ""))
        assert found == []


class TestFrontPage:
    def test_fits_the_smallest_phone_and_big_letters(self, page: Page, live_server) -> None:
        page.goto(f"{live_server.url}/styleguide/pages/home_guest/")
        for width, letters in ((320, "normal"), (390, "big")):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("letters => { document.documentElement.dataset.letters = letters }", letters)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{width} px, {letters} letters: {wide} px too wide"

    def test_breaks_no_title_of_a_door_on_a_desk(self, page: Page, live_server) -> None:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}/styleguide/pages/home_guest/")
        titles = page.locator(".door:not(.door--main) .door__title")
        heights = [box["height"] for box in (title.bounding_box() for title in titles.all()) if box]
        assert len(heights) >= 3
        assert max(heights) < 40, "one line each"


class TestTables:
    def test_write_no_name_downwards_on_a_phone(self, page: Page, live_server) -> None:
        for name in ("audit", "accounts"):
            page.goto(f"{live_server.url}/styleguide/pages/{name}/")
            narrowest = page.evaluate(
                "Math.min(...[...document.querySelectorAll('.table tbody :is(th, td)')].map(c => c.offsetWidth))"
            )
            assert narrowest >= 80, name


class TestAppealForm:
    def test_asks_one_thing_at_a_time_and_shows_everything_before_it_is_sent(self, page: Page, live_server) -> None:
        page.goto(f"{live_server.url}/styleguide/pages/appeal_new/")
        page.click("[data-step-next]")
        assert page.locator("[data-step-error]").inner_text() == "请写下发生了什么。"
        page.fill("#id_text", "学府路口三盏路灯坏了三天")
        page.click("[data-step-next]")
        page.fill("#id_place_address", "学府路与榕荫街路口")
        page.click("[data-step-next]")
        page.click("[data-step-next]")
        page.check("input[value=anonymous]")
        page.click("[data-step-next]")
        summary = page.locator("[data-step-summary]").inner_text()
        assert "学府路口三盏路灯坏了三天" in summary
        assert "学府路与榕荫街路口" in summary
        assert "匿名反映" in summary

    def test_counts_a_point_on_the_map_as_a_place(self, page: Page, live_server) -> None:
        page.goto(f"{live_server.url}/styleguide/pages/appeal_new/")
        page.fill("#id_text", "学府路口三盏路灯坏了三天")
        page.evaluate("document.querySelector('[data-place-longitude]').value = '114.05'")
        for _ in range(3):
            page.click("[data-step-next]")
        page.check("input[value=anonymous]")
        page.click("[data-step-next]")
        assert "地图上选的位置" in page.locator("[data-step-summary]").inner_text()

    def test_wants_a_telephone_number_only_from_those_who_give_their_name(self, page: Page, live_server) -> None:
        page.goto(f"{live_server.url}/styleguide/pages/appeal_new/")
        page.fill("#id_text", "学府路口三盏路灯坏了三天")
        for _ in range(4):
            page.click("[data-step-next]")
        assert page.locator("[data-step-error]").inner_text().startswith("请填写手机号码")
        page.check("input[value=anonymous]")
        assert not page.locator("#id_phone").is_visible()

    def test_shows_all_sections_and_one_button_without_scripts(self, browser: Browser, live_server) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{live_server.url}/styleguide/pages/appeal_new/")
        assert page.locator(".form-section:visible").count() == 5
        assert page.locator(".form-actions button:visible").inner_text() == "提交"
        context.close()


class TestQueue:
    def test_is_walked_and_opened_by_the_keyboard(self, page: Page, live_server) -> None:
        page.goto(f"{live_server.url}/styleguide/pages/queue/")
        page.wait_for_selector("[data-queue][data-ready]")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("x")
        assert page.locator("[data-bulk-count]").inner_text() == "1"
        page.keyboard.press("Enter")
        page.wait_for_url("**/pages/case/")
