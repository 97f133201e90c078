"""Mosquitto beside us: the same client against it, alone."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from zhicheng.config.benches.city import free_port
from zhicheng.config.benches.ingest_clients import run_client

_START_S = 10.0


def measure_mosquitto(connections: int, window: int, seconds: float) -> dict[str, Any]:
    """Readings a second that it acknowledges; `missing` where it is not installed."""
    program = (
        os.environ.get("ZHICHENG_MOSQUITTO") or shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    )
    if program is None:
        return {"missing": "没有安装 Mosquitto：apt install mosquitto"}
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="zhicheng-mosquitto-") as name:
        settings = Path(name) / "mosquitto.conf"
        settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n", encoding="ascii")
        quiet = subprocess.DEVNULL
        with subprocess.Popen([program, "-c", str(settings)], stdout=quiet, stderr=quiet) as process:  # noqa: S603
            try:
                _await_port(port)
                devices = [{"user": f"d{number}", "topic": f"zc/v1/d{number}/v"} for number in range(connections)]
                plan = {"host": "127.0.0.1", "port": port, "window": window, "seconds": seconds, "first_ms": 0}
                return run_client("mqtt_load.py", {**plan, "connections": devices})
            finally:
                process.terminate()


def _await_port(port: int) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("Mosquitto 没有启动")
