"""A few houses to choose from."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from zhicheng.engines.cql2.checking import Kind, check_filter
from zhicheng.engines.cql2.jsonform import parse_json
from zhicheng.engines.cql2.masks import mask_of
from zhicheng.engines.cql2.text import parse_text

COLUMNS = {
    "name": Kind.TEXT,
    "use": Kind.TEXT,
    "floors": Kind.NUMBER,
    "height_m": Kind.NUMBER,
    "elevator": Kind.BOOLEAN,
    "opened_at": Kind.TIME,
    "built_on": Kind.TIME,
    "geometry": Kind.SHAPE,
}


def _day(day: int) -> datetime:
    return datetime(2026, 1, day, 4, tzinfo=UTC)


HOUSES = pa.table(
    {
        "name": ["莲花楼", "Café Nord", "O'Neil", None],
        "use": pa.array(["office", "hotel", "office", "school"]).dictionary_encode(),
        "floors": [30, 5, 12, None],
        "height_m": [100.5, 18.0, 40.0, 9.0],
        "elevator": [True, False, None, True],
        "built_on": pa.array([date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 6), None]),
        "opened_at": pa.array([_day(1), _day(5), _day(9), None], pa.timestamp("us", "UTC")),
    }
)
SHAPES = np.array([shapely.box(at, 22.5, at + 0.001, 22.501) for at in (114.0, 114.01, 114.02, 114.03)])


class Houses:
    """The houses as rows."""

    def __len__(self) -> int:
        return HOUSES.num_rows

    def column(self, code: str) -> pa.ChunkedArray:
        return HOUSES.column(code)

    def meeting(self, box: tuple[float, float, float, float]) -> Any:
        west, south, east, north = shapely.bounds(SHAPES).T
        return (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])

    def shapes(self, at: Any) -> Any:
        return SHAPES[at]


def chosen(text: str) -> list[int]:
    """The houses that a filter in text or JSON chooses."""
    node = parse_json(text) if text.startswith("{") else parse_text(text)
    check_filter(node, COLUMNS)
    return [int(at) for at in np.flatnonzero(mask_of(node, Houses()))]
