"""A set of (stream, instant) pairs: which readings were seen lately. Two generations, so that it never overflows.

Places are open addressing over `streams` (int64, 0 is empty) and `instants` (int64), a power of two long.
"""

from typing import Any

import numpy as np

from zhicheng.core.telemetry.values import Flags, Ints
from zhicheng.kit.compiled import compiled

_MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SHIFT, _ONE = np.uint64(29), np.uint64(1)


@compiled
def _place(stream: Any, instant: Any, mask: Any) -> Any:
    mixed = (np.uint64(stream) * _MIX_1) ^ (np.uint64(instant) * _MIX_2)
    mixed ^= mixed >> _SHIFT
    return (mixed * _MIX_2 >> _SHIFT) & mask


@compiled
def _has(streams: Any, instants: Any, stream: Any, instant: Any) -> bool:
    mask = np.uint64(len(streams) - 1)
    place = _place(stream, instant, mask)
    while streams[place] != 0:
        if streams[place] == stream and instants[place] == instant:
            return True
        place = (place + _ONE) & mask
    return False


@compiled
def _put(streams: Any, instants: Any, stream: Any, instant: Any) -> bool:
    mask = np.uint64(len(streams) - 1)
    place = _place(stream, instant, mask)
    while streams[place] != 0:
        if streams[place] == stream and instants[place] == instant:
            return False
        place = (place + _ONE) & mask
    streams[place] = stream
    instants[place] = instant
    return True


@compiled
def _add(new: Any, old: Any, stream: Any, at_us: Any) -> Any:
    fresh = np.zeros(len(stream), np.bool_)
    added = 0
    for row in range(len(stream)):
        if not _has(old[0], old[1], stream[row], at_us[row]) and _put(new[0], new[1], stream[row], at_us[row]):
            fresh[row] = True
            added += 1
    return fresh, added


@compiled
def _mark(wanted: Any, stream: Any, at_us: Any, found: Any) -> None:
    streams, instants, rows = wanted
    mask = np.uint64(len(streams) - 1)
    for row in range(len(stream)):
        place = _place(stream[row], at_us[row], mask)
        while streams[place] != 0:
            if streams[place] == stream[row] and instants[place] == at_us[row]:
                found[rows[place]] = True
            place = (place + _ONE) & mask


@compiled
def _fill(wanted: Any, stream: Any, at_us: Any) -> None:
    streams, instants, rows = wanted
    mask = np.uint64(len(streams) - 1)
    for row in range(len(stream)):
        place = _place(stream[row], at_us[row], mask)
        while streams[place] != 0:
            place = (place + _ONE) & mask
        streams[place], instants[place], rows[place] = stream[row], at_us[row], row


class WantedPairs:
    """Pairs looked for in many columns: `mark` them where they are met, then read `found`."""

    def __init__(self, stream: Ints, at_us: Ints) -> None:
        places = 16
        while places < 2 * len(stream):
            places *= 2
        self._table = np.zeros(places, np.int64), np.zeros(places, np.int64), np.zeros(places, np.int64)
        _fill(self._table, stream, at_us)
        self.found = np.zeros(len(stream), np.bool_)

    def mark(self, stream: Ints, at_us: Ints) -> None:
        """Look through two columns of equal length."""
        _mark(self._table, stream, at_us, self.found)


class RecentPairs:
    """Remembers at least the last `capacity` pairs, and at most twice as many."""

    def __init__(self, capacity: int = 1 << 20) -> None:
        self._places = 2 * capacity
        self._capacity = capacity
        self._new, self._old = self._empty(), self._empty()
        self._held = 0
        self.turns = 0
        """How often the older half was forgotten."""

    def _empty(self) -> tuple[Ints, Ints]:
        return np.zeros(self._places, np.int64), np.zeros(self._places, np.int64)

    def add(self, stream: Ints, at_us: Ints) -> Flags:
        """Remember pairs; True where a pair was not remembered yet, the first of equal ones in the call included."""
        parts = []
        for start in range(0, len(stream), self._capacity):
            part = slice(start, start + self._capacity)
            room = self._capacity - self._held
            if len(stream[part]) > room:
                self.turns += 1
                self._old, self._new, self._held = self._new, self._empty(), 0
            fresh, added = _add(self._new, self._old, stream[part], at_us[part])
            self._held += added
            parts.append(fresh)
        return np.concatenate(parts) if parts else np.zeros(0, np.bool_)
