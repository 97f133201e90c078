"""Housing units and addresses, column by column: there are twelve million of each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhicheng.simulator.city.cutting import Ints
from zhicheng.simulator.city.frame import Floats
from zhicheng.simulator.city.schemas import SCHEMAS
from zhicheng.simulator.city.statures import HOME, SHOP, USES, VILLAGE

Bools = npt.NDArray[np.bool_]
_MOST_ON_FLOOR = 99
_ROOMS_OF_ENTRANCE = 4
_LEAST_M2 = 8.0
_CODES = pa.array([f"{code:04d}" for code in range(20_000)], pa.string())
_ROOMS = pa.array([str(code) for code in range(20_000)], pa.string())
_ENTRANCES = pa.array(["", *(str(number) for number in range(1, 10))], pa.string())
_ENTRANCE_NAMES = pa.array([None, *(f"{number}单元" for number in range(1, 10))], pa.string())


@dataclass(frozen=True)
class Lots:
    """The buildings of a community, as far as their rooms are concerned; texts are Arrow arrays."""

    keys: pa.Array
    uses: Ints
    floors: Ints
    units: Ints
    residents: Ints
    floor_areas_m2: Floats
    table: pa.RecordBatch


@dataclass(frozen=True)
class Rooms:
    """One entry a unit. `buildings` are positions, `entrances` 0 where a building has only one."""

    buildings: Ints
    floors: Ints
    entrances: Ints
    codes: Ints


def count_rooms(lots: Lots) -> Rooms:
    """The rooms of every building, floor by floor from below and entrance by entrance."""
    buildings = np.repeat(np.arange(len(lots.units)), lots.units)
    starts = lots.units.cumsum() - lots.units
    ranks = np.arange(len(buildings)) - starts[buildings]
    a_floor = np.maximum(-(-lots.units // np.maximum(lots.floors, 1)), 1)
    entrances = np.where(lots.uses == HOME, np.clip(-(-a_floor // _ROOMS_OF_ENTRANCE), 1, 9), 1)
    an_entrance = -(-a_floor // entrances)
    floors, slots = ranks // a_floor[buildings] + 1, ranks % a_floor[buildings]
    entrance = slots // an_entrance[buildings] + 1
    rooms = slots % an_entrance[buildings] + 1
    codes = floors * np.where(an_entrance > _MOST_ON_FLOOR, 1000, 100)[buildings] + rooms
    return Rooms(buildings, floors, np.where(entrances[buildings] > 1, entrance, 0), codes)


def unit_batch(lots: Lots, rooms: Rooms, rng: np.random.Generator) -> pa.RecordBatch:
    """The units of a community."""
    building_keys = lots.keys.take(pa.array(rooms.buildings))
    uses = lots.uses[rooms.buildings]
    shop_at = np.where(lots.uses == VILLAGE, 0.35, np.where(lots.uses == HOME, 0.15, 0.0)) > rng.random(len(lots.uses))
    is_shop = (rooms.floors == 1) & shop_at[rooms.buildings]
    mean = 0.8 * lots.floor_areas_m2 / np.maximum(lots.units, 1)
    areas = np.maximum(mean[rooms.buildings] * rng.uniform(0.75, 1.25, len(uses)), _LEAST_M2).round(1)
    columns = {
        "unit_key": _unit_keys(building_keys, rooms),
        "building_key": building_keys,
        "unit_no": _ENTRANCE_NAMES.take(pa.array(rooms.entrances)),
        "floor": pa.array(rooms.floors),
        "room": _ROOMS.take(pa.array(rooms.codes)),
        "use": coded(np.where(is_shop, SHOP, uses), USES),
        "area_m2": pa.array(areas),
        "residents": pa.array(_residents(lots, _shops(lots, is_shop, rooms), rng)),
    }
    return batch_of("unit", columns)


def address_batch(
    lots: Lots, rooms: Rooms, units: pa.RecordBatch, wanted: int, rng: np.random.Generator
) -> pa.RecordBatch:
    """An address for every building and as many units as wanted; rooms in villages are the first to have none."""
    chosen = _with_address(lots, rooms, wanted - len(lots.units), rng)
    at = np.concatenate([np.arange(len(lots.units)), rooms.buildings[chosen]])
    # a building's own address stands before those of its units
    order = np.argsort(at, kind="stable")
    buildings, rows = pa.array(at[order]), pa.array(chosen)
    own = lots.keys
    unit_keys = units.column("unit_key").take(rows)
    named = pa.concat_arrays([own, unit_keys]).take(pa.array(order))
    blank = pa.nulls(len(own), pa.string())
    unit_nos = pa.concat_arrays([blank, units.column("unit_no").take(rows)]).take(pa.array(order))
    room = pa.concat_arrays([blank, units.column("room").take(rows)]).take(pa.array(order))
    ending = pc.if_else(pc.is_null(room), "", "室")
    texts = pc.binary_join_element_wise(
        lots.table.column("address").take(buildings), pc.fill_null(unit_nos, ""), pc.fill_null(room, ""), ending, ""
    )
    columns = {
        name: lots.table.column(name).take(buildings)
        for name in ("building_key", "district", "street", "community", "road", "number", "estate", "building_no")
    }
    columns |= {
        "address_key": pc.binary_join_element_wise(named, "A", "-"),
        "unit_key": pc.if_else(pc.is_null(room), pa.scalar(None, pa.string()), named),
        "text": texts,
        "unit_no": unit_nos,
        "room": room,
    }
    return batch_of("address", columns)


def batch_of(layer: str, columns: dict[str, pa.Array]) -> pa.RecordBatch:
    """The columns in the order of the layer; repeated texts may be dictionaries."""
    schema = SCHEMAS[layer]
    fields = [pa.field(field.name, columns[field.name].type) for field in schema]
    return pa.RecordBatch.from_arrays([columns[field.name] for field in schema], schema=pa.schema(fields))


def coded(positions: Ints, codes: tuple[str, ...]) -> pa.Array:
    """Positions in a list of codes, as a column of texts."""
    return pa.DictionaryArray.from_arrays(pa.array(positions.astype(np.int32)), pa.array(codes, pa.string()))


def _unit_keys(building_keys: pa.Array, rooms: Rooms) -> pa.Array:
    numbers = pc.binary_join_element_wise(
        _ENTRANCES.take(pa.array(rooms.entrances)), _CODES.take(pa.array(rooms.codes)), ""
    )
    return pc.binary_join_element_wise(building_keys, numbers, "-")


def _shops(lots: Lots, is_shop: Bools, rooms: Rooms) -> Ints:
    """How many rooms of each building are shops; they are its first ones."""
    return np.bincount(rooms.buildings[is_shop], minlength=len(lots.units))


def _residents(lots: Lots, shops: Ints, rng: np.random.Generator) -> Ints:
    """Each resident of a building lives in one of its rooms, above the shops where there are any."""
    starts = lots.units.cumsum() - lots.units
    homes = np.where(lots.units > shops, lots.units - shops, lots.units)
    building = np.repeat(np.arange(len(lots.units)), lots.residents)
    room = (starts + lots.units - homes)[building] + (rng.random(len(building)) * homes[building]).astype(np.int64)
    return np.bincount(room, minlength=int(lots.units.sum()))


def _with_address(lots: Lots, rooms: Rooms, wanted: int, rng: np.random.Generator) -> Ints:
    """Positions of the units that have an address, in order."""
    total = len(rooms.buildings)
    if wanted >= total:
        return np.arange(total)
    last = np.where(lots.uses[rooms.buildings] == VILLAGE, 1.0, 0.0) + 0.999 * rng.random(total)
    return np.sort(np.argsort(last, kind="stable")[: max(wanted, 0)])
