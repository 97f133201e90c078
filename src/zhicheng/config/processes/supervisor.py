"""Keeps the processes of one installation running on one machine, and stops them together."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from zhicheng.config.processes.lifeline import dying_with_parent
from zhicheng.config.processes.postgres import EmbeddedPostgres

_log = structlog.get_logger("zhicheng.supervisor")
_RESTART_PAUSE_S = (0.2, 0.5, 1.0, 2.0, 5.0)
_CALM_S = 30.0


@dataclass
class Child:
    """One supervised process: how to start it, and how often it has fallen over lately.

    `socket` is the Unix socket that it makes: one left behind by a killed process would keep it from starting.
    `wait_s` lets others have the processor first when all start at once.
    """

    name: str
    command: Sequence[str]
    log_file: Path
    environment: dict[str, str] = field(default_factory=dict)
    socket: Path | None = None
    wait_s: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None
    falls: int = 0
    started_at_s: float = 0.0
    due_at_s: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own."""
        environment = {**os.environ, **self.environment, "ZHICHENG_SUPERVISED": "1"}
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=dying_with_parent(signal.SIGTERM),  # one thread only before exec
            )
        self.started_at_s = time.monotonic()

    def is_running(self) -> bool:
        """Whether it lives."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask it to end; kill its whole group when it does not within ten seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)


class Supervisor:
    """Starts children, starts fallen ones again with growing pauses, stops all on SIGTERM or SIGINT."""

    def __init__(self, children: Sequence[Child], postgres: EmbeddedPostgres | None, pid_file: Path) -> None:
        self._children = list(children)
        self._postgres = postgres
        self._pid_file = pid_file
        self._stopping = False

    def run(self, meanwhile: Callable[[], None] | None = None) -> int:
        """Run until told to stop; the result is the exit code. `meanwhile` is done while the processes start.

        Raises:
            BaseException: what `meanwhile` raised, after everything has been stopped.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        for child in self._children:
            if child.wait_s:
                child.due_at_s = time.monotonic() + child.wait_s
            else:
                child.start()
        self._write_pids()
        try:
            if meanwhile is not None:
                meanwhile()
        except BaseException:
            self._stop()
            raise
        while not self._stopping:
            self._tend()
            time.sleep(0.1)
        return self._stop()

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def _tend(self) -> None:
        changed = False
        if self._postgres is not None and not self._postgres.is_running():
            _log.error("postgres fell over, starting it again")
            self._postgres.start()
            changed = True
        for child in self._children:
            if not child.is_running():
                changed |= self._revive(child)
        if changed:
            self._write_pids()

    def _revive(self, child: Child) -> bool:
        now = time.monotonic()
        if child.due_at_s == 0.0:
            child.falls = 0 if now - child.started_at_s > _CALM_S else child.falls + 1
            pause = _RESTART_PAUSE_S[min(child.falls, len(_RESTART_PAUSE_S) - 1)]
            child.due_at_s = now + pause
            code = child.process.returncode if child.process else None
            _log.error("process fell over", name=child.name, exit_code=code, restart_in_s=pause)
            return False
        if now < child.due_at_s:
            return False
        child.due_at_s = 0.0
        child.start()
        return True

    def _stop(self) -> int:
        for child in reversed(self._children):
            child.stop()
        if self._postgres is not None:
            self._postgres.stop()
        self._pid_file.unlink(missing_ok=True)
        return 0

    def _write_pids(self) -> None:
        pids = {child.name: child.process.pid for child in self._children if child.process}
        if self._postgres is not None:
            pids["postgres"] = self._postgres.pid
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.write_text(json.dumps({"supervisor": os.getpid(), **pids}))


def python(*arguments: str) -> list[str]:
    """A command line of this very Python."""
    return [sys.executable, *arguments]
