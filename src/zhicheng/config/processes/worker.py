"""The worker: hands events over, seals the ledger, fires due clocks, sends messages, sweeps. Any number may run.

Its duties lie in lanes, so that an index that takes minutes keeps no clock and no alarm waiting.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import django
import structlog
from django.db import Error, connection

from zhicheng.config.logs import configure_logs
from zhicheng.config.processes.furnishing import Furnisher
from zhicheng.config.processes.lifeline import die_with_parent
from zhicheng.config.processes.sensing import DemoSensing
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError

_log = structlog.get_logger("zhicheng.worker")
_IDLE_S = 0.1
_PATIENCE = 10  # indicators of a new city took a quarter of a processor for minutes, from those who asked a question
# The database away, a full disk, or one case, pack or event that a duty cannot digest: the next duty has its turn.
_FAULTS = (Error, ZhichengError, ValueError, LookupError, OSError)


@dataclass
class Duty:
    """Something the worker does again and again. `run` returns how much it did; 0 lets it rest for `rest_s`."""

    name: str
    run: Callable[[datetime], int]
    rest_s: float
    due_at_s: float = 0.0

    def attempt(self) -> int:
        """Do it once when it is due. A database that is away is waited for; no duty's fault stops the other duties."""
        if time.monotonic() < self.due_at_s:
            return 0
        try:
            done = self.run(now())
        except _FAULTS:
            _log.exception("duty failed, trying again", duty=self.name)
            connection.close()
            self.due_at_s = time.monotonic() + 1.0
            return 0
        if not done:
            self.due_at_s = time.monotonic() + self.rest_s
        return done


class Stop:
    """Whether the worker was asked to end, by a signal or by a lane that fell over.

    No lock is in it: a signal's handler could wait for one that it interrupted the holder of.
    """

    def __init__(self) -> None:
        self.asked = False

    def ask(self, *_signal: object) -> None:
        """End soon."""
        self.asked = True


@dataclass
class Lane:
    """Duties that are done in turn, beside those of the other lanes, with a database connection of their own.

    With `niceness`, 0 to 19, it leaves the processor to whoever else wants it: to people at a page, and to other lanes.
    """

    name: str
    duties: list[Duty]
    niceness: int = 0

    def work(self, stop: Stop) -> None:
        """Until told to stop; the duty in hand is finished first."""
        _stand_back(self.niceness)
        try:
            while not stop.asked:
                if not sum([duty.attempt() for duty in self.duties]):
                    time.sleep(_IDLE_S)
        except BaseException:
            _log.exception("lane fell over", lane=self.name)
            raise
        finally:
            stop.ask()
            connection.close()


def _stand_back(niceness: int) -> None:
    """Lower the priority of this thread, and of the threads and processes that it starts from now on."""
    thread = threading.get_native_id()
    if niceness:
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + niceness))


def work(lanes: Sequence[Lane], stop: Stop) -> int:
    """All lanes at once; the exit code. What is no fault that a duty may have ends them all, to be started again."""
    with ThreadPoolExecutor(len(lanes)) as threads:
        ends = [threads.submit(lane.work, stop) for lane in lanes]
    return int(any(end.exception() for end in ends))


def lanes(furnisher: Furnisher) -> list[Lane]:
    """All duties, most urgent first; resolved late because Django must be ready."""
    from zhicheng.config.processes.duties import ATTENDED, PATIENT, PROMPT  # noqa: PLC0415  # after django.setup()

    return [
        Lane("prompt", [Duty(*duty) for duty in PROMPT]),
        Lane("attended", [*(Duty(*duty) for duty in ATTENDED), Duty("sensing", DemoSensing().attempt, 5.0)]),
        *_copying(),
        Lane("patient", [*(Duty(*duty) for duty in PATIENT), Duty("furnish", furnisher.attempt, 2.0)], _PATIENCE),
    ]


def _copying() -> list[Lane]:
    """The lake's copy waits for a network: it has a lane of its own, where a copy is wanted at all."""
    from zhicheng.core.lake.public import Copier, has_copy  # noqa: PLC0415  # after django.setup()

    return [Lane("copying", [Duty("copy", Copier().attempt, 2.0)])] if has_copy() else []


def main() -> int:
    """Work until told to stop; the transactions in hand are finished first."""
    if "ZHICHENG_SUPERVISED" in os.environ:
        die_with_parent(signal.SIGTERM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    configure_logs()
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    furnisher = Furnisher()
    furnisher.attempt(now())  # it starts a process that ends with this thread: before there are others
    return work(lanes(furnisher), stop)


if __name__ == "__main__":
    raise SystemExit(main())
