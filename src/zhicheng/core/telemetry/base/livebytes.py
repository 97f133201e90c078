"""The live map of devices as bytes: columns one after the other, little-endian, as a browser's typed arrays read them.

A row is a device for as long as an `epoch` lasts; rows are added, never moved. What is gone keeps its row.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNHEARD, ONLINE, OFFLINE, ALARM, GONE = range(5)
SNAPSHOT, CHANGES = b"ZCLS", b"ZCLC"
HEAD = struct.Struct("<4sIIIII")
_DEGREE = 1e7  # of longitude and latitude; an eighth of a metre is ten of them


@dataclass(frozen=True)
class LiveRows:
    """Devices in columns of equal length."""

    thing: NDArray[np.int64]
    longitude: NDArray[np.int32]
    latitude: NDArray[np.int32]
    kind: NDArray[np.uint8]
    state: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.thing)


def in_units(degrees: NDArray[np.float64]) -> NDArray[np.int32]:
    """Degrees as whole numbers of 1e-7.

    >>> in_units(np.array([114.05])).tolist()
    [1140500000]
    """
    found: NDArray[np.int32] = np.round(degrees * _DEGREE).astype(np.int32)
    return found


def snapshot_bytes(epoch: int, sequence: int, rows: LiveRows, kinds: Sequence[Mapping[str, Any]]) -> bytes:
    """All rows: thing (float64), longitude, latitude (int32), state, kind (uint8), then the kinds as JSON."""
    told = json.dumps(list(kinds), ensure_ascii=False).encode()
    return b"".join(
        (
            HEAD.pack(SNAPSHOT, epoch, sequence, len(rows), len(told), 0),
            rows.thing.astype("<f8").tobytes(),
            rows.longitude.astype("<i4").tobytes(),
            rows.latitude.astype("<i4").tobytes(),
            rows.state.tobytes(),
            rows.kind.tobytes(),
            told,
        )
    )


def changes_bytes(
    epoch: int, sequence: int, rows: LiveRows, placed: NDArray[np.int64], changed: NDArray[np.int64]
) -> bytes:
    """What is new: rows that were added or moved, with all they have; rows in another state, with that.

    First thing (float64), row (uint32), longitude, latitude (int32) of what was placed, then row (uint32) of what
    changed, then its state, then the kind of what was placed (uint8).
    """
    return b"".join(
        (
            HEAD.pack(CHANGES, epoch, sequence, len(placed), len(changed), len(rows)),
            rows.thing[placed].astype("<f8").tobytes(),
            placed.astype("<u4").tobytes(),
            rows.longitude[placed].astype("<i4").tobytes(),
            rows.latitude[placed].astype("<i4").tobytes(),
            changed.astype("<u4").tobytes(),
            rows.state[changed].tobytes(),
            rows.kind[placed].tobytes(),
        )
    )
