"""The broker as devices meet it: who is let in, what they may do, and bytes that are no MQTT."""

import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tests.crash.ingest_rig import Rig, rig_environment
from tests.running import kill
from zhicheng.config.processes.callout import encode_key, read_claims
from zhicheng.core.telemetry.base.topics import streams_of
from zhicheng.core.telemetry.errors import BrokerAway
from zhicheng.core.telemetry.gate.jetstream import Connection, StreamReader, subjects_of

pytestmark = [pytest.mark.crash, pytest.mark.slow]
_LET_IN = b"\x20\x02\x00\x00"
_STORM = 200
_LIFE_S = 4  # of a connection


def word(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()


def packet(kind: int, body: bytes) -> bytes:
    assert len(body) < 128
    return bytes([kind, len(body)]) + body


class Device:
    """One connection, byte by byte."""

    def __init__(self, rig: Rig, name: str, password: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", rig.mqtt_port()), 10)
        self.socket.settimeout(10)
        body = b"\x00\x04MQTT\x04\xc2\x00\x3c" + word(name) + word(name) + word(password)
        self.socket.sendall(packet(0x10, body))
        self.answer = self.socket.recv(4)

    def publish(self, topic: str, payload: bytes, *, cut: int | None = None) -> None:
        self.socket.sendall(packet(0x32, word(topic) + b"\x00\x01" + payload)[:cut])

    def receive(self) -> bytes:
        return self.socket.recv(16)

    def __enter__(self) -> "Device":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    home = tmp_path_factory.mktemp("broker")
    own = {
        "ZHICHENG_BROKER": "test",
        "ZHICHENG_DEVICE_CONNECTION_S": str(_LIFE_S),
        "ZHICHENG_TELEMETRY_COMMIT_S": "600",  # until then the broker keeps what the tests want to see
    }
    rig = Rig(home, {**rig_environment(home), **own})
    rig.prepare()
    rig.processes = [_start(rig, "broker"), _start(rig, "collector")]
    _await_open(rig)
    yield rig
    rig.kill_all()


def _start(rig: Rig, name: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", f"zhicheng.config.processes.{name}"]
    with (rig.home / "rig.log").open("ab") as log:
        return subprocess.Popen(command, env=rig.environment, stdout=log, stderr=log)


def _await_open(rig: Rig) -> None:
    deadline = time.monotonic() + 60
    while not (rig.home / "run" / "broker.json").exists():
        assert time.monotonic() < deadline, rig.log_tail()
        time.sleep(0.05)


@pytest.fixture
def stored(rig: Rig) -> Iterator[StreamReader]:
    """Reads what the broker keeps from now on."""
    url = _url(rig)
    with Connection(url) as api:
        last = api.request("STREAM.INFO.$MQTT_msgs")["state"]["last_seq"]
    reader = StreamReader(url, after=last)
    yield reader
    reader.close()


def _url(rig: Rig) -> str:
    at = (rig.home / "run" / "broker.json").read_text()
    port = at.partition('"nats_port": ')[2].strip("} \n")
    return f"nats://collector:{rig.environment['ZHICHENG_BROKER']}@127.0.0.1:{port}"


class TestBroker:
    def test_keeps_what_a_device_publishes_under_its_own_topic(self, rig: Rig, stored: StreamReader) -> None:
        with Device(rig, "dev1", rig.secrets[1]) as device:
            assert device.answer == _LET_IN
            device.publish("zc/v1/dev1/t", b"21.5")
            assert device.receive() == b"\x40\x02\x00\x01"
        found = stored.read(5)
        assert found is not None
        assert list(subjects_of(found)) == ["$MQTT.msgs.zc.v1.dev1.t"]

    def test_writes_the_topics_of_sensorthings_as_the_collector_reads_them(
        self, rig: Rig, stored: StreamReader
    ) -> None:
        with Device(rig, "collector", rig.environment["ZHICHENG_BROKER"]) as ours:
            ours.publish("v1.1/Datastreams(5)/Observations", b'{"result": 7}')
            assert ours.receive() == b"\x40\x02\x00\x01"
        found = stored.read(5)
        assert found is not None
        assert list(subjects_of(found)) == ["$MQTT.msgs.v1//1.Datastreams(5).Observations"]
        columns = [np.ascontiguousarray(found.rows[:, place]) for place in (0, 1)]
        nothing = np.zeros(16, np.uint64), np.zeros(16, np.uint32), np.zeros(16, np.int32)
        assert streams_of(found.data, *columns, nothing).tolist() == [5]

    def test_says_when_it_has_forgotten_a_reader(self, rig: Rig, stored: StreamReader) -> None:
        with Connection(_url(rig)) as api:
            api.request(f"CONSUMER.DELETE.$MQTT_msgs.{stored.name}")
        with pytest.raises(BrokerAway):
            list(map(stored.read, (1.0, 1.0, 1.0)))

    def test_keeps_nothing_that_a_device_publishes_for_another(self, rig: Rig, stored: StreamReader) -> None:
        with Device(rig, "dev1", rig.secrets[1]) as device:
            device.publish("zc/v1/dev2/t", b"99")
            device.receive()
            device.publish("$MQTT/msgs/zc/v1/dev2/t", b"99")
        assert stored.read(1) is None

    def test_keeps_devices_while_whoever_lets_them_in_is_killed(self, rig: Rig) -> None:
        with Device(rig, "dev4", rig.secrets[4]) as device:
            kill(rig.processes[1].pid)
            rig.processes[1].wait(10)
            device.publish("zc/v1/dev4/t", b"1")
            assert device.receive() == b"\x40\x02\x00\x01"
        (rig.home / "run" / "broker.json").unlink()
        rig.processes[1] = _start(rig, "collector")
        _await_open(rig)
        with Device(rig, "dev4", rig.secrets[4]) as device:
            assert device.answer == _LET_IN

    def test_asks_again_after_a_while_who_is_connected(self, rig: Rig) -> None:
        with Device(rig, "dev2", rig.secrets[2]) as device:
            assert device.answer == _LET_IN
            assert device.receive() == b""  # closed by the broker, within the ten seconds that the socket waits

    @pytest.mark.parametrize(
        ("name", "secret"), [("dev1", "wrong"), ("dev1", None), ("dev/1", "x"), ("collector", "x")]
    )
    def test_lets_nobody_in_without_the_devices_own_password(self, rig: Rig, name: str, secret: str | None) -> None:
        with Device(rig, name, secret or rig.secrets[2]) as device:
            assert device.answer in {b"\x20\x02\x00\x05", b""}

    def test_keeps_nothing_of_a_frame_that_was_cut(self, rig: Rig, stored: StreamReader) -> None:
        with Device(rig, "dev3", rig.secrets[3]) as device:
            device.publish("zc/v1/dev3/t", b"21.5", cut=-3)
        with Device(rig, "dev3", rig.secrets[3]) as device:
            device.publish("zc/v1/dev3/t", b"7")
            assert device.receive() == b"\x40\x02\x00\x01"
        found = stored.read(5)
        assert found is not None
        assert [found.data[row[2] : row[3]].tobytes() for row in found.rows] == [b"7"]

    @pytest.mark.parametrize(
        "nonsense", [b"\xff" * 4000, b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\x7f", b"\x32\x00"]
    )
    def test_lives_on_after_nonsense(self, rig: Rig, nonsense: bytes) -> None:
        with socket.create_connection(("127.0.0.1", rig.mqtt_port()), 5) as stranger:
            stranger.sendall(nonsense)
        with Device(rig, "dev1", rig.secrets[1]) as device:
            assert device.answer == _LET_IN

    def test_lets_a_storm_of_devices_in(self, rig: Rig) -> None:
        answers: list[bytes] = []

        def connect(number: int) -> None:
            with Device(rig, f"dev{number}", rig.secrets[number]) as device:
                answers.append(device.answer)

        threads = [threading.Thread(target=connect, args=(number,)) for number in range(_STORM)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert answers == [_LET_IN] * _STORM


class TestCallout:
    def test_writes_keys_as_nkeys_are_written(self) -> None:
        key = encode_key(0, bytes(range(32)))
        assert key.startswith("A")
        assert len(key) == 56

    def test_reads_what_a_token_says(self) -> None:
        assert read_claims(b"e30.eyJhIjoxfQ.x") == {"a": 1}
