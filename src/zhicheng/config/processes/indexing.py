"""The index of what the assistant knows: small changes in the worker, a whole one by a process of its own.

Making an index takes a minute and hundreds of MiB, which a process that runs for months would keep.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime

import structlog

from zhicheng.config.processes.lifeline import dying_with_parent
from zhicheng.core.knowledge.public import is_index_to_be_made, refresh_index

_log = structlog.get_logger("zhicheng.indexing")
_PAUSE_S = 30.0  # after a failure
_GIVE_BACK = {
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}  # to glibc: what is freed, at once


class Indexer:
    """Follows the documents; starts that process, one at a time, where there is no index to follow with."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._due_at_s = 0.0

    def attempt(self, at: datetime) -> int:
        """How many documents were taken over; 0 also while a process is at it."""
        if self._child is not None:
            self._look_after(self._child)
        elif not is_index_to_be_made():
            return refresh_index(at)
        elif time.monotonic() >= self._due_at_s:
            command = [sys.executable, "-m", "zhicheng.config.processes.indexer"]
            self._child = subprocess.Popen(  # noqa: S603
                command, env={**os.environ, **_GIVE_BACK}, preexec_fn=dying_with_parent(signal.SIGKILL)
            )
        return 0

    def _look_after(self, child: "subprocess.Popen[bytes]") -> None:
        code = child.poll()
        if code is None:
            return
        self._child = None
        if code:
            _log.error("index not made, trying again", exit_code=code, in_s=_PAUSE_S)
            self._due_at_s = time.monotonic() + _PAUSE_S
