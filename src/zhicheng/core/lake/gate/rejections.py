"""The list of rejected rows of one ingest: a Parquet file, made only where something is rejected."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhicheng.core.lake.gate.parts import sync
from zhicheng.core.lake.values import Column, Reason, Rejection

Rows = npt.NDArray[np.int64]
_SHOWN = 64  # characters of a wrong value
_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("reason", pa.string()),
        ("value", pa.string()),
        ("other_row", pa.int64()),
    ]
)


class RejectionWriter:
    """Collects findings; the file appears whole when the ingest comes to its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is None:
            return
        self._writer.close()
        if kind is not None:
            self._draft.unlink()
            return
        sync(self._draft)
        self._draft.replace(self._path)

    def add(
        self, rows: Rows, column: Column | None, reason: Reason, values: pa.Array, others: Rows | None = None
    ) -> None:
        """Note one kind of finding at some rows; values of personal columns are left out."""
        count = len(rows)
        if not count:
            return
        name = "" if column is None else column.code
        hidden = column is None or column.personal
        arrays = [
            pa.array(rows),
            pa.array([name]).take(pa.array(np.zeros(count, np.int8))),
            pa.array([reason.value]).take(pa.array(np.zeros(count, np.int8))),
            pa.array([""] * count) if hidden else _shown(values),
            pa.nulls(count, pa.int64()) if others is None else pa.array(others),
        ]
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._writer = pq.ParquetWriter(self._draft, _SCHEMA, compression="zstd")
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=_SCHEMA))


def _shown(values: pa.Array) -> pa.Array:
    if pa.types.is_binary(values.type):
        values = pa.array([None if cell is None else cell.decode("utf-8", "replace") for cell in values.to_pylist()])
    return pc.utf8_slice_codeunits(values.cast(pa.string()).fill_null(""), 0, _SHOWN)


def read_rejections(path: Path, *, start: int, count: int) -> Iterator[Rejection]:
    """Findings by row, then by column."""
    if not path.exists():
        return
    table = pq.read_table(path).sort_by([("row", "ascending"), ("column", "ascending")]).slice(start, count)
    for line in table.to_pylist():
        values: dict[str, Any] = {**line, "reason": Reason(line["reason"])}
        yield Rejection(**values)
