"""The layers that are not made community by community: the divisions themselves, and roads through many of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from zhicheng.simulator.city.community import road_batch
from zhicheng.simulator.city.figures import outlines_of, read_atlas, read_figures
from zhicheng.simulator.city.ground import Site
from zhicheng.simulator.city.planning import plan_city
from zhicheng.simulator.city.rooms import batch_of
from zhicheng.simulator.city.schemas import SCHEMAS
from zhicheng.simulator.city.streets import Street, arterials_in, borders_of

LEVELS = ("district", "street", "community", "grid")
_PREFIX = {"street": 9, "community": 12}


def division_batch(pack: Path, level: str, root: Path) -> pa.RecordBatch:
    """All divisions of a level, in the outlines of the pack. Residents of a grid are those of its buildings."""
    atlas = read_atlas(pack)
    outlines = outlines_of(pack, {"community": "communities"}.get(level, f"{level}s"))
    codes = sorted(outlines)
    shapes = np.array([outlines[code][1] for code in codes], dtype=object)
    areas = shapely.area(atlas.frame.to_metres(shapes)) / 1e6
    counted = _counted(pack, level, root)
    above = {
        "district": [_district(atlas.parents, code) for code in codes],
        "street": [code[: _PREFIX["street"]] for code in codes],
        "community": [code[: _PREFIX["community"]] for code in codes],
    }
    columns = {
        "division_key": pa.array(codes, pa.string()),
        "name": pa.array([outlines[code][0] for code in codes], pa.string()),
        "area_km2": pa.array(areas.round(4)),
        "residents": pa.array([counted.get(code) for code in codes], pa.int64()),
        "synthetic": pa.array([level != "district"] * len(codes)),
        "geometry": pa.array(shapely.to_wkb(shapely.orient_polygons(shapes)), pa.binary()),
        **{name: pa.array(values, pa.string()) for name, values in above.items() if name != level},
    }
    return batch_of(level, {name: columns[name] for name in SCHEMAS[level].names})


def _district(parents: Mapping[str, str], code: str) -> str:
    street = code[: _PREFIX["street"]]
    return parents[street] if len(code) >= _PREFIX["street"] else code


def _counted(pack: Path, level: str, root: Path) -> dict[str, int]:
    if level == "grid":
        files = sorted((root / "building").glob("*.parquet"))
        table = pa.concat_tables(pq.read_table(path, columns=["grid", "residents"]) for path in files)
        sums = table.group_by("grid").aggregate([("residents", "sum")])
        return dict(zip(sums.column("grid").to_pylist(), sums.column("residents_sum").to_pylist(), strict=True))
    atlas, found = read_atlas(pack), dict[str, int]()
    for code, quota in plan_city(pack).items():
        key = atlas.district_of(code) if level == "district" else code[: _PREFIX[level]]
        found[key] = found.get(key, 0) + quota.residents
    return found


def far_roads(pack: Path, communities: Sequence[str]) -> list[pa.RecordBatch]:
    """Arterial roads by district, and the streets on borders whose home is not among the communities."""
    atlas, figures, quotas = read_atlas(pack), read_figures(pack), plan_city(pack)
    districts = {code: atlas.frame.to_metres(shape) for code, (_, shape) in outlines_of(pack, "districts").items()}
    first: dict[str, Site] = {}
    for code in atlas.communities:
        first.setdefault(atlas.district_of(code), Site(code, atlas, figures, quotas[code]))
    found: dict[str, list[Street]] = {code: [] for code in first}
    for street, district in arterials_in(pack, districts):
        found[district].append(street)
    batches = [_without_community(road_batch(first[code], streets)) for code, streets in sorted(found.items())]
    present = set(communities)
    homeless: dict[str, dict[str, Street]] = {}
    for code in communities:
        for street in borders_of(atlas, figures, code):
            if street.home not in present:
                homeless.setdefault(street.home, {})[street.key] = street
    for code, streets_ in sorted(homeless.items()):
        batches.append(road_batch(Site(code, atlas, figures, quotas[code]), list(streets_.values())))
    return batches


def _without_community(batch: pa.RecordBatch) -> pa.RecordBatch:
    place = batch.schema.get_field_index("community")
    return batch.set_column(place, "community", pc.cast(pa.nulls(batch.num_rows), pa.string()))
