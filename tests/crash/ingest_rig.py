"""Broker, collector and door of readings without the rest of a city, and clients that count what they were told."""

import contextlib
import itertools
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.running import descendants, kill
from zhicheng.core.telemetry.gate.jetstream import Connection
from zhicheng.core.telemetry.gate.journal import Place, list_writers, segments
from zhicheng.core.telemetry.gate.table import DayTable

STREAMS = 400
_START = """
import sys
import numpy as np
import django
django.setup()
from zhicheng.core.telemetry.public import device_secret, register_streams
from zhicheng.core.telemetry.values import StreamTable
count = int(sys.argv[1])
keys = [f"dev{number}/t" for number in range(count)]
register_streams(StreamTable(np.arange(1, count + 1), keys, np.zeros(count, np.float32)))
print("\\n".join(device_secret(f"dev{number}") for number in range(count)))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Rig:
    """The processes of one home; `start` and `kill_all` as often as wanted."""

    home: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    processes: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        command = [sys.executable, "-c", _START, str(STREAMS)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        self.secrets = done.stdout.split()

    def start(self) -> None:
        door = ["-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        commands = (
            ["-m", "zhicheng.config.processes.broker"],
            ["-m", "zhicheng.config.processes.collector"],
            [*door, "--log-level", "warning", "tests.crash.ingest_door:application"],
        )
        with (self.home / "rig.log").open("ab") as log:
            self.processes = [
                subprocess.Popen([sys.executable, *command], env=self.environment, stdout=log, stderr=log)
                for command in commands
            ]

    def kill_all(self) -> None:
        for process in self.processes:
            for pid in [process.pid, *descendants(process.pid)]:
                kill(pid)
        for process in self.processes:
            process.wait(10)

    def stop(self) -> None:
        """Gently, the collector last: what it has read it brings into the lake."""
        broker, collector, door = self.processes
        for process in (door, collector, broker):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def mqtt_port(self) -> int:
        return int(json.loads((self.home / "run" / "broker.json").read_text())["mqtt_port"])

    def log_tail(self) -> str:
        path = self.home / "rig.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""


class Client(threading.Thread):
    """Sends readings, each with an instant of its own, and remembers which were sent and which acknowledged."""

    def __init__(self, rig: Rig, number: int) -> None:
        super().__init__(daemon=True)
        self.rig, self.number = rig, number
        self.sent: set[tuple[int, int]] = set()
        self.acknowledged: list[tuple[int, int]] = []
        self.surprises: list[str] = []
        self.stop_asked = threading.Event()

    def wait(self) -> None:
        self.stop_asked.wait(0.05)


class MqttClient(Client):
    """One device: sixteen readings in one piece, each again until it is acknowledged."""

    def run(self) -> None:
        waiting: list[int] = []
        instants = itertools.count(1_763_000_000_000)
        while not self.stop_asked.is_set():
            try:
                connection = self._connect()
            except (OSError, ValueError):
                self.wait()
                continue
            with connection, contextlib.suppress(OSError, ValueError):
                while not self.stop_asked.is_set():
                    waiting = waiting or [next(instants) for _ in range(16)]
                    self._publish(connection, waiting)
                    waiting = []

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.rig.mqtt_port()), 5)
        try:
            self._sign_in(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _sign_in(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        name, secret = f"dev{self.number}", self.rig.secrets[self.number]
        given = b"".join(struct.pack(">H", len(word)) + word.encode() for word in (name, name, secret))
        body = b"\x00\x04MQTT\x04\xc2\x00\x3c" + given
        connection.sendall(b"\x10" + bytes([len(body)]) + body)
        if _receive(connection, 4) != b"\x20\x02\x00\x00":
            raise ValueError("not let in")

    def _publish(self, connection: socket.socket, waiting: list[int]) -> None:
        topic = f"zc/v1/dev{self.number}/t".encode()
        frames = b""
        for packet, at_ms in enumerate(waiting, 1):
            payload = json.dumps({"v": at_ms % 1000, "t": at_ms}).encode()
            body = struct.pack(">H", len(topic)) + topic + struct.pack(">H", packet) + payload
            frames += b"\x32" + bytes([len(body)]) + body
            self.sent.add((self.number + 1, at_ms))
        connection.sendall(frames)
        for _ in range(len(waiting)):
            answer = _receive(connection, 4)
            if answer[:2] != b"\x40\x02":
                self.surprises.append(answer.hex())
            at_ms = waiting[struct.unpack(">H", answer[2:])[0] - 1]
            self.acknowledged.append((self.number + 1, at_ms))


class BulkClient(Client):
    """A system that sends a hundred readings at once, again until they are acknowledged."""

    def run(self) -> None:
        at_ms = 1_763_000_000_000
        with httpx.Client(base_url=f"http://127.0.0.1:{self.rig.port}", trust_env=False, timeout=10) as http:
            while not self.stop_asked.is_set():
                first = 200 + 100 * self.number
                pairs = [(stream, at_ms) for stream in range(first, first + 100)]
                at_ms += 1
                self.sent.update(pairs)
                while not self.stop_asked.is_set() and not self._post(http, pairs):
                    self.wait()

    def _post(self, http: httpx.Client, pairs: list[tuple[int, int]]) -> bool:
        body = {
            "stream": [stream for stream, _ in pairs],
            "at": [at_ms for _, at_ms in pairs],
            "value": [at_ms % 1000 for _, at_ms in pairs],
        }
        headers = {"Authorization": "Bearer zk_test", "Idempotency-Key": f"{self.number}-{pairs[0][1]}"}
        try:
            answer = http.post("/ingest/observations", json=body, headers=headers)
        except httpx.TransportError:
            return False
        if answer.status_code != 200 or answer.json()["refused_count"]:
            self.surprises.append(answer.text[:200])
            return False
        self.acknowledged += pairs
        return True


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ValueError("hung up")
        data += part
    return data


def await_drained(rig: Rig, timeout_s: float = 300.0) -> None:
    """Until the broker holds nothing more and every log was read to its end, both as the lake's commits say."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if _waiting(rig) == 0:
            return
        time.sleep(0.5)
    raise AssertionError(f"the collector does not come to an end:\n{rig.log_tail()}")


def _waiting(rig: Rig) -> int:
    at = json.loads((rig.home / "run" / "broker.json").read_text())
    secret = (rig.home / "secrets" / "broker").read_text().strip()
    with Connection(f"nats://collector:{secret}@127.0.0.1:{at['nats_port']}") as api:
        waiting = int(api.request("STREAM.INFO.$MQTT_msgs")["state"]["messages"])
    table = DayTable(rig.home / "lake" / "observation")
    for folder in list_writers(rig.home / "telemetry" / "journal"):
        last = max((Place(number, path.stat().st_size) for number, path in segments(folder)), default=Place(0, 0))
        waiting += table.read_to(f"journal:{folder.name}") < last.packed
    return waiting


def rig_environment(home: Path) -> dict[str, str]:
    own = {
        "ZHICHENG_HOME": str(home),
        "ZHICHENG_MQTT_PORT": "0",
        "ZHICHENG_TELEMETRY_COMMIT_S": "1",
        "DJANGO_SETTINGS_MODULE": "tests.crash.ingest_settings",
        "DATABASE_URL": "postgresql://nobody:none@127.0.0.1:1/none",  # nothing here asks it
    }
    return {**os.environ, **own}
