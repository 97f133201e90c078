"""The call desk: what the city knows while somebody types, taken over without leaving the keyboard."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.running import City

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
DESK = "/workbench/calls/"


@pytest.fixture(autouse=True)
def _known(city: City) -> None:
    """The worker makes the index in the first minutes of a new city."""
    for _ in range(300):
        if (city.home / "index" / "current.json").exists():
            return
        time.sleep(1)
    raise AssertionError("the city has no index")


def _type(page: Page, text: str) -> None:
    page.locator("#id_text").press_sequentially(text, delay=20)
    expect(page.locator("[data-take=answer]").first).to_be_visible(timeout=15_000)


class TestCallHelp:
    def test_takes_an_answer_into_the_note_by_keyboard(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("call.taker"))
        page.goto(DESK, wait_until="networkidle")
        _type(page, "居住证怎么办")
        expect(page.locator("[data-call-help-list]")).to_contain_text("来源")
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-take]").first).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-take]").nth(1)).to_be_focused()
        page.keyboard.press("1")
        expect(page.locator("#id_note")).to_have_value(re.compile("〔已告知〕.*居住证.*来源"))
        expect(page.locator("#id_text")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("[data-take]")).to_have_count(0)
        page.get_by_role("button", name="只是咨询，已答复").click()
        expect(page.locator(".toasts")).to_contain_text(re.compile("咨询已记录 SZ.*已办结"))

    def test_works_by_a_button_without_a_script(self, city: City, open_page: OpenPage) -> None:
        page = open_page(city.official("call.taker"), script=False)
        page.goto(DESK)
        page.locator("#id_text").fill("居住证怎么办")
        page.get_by_role("button", name="查知识库").click()
        expect(page.locator(".call-help")).to_contain_text("来源")
        page.locator("[data-take=answer]").first.click()
        expect(page.locator("#id_note")).to_have_value(re.compile("〔已告知〕"))
        expect(page.locator("#id_text")).to_have_value("居住证怎么办")
