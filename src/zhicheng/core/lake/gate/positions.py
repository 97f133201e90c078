"""Rows by their position: over all data files of a version, in the order of their names."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from zhicheng.core.lake.gate.keys import find_rows
from zhicheng.core.lake.gate.versions import Snapshot
from zhicheng.core.lake.policy.hashing import hash_keys

Positions = npt.NDArray[np.int64]


def scan_files(files: Sequence[Path], columns: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
    """Every row in the order of positions."""
    for file in files:
        with pq.ParquetFile(file, memory_map=True) as opened:
            yield from opened.iter_batches(rows, columns=list(columns), use_threads=False)


def read_positions(found: Snapshot, positions: Positions, columns: Sequence[str]) -> pa.Table:
    """The rows at some positions, in the order asked for. Only the row groups that hold one are read."""
    ends = _group_ends(found.files)
    wanted = np.asarray(positions, np.int64)
    groups = np.searchsorted(ends[:, 2], wanted, side="right")
    pieces, order = [], []
    for group in np.unique(groups).tolist():
        chosen = np.flatnonzero(groups == group)
        first = int(ends[group - 1, 2]) if group else 0
        table = _read_group(found.files[int(ends[group, 0])], int(ends[group, 1]), columns)
        pieces.append(table.take(pa.array(wanted[chosen] - first)))
        order.append(chosen)
    if not pieces:
        fields = [found.schema.field(name) for name in columns]
        return pa.schema(fields).empty_table()
    back = np.argsort(np.concatenate(order), kind="stable")
    return pa.concat_tables(pieces).take(pa.array(back))


def find_position(found: Snapshot, key_column: str, key: str) -> int | None:
    """Where the row with a key stands; None where there is none."""
    wanted = hash_keys(pa.array([key], pa.string()))[0]
    first = 0
    for file in found.files:
        for position in find_rows(file, key_column, wanted).tolist():
            cell = read_positions(found, np.array([first + position]), [key_column]).column(0)[0].as_py()
            if cell == key:
                return first + int(position)
        first += _rows_of(file)
    return None


def _read_group(file: Path, group: int, columns: Sequence[str]) -> pa.Table:
    with pq.ParquetFile(file, metadata=_metadata(file), memory_map=True) as opened:
        return opened.read_row_group(group, columns=list(columns), use_threads=False)


@lru_cache(maxsize=64)
def _group_ends(files: tuple[Path, ...]) -> Positions:
    """For each row group: its file, its number there, and how many rows there are up to its end."""
    groups = [
        (number, group, _metadata(file).row_group(group).num_rows)
        for number, file in enumerate(files)
        for group in range(_metadata(file).num_row_groups)
    ]
    ends = np.array(groups, np.int64).reshape(-1, 3)
    ends[:, 2] = np.cumsum(ends[:, 2])
    return ends


def _rows_of(file: Path) -> int:
    return int(_metadata(file).num_rows)


@lru_cache(maxsize=1024)
def _metadata(file: Path) -> pq.FileMetaData:
    return pq.read_metadata(file)
