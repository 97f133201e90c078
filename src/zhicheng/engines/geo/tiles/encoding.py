"""A tile as bytes: drawn features with their attributes, held under a cap by leaving out the smallest.

Source: Mapbox Vector Tile specification 2.1, section 4.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhicheng.engines.geo.tiles.drawing import EXTENT, Drawn
from zhicheng.kit.compiled import compiled

_HEAD_BYTES = 24  # of a feature: field marks, lengths, identifier, kind
_TRIES = 6
_REAL = struct.Struct("<BBBd").pack


@dataclass(frozen=True)
class Tile:
    """The bytes of a tile, how many features it shows, and how many were left out to keep it under the cap."""

    content: bytes
    features: int
    dropped: int


@dataclass(frozen=True)
class Attributes:
    """Values by number: `names`, encoded `values`, and int32 (n, len(names)) numbers of values, -1 for none."""

    names: tuple[str, ...]
    values: tuple[bytes, ...]
    numbers: NDArray[np.int32]


@dataclass(frozen=True)
class Features:
    """What is to be written: kinds uint8 (n,), identifiers int64 (n,), geometry, attributes."""

    kinds: NDArray[np.uint8]
    ids: NDArray[np.int64]
    drawn: Drawn
    attributes: Attributes


def attributes_of(columns: Mapping[str, pa.Array]) -> Attributes:
    """Attributes from columns of one length; texts, numbers and truth values, anything else as text."""
    names, values, numbers = tuple(columns), list[bytes](), []
    for column in columns.values():
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        at = np.asarray(coded.indices.fill_null(-1)).astype(np.int32)
        numbers.append(np.where(at >= 0, at + len(values), -1).astype(np.int32))
        values.extend(_value(value) for value in coded.dictionary.to_pylist())
    stacked = np.stack(numbers, axis=1) if numbers else np.empty((0, 0), np.int32)
    return Attributes(names, tuple(values), np.ascontiguousarray(stacked))


def encode(layer: str, features: Features, *, most_bytes: int) -> Tile:
    """A tile with one layer. Of polygons the smallest, of lines the shortest, of points some are left out."""
    seen = np.flatnonzero(features.drawn.sizes > 0)
    costs = _costs(features, seen)
    ranked = seen[np.argsort(-_weights(features, seen), kind="stable")]
    room = float(most_bytes)
    total = costs[seen].sum()
    for _ in range(_TRIES):
        kept = seen if total <= room else np.sort(ranked[: int(np.searchsorted(np.cumsum(costs[ranked]), room))])
        content = _layer(layer, features, kept)
        if len(content) <= most_bytes or not len(kept):
            break
        room = min(room, total) * 0.95 * most_bytes / len(content)
    return Tile(content, len(kept), len(seen) - len(kept))


def _weights(features: Features, seen: NDArray[np.intp]) -> NDArray[np.float64]:
    """Larger ones matter more; points are spread by a hash of their identifier, the same at every zoom."""
    spread = (features.ids[seen].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)
    weights: NDArray[np.float64] = np.where(
        features.kinds[seen] == 1, spread.astype(np.float64), features.drawn.sizes[seen]
    )
    return weights


def _costs(features: Features, seen: NDArray[np.intp]) -> NDArray[np.float64]:
    """Bytes of each feature, with its part of the values that it shares."""
    costs = np.diff(features.drawn.offsets).astype(np.float64) + _HEAD_BYTES - 8
    numbers = features.attributes.numbers
    costs += 3 * numbers.shape[1]
    if not numbers.size:
        return costs
    lengths = np.array([len(value) for value in features.attributes.values] or [0], np.float64)
    shared = np.bincount(numbers[seen].ravel() + 1, minlength=len(lengths) + 1)[1:]
    share = np.append(lengths / np.maximum(shared, 1), 0.0)  # -1 takes the last: nothing
    whole: NDArray[np.float64] = costs + share[numbers].sum(axis=1)
    return whole


def _layer(name: str, features: Features, kept: NDArray[np.intp]) -> bytes:
    attributes = features.attributes
    chosen = attributes.numbers[kept] if attributes.numbers.size else np.empty((len(kept), 0), np.int32)
    used = np.unique(chosen[chosen >= 0])
    renumbered = np.full(len(attributes.values) + 1, -1, np.int32)
    renumbered[used] = np.arange(len(used), dtype=np.int32)
    drawn = features.drawn
    lengths = np.diff(drawn.offsets)[kept]
    room = int(lengths.sum()) + len(kept) * (_HEAD_BYTES + 10 * chosen.shape[1] + 10)
    out = np.empty(room, np.uint8)
    tags = np.ascontiguousarray(renumbered[chosen])
    source = (drawn.commands, drawn.offsets, kept.astype(np.int64), features.kinds, features.ids, tags)
    size = _write(source, out)
    parts = [b"\x78\x02", _field(b"\x0a", name.encode())]
    parts.append(out[:size].tobytes())
    parts.extend(_field(b"\x1a", key.encode()) for key in attributes.names)
    parts.extend(attributes.values[number] for number in used)
    parts.append(b"\x28" + _varint_bytes(EXTENT))
    return _field(b"\x1a", b"".join(parts)) if len(kept) else b""


def _value(value: Any) -> bytes:
    if isinstance(value, str):
        text = value.encode()
        size = len(text)
        return b"\x22%c\x0a%c%b" % (size + 2, size, text) if size < 126 else _field(b"\x22", _field(b"\x0a", text))
    if isinstance(value, float):
        return _REAL(0x22, 9, 0x19, value)
    if isinstance(value, bool):
        return _field(b"\x22", b"\x38" + bytes([value]))
    if isinstance(value, int):
        return _field(b"\x22", b"\x30" + _varint_bytes((value << 1) ^ (value >> 63)))
    return _field(b"\x22", _field(b"\x0a", str(value).encode()))


def _field(mark: bytes, content: bytes) -> bytes:
    return mark + _varint_bytes(len(content)) + content


def _varint_bytes(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


@compiled
def _write(source: Any, out: Any) -> int:
    """Feature messages one after another."""
    commands, offsets, kept, kinds, ids, tags = source
    at = 0
    for place in range(len(kept)):
        number = kept[place]
        begin, end = offsets[number], offsets[number + 1]
        tagged = _tag_width(tags[place])
        inner = 1 + _width(ids[number]) + 2 + 1 + _width(end - begin) + (end - begin)
        inner += 1 + _width(tagged) + tagged if tagged else 0
        out[at] = 0x12
        at = _put(out, at + 1, inner)
        out[at] = 0x08
        at = _put(out, at + 1, ids[number])
        if tagged:
            out[at] = 0x12
            at = _put_tags(out, _put(out, at + 1, tagged), tags[place])
        out[at], out[at + 1], out[at + 2] = 0x18, kinds[number], 0x22
        at = _put(out, at + 3, end - begin)
        out[at : at + end - begin] = commands[begin:end]
        at += end - begin
    return at


@compiled
def _tag_width(tags: Any) -> int:
    width = 0
    for column in range(len(tags)):
        if tags[column] >= 0:
            width += _width(column) + _width(tags[column])
    return width


@compiled
def _put_tags(out: Any, at: int, tags: Any) -> int:
    for column in range(len(tags)):
        if tags[column] >= 0:
            at = _put(out, _put(out, at, column), tags[column])
    return at


@compiled
def _width(value: int) -> int:
    width = 1
    while value > 127:
        value >>= 7
        width += 1
    return width


@compiled
def _put(out: Any, at: int, value: int) -> int:
    while value > 127:
        out[at] = value & 127 | 128
        value >>= 7
        at += 1
    out[at] = value
    return at + 1
