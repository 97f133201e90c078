"""Devices in the workbench: from a file to a list, a page, a key and the end; and what waits for approval."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.core.telemetry.public import Collecting, accept_readings, find_streams_of
from zhicheng.core.telemetry.values import Reading, batch_of, to_us
from zhicheng.kit.clock import now
from zhicheng.web.workbench.tests.conftest import hire, signed_in

FILE = """编号,名称,型号,经度,纬度
N-1,东桥噪声点,noise_monitor,118.0,30.0
N-2,没有型号,thermometer,118.0,30.0
N 3,空格,noise_monitor,118.0,30.0
N-1,重复,noise_monitor,118.0,30.0
"""


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    settings.TELEMETRY_DURABILITY = "kernel"


@pytest.fixture
def manager(home):
    hire("he.devices", "何敏", role="device_manager")
    return signed_in("he.devices")


def _upload(client):
    return client.post("/workbench/devices/register/", {"file": SimpleUploadedFile("devices.csv", FILE.encode())})


class TestDevices:
    def test_are_registered_from_a_file_line_by_line(self, manager):
        page = _upload(manager).content.decode()
        assert "新增 1 台" in page
        assert "未登记 3 行" in page
        assert "没有变化 1 台" in _upload(manager).content.decode()
        assert "N-1" in manager.get("/workbench/devices/?q=N-").content.decode()

    def test_show_what_they_measure_and_may_be_taken_out_of_use(self, manager):
        _upload(manager)
        [stream] = find_streams_of(["N-1/noise_db"])
        at = now()
        collecting = Collecting(commit_s=3600, now=at)
        readings = [Reading(int(stream), to_us(at - timedelta(minutes=15 - each)), 50.0 + each) for each in range(15)]
        accept_readings(batch_of(readings), source="test", now=at)
        collecting.step(at)
        page = manager.get("/workbench/devices/one/N-1/").content.decode()
        assert "64 dB" in page
        assert "在线" in page
        assert '<svg class="spark"' in page
        shown = manager.post("/workbench/devices/one/N-1/key/").content.decode()
        assert re.search(r'<dd class="code">[a-z2-7]{32}</dd>', shown)
        assert manager.post("/workbench/devices/one/N-1/retire/", {"sure": "yes"}).status_code == 302
        assert "已停用" in manager.get("/workbench/devices/one/N-1/").content.decode()

    def test_are_maintained_in_times_that_make_sense(self, manager):
        _upload(manager)
        wrong = {"starts_at": "", "ends_at": "2020-01-01 08:00", "reason": "换电池"}
        assert manager.post("/workbench/devices/one/N-1/maintenance/", wrong).status_code == 422
        ends = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d %H:%M}"
        right = {"starts_at": "", "ends_at": ends, "reason": "换电池"}
        assert manager.post("/workbench/devices/one/N-1/maintenance/", right).status_code == 302
        page = manager.get("/workbench/devices/one/N-1/").content.decode()
        assert "换电池" in page
        [end] = re.findall(r'action="(/workbench/devices/one/N-1/maintenance/\d+/end/)"', page)
        assert manager.post(end).status_code == 302
        assert "换电池" not in manager.get("/workbench/devices/one/N-1/").content.decode()

    @pytest.mark.parametrize(("unit", "is_theirs"), [("YX-WORKS", True), ("YX-WATER", False)])
    def test_are_managed_by_the_unit_that_answers_for_them(self, manager, unit, is_theirs):
        _upload(manager)
        hire("zhou.devices", "周凯", role="device_manager", unit=unit)
        other = signed_in("zhou.devices")
        assert ("更换密钥" in other.get("/workbench/devices/one/N-1/").content.decode()) is is_theirs
        ends = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d %H:%M}"
        acts = {
            "maintenance": ({"starts_at": "", "ends_at": ends, "reason": "换电池"}, 302),
            "key": ({}, 200),
            "retire": ({"sure": "yes"}, 302),
        }
        for act, (form, done) in acts.items():
            status = other.post(f"/workbench/devices/one/N-1/{act}/", form).status_code
            assert status == (done if is_theirs else 403), act
        assert ("归别的单位管理" in _upload(other).content.decode()) is not is_theirs

    def test_are_not_for_others(self, home):
        hire("zhao.calls", "赵静", role="call_taker")
        assert signed_in("zhao.calls").get("/workbench/devices/").status_code == 403
