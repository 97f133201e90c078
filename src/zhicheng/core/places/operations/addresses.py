"""Making the index of addresses from the layers of buildings and addresses, or from files like them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhicheng.core.lake.public import connect, has_table, table_schema, table_version
from zhicheng.core.lake.values import TableVersion
from zhicheng.core.places import models
from zhicheng.core.places.gate.address_files import newest_index, version_of, write_index
from zhicheng.core.places.gate.folders import building
from zhicheng.core.places.queries.addresses import addresses_root, forget_addresses
from zhicheng.engines.addresses.finding.coding import cell_code, room_code
from zhicheng.engines.addresses.finding.index import AddressIndex
from zhicheng.engines.addresses.finding.making import NAMED, HouseColumns, RoomColumns, make_index

BUILDINGS, ADDRESSES = "layer_building", "layer_address"
BUILDING_COLUMNS = (
    *("building_key", "name", "road", "number", "estate", "building_no", "address"),
    *("district", "street", "community", "grid", "longitude", "latitude"),
)
_NEEDED = ("building_key", "address_key", "longitude", "latitude")
_PLACED = " WHERE longitude IS NOT NULL AND latitude IS NOT NULL"
ADDRESS_COLUMNS = ("address_key", "building_key", "unit_no", "room")


def keep_addresses(_now: datetime) -> int:
    """Index the addresses of the city again where its layers have changed; how many indexes were made."""
    return int(refresh_addresses())


def refresh_addresses(*, force: bool = False) -> bool:
    """Index the addresses of the city where its layers have changed, or in any case; whether that was done.

    12 million addresses take a minute or two and 2 GB of memory; until the new index is whole the old one serves.
    Nothing is done where the city has no layer of buildings or none of addresses, or where somebody else is at it.
    A column that such a layer does not have is taken for empty, but for keys and positions; a building without a
    position is left out.

    Raises:
        OSError: the disk is full.
    """
    if not (has_table(BUILDINGS) and has_table(ADDRESSES)):
        return False
    versions = {table: table_version(table) for table in (BUILDINGS, ADDRESSES)}
    version = "+".join(found.label for found in versions.values())
    newest = newest_index(addresses_root())
    if newest is not None and version_of(newest) == version and not force:
        return False
    with building(addresses_root()) as is_mine:
        if is_mine:
            _make(versions, version)
        return is_mine


def _make(versions: Mapping[str, TableVersion], label: str) -> None:
    with connect({table: found.version for table, found in versions.items()}) as lake:
        buildings = lake.table(_select(versions[BUILDINGS], BUILDING_COLUMNS) + _PLACED)
        addresses = lake.stream(_select(versions[ADDRESSES], ADDRESS_COLUMNS))
        make_address_index(buildings, addresses, division_names(), addresses_root(), version=label)
    forget_addresses()


def _select(version: TableVersion, columns: Sequence[str]) -> str:
    held = {*_NEEDED, *table_schema(version.table, as_of=version.version).names}
    cells = (f'"{code}"' if code in held else f'CAST(NULL AS VARCHAR) AS "{code}"' for code in columns)
    return f"SELECT {', '.join(cells)} FROM {version.table}"


def make_address_index(
    buildings: pa.Table,
    addresses: Iterable[pa.RecordBatch],
    divisions: Mapping[str, str],
    folder: Path,
    *,
    version: str = "",
) -> Path:
    """Index tables as the layers have them, and keep that in a folder; where it lies for `open_addresses`.

    `divisions`: code → name.
    """
    return write_index(index_addresses(buildings, addresses, divisions), folder, version)


def division_names() -> dict[str, str]:
    """Code → name of every division of the city."""
    return dict(models.Division.objects.filter(ended_at=None).values_list("code", "name"))


def index_addresses(
    buildings: pa.Table, addresses: Iterable[pa.RecordBatch], divisions: Mapping[str, str]
) -> AddressIndex:
    """An index of tables as the layers have them.

    Addresses of buildings that are not there are left out.
    """
    keys = buildings["building_key"].combine_chunks()
    houses = HouseColumns(
        keys=keys.to_pylist(),
        grid=_texts(buildings, "grid"),
        longitude=_reals(buildings, "longitude"),
        latitude=_reals(buildings, "latitude"),
        text=_texts(buildings, "address"),
        number=pc.fill_null(buildings["number"].cast(pa.int64()), 0).to_numpy().astype(np.int32),
        block=_texts(buildings, "building_no"),
        named={column: _texts(buildings, column) for _, column in NAMED} | {"name": _own_names(buildings)},
    )
    return make_index(houses, _rooms(addresses, keys), divisions)


def _own_names(buildings: pa.Table) -> list[str]:
    """What a house is called where that says more than its estate and number, or its road and number."""
    columns = (_texts(buildings, column) for column in ("name", "estate", "building_no", "road", "number"))
    return [
        "" if name in (estate + block, f"{road}{number}号") else name
        for name, estate, block, road, number in zip(*columns, strict=True)
    ]


def _rooms(addresses: Iterable[pa.RecordBatch], keys: pa.Array) -> Iterator[RoomColumns]:
    for batch in addresses:
        house = pc.index_in(batch["building_key"].cast(keys.type), value_set=keys)
        yield RoomColumns(
            house=pc.fill_null(house, -1).to_numpy(zero_copy_only=False).astype(np.int32),
            cell=_coded(batch["unit_no"], cell_code).astype(np.uint16),
            room=_coded(batch["room"], room_code).astype(np.uint32),
            keys=np.array(batch["address_key"].to_pylist(), np.bytes_),
        )


def _coded(column: pa.Array, code: Any) -> NDArray[np.int64]:
    """The code of each value; there are few different ones."""
    coded = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    codes = np.array([code(text) for text in coded.dictionary.to_pylist()] or [0], np.int64)
    found: NDArray[np.int64] = codes[coded.indices.to_numpy(zero_copy_only=False)]
    return found


def _texts(table: pa.Table, column: str) -> Sequence[str]:
    found: list[str] = pc.fill_null(table[column].cast(pa.string()), "").to_pylist()
    return found


def _reals(table: pa.Table, column: str) -> NDArray[np.float64]:
    found: NDArray[np.float64] = table[column].cast(pa.float64()).to_numpy()
    return found
