"""Keys of streams, found by hash: `<device key>/<stream code>` → stream, without looking at any text.

The table is open addressing over three arrays of one length, a power of two: `hashes` (uint64, 0 is empty), `checks`
(uint32, of a second hash), `streams` (int32, -1 is removed). Two keys are taken for one only when 96 bits of their two
hashes agree. A dot counts as a slash, because NATS writes `zc/v1/d1/t` as `zc.v1.d1.t`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhicheng.kit.compiled import compiled

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]
_SEED, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_SEED_2, _PRIME_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S32, _ONE = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32), np.uint64(1)
_DOT, _SLASH = 46, 47


@compiled
def _mix(value: Any) -> Any:
    value = (value ^ (value >> _S30)) * _MIX_1
    value = (value ^ (value >> _S27)) * _MIX_2
    return value ^ (value >> _S31)


@compiled
def _hash(data: Any, start: int, end: int) -> Any:
    first, second = _SEED, _SEED_2
    for place in range(start, end):
        byte = np.uint64(data[place])
        if data[place] == _DOT:
            byte = np.uint64(_SLASH)
        first = (first ^ byte) * _PRIME
        second = (second + byte) * _PRIME_2
        second ^= second >> _S31
    found = _mix(first)
    if found == np.uint64(0):
        found = _ONE
    return found, np.uint32(_mix(second) >> _S32)


@compiled
def find_streams(data: Any, starts: Any, ends: Any, table: Any) -> Any:
    """The stream of each key `data[start:end]`; 0 where there is none.

    Shapes: `data` uint8 (m,), `starts` and `ends` int64 (n,). Returns int64 (n,).
    """
    hashes, checks, streams = table
    found = np.zeros(len(starts), np.int64)
    mask = np.uint64(len(hashes) - 1)
    for row in range(len(starts)):
        wanted, check = _hash(data, starts[row], ends[row])
        place = wanted & mask
        while hashes[place] != np.uint64(0) and not (hashes[place] == wanted and checks[place] == check):
            place = (place + _ONE) & mask
        if hashes[place] != np.uint64(0) and streams[place] > 0:
            found[row] = streams[place]
    return found


@compiled
def put_streams(data: Any, offsets: Any, given: Any, table: Any) -> int:
    """Set the stream of each key `data[offsets[i]:offsets[i + 1]]`; how many keys are new.

    The table must have room: at most half of its places may be taken afterwards. -1 as a stream removes the key.
    The hash is written last: a reader in another process sees a place whole or empty.
    """
    hashes, checks, streams = table
    mask = np.uint64(len(hashes) - 1)
    fresh = 0
    for row in range(len(given)):
        wanted, check = _hash(data, offsets[row], offsets[row + 1])
        place = wanted & mask
        while hashes[place] != np.uint64(0) and not (hashes[place] == wanted and checks[place] == check):
            place = (place + _ONE) & mask
        streams[place] = given[row]
        if hashes[place] == np.uint64(0):
            checks[place] = check
            hashes[place] = wanted
            fresh += 1
    return fresh


@compiled
def move_streams(old_table: Any, new_table: Any) -> int:
    """Copy every key that was not removed into a larger, empty table; how many."""
    hashes, checks, streams = old_table
    new_hashes, new_checks, new_streams = new_table
    mask = np.uint64(len(new_hashes) - 1)
    moved = 0
    for old in range(len(hashes)):
        if hashes[old] != np.uint64(0) and streams[old] > 0:
            place = hashes[old] & mask
            while new_hashes[place] != np.uint64(0):
                place = (place + _ONE) & mask
            new_streams[place] = streams[old]
            new_checks[place] = checks[old]
            new_hashes[place] = hashes[old]
            moved += 1
    return moved
