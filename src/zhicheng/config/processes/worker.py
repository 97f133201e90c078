"""The worker: hands events over, seals the ledger, fires due clocks, sends messages, sweeps. Any number may run."""

import os
import signal
import time
from collections.abc import Callable
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
# The database away, or one case, pack or event that a duty cannot digest: the next duty has its turn all the same.
_FAULTS = (Error, ZhichengError, ValueError, LookupError)


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


def duties() -> list[Duty]:
    """All duties, most urgent first; resolved late because Django must be ready."""
    from zhicheng.config.processes.duties import DUTIES  # noqa: PLC0415  # models are needed: after django.setup()

    return [
        *(Duty(*duty) for duty in DUTIES),
        Duty("furnish", Furnisher().attempt, 2.0),
        Duty("sensing", DemoSensing().attempt, 5.0),
    ]


def main() -> int:
    """Work until told to stop; the transaction in hand is finished first."""
    if "ZHICHENG_SUPERVISED" in os.environ:
        die_with_parent(signal.SIGTERM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    configure_logs()
    stop = _Stop()
    mine = duties()
    while not stop.asked:
        if not sum([duty.attempt() for duty in mine]):
            time.sleep(_IDLE_S)
    return 0


class _Stop:
    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True


if __name__ == "__main__":
    raise SystemExit(main())
