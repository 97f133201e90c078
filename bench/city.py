"""A complete city of its own for a benchmark: every process, one address, rate limits raised but in place."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_RAISED = ("SUBMIT", "API", "PAGE", "FOLLOW", "SIGNIN")
_PATIENCE_S = 180


@dataclass(frozen=True)
class City:
    """A running city."""

    url: str
    home: Path

    def figures(self) -> dict[str, float]:
        """The gauges of /metrics that carry no labels."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        pairs = [line.split() for line in lines if line and not line.startswith("#") and "{" not in line]
        return {pair[0]: float(pair[1]) for pair in pairs if len(pair) == 2}

    def environment(self) -> dict[str, str]:
        """What a program needs to work on this city's database."""
        return {**os.environ, "ZHICHENG_HOME": str(self.home)}


@contextmanager
def running_city() -> Iterator[City]:
    """Start a city in a temporary folder, wait until it answers, stop it at the end."""
    home = Path(tempfile.mkdtemp(prefix="zhicheng-bench-", dir="/tmp"))
    home.chmod(0o755)
    port = _free_port()
    raised = {f"ZHICHENG_RATE_{name}": "1000000000" for name in _RAISED}
    environment = {**os.environ, **raised, "ZHICHENG_HOME": str(home), "PORT": str(port)}
    environment.pop("DATABASE_URL", None)
    command = [str(Path(sys.executable).with_name("zhicheng")), "up", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr, stderr=sys.stderr)
    try:
        city = City(f"http://127.0.0.1:{port}", home)
        _wait(city, process)
        yield city
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _wait(city: City, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("the city did not start")
        try:
            with urllib.request.urlopen(f"{city.url}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("the city did not answer in time")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
