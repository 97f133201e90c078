"""Reading GeoJSON: each feature a row with the line it starts on. Geometry is handed on as it stands."""

import json
import re
from pathlib import Path
from typing import Any

from zhicheng.core.packs.base.files import read_text
from zhicheng.core.packs.base.section import Fault, Row

_FEATURES = re.compile(r'"features"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_GEOMETRIES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


def read_geojson(root: Path, relative: str) -> tuple[list[Row], list[Fault]]:
    """Read a FeatureCollection. A row's values are the properties, and `geometry` (type and coordinates)."""
    text, faults = read_text(root, relative)
    if faults:
        return [], faults
    start = _FEATURES.search(text)
    if start is None:
        hint = '最外层应为 {"type": "FeatureCollection", "features": [...]}。'
        return [], [Fault(relative, 1, "geojson.shape", "不是 GeoJSON 的 FeatureCollection。", hint)]
    try:
        return _features(relative, text, start.end())
    except json.JSONDecodeError as error:
        hint = "请检查括号、逗号和引号是否成对，或用地图软件重新导出。"
        return [], [Fault(relative, error.lineno, "geojson.syntax", f"JSON 格式不对（第 {error.colno} 列）。", hint)]


def _features(relative: str, text: str, start: int) -> tuple[list[Row], list[Fault]]:
    odd: list[str] = []  # NaN and infinities, which JSON does not have but Python reads
    decoder = json.JSONDecoder(parse_constant=odd.append)
    rows: list[Row] = []
    faults: list[Fault] = []
    position, counted, line = start, 0, 1
    while True:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        if text[position : position + 1] == "]":
            break
        line, counted = line + text.count("\n", counted, position), position
        feature, position = decoder.raw_decode(text, position)
        place = Row(relative, line, {})
        if odd:
            faults.append(place.fault("geojson.number", f"坐标里有 {odd.pop()}，不是数字。", "请重新导出这个要素。"))
            odd.clear()
            continue
        _add_feature(place, feature, rows, faults)
    _check_rest(text, start, position)
    return rows, faults


def _check_rest(text: str, start: int, end: int) -> None:
    """Parse what stands around the features, line breaks kept so that an error names the right line."""
    skipped = "\n" * text.count("\n", start, end)
    json.loads(text[:start] + skipped + text[end:])


def _add_feature(place: Row, feature: Any, rows: list[Row], faults: list[Fault]) -> None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        faults.append(place.fault("geojson.shape", "列表里的这一项不是 Feature。", '每一项应有 "type": "Feature"。'))
        return
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in _GEOMETRIES or not geometry.get("coordinates"):
        hint = "请补上几何图形；点、线、面及其多部分类型可用。"
        faults.append(place.fault("geojson.geometry", "这个要素没有可用的几何图形。", hint))
        return
    values = {**(feature.get("properties") or {}), "geometry": geometry}
    rows.append(Row(place.file, place.line, values))
