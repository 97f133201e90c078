"""Yunxi with ten houses, three facilities and five cases, asked with the words of Shenzhen."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import shapely

from zhicheng.core.lake.public import Target, arrow_schema, get_entity, write_table
from zhicheng.core.lake.values import Mode
from zhicheng.core.places.public import install_layer

PACKS = Path(__file__).resolve().parents[5] / "packs"
NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
EAST, WEST = "990101001001", "990101001002"


def house(number: int, **changes: Any) -> dict[str, Any]:
    """House `number`, a hundred metres east of the one before; the last five in Xiling."""
    x, y = 110.03 + number * 0.001, 25.05
    row = {
        "building_key": f"B{number:02d}",
        "name": f"溪畔{number}号楼",
        "use": "office" if number % 2 else "residential",
        "height_m": 20.0 * number,
        "floors": 6 * number,
        "built_year": 1980 + 5 * number,
        "elevator": number > 3,
        "elders_65": number * number,
        "residents": 10 * number,
        "road": "溪畔路" if number == 2 else None,
        "district": "990101",
        "street": "990101001",
        "community": EAST if number < 5 else WEST,
        "longitude": x,
        "latitude": y,
        "geometry": shapely.to_wkb(shapely.box(x, y, x + 0.0004, y + 0.0004)),
    }
    return {**row, **changes}


def facility(key: str, kind: str, number: int) -> dict[str, Any]:
    point = f"POINT ({110.03 + number * 0.001} 25.051)"
    area = {"district": "990101", "street": "990101001", "community": EAST}
    return {"facility_key": key, "name": f"{key}号设施", "kind": kind, "capacity": 100, **area, "geometry": point}


def appeal(number: int, category: str, community: str, day: int, **changes: Any) -> dict[str, Any]:
    opened = datetime(2026, 3, day, 4, tzinfo=UTC)
    row = {"case_id": f"c{number}", "number": f"YX{number}", "process": "appeal", "category": category}
    more = {"district": "990101", "street": "990101001", "community": community, "opened_at": opened}
    return {**row, **more, "longitude": 110.031, "latitude": 25.05, "urgent": False, **changes}


CASES = [
    appeal(1, "environment.noise.construction", EAST, 3),
    appeal(2, "environment.noise.square_dance", EAST, 4),
    appeal(3, "environment.noise.construction", WEST, 5, closed_at=NOW, on_time=True),
    appeal(4, "environment.waste.overflow", WEST, 5, due_at=datetime(2026, 3, 10, tzinfo=UTC)),
    appeal(5, "environment.noise.construction", EAST, 10),
]


def fill_cases(rows: Sequence[dict[str, Any]], *, mode: Mode = Mode.REPLACE) -> None:
    schema = arrow_schema(get_entity("case"))
    table = pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)
    write_table(Target("case", schema, "case_id", mode), table.to_batches(), actor="system:test", now=NOW)


def fill_city() -> None:
    houses = pa.Table.from_pylist([house(number) for number in range(10)])
    install_layer("building", houses, mode=Mode.REPLACE, actor="system:test", now=NOW)
    points = [facility("F1", "school", 1), facility("F2", "school", 2), facility("F3", "toilet", 8)]
    install_layer("facility", pa.Table.from_pylist(points), mode=Mode.REPLACE, actor="system:test", now=NOW)
    fill_cases(CASES)


def write_town(root: Path) -> Path:
    shutil.copytree(PACKS / "tinytown", root, ignore=shutil.ignore_patterns("tests", "services", "policies", "rules"))
    shutil.copytree(PACKS / "shenzhen" / "commands", root / "commands", dirs_exist_ok=True)
    return root
