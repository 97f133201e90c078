"""The key index: beside each data file, its keys' hashes in order with the rows they stand in.

Data files never change, so neither does an index: one that is missing is made again from the file.
Layout: n hashes (uint64, ascending), then n row positions (uint32), little endian; read by memory map.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from zhicheng.core.lake.policy.hashing import Hashes, hash_keys

FOLDER = "_keys"  # a leading underscore: not part of the Delta table
_ENTRY_BYTES = 12


def index_path(part: Path) -> Path:
    """Where the index of a data file lies."""
    return part.parent / FOLDER / f"{part.stem}.keys"


def write_index(part: Path, hashes: Hashes) -> None:
    """Write the index of a data file from the hashes of its keys, in the order of its rows."""
    order = np.argsort(hashes, kind="stable")
    path = index_path(part)
    path.parent.mkdir(exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    with draft.open("wb") as file:
        hashes[order].astype("<u8").tofile(file)
        order.astype("<u4").tofile(file)
    draft.replace(path)


def load_hashes(part: Path, key_column: str) -> Hashes:
    """The hashes of a data file's keys, ascending, mapped from the index; it is made where it is missing."""
    return _mapped(part, key_column)[0]


_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def find_rows(part: Path, key_column: str, wanted: np.uint64) -> npt.NDArray[np.uint32]:
    """Positions of the rows of a data file whose key may be the wanted one; compare the key itself."""
    hashes, positions = _mapped(part, key_column)
    first, last = (int(hashes.searchsorted(wanted, side=side)) for side in _SIDES)
    return positions[first:last]


@lru_cache(maxsize=512)
def _mapped(part: Path, key_column: str) -> tuple[Hashes, npt.NDArray[np.uint32]]:
    path = index_path(part)
    if not path.exists():
        column = pq.read_table(part, columns=[key_column]).column(0).combine_chunks()
        write_index(part, hash_keys(column))
    count = path.stat().st_size // _ENTRY_BYTES
    if not count:
        return np.empty(0, np.uint64), np.empty(0, np.uint32)
    whole = np.asarray(np.memmap(path, np.uint8, "r"))
    return whole[: count * 8].view("<u8"), whole[count * 8 :].view("<u4")
