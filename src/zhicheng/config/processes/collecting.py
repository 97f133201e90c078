"""The collector's loop: broker and logs in, latest state and lake out, alarms on the way."""

import fcntl
import signal
import time
from pathlib import Path

import structlog
from django.conf import settings
from django.db import Error, connection

from zhicheng.config import environment
from zhicheng.config.processes.brokering import COLLECTOR, find_broker
from zhicheng.config.processes.doorkeeper import Doorkeeper
from zhicheng.core.telemetry.errors import BrokerAway
from zhicheng.core.telemetry.public import Collecting, prompt_alarms, restore_streams
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError

_log = structlog.get_logger("zhicheng.collector")
_ELSEWHERE = "ZHICHENG_BROKER_URL"  # another broker, which lets devices in itself
_IDLE_S, _RETRY_S, _LOOK_S = 0.02, 0.5, 1.0


class _Stop:
    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True


def collect() -> int:
    """Collect until told to stop, or until nobody lets devices in any more."""
    stop = _Stop()
    root = Path(settings.HOME) / "telemetry"
    root.mkdir(parents=True, exist_ok=True)
    with (root / "collector.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another one ends first
        doorkeeper = None if environment.text(_ELSEWHERE) else Doorkeeper(Path(settings.HOME))
        if doorkeeper:
            doorkeeper.start()
        collecting = Collecting(commit_s=settings.TELEMETRY_COMMIT_S, now=now())
        prompt_alarms()
        look_at_s = 0.0
        while not stop.asked and (doorkeeper is None or doorkeeper.is_alive()):
            if not collecting.has_broker and time.monotonic() >= look_at_s:
                look_at_s = time.monotonic() + _LOOK_S
                _connect(collecting)
            _step(collecting)
        collecting.close(now())
    return 0 if stop.asked else 1


def _connect(collecting: Collecting) -> None:
    """Streams come first: a reading of one that ingest does not know any more would be dropped."""
    try:
        if count := restore_streams():
            _log.info("streams told to ingest anew", streams=count)
        collecting.connect_broker(_broker_url(Path(settings.HOME)))
    except ZhichengError as error:
        _log.info("waiting for the broker", code=error.code)
    except Error as error:
        _log.warning("registered streams wait for the database", error=str(error)[:200])
        connection.close()


def _broker_url(home: Path) -> str:
    """Where to read.

    Raises:
        BrokerAway: the broker of this home was never started.
    """
    if given := environment.text(_ELSEWHERE):
        return given
    if (found := find_broker(home)) is None:
        raise BrokerAway()
    return found.nats_url(COLLECTOR)


def _step(collecting: Collecting) -> None:
    try:
        if not collecting.step(now()):
            time.sleep(_IDLE_S)
    except ZhichengError as error:
        _log.warning("a source is away", error=str(error), code=error.code)
        collecting.drop_broker()
        time.sleep(_RETRY_S)
    except Error:
        _log.exception("the database is away")
        connection.close()
        time.sleep(_RETRY_S)
