"""The client protocol of NATS, as it arrives: many messages in one piece of bytes, the last one perhaps cut.

Source: NATS client protocol 2.2 (HMSG, MSG, PING); the subject of an acknowledgement carries stream sequence and time.
"""

from typing import Any

import numpy as np

from zhicheng.kit.compiled import compiled

COLUMNS = 7  # subject start, end; payload start, end; sequence; received (µs); headers start
_SPACE, _CR, _LF, _DOT, _ZERO, _NINE = 32, 13, 10, 46, 48, 57
_H, _M, _P, _I = 72, 77, 80, 73
_MICRO = 1000


@compiled
def _line_end(data: Any, start: int, size: int) -> int:
    for place in range(start, size - 1):
        if data[place] == _CR and data[place + 1] == _LF:
            return place
    return -1


@compiled
def _number(data: Any, start: int, end: int) -> Any:
    number = np.int64(0)
    for place in range(start, end):
        if data[place] < _ZERO or data[place] > _NINE:
            return np.int64(-1)
        number = number * 10 + (data[place] - _ZERO)
    return number


@compiled
def _words(data: Any, start: int, end: int, parting: int, bounds: Any) -> int:
    """Bounds of the words of a line; how many (at most as many as there is room for)."""
    count = 0
    first = start
    for place in range(start, end + 1):
        if place == end or data[place] == parting:
            if place > first and count < len(bounds):
                bounds[count, 0] = first
                bounds[count, 1] = place
                count += 1
            first = place + 1
    return count


@compiled
def _stored(data: Any, start: int, end: int, bounds: Any, row: Any) -> None:
    """Sequence and time of a message out of its acknowledgement's subject."""
    row[4], row[5] = 0, 0
    count = _words(data, start, end, _DOT, bounds)
    shift = 0 if count == 9 else 2  # newer servers name domain and account, too
    if count >= 9 and 7 + shift < count:
        row[4] = _number(data, bounds[5 + shift, 0], bounds[5 + shift, 1])
        row[5] = _number(data, bounds[7 + shift, 0], bounds[7 + shift, 1]) // _MICRO


@compiled
def split_frames(data: Any, size: int, found: Any) -> Any:
    """Split `data[:size]` into messages. `found` is int64 (n, 7), filled row by row.

    Returns (messages, bytes used, pings): what is left is the beginning of a message, or there was no room for more.
    A line that nobody knows (INFO, +OK, -ERR, PONG) is passed over.
    """
    bounds = np.empty((16, 2), np.int64)
    count, place, pings = 0, 0, 0
    while count < len(found):
        end = _line_end(data, place, size)
        if end < 0:
            break
        first = data[place]
        is_message = first == _M or (first == _H and data[place + 1] == _M)
        if not is_message:
            pings += first == _P and data[place + 1] == _I
            place = end + 2
            continue
        words = _words(data, place, end, _SPACE, bounds)
        headed = first == _H
        total = _number(data, bounds[words - 1, 0], bounds[words - 1, 1])
        heads = _number(data, bounds[words - 2, 0], bounds[words - 2, 1]) if headed else 0
        begin = end + 2
        if begin + total + 2 > size:
            break
        row = found[count]
        row[0], row[1] = bounds[1, 0], bounds[1, 1]
        row[2], row[3], row[6] = begin + heads, begin + total, begin
        row[4], row[5] = 0, 0
        if words == (6 if headed else 5):
            reply_start, reply_end = bounds[3, 0], bounds[3, 1]
            _stored(data, reply_start, reply_end, np.empty((16, 2), np.int64), row)
        count += 1
        place = begin + total + 2
    return count, place, pings
