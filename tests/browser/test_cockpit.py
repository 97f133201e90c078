"""The cockpit in Chromium: from the city to a street, a link that shows the same, a device that alarms."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import WALL, OpenPage
from tests.running import City

pytestmark = [pytest.mark.running, pytest.mark.browser, pytest.mark.slow]
BRIDGE = "DEMO-BRIDGE-0003"  # one of those without a story
_NOTICED = """
INSERT INTO telemetry_signal (stream, condition, kind, at_us, value, noticed_us, done)
SELECT d.id, 'bridge_tilt/tilted/0', 'raise', now_us, 9, now_us, false
FROM telemetry_datastream d JOIN telemetry_thing t ON t.id = d.thing_id,
  (SELECT (extract(epoch FROM now()) * 1000000)::bigint AS now_us) n
WHERE t.key = %s AND d.code = 'tilt_deg' RETURNING id
"""  # as the collector stores what it noticed: the worker makes an alarm and a case of it
_PLACE = "SELECT longitude, latitude, name FROM telemetry_thing WHERE key = %s"
_LOOK_AT = """async ([longitude, latitude]) => {
  const { mapOf } = await import("/static/js/map.js");
  const map = mapOf(document.querySelector("[data-map=wall]"));
  map.jumpTo({ center: [longitude, latitude], zoom: 17 });
  const at = map.project([longitude, latitude]), box = map.getCanvas().getBoundingClientRect();
  return [box.left + at.x, box.top + at.y];
}"""
_BESIDE = 13  # pixels: outside the disc of a device that is well, inside the diamond of one that alarms


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


def test_recolours_a_device_that_alarms_and_lists_the_alarm(city: City, open_page: OpenPage) -> None:
    ((longitude, latitude, name),) = city.rows(_PLACE, BRIDGE)
    wall = open_page(city.official("leader"), size=WALL)
    wall.goto("/cockpit/")
    expect(wall.locator("[data-map=wall][data-live-ms]")).to_be_attached(timeout=60_000)
    x, y = wall.evaluate(_LOOK_AT, [longitude, latitude])
    _until(wall, lambda: _colour_at(wall, x, y) == "green")

    city.rows(_NOTICED, BRIDGE)
    alarms = wall.get_by_role("list", name="未办结的设备告警")
    expect(alarms.get_by_role("link", name=re.compile(name))).to_be_visible(timeout=30_000)
    _until(wall, lambda: _colour_at(wall, x + _BESIDE, y) == "red")


def test_tells_which_device_a_point_is(city: City, open_page: OpenPage) -> None:
    key = "DEMO-BRIDGE-0004"
    ((longitude, latitude, name),) = city.rows(_PLACE, key)
    wall = open_page(city.official("leader"), size=WALL)
    wall.goto("/cockpit/")
    expect(wall.locator("[data-map=wall][data-live-ms]")).to_be_attached(timeout=60_000)
    x, y = wall.evaluate(_LOOK_AT, [longitude, latitude])
    wall.mouse.click(x, y)
    expect(wall.locator(".ck-told")).to_contain_text(name, timeout=20_000)
    expect(wall.get_by_role("link", name="打开设备页")).to_have_attribute("href", f"/workbench/devices/one/{key}/")
    expect(wall).not_to_have_url(re.compile("area="))


def _colour_at(wall: Page, x: float, y: float) -> str:
    """Whether one pixel of the page is green, red or neither."""
    shot = wall.screenshot(clip={"x": round(x), "y": round(y), "width": 1, "height": 1})
    red, green, blue = Image.open(BytesIO(shot)).convert("RGB").tobytes()
    return "red" if red > max(green, blue) + 40 else "green" if green > max(red, blue) + 40 else "neither"


def _until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(80):
        if is_so():
            return
        page.wait_for_timeout(250)
    raise AssertionError("not so within twenty seconds")
