"""The devices of a demo city: registered once, with a day behind them, and sending every half minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from zhicheng.config import environment

_EVERY = timedelta(seconds=30)
_PAST = timedelta(hours=24)
_TAKEN_S = 30.0


class DemoSensing:
    """A duty of the worker; elsewhere than in a demo it does nothing."""

    def __init__(self) -> None:
        self._wanted = environment.flag("ZHICHENG_DEMO")
        self._signals: Sequence[Any] = ()
        self._sent_at: datetime | None = None

    def attempt(self, at: datetime) -> int:
        """Send what is due; there is nothing to do again at once."""
        if not self._wanted or (self._sent_at is not None and at - self._sent_at < _EVERY):
            return 0
        from zhicheng.simulator.devices import (  # noqa: PLC0415  # the simulator is loaded by demo cities only
            await_taken,
            seed_devices,
            send_past,
            send_readings,
            signals,
        )

        if not self._signals:
            is_new = bool(seed_devices(at).created)
            self._signals = signals()
            if is_new:
                send_past(self._signals, since=at - _PAST, now=at)
            send_readings(self._signals, at)
            if is_new:
                await_taken(self._signals, at, most_s=_TAKEN_S)
        else:
            send_readings(self._signals, at)
        self._sent_at = at
        return 0
