"""Finding rows that repeat a key: among data files just written, and against those a table had before."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhicheng.core.lake.gate.keys import load_hashes
from zhicheng.core.lake.gate.parts import Part
from zhicheng.core.lake.policy.hashing import Hashes, hash_keys

Positions = npt.NDArray[np.int64]
BEFORE = -1


@dataclass(frozen=True)
class Repeated:
    """Positions (over all new files, in order) whose key came before, and where: a position, or `BEFORE`."""

    rows: Positions
    first: Positions


def find_repeated(parts: Sequence[Part], before: Sequence[Path], key: str) -> Repeated:
    """Rows that repeat a key. Hashes narrow the search, the keys themselves decide."""
    hashes = np.concatenate([part.hashes for part in parts if part.hashes is not None] or [np.empty(0, np.uint64)])
    suspects = _repeated_inside(hashes) | _known_before(hashes, before, key)
    positions = np.flatnonzero(suspects)
    if not len(positions):
        return Repeated(positions, positions)
    keys = _keys_at(parts, key, positions)
    seen = {found for file in before for found in _present(file, key, keys)}
    return _decide(positions, keys.to_pylist(), seen)


def known_keys(keys: pa.Array, before: Sequence[Path], key: str) -> set[str]:
    """Which of some keys stand in data files already."""
    suspects = keys.filter(pa.array(_known_before(hash_keys(keys), before, key)))
    return {found for file in before for found in _present(file, key, suspects)} if len(suspects) else set()


def _repeated_inside(hashes: Hashes) -> npt.NDArray[np.bool_]:
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = np.zeros(len(hashes), bool)
    equal = ordered[1:] == ordered[:-1]
    same[order[1:][equal]] = True
    same[order[:-1][equal]] = True
    return same


def _known_before(hashes: Hashes, before: Sequence[Path], key: str) -> npt.NDArray[np.bool_]:
    known = np.zeros(len(hashes), bool)
    for file in before:
        old = load_hashes(file, key)
        if len(old):
            at = np.minimum(np.searchsorted(old, hashes), len(old) - 1)
            known |= old[at] == hashes
    return known


def _keys_at(parts: Sequence[Part], key: str, positions: Positions) -> pa.Array:
    columns = [pq.read_table(part.path, columns=[key]).column(0) for part in parts]
    whole = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    return whole.take(pa.array(positions)).combine_chunks()


def _present(file: Path, key: str, keys: pa.Array) -> list[str]:
    column = pq.read_table(file, columns=[key]).column(0)
    found: list[str] = column.filter(pc.is_in(column, value_set=keys)).to_pylist()
    return found


def _decide(positions: Positions, keys: list[str], seen: set[str]) -> Repeated:
    first: dict[str, int] = dict.fromkeys(seen, BEFORE)
    rows, origins = [], []
    for position, key in zip(positions.tolist(), keys, strict=True):
        if key in first:
            rows.append(position)
            origins.append(first[key])
        first.setdefault(key, position)
    return Repeated(np.array(rows, np.int64), np.array(origins, np.int64))
