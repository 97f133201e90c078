"""The worker's part of alarms: streams that have fallen silent, and those that are heard of again."""

from datetime import datetime

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from zhicheng.core.telemetry.operations.alarms.watching import STORE_SIGNALS
from zhicheng.core.telemetry.queries.devices.models import list_rules
from zhicheng.core.telemetry.queries.devices.watched import open_watched
from zhicheng.core.telemetry.queries.stores import open_columns
from zhicheng.core.telemetry.values import to_us
from zhicheng.kit.sqltext import to_json

_MICRO = 1_000_000
_DEAF_US = 120 * _MICRO
_MOST = 100_000


def notice_silence(now: datetime) -> int:
    """Note which streams fell silent or are heard of again; how many.

    While nobody at all is heard of, it is our own ear that is deaf: nothing is noted.
    """
    limits, codes = _limits()
    if not limits:
        return 0
    streams, columns = open_watched(), open_columns()
    columns.see(len(streams) - 1)
    size = min(len(streams), len(columns))
    heard, kind_of, silent = columns.received_us[:size], streams.kind_of[:size], streams.silent[:size]
    now_us = to_us(now)
    if not size or int(heard.max()) < now_us - _DEAF_US:
        return 0
    limit_us = np.zeros(int(kind_of.max()) + 1, np.int64)
    for number, seconds in limits.items():
        if number < len(limit_us):
            limit_us[number] = int(seconds * _MICRO)
    late = _late(heard, kind_of, limit_us, now_us) & (columns.known[:size] != 0)
    changed = np.flatnonzero(late != (silent != 0))[:_MOST]
    rows = [
        {
            "stream": int(stream),
            "condition": codes[int(kind_of[stream])],
            "kind": "raise" if late[stream] else "clear",
            "at_us": int(heard[stream]),
            "value": None,
            "noticed_us": now_us,
        }
        for stream in changed
        if int(kind_of[stream]) in codes
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(STORE_SIGNALS, [to_json(rows)])
    silent[changed] = late[changed]
    return len(rows)


def _late(
    heard: NDArray[np.int64], kind_of: NDArray[np.int16], limit_us: NDArray[np.int64], now_us: int
) -> NDArray[np.bool_]:
    limits = limit_us[kind_of]
    found: NDArray[np.bool_] = (limits > 0) & (heard > 0) & (heard < now_us - limits)
    return found


def _limits() -> tuple[dict[int, float], dict[int, str]]:
    """How long streams of a kind may be silent, and the condition that says so, by the number of the kind."""
    kinds = open_watched().kinds()["kinds"]
    limits: dict[int, float] = {}
    codes: dict[int, str] = {}
    for rule in list_rules().values():
        for condition in rule.conditions:
            known = kinds.get(f"{rule.model}/{condition.stream}")
            if condition.kind == "silent" and known:
                limits[known["number"]], codes[known["number"]] = condition.threshold, condition.code
    return limits, codes
