"""Rows as ready GeoJSON features."""

from typing import Any

import msgspec
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from zhicheng.core.places.values import Layer

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode_features(layer: Layer, rows: pa.Table, shapes: NDArray[Any] | None) -> list[bytes]:
    """Each row as a feature: what is personal is left out, a missing value is null."""
    shown = [column.code for column in layer.shown if column.code in rows.column_names]
    encode = _ENCODER.encode
    properties = [encode(row) for row in rows.select(shown).to_pylist()]
    ids = [encode(key) for key in rows.column(layer.key).to_pylist()]
    geometries = ["null"] * len(ids) if shapes is None else shapely.to_geojson(shapes).tolist()
    return [
        b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}' % (key, geometry.encode(), values)
        for key, geometry, values in zip(ids, geometries, properties, strict=True)
    ]
