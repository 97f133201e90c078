"""What an answer puts on the map, as GeoJSON bytes."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from zhicheng.apps.twin.queries.commands_tables import Place
from zhicheng.apps.twin.values.commands import Box
from zhicheng.core.places.public import area_geojson, atlas_revision

EMPTY = b'{"type":"FeatureCollection","features":[]}'
_HEAD, _TAIL = b'{"type":"FeatureCollection","features":[', b"]}"
_MOST_AREAS = 1000


def row_features(place: Place, rows: Sequence[tuple[Any, ...]], shown: int, located: bool) -> tuple[bytes, Box | None]:
    """The rows as features with the box around them. A row is (position or key, key, shown columns, point)."""
    if place.reader is not None:
        positions = np.array([row[0] for row in rows], np.int32)
        if not len(positions):
            return EMPTY, None
        boxes = place.reader.tree.boxes[positions].astype(np.float64) / 1e7
        box = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
        return _HEAD + b",".join(place.reader.features(positions)) + _TAIL, (box[0], box[1], box[2], box[3])
    if not located:
        return EMPTY, None
    points = [(row, row[2 + shown], row[3 + shown]) for row in rows if row[2 + shown] is not None]
    features = [_point(str(row[1]), longitude, latitude) for row, longitude, latitude in points]
    return _collection(features), _around([(longitude, latitude) for _, longitude, latitude in points])


def _point(key: str, longitude: float, latitude: float) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": {"key": key}}


def area_features(level: str, values: Mapping[str, Any]) -> tuple[bytes, Box | None]:
    """Areas coloured by a value, the first thousand."""
    known = _areas(level, atlas_revision())
    features = []
    for code, value in list(values.items())[:_MOST_AREAS]:
        area = known.get(code)
        if area is not None:
            features.append({**area, "id": code, "properties": {**area["properties"], "value": value}})
    corners = [corner for feature in features for corner in _corners(feature["geometry"]["coordinates"])]
    return _collection(features), _around(corners)


@lru_cache(maxsize=8)
def _areas(level: str, revision: str) -> dict[str, dict[str, Any]]:
    del revision  # part of the key: other outlines, another answer
    return {feature["properties"]["code"]: feature for feature in json.loads(area_geojson(level))["features"]}


def _corners(part: Any) -> list[tuple[float, float]]:
    if isinstance(part[0], (int, float)):
        return [(part[0], part[1])]
    return [corner for inner in part for corner in _corners(inner)]


def _around(points: Sequence[tuple[float, float]]) -> Box | None:
    if not points:
        return None
    array = np.array(points, np.float64)
    west, south = array.min(axis=0).tolist()
    east, north = array.max(axis=0).tolist()
    return west, south, east, north


def _collection(features: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False).encode()
