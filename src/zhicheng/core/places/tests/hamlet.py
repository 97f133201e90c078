"""A hamlet with a few layers: houses on a grid of streets, their flats, wells and lanes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from zhicheng.core.lake.values import IngestReport, Mode
from zhicheng.core.places.public import install_layer

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
CLERK = "account:clerk"
STEP = 0.001  # a house each hundred metres
WEST, SOUTH = 114.0, 22.5

MANIFEST = """
code: hamlet
name: 柳林村
full_name: 柳林村（虚构）
version: 0.1.0
language: zh-Hans
time_zone: Asia/Shanghai
number_prefix: LL
city_division: "990200"
fallback_unit: LL
dispatch_unit: LL
center: [114.0, 22.5]
triage_threshold: 0.8
authority: 柳林村委会
requires: 0.1.0
texts:
  platform_name: 柳林
"""
HOUSE = """
code: house
label: 房屋
geometry: polygon
key: house_key
name: name
source: 测试库
words: [房子, 屋]
tiles: {from: 12, columns: [name]}
columns:
  - {code: house_key, label: 键, type: text, nullable: false}
  - {code: name, label: 名称, type: text}
  - {code: use, label: 用途, type: text, codes: {home: 住宅, shop: 商店}, synonyms: {shop: [铺子]}}
  - {code: height_m, label: 高度, type: real, unit: 米, words: [高]}
  - {code: floors, label: 层数, type: integer}
  - {code: seen_at, label: 核查时间, type: timestamp}
  - {code: owner, label: 户主, type: text, personal: true}
  - {code: lane_key, label: 所在巷, type: text}
  - {code: street, label: 街道, type: text}
"""
FLAT = """
code: flat
label: 套房
geometry: none
key: flat_key
source: 测试库
words: [房间]
columns:
  - {code: flat_key, label: 键, type: text, nullable: false}
  - {code: house_key, label: 房屋, type: text}
  - {code: area_m2, label: 面积, type: real}
"""
LANE = """
code: lane
label: 巷
geometry: line
key: lane_key
name: name
source: 测试库
columns:
  - {code: lane_key, label: 键, type: text, nullable: false}
  - {code: name, label: 名称, type: text}
"""
WELL = """
code: well
label: 水井
geometry: point
key: well_key
name: name
source: 测试库
words: [井]
columns:
  - {code: well_key, label: 键, type: text, nullable: false}
  - {code: name, label: 名称, type: text}
  - {code: street, label: 街道, type: text}
"""


def write_hamlet(root: Path) -> Path:
    texts = {"house": HOUSE, "flat": FLAT, "lane": LANE, "well": WELL}
    (root / "layers").mkdir(parents=True)
    (root / "pack.yaml").write_text(MANIFEST, encoding="utf-8")
    for code, text in texts.items():
        (root / "layers" / f"{code}.yaml").write_text(text, encoding="utf-8")
    return root


def house(number: int, **changes: Any) -> dict[str, Any]:
    """House `number` of a hundred, ten in a row, each some sixty metres wide."""
    x, y = WEST + number % 10 * STEP, SOUTH + number // 10 * STEP
    row = {
        "house_key": f"H{number:03d}",
        "name": f"柳林{number}号",
        "use": "shop" if number % 10 == 0 else "home",
        "height_m": 3.0 + number,
        "floors": 1 + number % 3,
        "seen_at": NOW,
        "owner": "王五",
        "lane_key": f"L{number // 10}",
        "street": "990200001" if number < 50 else "990200002",
        "geometry": shapely.to_wkb(shapely.box(x, y, x + 0.0006, y + 0.0006)),
    }
    return {**row, **changes}


HOUSES = [house(number) for number in range(100)]
FLATS = [
    {"flat_key": f"H{n:03d}-{k}", "house_key": f"H{n:03d}", "area_m2": 50.0 + k} for n in range(100) for k in range(3)
]
WELLS = [
    {"well_key": f"W{n}", "name": f"{n}号井", "street": "990200001", "geometry": f"POINT ({WEST + n * STEP} {SOUTH})"}
    for n in range(5)
]
LANES = [
    {
        "lane_key": f"L{n}",
        "name": f"杨柳{n}巷",
        "geometry": f"LINESTRING (114 {22.5 + n * STEP}, 114.01 {22.5 + n * STEP})",
    }
    for n in range(10)
]


def fill(code: str, rows: Sequence[dict[str, Any]], *, mode: Mode = Mode.REPLACE, now: datetime = NOW) -> IngestReport:
    return install_layer(code, pa.Table.from_pylist(list(rows)), mode=mode, actor=CLERK, now=now)
