"""Row by row over columns: which readings are refused, and which are newer than the newest known."""

from typing import Any

import numpy as np

from zhicheng.core.telemetry.values import Refusal
from zhicheng.kit.compiled import compiled

REASONS = tuple(Refusal)  # what the number of a verdict means, from 1
GOOD, UNKNOWN, NOT_A_NUMBER, FUTURE, OLD, OFTEN = 0, 1, 2, 3, 4, 5
FUTURE_US = 600 * 1_000_000
TIMES, BURST = np.float32(10.0), np.float32(600.0)  # ten times as often as agreed, and 600 readings at once
_LATELY_US = 600 * 1_000_000
_MICRO = 1_000_000.0


@compiled
def _may_send(stream: Any, received_us: Any, bucket: Any) -> bool:
    interval_s, tokens, filled_us = bucket
    if interval_s[stream] <= 0:
        return True
    if filled_us[stream] == 0:
        tokens[stream] = BURST
    else:
        passed_s = max(0, received_us - filled_us[stream]) / _MICRO
        tokens[stream] = min(BURST, tokens[stream] + np.float32(passed_s / interval_s[stream]) * TIMES)
    filled_us[stream] = received_us
    if tokens[stream] < 1:
        return False
    tokens[stream] -= np.float32(1)
    return True


@compiled
def screen(rows: Any, known: Any, bucket: Any) -> Any:
    """A verdict for each row: 0 is good, else a place in `REASONS`.

    `rows` are stream, at_us, received_us (int64), value (float64), is_text (bool), all (n,). `known` is uint8 by
    stream; `bucket` is interval_s and tokens (float32) and filled_us (int64) by stream: tokens are taken. Readings
    that a device kept for more than ten minutes before it sent them take none: it is catching up.
    """
    stream, at_us, received_us, value, is_text = rows
    verdict = np.zeros(len(stream), np.uint8)
    for row in range(len(stream)):
        number = stream[row]
        if number < 1 or number >= len(known) or known[number] == 0:
            verdict[row] = UNKNOWN
        elif not is_text[row] and not np.isfinite(value[row]):
            verdict[row] = NOT_A_NUMBER
        elif at_us[row] <= 0:
            verdict[row] = OLD
        elif at_us[row] > received_us[row] + FUTURE_US:
            verdict[row] = FUTURE
        elif at_us[row] > received_us[row] - _LATELY_US and not _may_send(number, received_us[row], bucket):
            verdict[row] = OFTEN
    return verdict


@compiled
def count_rows(stream: Any, counts: Any) -> None:
    """Add one to the count of each row's stream."""
    for row in range(len(stream)):
        if 0 < stream[row] < len(counts):
            counts[stream[row]] += 1


@compiled
def is_late(stream: Any, at_us: Any, newest_us: Any) -> Any:
    """True where the stream has a reading as new or newer already."""
    late = np.zeros(len(stream), np.bool_)
    for row in range(len(stream)):
        late[row] = at_us[row] <= newest_us[stream[row]]
    return late


@compiled
def renew(rows: Any, latest: Any) -> Any:
    """Keep each stream's newest reading; True where a row became it (and perhaps was overtaken by a later row).

    `rows` are stream, at_us, received_us, value, quality, is_text; `latest` the columns at_us, received_us, value,
    quality, is_text by stream. The instant is written last: a reader elsewhere may see a new value with the old
    instant for a moment, never the other way round.
    """
    stream, at_us, received_us, value, quality, is_text = rows
    newest_us, newest_received_us, newest_value, newest_quality, newest_is_text = latest
    became = np.zeros(len(stream), np.bool_)
    for row in range(len(stream)):
        number = stream[row]
        if at_us[row] > newest_us[number]:
            newest_received_us[number] = received_us[row]
            newest_value[number] = value[row]
            newest_quality[number] = quality[row]
            newest_is_text[number] = is_text[row]
            newest_us[number] = at_us[row]
            became[row] = True
    return became


@compiled
def silent_streams(known: Any, received_us: Any, before_us: int) -> Any:
    """Streams that were heard of, but not since an instant. One pass over all: some milliseconds for millions."""
    count = 0
    for stream in range(1, len(known)):
        count += known[stream] != 0 and 0 < received_us[stream] < before_us
    found = np.empty(count, np.int64)
    place = 0
    for stream in range(1, len(known)):
        if known[stream] != 0 and 0 < received_us[stream] < before_us and place < count:
            found[place] = stream
            place += 1
    return found[:place]
