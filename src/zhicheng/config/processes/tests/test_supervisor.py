"""The supervisor in a process of its own, with small children that do nothing but live."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from zhicheng.config.processes.supervisor import Child, Supervisor, python
folder = Path(sys.argv[1])
live = "import os, time; print(os.environ['ZHICHENG_SUPERVISED'], os.environ['NAME'], flush=True); time.sleep(60)"
children = [Child(name, python("-c", live), folder / f"{name}.log", {"NAME": name}) for name in ("web", "worker")]
raise SystemExit(Supervisor(children, None, folder / "pids.json").run())
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "ZHICHENG_HOME": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], env=environment)
    yield process
    process.kill()
    process.wait(10)


def pids(folder: Path) -> dict[str, int]:
    path = folder / "pids.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):  # not written yet, or only half
        return {}


def wait_for(true, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class TestSupervisor:
    def test_starts_a_fallen_child_again_and_leaves_the_other_alone(self, running, tmp_path):
        wait_for(lambda: "worker" in pids(tmp_path) and (tmp_path / "web.log").read_text() == "1 web\n")
        before = pids(tmp_path)
        os.kill(before["web"], signal.SIGKILL)
        wait_for(lambda: pids(tmp_path).get("web") not in {None, before["web"]})
        after = pids(tmp_path)
        assert is_alive(after["web"])
        assert (after["worker"], after["supervisor"]) == (before["worker"], running.pid)
        wait_for(lambda: (tmp_path / "web.log").read_text() == "1 web\n1 web\n")

    def test_stops_all_of_them_when_told_to(self, running, tmp_path):
        wait_for(lambda: "worker" in pids(tmp_path))
        before = pids(tmp_path)
        running.terminate()
        assert running.wait(10) == 0
        assert not any(is_alive(before[name]) for name in ("web", "worker"))
        assert not (tmp_path / "pids.json").exists()

    def test_takes_its_children_along_when_it_is_killed(self, running, tmp_path):
        wait_for(lambda: "worker" in pids(tmp_path))
        before = pids(tmp_path)
        running.kill()
        wait_for(lambda: not any(is_alive(before[name]) for name in ("web", "worker")))
