"""Data files: Parquet in row groups small enough that one row is read in milliseconds."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhicheng.core.lake.gate.accounts import Account, count_file
from zhicheng.core.lake.gate.keys import index_path, write_index
from zhicheng.core.lake.policy.hashing import Hashes, hash_keys

GROUP_ROWS = 16_384  # one row of sixty columns in some 8 ms; bulk scans lose little (docs/adr/0036)
PART_ROWS = 32 * GROUP_ROWS  # small enough that two threads share a million rows evenly


@dataclass(frozen=True)
class Part:
    """A data file that is written and on the disk, with what its columns hold.

    `hashes` are those of its keys, in the order of its rows.
    """

    path: Path
    rows: int
    size_bytes: int
    hashes: Hashes | None
    account: Account


class PartWriter:
    """Writes batches into as many data files as they need; those of a failed write are removed."""

    def __init__(self, folder: Path, schema: pa.Schema, key: str | None) -> None:
        self._folder, self._schema, self._key = folder, schema, key
        self._pending: list[pa.RecordBatch] = []
        self._pending_rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._path, self._rows = folder, 0
        self._hashes: list[Hashes] = []
        self.parts: list[Part] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._take_back()
            return
        try:
            self._flush(self._pending_rows)
            self._close()
        except BaseException:
            self._take_back()
            raise

    def _take_back(self) -> None:
        discard(self.parts)
        if self._writer is not None:
            self._path.unlink(missing_ok=True)
            self._writer.close()

    def add(self, batch: pa.RecordBatch) -> None:
        """Write one batch, in full row groups as far as it goes. Texts may come as dictionaries: stored as text."""
        if self._pending and batch.schema != self._pending[0].schema:
            self._flush(self._pending_rows)
            self._close()
        if batch.num_rows:
            self._pending.append(batch)
            self._pending_rows += batch.num_rows
        if self._pending_rows >= GROUP_ROWS:
            self._flush(self._pending_rows // GROUP_ROWS * GROUP_ROWS)

    def _flush(self, rows: int) -> None:
        if not rows:
            return
        pending = pa.Table.from_batches(self._pending)
        rest = pending.slice(rows)
        done = 0
        while done < rows:
            space = min(rows - done, PART_ROWS - self._rows)
            self._write(pending.slice(done, space))
            done += space
            if self._rows == PART_ROWS:
                self._close()
        self._pending, self._pending_rows = rest.to_batches(), rest.num_rows

    def _write(self, table: pa.Table) -> None:
        if self._writer is None:
            self._path = self._folder / f"part-{len(self.parts):05d}-{os.urandom(8).hex()}.parquet"
            plain = [field.name for field in self._schema if field.name != self._key and _repeats(field.type)]
            self._writer = pq.ParquetWriter(
                self._path, table.schema, compression="zstd", use_dictionary=plain, store_schema=False
            )
        self._writer.write_table(table, row_group_size=GROUP_ROWS)
        self._rows += table.num_rows
        if self._key is not None:
            self._hashes += [hash_keys(chunk) for chunk in table.column(self._key).chunks]

    def _close(self) -> None:
        if self._writer is None:
            return
        self._writer.close()
        sync(self._path)
        hashes = np.concatenate(self._hashes) if self._hashes else None
        if hashes is not None:
            write_index(self._path, hashes)
        size_bytes, account = self._path.stat().st_size, count_file(self._path)
        self.parts.append(Part(self._path, self._rows, size_bytes, hashes, account))
        self._writer, self._rows, self._hashes = None, 0, []


def _repeats(kind: pa.DataType) -> bool:
    return not pa.types.is_binary(kind) and not pa.types.is_floating(kind)


def discard(parts: Iterable[Part]) -> None:
    """Remove data files that no version names."""
    for part in parts:
        remove_file(part.path)


def remove_file(path: Path) -> None:
    """Remove a data file with its key index."""
    path.unlink(missing_ok=True)
    index_path(path).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
