"""What a device sends as its payload: `21.5`, or `{"v": 21.5, "t": …}` with an ISO 8601 instant or milliseconds.

The compiled loop reads the usual forms; everything else is left to `read_slowly`, which knows JSON. SensorThings'
`{"result": …, "phenomenonTime": …}` means the same.
"""

import math
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from zhicheng.core.telemetry.values import Quality, Refusal, to_us
from zhicheng.kit.clock import parse_instant
from zhicheng.kit.compiled import compiled

READ, SLOW = 0, 1
_LONGEST_TEXT = 2000
_QUOTE, _COMMA, _COLON, _OPEN, _CLOSE, _SPACE = 34, 44, 58, 123, 125, 32
_V, _T, _MINUS, _PLUS, _POINT, _ZERO, _NINE = 118, 116, 45, 43, 46, 48, 57
_UPPER_T, _UPPER_Z = 84, 90
_EXACT = 1 << 53
_MOST_TENS = 22
_TENS = np.array([10.0**power for power in range(_MOST_TENS + 1)])
_MS_FROM = 100_000_000_000  # smaller numbers are seconds: 5138 begins then, and 1973 has passed
_SECOND_US = 1_000_000


@compiled
def _skip(data: Any, place: int, end: int) -> int:
    while place < end and data[place] <= _SPACE:
        place += 1
    return place


@compiled
def _read_number(data: Any, place: int, end: int) -> Any:
    """A plain decimal number: (value, place behind it); the place is -1 where it is none, or not read exactly."""
    sign = 1.0
    if place < end and data[place] == _MINUS:
        sign = -1.0
        place += 1
    digits, tens = 0, 0
    number = np.int64(0)
    is_behind_point = False
    while place < end:
        byte = data[place]
        if _ZERO <= byte <= _NINE:
            number = number * 10 + (byte - _ZERO)
            digits += 1
            tens += is_behind_point
        elif byte == _POINT and not is_behind_point and digits:
            is_behind_point = True
        else:
            break
        place += 1
    if digits == 0 or digits > 17 or number >= _EXACT or tens > _MOST_TENS or data[place - 1] == _POINT:
        return 0.0, -1
    return sign * number / _TENS[tens], place


@compiled
def _two(data: Any, place: int) -> Any:
    high, low = np.int64(data[place]) - _ZERO, np.int64(data[place + 1]) - _ZERO
    if high < 0 or high > 9 or low < 0 or low > 9:
        return -1000000
    return high * 10 + low


@compiled
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970 of a day in the Gregorian calendar (Howard Hinnant, days_from_civil)."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@compiled
def _last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@compiled
def _read_zone(data: Any, place: int, end: int) -> Any:
    """Seconds east of UTC, and the place behind; -1 where it is no zone."""
    if place < end and data[place] == _UPPER_Z:
        return 0, place + 1
    if place + 6 > end or (data[place] != _PLUS and data[place] != _MINUS) or data[place + 3] != _COLON:
        return 0, -1
    seconds = _two(data, place + 1) * 3600 + _two(data, place + 4) * 60
    if seconds < 0:
        return 0, -1
    return (seconds if data[place] == _PLUS else -seconds), place + 6


@compiled
def _read_clock(data: Any, place: int) -> Any:
    """Microseconds of `2026-01-05T08:00:00` as if in UTC; -1 where it is none."""
    year = _two(data, place) * 100 + _two(data, place + 2)
    month, day = _two(data, place + 5), _two(data, place + 8)
    hour, minute, second = _two(data, place + 11), _two(data, place + 14), _two(data, place + 17)
    if year < 1970 or not 1 <= month <= 12 or not 1 <= day <= _last_day(year, month):
        return -1
    if not 0 <= hour <= 23 or not 0 <= minute <= 59 or not 0 <= second <= 59:
        return -1
    return (_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * _SECOND_US


@compiled
def _read_instant(data: Any, place: int, end: int) -> Any:
    """An instant in quotes: (microseconds, place behind the closing quote); the place is -1 where it is none."""
    place += 1
    if place + 20 > end or data[place + 4] != _MINUS or data[place + 7] != _MINUS or data[place + 10] != _UPPER_T:
        return 0, -1
    at_us: Any = _read_clock(data, place)
    place += 19
    if data[place] == _POINT:
        place += 1
        part = 100_000
        while place < end and _ZERO <= data[place] <= _NINE:
            at_us += part * (np.int64(data[place]) - _ZERO)
            part //= 10
            place += 1
    seconds, place = _read_zone(data, place, end)
    if at_us < 0 or place < 0 or place >= end or data[place] != _QUOTE:
        return 0, -1
    return at_us - seconds * _SECOND_US, place + 1


@compiled
def _read_time(data: Any, place: int, end: int) -> Any:
    if place < end and data[place] == _QUOTE:
        return _read_instant(data, place, end)
    number, place = _read_number(data, place, end)
    if place < 0 or number < 0:
        return 0, -1
    scale = 1000.0 if number >= _MS_FROM else 1_000_000.0
    return np.int64(number * scale), place


@compiled
def _read_object(data: Any, place: int, end: int) -> Any:
    """`{"v": number, "t": time}` in any order: (value, microseconds or 0, whether it was read)."""
    value, at_us, seen = 0.0, np.int64(0), 0
    place = _skip(data, place + 1, end)
    while place + 4 < end and data[place] == _QUOTE and data[place + 2] == _QUOTE and seen < 2:
        name = data[place + 1]
        place = _skip(data, place + 3, end)
        if place >= end or data[place] != _COLON:
            return value, at_us, False
        place = _skip(data, place + 1, end)
        if name == _V and not seen & 1:
            value, place = _read_number(data, place, end)
            seen |= 1
        elif name == _T and at_us == 0:
            at_us, place = _read_time(data, place, end)
        else:
            return value, at_us, False
        if place < 0:
            return value, at_us, False
        place = _skip(data, place, end)
        if place < end and data[place] == _CLOSE:
            return value, at_us, seen == 1 and _skip(data, place + 1, end) == end
        if place >= end or data[place] != _COMMA:
            return value, at_us, False
        place = _skip(data, place + 1, end)
    return value, at_us, False


@compiled
def read_payloads(data: Any, starts: Any, ends: Any) -> Any:
    """Read every payload `data[start:end]`.

    Shapes: `data` uint8 (m,), `starts` and `ends` int64 (n,). Returns value float64 (n,), at_us int64 (n,) with 0
    where the device said no time, state uint8 (n,): `READ`, or `SLOW` for `read_slowly`.
    """
    count = len(starts)
    values, at_us, state = np.full(count, np.nan), np.zeros(count, np.int64), np.full(count, SLOW, np.uint8)
    for row in range(count):
        place, end = _skip(data, starts[row], ends[row]), ends[row]
        if place < end and data[place] == _OPEN:
            value, at, is_read = _read_object(data, place, end)
        else:
            value, place = _read_number(data, place, end)
            at, is_read = np.int64(0), place >= 0 and _skip(data, place, end) == end
        if is_read:
            values[row], at_us[row], state[row] = value, at, READ
    return values, at_us, state


@dataclass(frozen=True)
class Payload:
    """One payload; `at_us` is 0 where it said no time."""

    value: float | None
    text: str | None
    at_us: int
    quality: int = 0


def read_slowly(payload: bytes) -> Payload | Refusal:
    """One payload in any JSON form that makes sense.

    >>> read_slowly(b'{"v": "on", "t": "2026-01-05T08:00:00+08:00"}')
    Payload(value=None, text='on', at_us=1767571200000000, quality=0)
    >>> read_slowly(b"NaN"), read_slowly(b'{"v"')
    (<Refusal.NOT_A_NUMBER: 'not_a_number'>, <Refusal.UNREADABLE: 'unreadable'>)
    """
    if payload.strip().strip(b"+-").lower() in {b"nan", b"inf", b"infinity"}:
        return Refusal.NOT_A_NUMBER
    try:
        body = msgspec.json.decode(payload)
        if not isinstance(body, dict):
            return _result(body, 0, 0)
        result = body["v"] if "v" in body else body["result"]
        at_us = _instant(body.get("t", body.get("phenomenonTime")))
        doubtful = Quality.DOUBTFUL if body.get("q") else Quality.GOOD
    except (msgspec.DecodeError, KeyError, ValueError, OverflowError, UnicodeDecodeError):
        return Refusal.UNREADABLE
    return _result(result, at_us, int(doubtful))


def _result(result: Any, at_us: int, quality: int) -> Payload | Refusal:
    if isinstance(result, bool):
        return Payload(float(result), None, at_us, quality)
    if isinstance(result, str):
        return Payload(None, result[:_LONGEST_TEXT], at_us, quality)
    if isinstance(result, int | float):
        number = float(result)
        return Payload(number, None, at_us, quality) if math.isfinite(number) else Refusal.NOT_A_NUMBER
    return Refusal.NOT_A_NUMBER if result is None else Refusal.UNREADABLE


def _instant(said: Any) -> int:
    if said is None:
        return 0
    if isinstance(said, str):
        return to_us(parse_instant(said.partition("/")[0]))
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        raise ValueError("no instant")
    return int(said * 1000) if said >= _MS_FROM else int(said * _SECOND_US)
