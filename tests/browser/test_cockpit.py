"""The cockpit in Chromium: from the city to a street, and a link that shows the same."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WALL, OpenPage
from tests.running import City

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]


def test_drills_down_and_its_address_shows_the_same(city: City, open_page: OpenPage) -> None:
    wall = open_page(city.official("leader"), size=WALL)
    wall.goto("/cockpit/")
    wall.get_by_role("button", name="范围").click()
    wall.locator("[data-scene=areas] a").first.click()
    expect(wall.get_by_role("navigation", name="所在范围")).to_be_visible(timeout=20_000)
    expect(wall).to_have_url(re.compile(r"area=[0-9]{6}"))
    district = wall.locator(".ck-crumbs [aria-current]").inner_text()

    other = open_page(city.official("leader"), size=WALL)
    other.goto(wall.url)
    expect(other.locator(".ck-crumbs [aria-current]")).to_have_text(district)

    wall.get_by_role("link", name="全市").click()
    expect(wall.get_by_role("heading", name="城市运行")).to_be_visible(timeout=20_000)
    wall.go_back()
    expect(wall.locator(".ck-crumbs [aria-current]")).to_have_text(district, timeout=20_000)
