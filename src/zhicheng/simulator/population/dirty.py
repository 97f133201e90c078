"""The same people as a careless office would send them: a CSV file with every kind of fault, and how many of each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from zhicheng.core.lake.public import read_tables
from zhicheng.core.lake.values import Reason
from zhicheng.simulator.population.making import PopulationOrder, person_batches

_SHARES = {
    Reason.DUPLICATE_KEY: 0.004,
    Reason.MISSING: 0.002,
    Reason.WRONG_TYPE: 0.003,
    Reason.UNKNOWN_CODE: 0.003,
    Reason.OUT_OF_RANGE: 0.002,
    Reason.WRONG_SHAPE: 0.001,
}
_WRONG_CELLS = {
    Reason.MISSING: ("person_key", ""),
    Reason.WRONG_TYPE: ("monthly_income_cents", "八千元"),
    Reason.UNKNOWN_CODE: ("marital_status", "complicated"),
    Reason.OUT_OF_RANGE: ("volunteer_hours", "-40"),
}


@dataclass(frozen=True)
class DirtyExport:
    """A file, how many rows it has, and how many of them an ingest must reject for each reason."""

    path: Path
    rows: int
    expected: Mapping[str, int]

    @property
    def rejected(self) -> int:
        """How many rows must be rejected: each has one fault."""
        return sum(self.expected.values())


def write_dirty(order: PopulationOrder, path: Path) -> DirtyExport:
    """Write the people of an order as CSV, some rows spoiled; duplicates stand at the end, after their originals."""
    table = pa.Table.from_batches(list(person_batches(order)))
    chance = np.random.default_rng([order.seed, 99])
    shuffled = chance.permutation(len(table))
    spoiled: dict[Reason, npt.NDArray[np.int64]] = {}
    start = 0
    for reason, share in _SHARES.items():
        count = max(1, int(share * len(table)))
        spoiled[reason] = shuffled[start : start + count]
        start += count
    texts = _as_texts(table, tuple(read_tables(order.pack)["person"].codes))
    for reason, (column, wrong) in _WRONG_CELLS.items():
        texts = _spoil(texts, column, spoiled[reason], wrong)
    texts = pa.concat_tables([texts, texts.take(pa.array(spoiled[Reason.DUPLICATE_KEY]))])
    pa_csv.write_csv(texts, path, pa_csv.WriteOptions(quoting_style="needed"))
    _add_cells(path, spoiled[Reason.WRONG_SHAPE])
    expected = Counter({reason.value: len(rows) for reason, rows in spoiled.items()})
    return DirtyExport(path, len(texts), dict(expected))


def _as_texts(table: pa.Table, names: tuple[str, ...]) -> pa.Table:
    columns = []
    for name in names:
        column = table.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        columns.append(column.cast(pa.string()))
    return pa.table(columns, names=list(names))


def _spoil(table: pa.Table, name: str, rows: npt.NDArray[np.int64], wrong: str) -> pa.Table:
    cells = np.array(table.column(name).to_pylist(), dtype=object)
    cells[rows] = wrong
    return table.set_column(table.column_names.index(name), name, pa.array(cells.tolist(), pa.string()))


def _add_cells(path: Path, rows: npt.NDArray[np.int64]) -> None:
    """Give some rows a cell too many."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for row in rows.tolist():
        lines[row + 1] += ",多出的一格"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
