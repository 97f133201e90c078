"""Layers of real public data that lie in the pack as GeoJSON: charging stations and traffic zones.

Where they come from and under which licence is said in the pack's LICENCES.md. What changes by the minute, such as
how many chargers are free, is simulated.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from zhicheng.engines.geo.locating import AreaIndex
from zhicheng.simulator.city.figures import outlines_of, read_atlas
from zhicheng.simulator.city.rooms import batch_of
from zhicheng.simulator.city.streets import stem

REAL_LAYERS = ("charging_station", "traffic_zone")
_BUSY = (0.25, 0.75)  # of the chargers, from and to


def real_batch(pack: Path, layer: str, seed: int) -> pa.RecordBatch | None:
    """The rows of a layer; nothing where the pack has no such data."""
    path = pack / "layers" / "data" / f"{layer}.geojson"
    if not path.exists():
        return None
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = np.array([shapely.from_geojson(json.dumps(one["geometry"])) for one in features], dtype=object)
    facts = [one["properties"] for one in features]
    if layer == "traffic_zone":
        return batch_of(layer, _zones(facts, shapes))
    return batch_of(layer, _stations(pack, facts, shapes, np.random.default_rng([seed, 0xC4])))


def _zones(facts: list[dict[str, Any]], shapes: Any) -> dict[str, pa.Array]:
    return {
        "zone_key": pa.array([f"TAZ-{one['zone']}" for one in facts], pa.string()),
        "name": pa.array([f"交通小区{one['zone']}" for one in facts], pa.string()),
        "area_km2": pa.array([float(one["area_km2"]) for one in facts]),
        "road_km": pa.array([float(one["road_km"]) for one in facts]),
        "geometry": pa.array(shapely.to_wkb(shapely.orient_polygons(shapes)), pa.binary()),
    }


def _stations(pack: Path, facts: list[dict[str, Any]], shapes: Any, rng: np.random.Generator) -> dict[str, pa.Array]:
    atlas = read_atlas(pack)
    outlines = outlines_of(pack, "communities")
    codes = sorted(outlines)
    areas: list[Any] = [outlines[code][1] for code in codes]
    index = AreaIndex(areas)
    places = index.locate(shapely.get_coordinates(shapes))
    communities = [codes[place] if place >= 0 else None for place in places]
    seen: dict[str | None, int] = {}
    names = []
    for code in communities:
        seen[code] = seen.get(code, 0) + 1
        names.append(f"{stem(atlas.names[code]) if code else '市外'}充电站{seen[code]}号（示意名称）")
    chargers = np.array([int(one["chargers"]) for one in facts])
    fast = np.array([int(one["fast"]) for one in facts])
    free = rng.binomial(chargers, 1 - rng.uniform(*_BUSY, len(chargers)))
    return {
        "station_key": pa.array([f"CS-{one['station']}" for one in facts], pa.string()),
        "name": pa.array(names, pa.string()),
        "chargers": pa.array(chargers),
        "fast": pa.array(fast),
        "slow": pa.array(chargers - fast),
        "free": pa.array(free),
        "zone": pa.array([f"TAZ-{one['zone']}" for one in facts], pa.string()),
        "district": pa.array([atlas.district_of(code) if code else None for code in communities], pa.string()),
        "street": pa.array([atlas.parents[code] if code else None for code in communities], pa.string()),
        "community": pa.array(communities, pa.string()),
        "geometry": pa.array(shapely.to_wkb(shapes), pa.binary()),
    }
