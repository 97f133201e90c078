"""From the subject of a stored message to its stream: our own topics by their key, SensorThings' by their number."""

from typing import Any

import numpy as np

from zhicheng.core.telemetry.base.keys import find_streams
from zhicheng.core.telemetry.values import Ints
from zhicheng.kit.compiled import compiled

OURS = np.frombuffer(b"$MQTT.msgs.zc.v1.", np.uint8).copy()
SENSORTHINGS = np.frombuffer(b"$MQTT.msgs.v1//1.Datastreams(", np.uint8).copy()  # NATS writes a topic's dot as //
_CLOSE, _ZERO, _NINE = 41, 48, 57


@compiled
def _begins(data: Any, start: int, end: int, prefix: Any) -> bool:
    if end - start <= len(prefix):
        return False
    place = 0
    while place < len(prefix) and data[start + place] == prefix[place]:
        place += 1
    return place == len(prefix)


@compiled
def _bounds(data: Any, starts: Any, ends: Any, prefix: Any) -> Any:
    """Where the key begins in each subject; where it is none of ours, it is empty."""
    firsts, lasts = starts.copy(), starts.copy()
    for row in range(len(starts)):
        if _begins(data, starts[row], ends[row], prefix):
            firsts[row], lasts[row] = starts[row] + len(prefix), ends[row]
    return firsts, lasts


@compiled
def _number_after(data: Any, starts: Any, ends: Any, prefix: Any, found: Any) -> None:
    for row in range(len(starts)):
        if found[row] == 0 and _begins(data, starts[row], ends[row], prefix):
            number = np.int64(0)
            place = starts[row] + len(prefix)
            while place < ends[row] and _ZERO <= data[place] <= _NINE and number < 1 << 53:
                number = number * 10 + (data[place] - _ZERO)
                place += 1
            if place < ends[row] and data[place] == _CLOSE:
                found[row] = number


def streams_of(data: Any, starts: Ints, ends: Ints, table: Any) -> Ints:
    """The stream that each subject `data[start:end]` names; 0 where there is none such.

    `table` is the key table of `base.keys`.
    """
    firsts, lasts = _bounds(data, starts, ends, OURS)
    found: Ints = find_streams(data, firsts, lasts, table)
    _number_after(data, starts, ends, SENSORTHINGS, found)
    return found
