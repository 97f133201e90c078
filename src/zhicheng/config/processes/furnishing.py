"""The buildings of a demo city: brought in by a process of its own while people are signing in already."""

import fcntl
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import django
import structlog

from zhicheng.config import environment
from zhicheng.config.processes.lifeline import die_with_parent, dying_with_parent
from zhicheng.kit.clock import now

_log = structlog.get_logger("zhicheng.furnishing")
_NICENESS = 10  # people who are waiting for a page come first


class Furnisher:
    """Starts that process once, and says how it ended."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._done = not environment.flag("ZHICHENG_DEMO") or not environment.flag("ZHICHENG_DEMO_CITY", default=True)

    def attempt(self, _at: datetime) -> int:
        """Look after it; there is nothing to do again soon."""
        if self._done:
            return 0
        if self._child is None:
            command = [sys.executable, "-m", "zhicheng.config.processes.furnishing"]
            self._child = subprocess.Popen(command, preexec_fn=dying_with_parent(signal.SIGKILL))  # noqa: S603
        elif (code := self._child.poll()) is not None:
            self._done = True
            if code:
                _log.error(
                    "the demo city has no buildings", exit_code=code, do="zhicheng simulate city --cut --install"
                )
        return 0


def main() -> int:
    """Fill the layers that are empty; nothing where another process is at it."""
    die_with_parent(signal.SIGKILL)
    os.nice(_NICENESS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    django.setup()
    from zhicheng.simulator.public import seed_city  # noqa: PLC0415  # models are needed: after django.setup()

    home = environment.home()
    cache = Path(os.environ.get("ZHICHENG_CACHE") or home / "cache")
    (home / "run").mkdir(parents=True, exist_ok=True)
    with (home / "run" / "city.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        seed_city(now(), cache=cache)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
