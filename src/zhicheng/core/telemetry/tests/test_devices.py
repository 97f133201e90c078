"""Devices: registered from files and after their first message, retired, taken up again."""

import io

import numpy as np
import pytest
from openpyxl import Workbook

from zhicheng.core.telemetry.errors import CandidateSettled, DeviceFileUnreadable, DeviceRetired, DevicesForbidden
from zhicheng.core.telemetry.gate.passwords import device_secret, may_connect
from zhicheng.core.telemetry.models import Candidate, Datastream, HistoricalLocation, Thing
from zhicheng.core.telemetry.operations.devices.candidates import (
    approve_candidate,
    note_unknown,
    refuse_candidate,
)
from zhicheng.core.telemetry.operations.devices.keeping import retire_device, show_key
from zhicheng.core.telemetry.operations.devices.reading import read_device_file
from zhicheng.core.telemetry.operations.devices.registering import register_devices
from zhicheng.core.telemetry.operations.process import restore_streams
from zhicheng.core.telemetry.queries.latest import find_streams_of
from zhicheng.core.telemetry.tests.devices import SYSTEM, device, install_town, registered
from zhicheng.core.telemetry.tests.sensing import NOW, ZHOU
from zhicheng.core.telemetry.values import DeviceRow, UnknownStream, to_us


@pytest.fixture(autouse=True)
def _town(db, settings):
    settings.DEVICE_MASTER = "master"
    install_town()


class TestRegistering:
    def test_makes_a_thing_with_the_streams_of_its_model(self):
        assert registered("N1").created == 1
        thing = Thing.objects.get(key="N1")
        assert set(Datastream.objects.filter(thing=thing).values_list("code", flat=True)) == {"noise_db", "battery"}
        assert (find_streams_of(["N1/noise_db", "N1/none"]) > 0).tolist() == [True, False]

    def test_twice_changes_nothing_and_a_move_is_remembered(self):
        registered("N1")
        assert (registered("N1").unchanged, HistoricalLocation.objects.count()) == (1, 1)
        moved = DeviceRow(2, "N1", "N1 号", "noise_monitor", 118.01, 30.01)
        assert register_devices([moved], actor=SYSTEM, now=NOW).updated == 1
        assert HistoricalLocation.objects.count() == 2

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (DeviceRow(2, "a/b", "x", "noise_monitor", 118.0, 30.0), "字母"),
            (DeviceRow(2, "N1", "x", "toaster", 118.0, 30.0), "型号"),
            (DeviceRow(2, "N1", " ", "noise_monitor", 118.0, 30.0), "名称"),
            (DeviceRow(2, "N1", "x", "noise_monitor", None, 30.0), "经度"),
            (DeviceRow(2, "N1", "x", "noise_monitor", 30.0, 118.0), "反了"),
            (DeviceRow(2, "N1", "x", "noise_monitor", 118.0, 30.0, unit="NOBODY"), "单位"),
        ],
    )
    def test_leaves_out_wrong_lines_and_says_why(self, row, reason):
        [rejection] = register_devices([row], actor=SYSTEM, now=NOW).rejected
        assert reason in rejection.reason

    def test_is_for_managers(self):
        with pytest.raises(DevicesForbidden):
            register_devices([device("N1")], actor=ZHOU, now=NOW)


class TestRestoring:
    def test_tells_ingest_what_is_registered_after_its_files_were_lost(self, settings, tmp_path):
        registered("N1")
        settings.HOME = tmp_path / "restored"
        assert np.all(find_streams_of(["N1/noise_db", "N1/battery"]) == 0)
        assert restore_streams() == 2
        assert np.all(find_streams_of(["N1/noise_db", "N1/battery"]) > 0)
        assert restore_streams() == 0


class TestFiles:
    def test_xlsx_and_csv_say_the_same(self):
        book = Workbook()
        for line in (["编号", "名称", "型号", "经度", "纬度"], ["N1", "一号", "noise_monitor", 118.0, 30.0]):
            book.active.append(line)
        kept = io.BytesIO()
        book.save(kept)
        text = "\ufeffkey,name,model,longitude,latitude\nN1,一号,noise_monitor,118.0,30.0\n"
        assert list(read_device_file(kept.getvalue())) == list(read_device_file(text.encode()))

    @pytest.mark.parametrize("raw", ["编号,名称\nN1,一号\n".encode(), b"PK\x03\x04broken", b"\xff\xfe\xff", b""])
    def test_that_are_something_else_are_refused(self, raw):
        with pytest.raises(DeviceFileUnreadable):
            list(read_device_file(raw))


class TestFirstMessages:
    def _knock(self, *keys: str) -> None:
        note_unknown([UnknownStream(f"{key}/noise_db", 0, 51.0, None, to_us(NOW)) for key in keys])

    def test_wait_for_approval_once_each(self):
        self._knock("X1", "X1", "bad key!")
        self._knock("X1")
        candidate = Candidate.objects.get()
        assert (candidate.key, candidate.messages, candidate.streams) == ("X1", 3, {"noise_db": 51.0})

    def test_are_approved_by_registering_or_refused(self):
        self._knock("X1", "X2")
        approve_candidate("X1", device("X1"), actor=SYSTEM, now=NOW)
        refuse_candidate("X2", "不是本市的设备", actor=SYSTEM, now=NOW)
        assert Thing.objects.get().key == "X1"
        assert dict(Candidate.objects.values_list("key", "state")) == {"X1": "approved", "X2": "refused"}
        with pytest.raises(CandidateSettled):
            approve_candidate("X2", device("X2"), actor=SYSTEM, now=NOW)


class TestKeeping:
    def test_a_new_key_ends_the_old_one(self):
        registered("N1")
        before = device_secret("N1", 0)
        secret = show_key("N1", actor=SYSTEM, now=NOW)
        assert may_connect("N1", secret)
        assert not may_connect("N1", before)

    def test_a_retired_device_is_locked_out_until_it_is_registered_again(self):
        registered("N1")
        secret = show_key("N1", actor=SYSTEM, now=NOW)
        retire_device("N1", actor=SYSTEM, now=NOW)
        with pytest.raises(DeviceRetired):
            show_key("N1", actor=SYSTEM, now=NOW)
        assert not may_connect("N1", secret)
        assert np.all(find_streams_of(["N1/noise_db"]) <= 0)
        assert registered("N1").updated == 1
        assert may_connect("N1", secret)
        assert np.all(find_streams_of(["N1/noise_db"]) > 0)
