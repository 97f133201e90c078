"""One community, made whole: its parcels, buildings, units, addresses, streets and facilities as record batches."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from zhicheng.simulator.city.cutting import Ints
from zhicheng.simulator.city.facilities import Facility, facilities_of
from zhicheng.simulator.city.figures import read_atlas, read_figures
from zhicheng.simulator.city.footprints import Footprints, place_buildings
from zhicheng.simulator.city.frame import Floats, Shapes
from zhicheng.simulator.city.ground import Ground, Site, lay_out
from zhicheng.simulator.city.homes import Households, fill_buildings
from zhicheng.simulator.city.naming import Names, name_buildings
from zhicheng.simulator.city.planning import plan_city
from zhicheng.simulator.city.rooms import Lots, address_batch, batch_of, coded, count_rooms, unit_batch
from zhicheng.simulator.city.statures import STRUCTURES, USES, Statures, raise_buildings
from zhicheng.simulator.city.streets import Street, streets_of
from zhicheng.simulator.city.uses import LAND_USES


@dataclass(frozen=True)
class Built:
    """A community before it is written down."""

    site: Site
    ground: Ground
    houses: Footprints
    statures: Statures
    households: Households
    streets: list[Street]
    names: Names
    facilities: list[Facility]


def build_community(pack: Path, code: str, seed: int) -> dict[str, pa.RecordBatch]:
    """All rows of one community, by layer. Equal arguments give equal rows."""
    atlas, figures = read_atlas(pack), read_figures(pack)
    site = Site(code, atlas, figures, plan_city(pack)[code])
    rng = np.random.default_rng([seed, int(code)])
    ground = lay_out(site, rng)
    houses = place_buildings(ground, site.quota.buildings, rng)
    statures = raise_buildings(site, ground, houses, rng)
    statures, households = fill_buildings(houses, statures, site.quota, figures, rng)
    streets = streets_of(site, ground, rng)
    names = name_buildings(site, (ground, houses, statures), streets, rng)
    facilities = facilities_of(site, (ground, houses, statures), rng)
    built = Built(site, ground, houses, statures, households, streets, names, facilities)
    buildings = _building_batch(built)
    lots = Lots(
        buildings.column("building_key"),
        statures.uses,
        statures.floors,
        households.units,
        households.residents,
        houses.areas_m2 * statures.floors,
        buildings,
    )
    rooms = count_rooms(lots)
    units = unit_batch(lots, rooms, rng)
    return {
        "parcel": _parcel_batch(built),
        "building": buildings,
        "unit": units,
        "address": address_batch(lots, rooms, units, site.quota.addresses, rng),
        "road": road_batch(built.site, [street for street in streets if street.home == code]),
        "facility": _facility_batch(built),
    }


def _parcel_batch(built: Built) -> pa.RecordBatch:
    ground = built.ground
    columns = {
        "parcel_key": pa.array(_parcel_keys(built)),
        "name": pa.array([name or None for name in built.names.parcels], pa.string()),
        "land_use": coded(ground.uses, LAND_USES),
        "area_m2": pa.array(shapely.area(ground.parcels).round(1)),
        **areas_of(built.site, len(ground.parcels), ground.grids),
        "geometry": geometry_of(built.site, ground.parcels),
    }
    return batch_of("parcel", columns)


def _parcel_keys(built: Built) -> list[str]:
    return [f"{built.site.code}-D{place + 1:04d}" for place in range(len(built.ground.parcels))]


def _building_batch(built: Built) -> pa.RecordBatch:
    ground, houses, statures, homes = built.ground, built.houses, built.statures, built.households
    count = len(houses.shapes)
    parcel_keys = pa.array(_parcel_keys(built))
    centres = built.site.atlas.frame.degrees(shapely.get_coordinates(shapely.point_on_surface(houses.shapes)))
    titles = _titles(built)
    columns = {
        "building_key": pa.array([f"{built.site.code}-B{place + 1:05d}" for place in range(count)]),
        "name": _texts(titles),
        "parcel_key": parcel_keys.take(pa.array(houses.parcels)),
        "use": coded(statures.uses, USES),
        "height_m": pa.array(statures.heights_m),
        "floors": pa.array(statures.floors),
        "basements": pa.array(statures.basements),
        "built_year": pa.array(statures.years),
        "floor_area_m2": pa.array((houses.areas_m2 * statures.floors).round(1)),
        "structure": coded(statures.structures, STRUCTURES),
        "elevator": pa.array(statures.elevators.astype(bool)),
        "unit_count": pa.array(homes.units),
        "residents": pa.array(homes.residents),
        "elders_65": pa.array(homes.elders_65),
        "children_6": pa.array(homes.children_6),
        "companies": pa.array(homes.companies),
        **_address_columns(built),
        **areas_of(built.site, count, ground.grids[houses.parcels]),
        "longitude": pa.array(centres[:, 0]),
        "latitude": pa.array(centres[:, 1]),
        "geometry": geometry_of(built.site, houses.shapes),
    }
    return batch_of("building", columns)


def _titles(built: Built) -> list[str]:
    """What a building is called: by its estate, or by its house number."""
    names = built.names
    return [
        f"{estate}{no}" if estate else f"{built.streets[road].name}{number}号"
        for road, number, estate, no in zip(
            names.streets, names.numbers, names.estates, names.building_nos, strict=True
        )
    ]


def _address_columns(built: Built) -> dict[str, pa.Array]:
    names, atlas, code = built.names, built.site.atlas, built.site.code
    street, district = atlas.parents[code], atlas.district_of(code)
    where = atlas.city + atlas.names[district] + atlas.names[street] + atlas.names[code]
    road_names = tuple(one.name for one in built.streets)
    texts = [
        f"{where}{road_names[road]}{number}号{estate}{no}"
        for road, number, estate, no in zip(
            names.streets.tolist(), names.numbers.tolist(), names.estates, names.building_nos, strict=True
        )
    ]
    return {
        "road_key": coded(names.streets, tuple(one.key for one in built.streets)),
        "road": coded(names.streets, road_names),
        "number": pa.array(names.numbers),
        "estate": _texts(names.estates),
        "building_no": _texts(names.building_nos),
        "address": pa.array(texts, pa.string()),
    }


def _texts(values: list[str]) -> pa.Array:
    return pa.array([value or None for value in values], pa.string())


def areas_of(site: Site, count: int, grids: Ints | None) -> dict[str, pa.Array]:
    """The columns that say in which areas rows lie."""
    atlas, code = site.atlas, site.code
    same = np.zeros(count, np.int64)
    found = {
        "district": coded(same, (atlas.district_of(code),)),
        "street": coded(same, (atlas.parents[code],)),
        "community": coded(same, (code,)),
    }
    if grids is not None:
        found["grid"] = coded(grids, tuple(grid.code for grid in atlas.grids[code]))
    return found


def geometry_of(site: Site, shapes: Shapes) -> pa.Array:
    """Shapes in metres as WKB in degrees, their rims counter-clockwise."""
    return pa.array(shapely.to_wkb(shapely.orient_polygons(site.atlas.frame.to_degrees(shapes))), pa.binary())


def road_batch(site: Site, streets: list[Street]) -> pa.RecordBatch:
    """Streets as rows, in the areas of a site."""
    lines: Any = np.array([street.line for street in streets], dtype=object)
    areas = areas_of(site, len(streets), None)
    columns = {
        "road_key": pa.array([street.key for street in streets], pa.string()),
        "name": pa.array([street.name for street in streets], pa.string()),
        "class": pa.array([street.grade for street in streets], pa.string()),
        "lanes": pa.array([int(street.lanes) for street in streets], pa.int64()),
        "length_m": pa.array(_lengths(lines)),
        "width_m": pa.array([street.width_m for street in streets], pa.float64()),
        "district": areas["district"],
        "community": areas["community"],
        "geometry": geometry_of(site, lines),
    }
    return batch_of("road", columns)


def _lengths(lines: Any) -> Floats:
    found: Floats = shapely.length(lines).astype(np.float64).round(1)
    return found


def _facility_batch(built: Built) -> pa.RecordBatch:
    found, code = built.facilities, built.site.code
    grids = np.array([one.grid for one in found], np.int64)
    columns = {
        "facility_key": pa.array([f"{code}-F{place + 1:04d}" for place in range(len(found))], pa.string()),
        "name": pa.array([one.name for one in found], pa.string()),
        "kind": pa.array([one.kind for one in found], pa.string()),
        "capacity": pa.array([one.capacity for one in found], pa.int64()),
        **areas_of(built.site, len(found), grids),
        "geometry": geometry_of(built.site, np.array([one.point for one in found], dtype=object)),
    }
    return batch_of("facility", columns)
