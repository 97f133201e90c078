"""A complete city for a benchmark: own home, own port, everything that `zhicheng up` starts, stopped at the end."""

import json
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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from zhicheng.config import environment
from zhicheng.config.processes.lifeline import dying_with_parent
from zhicheng.config.processes.postgres import EmbeddedPostgres

# Limits are raised for the one address that all requests come from, not switched off: they are still counted.
_LIMITED = ("SUBMIT", "SIGNIN", "FOLLOW", "ASSISTANT", "API_ASSISTANT", "API_SUBMIT", "API_UPLOAD", "API", "PAGE")
_LIMITS = {f"ZHICHENG_RATE_{name}": "10000000" for name in _LIMITED}
_START_S = 240.0
_INDEX_S = 900.0


@dataclass(frozen=True)
class BenchCity:
    """Where the city answers and where its state lies."""

    home: Path
    url: str
    database_url: str

    def cpu_s(self) -> dict[str, float]:
        """CPU seconds so far of each part: the process that was started and all below it."""
        pids = json.loads((self.home / "run" / "pids.json").read_text())
        parents = _parents()
        return {name: sum(_cpu_s(one) for one in _below(pid, parents)) for name, pid in pids.items()}

    def memory_bytes(self) -> dict[str, tuple[int, int]]:
        """Of each part, processes below included: resident bytes, and the same with shared pages divided by sharers."""
        pids = json.loads((self.home / "run" / "pids.json").read_text())
        parents = _parents()
        own = {name: list(_below(pid, parents)) for name, pid in pids.items()}
        below = {pid for name, found in own.items() if name != "supervisor" for pid in found}
        own["supervisor"] = [pid for pid in own.get("supervisor", ()) if pid not in below]
        return {name: _memory(found) for name, found in own.items()}

    def await_index(self) -> float:
        """Seconds until the index of the city holds all documents that its database holds: it is made after the start.

        Raises:
            SystemExit: it is not made.
        """
        started_s = time.perf_counter()
        current = self.home / "index" / "current.json"
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            while time.perf_counter() - started_s < _INDEX_S:
                row = connection.execute("SELECT revision FROM knowledge_knowledgebase").fetchone()
                held = json.loads(current.read_text())["revision"] if current.exists() else 0
                if row and held == row[0] > 0:
                    return time.perf_counter() - started_s
                time.sleep(0.2)
        raise SystemExit("the worker did not make the index")


@contextmanager
def running_city(*, demo: bool = False, limits: Mapping[str, str] | None = None) -> Iterator[BenchCity]:
    """Start it, with demo accounts when asked and further settings, wait until it answers, stop it.

    Raises:
        SystemExit: it did not start; its last words are printed.
    """
    home = Path(tempfile.mkdtemp(prefix="zhicheng-bench-", dir="/tmp"))
    home.chmod(0o755)
    port = free_port()
    ours = {"ZHICHENG_HOME": str(home), "ZHICHENG_LOG_LEVEL": "ERROR", "ZHICHENG_LAKE_S3": ""}
    given = {**os.environ, **_LIMITS, "ZHICHENG_DEMO_CITY": "0", **(limits or {}), **ours}
    given.pop("DATABASE_URL", None)
    os.environ["ZHICHENG_HOME"] = str(home)
    environment.secret.cache_clear()  # another home, other secrets
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, "up", "--port", str(port), *(["--demo"] if demo else [])]
    with (home / "bench.log").open("wb") as log:
        hook = dying_with_parent(signal.SIGTERM)
        process = subprocess.Popen(command, env=given, stdout=log, stderr=log, preexec_fn=hook)  # noqa: S603
    try:
        url = f"http://127.0.0.1:{port}"
        _await(url, process, home / "bench.log")
        yield BenchCity(home, url, EmbeddedPostgres(home).url())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=5):  # noqa: S310  # our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(log.read_text(errors="replace")[-3000:])


def _parents() -> dict[int, int]:
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = int(_stat(int(entry.name))[1])
            except OSError:  # it ended meanwhile
                continue
    return found


def _below(pid: int, parents: dict[int, int]) -> Iterator[int]:
    yield pid
    for child, parent in parents.items():
        if parent == pid and child != pid:
            yield from _below(child, parents)


def _cpu_s(pid: int) -> float:
    try:
        fields = _stat(pid)
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")  # ended children included


def _memory(pids: Iterable[int]) -> tuple[int, int]:
    resident = shared = 0
    for pid in pids:
        try:
            lines = (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:  # it ended meanwhile
            continue
        found = {line.split()[0]: int(line.split()[1]) * 1024 for line in lines[1:]}
        resident += found["Rss:"]
        shared += found["Pss:"]
    return resident, shared


def _stat(pid: int) -> list[str]:
    return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
