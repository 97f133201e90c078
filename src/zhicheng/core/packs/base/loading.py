"""Files of a pack as typed values: one file, or every file of a folder, each value with the row it was read from."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from zhicheng.core.packs.base.documents import read_yaml
from zhicheng.core.packs.base.rows import Item, M, parse_row
from zhicheng.core.packs.base.section import Fault, Loaded, Row

V = TypeVar("V")


def load_file(root: Path, relative: str, model: type[M]) -> Loaded:
    """An item of the model from a file that holds one mapping; None where there is no such file, or it has faults."""
    if not (root / relative).exists():
        return Loaded(None, [])
    row, faults = read_yaml(root, relative)
    if row is None:
        return Loaded(None, faults)
    item, found = parse_row(row, model)
    return Loaded(item, [*faults, *found])


def load_folder(
    root: Path, folder: str, read: Callable[[Row], tuple[V | None, list[Fault]]]
) -> tuple[list[Item[V]], list[Fault]]:
    """What `read` makes of every file of a folder that holds one mapping, by name; none where there is no folder."""
    items: list[Item[V]] = []
    faults: list[Fault] = []
    for path in sorted((root / folder).glob("*.yaml")):
        row, found = read_yaml(root, f"{folder}/{path.name}")
        faults += found
        if row is not None:
            value, found = read(row)
            faults += found
            items += [Item(row, value)] if value is not None else []
    return items, faults
