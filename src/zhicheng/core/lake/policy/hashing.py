"""Hashes of keys for the key index: 64 bits, the same in every process and release."""

from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]
_ODD, _MIX1, _MIX2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def hash_keys(keys: pa.Array) -> Hashes:
    """One hash a key, shape (n,), uint64. A null counts as the empty text. Equal texts have equal hashes.

    Source: splitmix64 (Steele, Lea, Flood 2014) over the UTF-8 bytes in words of eight, little endian.

    >>> one, two = hash_keys(pa.array(["SZ1", "SZ2"])).tolist()
    >>> one == two, one == int(hash_keys(pa.array(["SZ1"]))[0])
    (False, True)
    """
    keys = keys.cast(pa.large_binary()).fill_null(b"")
    offsets = np.frombuffer(keys.buffers()[1], dtype=np.int64)[keys.offset : keys.offset + len(keys) + 1]
    data = keys.buffers()[2]
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    lengths = np.diff(offsets)
    found = np.empty(len(keys), np.uint64)
    for length in np.unique(lengths):
        chosen = np.flatnonzero(lengths == length)
        found[chosen] = _hash_equal_lengths(content, offsets[:-1][chosen], int(length))
    return found


def _hash_equal_lengths(content: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], length: int) -> Hashes:
    words = -(-length // 8)
    padded = np.zeros((len(starts), words * 8), np.uint8)
    if length:
        padded[:, :length] = content[starts[:, None] + np.arange(length)]
    columns = padded.view("<u8").astype(np.uint64, copy=False) if words else np.empty((len(starts), 0), np.uint64)
    start = np.full(len(starts), length, np.uint64)
    return reduce(lambda state, word: splitmix(state ^ columns[:, word]), range(words), splitmix(start))


def splitmix(state: Hashes) -> Hashes:
    """One step of splitmix64 on each word: a bijection of 64-bit words, wrapping around."""
    state = state + _ODD
    state = (state ^ (state >> np.uint64(30))) * _MIX1
    state = (state ^ (state >> np.uint64(27))) * _MIX2
    mixed: Hashes = state ^ (state >> np.uint64(31))
    return mixed
