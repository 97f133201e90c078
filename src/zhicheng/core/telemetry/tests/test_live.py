"""The live map of devices: its bytes say what the database and the newest readings say, and then what changed."""

import gzip
import json
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest

from zhicheng.core.telemetry.base.livebytes import ALARM, GONE, HEAD, OFFLINE, ONLINE, UNHEARD
from zhicheng.core.telemetry.models import Alarm, AlarmMember, Thing
from zhicheng.core.telemetry.operations.alarms.raising import raise_alarms
from zhicheng.core.telemetry.operations.devices.keeping import retire_device
from zhicheng.core.telemetry.operations.devices.registering import register_devices
from zhicheng.core.telemetry.queries.devices.live import LiveDevices
from zhicheng.core.telemetry.queries.devices.open_alarms import list_open_alarms
from zhicheng.core.telemetry.tests.devices import SYSTEM, Sending, device, install_town, registered, stream_of
from zhicheng.core.telemetry.tests.sensing import NOW
from zhicheng.core.telemetry.values import DeviceRow

EAST_STREET, EAST = "990101001", (110.07, 25.05)


def at(seconds: float):
    return NOW + timedelta(seconds=seconds)


@dataclass
class Reader:
    """What a browser makes of the bytes."""

    live: LiveDevices
    epoch: int = 0
    sequence: int = 0

    def snapshot(self, seconds: float) -> dict[int, tuple[int, int, int, str]]:
        """Longitude, latitude, state and kind by thing."""
        found = self.live.snapshot(at(seconds))
        assert gzip.decompress(found.packed) == found.body
        body = found.body
        _, self.epoch, self.sequence, count, told, _ = HEAD.unpack_from(body)
        columns, offset = [], HEAD.size
        for kind in ("<f8", "<i4", "<i4", "u1", "u1"):
            columns.append(np.frombuffer(body, kind, count, offset))
            offset += count * np.dtype(kind).itemsize
        kinds = json.loads(body[offset : offset + told])
        assert offset + told == len(body)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return {int(thing): (lon, lat, state, kinds[kind]["code"]) for thing, lon, lat, state, kind in rows}

    def changes(self, seconds: float) -> tuple[dict[int, tuple[int, int, int]], dict[int, int]]:
        """What was placed (thing, longitude, latitude) and what changed (state), by row; then the reader has that."""
        body = self.live.changes(self.epoch, self.sequence, at(seconds))
        assert body is not None
        _, _, self.sequence, placed, changed, _ = HEAD.unpack_from(body)
        thing = np.frombuffer(body, "<f8", placed, HEAD.size).astype(int).tolist()
        row, lon, lat = (
            np.frombuffer(body, kind, placed, HEAD.size + offset * placed).tolist()
            for kind, offset in (("<u4", 8), ("<i4", 12), ("<i4", 16))
        )
        rows = np.frombuffer(body, "<u4", changed, HEAD.size + 20 * placed).tolist()
        state = np.frombuffer(body, "u1", changed, HEAD.size + 20 * placed + 4 * changed).tolist()
        assert len(body) == HEAD.size + 21 * placed + 5 * changed
        return dict(zip(row, zip(thing, lon, lat, strict=True), strict=True)), dict(zip(rows, state, strict=True))


@pytest.fixture
def sending(db) -> Sending:
    install_town()
    return Sending()


@pytest.fixture
def reader(sending) -> Reader:
    return Reader(LiveDevices())


def thing(key: str) -> int:
    return int(Thing.objects.get(key=key).pk)


class TestSnapshot:
    def test_says_what_the_database_has(self, sending, reader):
        register_devices([device("N1"), DeviceRow(3, "S1", "烟感", "smoke_detector", *EAST)], actor=SYSTEM, now=NOW)
        sending.send((stream_of("N1", "noise_db"), 0, 50))
        assert reader.snapshot(1) == {
            thing("N1"): (1180000000, 300000000, ONLINE, "noise_monitor"),
            thing("S1"): (1100700000, 250500000, UNHEARD, "smoke_detector"),
        }

    def test_tells_who_fell_silent(self, sending, reader):
        registered("N1")
        sending.send((stream_of("N1", "noise_db"), 0, 50))
        assert reader.snapshot(100_000)[thing("N1")][2] == OFFLINE

    def test_leaves_out_what_has_no_place_or_is_retired(self, sending, reader):
        registered("N1", "N2")
        Thing.objects.create(key="T", name="无位置", registered_at=NOW)
        retire_device("N2", actor=SYSTEM, now=NOW)
        assert set(reader.snapshot(1)) == {thing("N1")}

    def test_of_no_devices_is_empty(self, reader):
        assert reader.snapshot(1) == {}

    def test_is_the_same_for_all_for_some_seconds(self, sending, reader):
        registered("N1")
        first = reader.live.snapshot(at(1))
        sending.send((stream_of("N1", "noise_db"), 2, 50))
        assert reader.live.snapshot(at(4)) is first
        assert reader.live.snapshot(at(7)).tag != first.tag

    def test_asks_as_often_for_many_as_for_one(self, sending, reader, django_assert_max_num_queries):
        registered(*(f"N{number}" for number in range(40)))
        reader.snapshot(1)
        with django_assert_max_num_queries(4):
            reader.snapshot(30)


class TestChanges:
    def test_are_states_that_are_others_now(self, sending, reader):
        registered("N1", "N2")
        reader.snapshot(1)
        sending.send((stream_of("N2", "noise_db"), 2, 50))
        assert reader.changes(3) == ({}, {1: ONLINE})
        assert reader.changes(5) == ({}, {})

    def test_tell_of_an_alarm_and_of_its_end(self, sending, reader):
        registered("N1")
        noise = stream_of("N1", "noise_db")
        reader.snapshot(1)
        sending.send((noise, 2, 80), (noise, 303, 80))
        raise_alarms(at(304))
        assert reader.changes(304) == ({}, {0: ALARM})
        sending.send((noise, 400, 50))
        raise_alarms(at(401))
        assert reader.changes(402) == ({}, {0: ONLINE})

    def test_bring_new_and_moved_devices_and_take_retired_ones_away(self, sending, reader):
        registered("N1", "N2")
        reader.snapshot(1)
        register_devices([DeviceRow(2, "N1", "N1 号", "noise_monitor", *EAST)], actor=SYSTEM, now=at(2))
        registered("N3")
        retire_device("N2", actor=SYSTEM, now=at(2))
        placed, states = reader.changes(4)
        assert placed == {0: (thing("N1"), 1100700000, 250500000), 2: (thing("N3"), 1180000000, 300000000)}
        assert states == {1: GONE, 2: UNHEARD}
        registered("N2")
        assert reader.changes(30) == ({}, {1: UNHEARD})

    def test_of_another_picture_are_none(self, reader):
        reader.snapshot(1)
        assert reader.live.changes(reader.epoch ^ 1, reader.sequence, at(2)) is None
        assert reader.live.changes(reader.epoch, reader.sequence + 9, at(2)) is None

    def test_are_looked_for_once_a_second(self, sending, reader, django_assert_num_queries):
        registered("N1")
        reader.snapshot(1)
        with django_assert_num_queries(0):
            reader.changes(1.5)


class TestOpenAlarms:
    @pytest.fixture
    def alarms(self, sending) -> None:
        rows = [
            DeviceRow(2, "N1", "东桥", "noise_monitor", *EAST),
            DeviceRow(3, "N2", "城外", "noise_monitor", 118, 30),
        ]
        register_devices(rows, actor=SYSTEM, now=NOW)
        for number, (key, severity, members) in enumerate(
            [("N1", "notice", 1), ("N2", "critical", 1), ("N1", "warning", 40), ("N2", "warning", 1)], 1
        ):
            alarm = Alarm.objects.create(
                case_id=f"00000000-0000-0000-0000-{number:012}",
                number=f"YX{number}",
                rule="noise_monitor/loud",
                severity=severity,
                members=members,
                active=members,
                raised_at=at(number),
                last_at=at(number),
                reason={"label": "噪声超标", "sentence": "测得 82。"},
            )
            AlarmMember.objects.create(alarm=alarm, thing_id=thing(key), stream=1, raised_us=0)

    def test_come_the_gravest_and_newest_first(self, alarms):
        found = list_open_alarms()
        assert [row.number for row in found.rows] == ["YX2", "YX4", "YX3", "YX1"]
        assert found.counts == {"critical": 1, "warning": 2, "notice": 1}
        assert (found.rows[2].members, found.rows[3].device, found.rows[3].label) == (40, "东桥", "噪声超标")

    def test_of_an_area_have_a_device_there(self, alarms):
        found = list_open_alarms(area=EAST_STREET, level="street")
        assert [row.number for row in found.rows] == ["YX3", "YX1"]
        assert found.counts == {"warning": 1, "notice": 1}

    def test_leave_out_what_is_closed_and_put_what_has_recovered_last(self, alarms):
        Alarm.objects.filter(number="YX2").update(active=0)
        Alarm.objects.filter(number="YX4").update(closed_at=at(9))
        assert [row.number for row in list_open_alarms().rows] == ["YX3", "YX1", "YX2"]
        assert len(list_open_alarms(limit=1).rows) == 1
