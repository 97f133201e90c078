"""Drawing on the map of the ask page in Chromium: by mouse, by keyboard, and taken away again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.running import City

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
HOME = "/workbench/twin/ask/"


def test_asks_about_what_was_drawn_and_takes_it_away(city: City, open_page: OpenPage) -> None:
    page = open_page(city.official("leader"))
    page.goto(HOME)
    canvas = page.locator(".maplibregl-canvas")
    canvas.scroll_into_view_if_needed()
    expect(page.locator("[data-map-none]")).to_have_count(0, timeout=30_000)
    page.get_by_role("button", name="画矩形").click()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    drawn = page.locator("input[name=drawn]")
    expect(drawn).to_have_value(re.compile(r"^POLYGON\(\("))
    expect(page.get_by_role("status").filter(has_text="已画1块范围")).to_be_visible()
    expect(page.get_by_label("问地图")).to_have_value("画的范围内的")

    page.get_by_label("问地图").fill("这里面有多少栋楼")
    page.get_by_role("button", name="问", exact=True).click()
    expect(page).to_have_url(re.compile("drawn=POLYGON"))
    expect(drawn).to_have_value(re.compile(r"^POLYGON\(\("))
    expect(page.get_by_role("button", name="清除画的范围")).to_be_visible()

    page.get_by_text("用坐标画").click()
    page.get_by_label("形状").select_option("circle")
    page.get_by_label(re.compile("坐标，每行一个")).fill("114.05,22.53")
    page.get_by_label(re.compile("半径")).fill("800")
    page.get_by_role("button", name="加上这块范围").click()
    expect(drawn).to_have_value(re.compile(r"^MULTIPOLYGON"))
    expect(page.get_by_text("画的范围（2 块）")).to_be_visible()
    page.get_by_role("button", name="画多边形").focus()
    page.keyboard.press("Escape")
    expect(drawn).to_be_disabled()
