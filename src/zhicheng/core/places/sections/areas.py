"""areas/*.geojson: the outlines of divisions, the grids, and what surrounds the city."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import shapely
from pydantic import BaseModel, ConfigDict, Field
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape

from zhicheng.core.packs.public import Fault, Item, Loaded, PackSource, Row, Section, parse_row, read_geojson
from zhicheng.core.places.operations.installing import install_grids, install_outlines, install_surroundings
from zhicheng.core.places.sections.divisions import LEVEL_NAMES, Divisions

FILES = {
    "city": "areas/city.geojson",
    "district": "areas/districts.geojson",
    "street": "areas/streets.geojson",
    "community": "areas/communities.geojson",
    "grid": "areas/grids.geojson",
    "surrounding": "areas/surroundings.geojson",
}
_OUTSIDE_SHARE = 0.001
"""A child may stick out of its parent by this share of its area: rounding, never a mistake."""


class AreaLine(BaseModel):
    """The properties of one feature."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[0-9A-Za-z-]{1,24}$")
    name: str = Field(default="", max_length=64)
    synthetic: bool = False
    kind: Literal["region", "water"] = "region"


@dataclass(frozen=True)
class AreaItem:
    """One feature: its line, its properties, its geometry."""

    item: Item[AreaLine]
    outline: Polygon | MultiPolygon

    @property
    def code(self) -> str:
        """The division's or grid's code."""
        return self.item.value.code


Areas = Mapping[str, Sequence[AreaItem]]


def load(root: Path) -> Loaded:
    """Read the files that exist; which of them are needed depends on the divisions."""
    areas: dict[str, list[AreaItem]] = {}
    faults: list[Fault] = []
    for level, file in FILES.items():
        if (root / file).is_file():
            rows, found = read_geojson(root, file)
            areas[level] = []
            faults += found
            for row in rows:
                faults += _read(row, areas[level])
            faults += _duplicates(areas[level])
    return Loaded(areas, faults)


def _read(row: Row, areas: list[AreaItem]) -> list[Fault]:
    geometry = row.values["geometry"]
    values = {key: value for key, value in row.values.items() if key != "geometry"}
    item, faults = parse_row(Row(row.file, row.line, values, row.key_lines), AreaLine)
    if item is None:
        return faults
    try:
        outline = shape(geometry)
    except (ShapelyError, ValueError, TypeError, IndexError):
        hint = "每个环至少四个点，首尾相同，每点为 [经度, 纬度]。"
        return [row.fault("areas.geometry", f"{item.value.code} 的图形读不出来。", hint)]
    if not isinstance(outline, Polygon | MultiPolygon):
        return [row.fault("areas.geometry", f"{item.value.code} 的图形不是面。", "请用 Polygon 或 MultiPolygon。")]
    fault = _shape_fault(row, item.value.code, outline)
    if fault is not None:
        return [fault]
    areas.append(AreaItem(item, outline))
    return []


def _shape_fault(row: Row, code: str, outline: Polygon | MultiPolygon) -> Fault | None:
    west, south, east, north = outline.bounds
    if max(abs(south), abs(north)) > 90 >= max(abs(west), abs(east)):
        return row.fault("areas.swapped", f"{code} 的经纬度写反了。", "每个点应为 [经度, 纬度]。")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        hint = "请用 WGS84 经纬度（度），不要用投影坐标。"
        return row.fault("areas.range", f"{code} 的坐标超出了地球的范围。", hint)
    if not outline.is_valid:
        hint = "请在地图软件中修复图形（自相交、重复的环）后重新导出。"
        reason = shapely.is_valid_reason(outline)
        return row.fault("areas.invalid", f"{code} 的图形无效：{reason}。", hint)
    return None


def _duplicates(areas: Sequence[AreaItem]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for area in areas:
        if area.code in first:
            message = f"{area.code} 的图形与第 {first[area.code]} 行重复。"
            yield area.item.fault("areas.duplicate", message, "每个区划只能有一个要素，多块请合为 MultiPolygon。")
        first.setdefault(area.code, area.item.row.line)


def check(value: Areas, pack: PackSource) -> Iterable[Fault]:
    """Every division has its outline, inside its parent's; every grid lies in its community."""
    divisions: Divisions = pack.values.get("divisions", ())
    parent_of = {item.value.code: item.value.parent for item in divisions}
    outlines = {area.code: area.outline for level in LEVEL_NAMES for area in value.get(level, ())}
    for level in LEVEL_NAMES:
        wanted = {item.value.code: item for item in divisions if item.value.level == level}
        yield from _missing(level, wanted, value)
        for area in value.get(level, ()):
            if area.code not in wanted:
                message = f"divisions.csv 里没有代码为 {area.code} 的{LEVEL_NAMES[level]}。"
                yield area.item.fault("areas.unknown", message, "请改正代码，或补上这个区划。")
            else:
                yield from _containment(area, parent_of[area.code], outlines)
    for area in value.get("grid", ()):
        parent = _home(area.code, parent_of)
        if not parent_of.get(parent) or parent not in outlines:
            hint = "网格代码应以所在社区的代码开头；没有社区的城市，以所在街道的代码开头。"
            yield area.item.fault("areas.unknown", f"网格 {area.code} 找不到所在的社区。", hint)
        else:
            yield from _containment(area, parent, outlines)
    yield from _overlaps(value)


def _home(grid: str, divisions: Iterable[str]) -> str:
    """The finest division that a grid's code begins with: its community, or its street where there are none."""
    return max((code for code in divisions if grid.startswith(code)), key=len, default="")


def _missing(level: str, wanted: Mapping[str, Any], value: Areas) -> Iterator[Fault]:
    if level == "city" and level not in value:
        return  # the districts make the city
    present = {area.code for area in value.get(level, ())}
    if wanted and level not in value:
        yield Fault(
            FILES[level], 0, "areas.missing", f"缺少{LEVEL_NAMES[level]}的图形文件。", f"请补上 {FILES[level]}。"
        )
        return
    for code, item in wanted.items():
        if code not in present:
            message = f"“{item.value.name}”({code})没有图形。"
            yield item.fault("areas.missing", message, f"请在 {FILES[level]} 补上这个{LEVEL_NAMES[level]}。")


def _containment(area: AreaItem, parent: str, outlines: Mapping[str, Polygon | MultiPolygon]) -> Iterator[Fault]:
    around = outlines.get(parent)
    if around is None:
        return
    share = area.outline.difference(around).area / area.outline.area
    if share > _OUTSIDE_SHARE:
        message = f"{area.code} 有 {share:.1%} 的面积在上级 {parent} 之外。"
        yield area.item.fault("areas.outside_parent", message, "请改正图形，或在 divisions.csv 改正上级。")


def _overlaps(value: Areas) -> Iterator[Fault]:
    for level, areas in value.items():
        if level == "surrounding" or len(areas) < 2:
            continue
        shapes = [area.outline for area in areas]
        tree = shapely.STRtree(shapes)
        first, second = tree.query(shapes, predicate="overlaps")
        for one, other in zip(first, second, strict=True):
            common = shapes[one].intersection(shapes[other]).area
            if one < other and common > _OUTSIDE_SHARE * min(shapes[one].area, shapes[other].area):
                message = f"{areas[other].code} 与 {areas[one].code} 的图形有重叠。"
                yield areas[other].item.fault("areas.overlap", message, "同级的图形应相邻而不重叠。")


def install(value: Areas, pack: PackSource, now: datetime) -> None:
    """Write outlines, grids and surroundings."""
    divisions = [area for level in LEVEL_NAMES for area in value.get(level, ())]
    outlines = {area.code: shapely.to_wkb(area.outline) for area in divisions}
    install_outlines(outlines, {area.code: area.item.value.synthetic for area in divisions}, now=now)
    codes = [item.value.code for item in pack.values["divisions"]]
    install_grids([_grid_row(area, _home(area.code, codes)) for area in value.get("grid", ())], now=now)
    install_surroundings([_surrounding_row(area) for area in value.get("surrounding", ())], now=now)


def _grid_row(area: AreaItem, home: str) -> dict[str, Any]:
    line = area.item.value
    return {
        "code": line.code,
        "name": line.name or line.code,
        "community_id": home,
        "synthetic": line.synthetic,
        "outline": shapely.to_wkb(area.outline),
    }


def _surrounding_row(area: AreaItem) -> dict[str, Any]:
    line = area.item.value
    return {"code": line.code, "name": line.name, "kind": line.kind, "outline": shapely.to_wkb(area.outline)}


def describe(value: Areas) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Areas by level and code; the shape is told by its size and number of corners."""
    for level, areas in value.items():
        for area in areas:
            corners = str(int(shapely.get_num_coordinates(area.outline)))
            center = area.outline.centroid
            fields = {
                "顶点数": corners,
                "中心": f"{center.x:.4f}, {center.y:.4f}",
                "面积": f"{area.outline.area:.3e} 平方度",
            }
            kind = {"grid": "网格", "surrounding": "周边区域"}.get(level, f"{LEVEL_NAMES.get(level, '')}图形")
            yield kind, area.code, area.item.value.name, fields


AREAS = Section("areas", "区划图形", load, check, install, describe)
