"""Devices and their alarms on the cockpit: for whoever may see devices, in the area shown."""

from types import SimpleNamespace

import pytest

from zhicheng.apps.appeals.tests.town import EAST, NOW, TOWN, WATER, official, promote, sent
from zhicheng.core.parties.values import system_actor
from zhicheng.core.telemetry.public import DeviceFilter, list_devices, register_devices
from zhicheng.core.telemetry.tests.alarms import open_alarm_at
from zhicheng.core.telemetry.values import DeviceRow
from zhicheng.web.cockpit import devices

pytestmark = pytest.mark.usefixtures("monday")
EMPTY = "没有未办结的设备告警"


@pytest.fixture
def sun():
    """孙杰 leads the whole town and may see devices."""
    return official("sun.jie")


@pytest.fixture
def twin():
    """徐浩 may see the cockpit, not devices."""
    promote("xu.hao", "twin_manager", TOWN)
    return official("xu.hao")


@pytest.fixture
def monitor() -> int:
    row = DeviceRow(2, "N1", "东桥噪声点", "noise_monitor", *EAST)
    register_devices([row], actor=system_actor("test"), now=NOW)
    (found,) = list_devices(DeviceFilter(), now=NOW).devices
    return found.thing


class TestAlarms:
    def test_are_shown_with_place_reason_and_the_case(self, sun, monitor):
        case = sent(text="噪声超标：东桥噪声点")
        open_alarm_at(monitor, case, NOW)
        (row,) = sun.get("/cockpit/").context["alarms"]["rows"]
        assert (row["title"], row["why"], row["since"]) == (
            "噪声超标：东桥噪声点",
            "测得 82，高于 75",
            "不到 1 分钟前",
        )
        assert row["place"].endswith("东桥社区")
        assert row["url"] == f"/workbench/cases/{case.number}/"

    def test_of_a_case_that_is_not_the_readers_lead_to_the_alarm(self, monitor):
        promote("li.na", "leader", WATER)
        case = sent()
        open_alarm_at(monitor, case, NOW)
        (row,) = official("li.na").get("/cockpit/").context["alarms"]["rows"]
        assert row["url"] == row["page"] == f"/workbench/devices/alarms/{case.number}/"

    def test_of_a_storm_are_one_with_its_count(self, sun, monitor):
        open_alarm_at(monitor, sent(), NOW, members=1200)
        (row,) = sun.get("/cockpit/").context["alarms"]["rows"]
        assert (row["title"], row["storm"]) == ("噪声超标：1,200 台设备", "仍有 1,200 台")

    def test_are_those_of_the_area_shown(self, sun, monitor):
        open_alarm_at(monitor, sent(), NOW)
        assert "东桥噪声点" in sun.get("/cockpit/alarms/", {"area": "990101001001"}).content.decode()
        other = sun.get("/cockpit/alarms/", {"area": "990101001002"}).content.decode()
        assert EMPTY in other
        assert "东桥噪声点" not in other

    def test_say_that_there_are_none(self, sun):
        assert f"全市{EMPTY}" in sun.get("/cockpit/").content.decode()

    def test_are_not_for_readers_without_devices(self, twin, monitor):
        open_alarm_at(monitor, sent(), NOW)
        page = twin.get("/cockpit/")
        assert (page.status_code, page.context["alarms"]) == (200, None)
        assert "设备告警" not in page.content.decode()
        assert twin.get("/cockpit/alarms/").status_code == 403


class TestDevice:
    @pytest.fixture
    def layer(self, monkeypatch):
        """The town's pack has no layer of devices."""
        monkeypatch.setattr(devices, "visible_layers", lambda _actor: [SimpleNamespace(code="device")])

    def test_tells_what_it_is(self, sun, monitor, layer):
        found = sun.get(f"/cockpit/devices/{monitor}/").json()
        assert (found["name"], found["url"]) == ("东桥噪声点", "/workbench/devices/one/N1/")
        assert {"label": "状态", "words": "未上线"} in found["facts"]

    def test_that_does_not_exist_is_not_found(self, sun, layer):
        assert sun.get("/cockpit/devices/999999/").status_code == 404

    def test_is_not_for_readers_who_may_not_see_the_layer(self, sun, monitor):
        assert sun.get(f"/cockpit/devices/{monitor}/").status_code == 403
