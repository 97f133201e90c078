"""An invented town as GeoJSON: fifteen districts on a jittered grid and some open cases. Deterministic."""

import math
import random
from itertools import pairwise
from typing import Any

COLUMNS, ROWS = 5, 3
WEST, SOUTH, STEP = 110.0, 25.0, 0.08
NAMES = (
    "青石",
    "榕江",
    "东湖",
    "南埔",
    "西岭",
    "北滘",
    "白鹭",
    "新桥",
    "桃源",
    "海棠",
    "云溪",
    "松岗",
    "莲塘",
    "凤凰",
    "石厦",
)
STATES = ("open", "open", "open", "warning", "late")


def districts() -> dict[str, Any]:
    """Polygons with `code`, `name`, `open`, `late`."""
    features = []
    for index, name in enumerate(NAMES):
        row, column = divmod(index, COLUMNS)
        ring = [_corner(column + dx, row + dy) for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
        properties = {
            "code": f"D{index:02d}",
            "name": name + "区",
            "open": 20 + index * 13 % 71,
            "late": index * 7 % 5,
            "synthetic": True,
        }
        geometry = {"type": "Polygon", "coordinates": [_roughened(ring)]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def cases() -> dict[str, Any]:
    """Points with `number`, `title`, `state` (open, warning, late), `url`."""
    source = random.Random(20260301)  # noqa: S311  # sample data
    features = []
    for index in range(160):
        longitude = WEST + STEP * COLUMNS * (0.5 + source.gauss(0, 0.22))
        latitude = SOUTH + STEP * ROWS * (0.5 + source.gauss(0, 0.2))
        properties = {
            "number": f"SZ260305{index:08d}",
            "title": source.choice(("路灯不亮", "夜间施工噪声", "井盖松动", "垃圾没人清", "路边积水")),
            "state": source.choice(STATES),
            "url": "/styleguide/pages/case/",
        }
        geometry = {"type": "Point", "coordinates": [round(longitude, 5), round(latitude, 5)]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _corner(column: int, row: int) -> tuple[float, float]:
    source = random.Random(column * 97 + row * 31 + 5)  # noqa: S311  # sample data
    edge = column in {0, COLUMNS} or row in {0, ROWS}
    reach = 0.34 if edge else 0.22
    return (
        WEST + STEP * (column + source.uniform(-reach, reach)),
        SOUTH + STEP * (row + source.uniform(-reach, reach)),
    )


def _roughened(ring: list[tuple[float, float]]) -> list[list[float]]:
    """The ring with its sides bent the same way from both neighbours."""
    bent: list[list[float]] = []
    for start, end in pairwise(ring):
        low, high = sorted((start, end))
        for step in range(6):
            share = step / 6
            wave = 0.006 * math.sin(math.pi * (share if start == low else 1 - share) * 2) * math.sin(math.pi * share)
            x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            dx, dy = high[0] - low[0], high[1] - low[1]
            length = math.hypot(dx, dy) or 1.0
            bent.append([round(x - dy / length * wave, 5), round(y + dx / length * wave, 5)])
    bent.append(list(bent[0]))
    return bent
