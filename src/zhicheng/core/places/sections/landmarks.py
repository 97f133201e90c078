"""landmarks.csv: well-known places, for address texts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import shapely
from pydantic import BaseModel, ConfigDict, Field
from shapely.geometry import MultiPolygon, Polygon

from zhicheng.core.packs.public import Fault, Item, Loaded, PackSource, Section, parse_items, read_csv
from zhicheng.core.places.operations.installing import install_landmarks
from zhicheng.core.places.sections.areas import Areas

FILE = "landmarks.csv"
COLUMNS = ("name", "aliases", "longitude", "latitude", "district", "kind", "source")
KINDS = {
    "station": "车站",
    "park": "公园",
    "hospital": "医院",
    "port": "口岸港口",
    "square": "广场",
    "school": "学校",
    "mall": "商场",
    "village": "城中村",
    "estate": "小区",
    "office": "办公楼",
    "culture": "文体场馆",
    "factory": "园区工厂",
    "sight": "景点",
    "road": "道路",
    "water": "水库河流",
    "quarter": "片区",
}


class LandmarkLine(BaseModel):
    """One line. `aliases` are separated by `;`."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=2, max_length=64)
    aliases: str = ""
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)
    latitude: float = Field(ge=-180, le=180, allow_inf_nan=False)  # so that an exchanged pair gets its own sentence
    district: str
    kind: Literal[
        "station", "park", "hospital", "port", "square", "school", "mall", "village",
        "estate", "office", "culture", "factory", "sight", "road", "water", "quarter",
    ]  # fmt: skip
    source: str = Field(default="", max_length=200)

    @property
    def alias_list(self) -> list[str]:
        """The aliases, trimmed."""
        return [alias.strip() for alias in self.aliases.split(";") if alias.strip()]


Landmarks = Sequence[Item[LandmarkLine]]


def load(root: Path) -> Loaded:
    """Read the file; a pack without landmarks is fine."""
    if not (root / FILE).is_file():
        return Loaded([])
    rows, faults = read_csv(root, FILE, columns=COLUMNS[:-1], optional=COLUMNS[-1:])
    items, found = parse_items(rows, LandmarkLine)
    return Loaded(items, [*faults, *found, *_duplicates(items)])


def _duplicates(items: Landmarks) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for item in items:
        for name in (item.value.name, *item.value.alias_list):
            if first.setdefault(name, item.row.line) != item.row.line:
                message = f"“{name}”在第 {first[name]} 行已经用过。"
                yield item.fault(
                    "landmarks.duplicate", message, "同一名称只能指一个地方，请删去一处或改用更完整的名称。"
                )


def check(value: Landmarks, pack: PackSource) -> Iterable[Fault]:
    """Each landmark lies in the district it names."""
    areas: Areas = pack.values.get("areas", {})
    districts = {area.code: area.outline for area in areas.get("district", ())}
    shapely.prepare(list(districts.values()))
    for item in value if districts else ():
        yield from _position_faults(item, districts)


def _position_faults(item: Item[LandmarkLine], districts: Mapping[str, Polygon | MultiPolygon]) -> Iterator[Fault]:
    line = item.value
    inside = _districts_at(districts, line.longitude, line.latitude)
    if line.district not in districts:
        yield item.fault(
            "landmarks.unknown_district", f"没有代码为 {line.district} 的区。", "请填写区的代码。", key="district"
        )
    elif not inside and _districts_at(districts, line.latitude, line.longitude):
        yield item.fault("landmarks.swapped", f"“{line.name}”的经纬度写反了。", "请对调 longitude 和 latitude。")
    elif not inside:
        hint = "请核对经纬度；应为 WGS84，不是高德或百度坐标。"
        yield item.fault("landmarks.outside_city", f"“{line.name}”不在本市范围内。", hint)
    elif line.district not in inside:
        message = f"“{line.name}”的位置在 {inside[0]}，不在所写的 {line.district}。"
        yield item.fault("landmarks.wrong_district", message, "请核对经纬度和 district。")


def _districts_at(districts: Mapping[str, Polygon | MultiPolygon], longitude: float, latitude: float) -> list[str]:
    return [code for code, outline in districts.items() if shapely.intersects_xy(outline, longitude, latitude)]


def install(value: Landmarks, _pack: PackSource, now: datetime) -> None:
    """Write the landmarks."""
    rows = []
    for item in value:
        row = item.value.model_dump()
        row["aliases"] = item.value.alias_list
        rows.append(row)
    install_landmarks(rows, now=now)


def describe(value: Landmarks) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Landmarks by name."""
    for item in value:
        line = item.value
        fields = {
            "类别": KINDS[line.kind],
            "位置": f"{line.longitude}, {line.latitude}",
            "区": line.district,
            "别名": "、".join(line.alias_list),
        }
        yield "地标", line.name, line.name, fields


LANDMARKS = Section("landmarks", "地标", load, check, install, describe)
