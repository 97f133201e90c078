"""Alarms raised as soon as they are noticed, beside the collector, so that nobody waits for the worker's other duties.

One thread with a connection of its own: it sleeps until signals were stored. The worker's duty does the same work
later where this thread is not there, or was killed.
"""

import threading
import time

import structlog
from django.db import Error, connection

from zhicheng.core.telemetry.operations.alarms.raising import raise_alarms
from zhicheng.core.telemetry.operations.alarms.watching import open_watcher
from zhicheng.core.telemetry.values import from_us
from zhicheng.kit.errors import ZhichengError

_log = structlog.get_logger("zhicheng.alarms")
_TRIES, _PAUSE_S = 10, 0.1
_FAULTS = (Error, ZhichengError, ValueError, LookupError, TypeError, OSError)


class Prompter:
    """The thread and what wakes it."""

    def __init__(self) -> None:
        self._noticed = threading.Event()
        self._now_us = 0
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)

    def start(self) -> None:
        """Begin; the thread ends with the process, and leaves nothing half done in the database."""
        open_watcher().on_stored = self.prompt
        self._thread.start()

    def prompt(self, now_us: int) -> None:
        """Signals were stored at this instant."""
        self._now_us = now_us
        self._noticed.set()

    def _run(self) -> None:
        while True:
            self._noticed.wait()
            self._noticed.clear()
            try:
                connection.close_if_unusable_or_obsolete()
                self._raise()
            except _FAULTS:
                _log.exception("alarms are left to the worker")
                connection.close()

    def _raise(self) -> None:
        """Work them off; where the worker is just at it, look again after a moment."""
        for _ in range(_TRIES):
            if raise_alarms(from_us(self._now_us)):
                return
            time.sleep(_PAUSE_S)


def prompt_alarms() -> None:
    """Raise alarms from this process from now on."""
    Prompter().start()
