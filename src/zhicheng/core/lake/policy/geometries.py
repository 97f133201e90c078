"""Reading geometries: WKB, WKT or the geometry of a GeoJSON feature, each cell as it comes; stored as flat WKB."""

import json
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

Shapes = npt.NDArray[Any]
_BYTE_ORDERS = (b"\x00", b"\x01")  # with which WKB begins
_HEX = re.compile(rb"0[01][0-9A-Fa-f]{8,}")


def parse_shapes(cells: pa.Array) -> pa.Array:
    """Each cell as WKB in two dimensions; NULL where it is no geometry, or has a coordinate that is not finite.

    An empty geometry and one whose lines cross are left as they are: what a layer wants is not decided here.
    """
    shapes = read_shapes(cells)
    return to_wkb(shapes)


def to_wkb(shapes: Shapes) -> pa.Array:
    """Geometries as they are stored: two dimensions, little endian."""
    flat = shapely.force_2d(shapes)
    return pa.array(shapely.to_wkb(flat, byte_order=1, flavor="iso"), pa.binary())


def read_shapes(cells: pa.Array) -> Shapes:
    """Geometries, None where a cell holds none."""
    given = np.array(cells.cast(_bytes_of(cells.type)).to_pylist(), object)
    shapes = np.full(len(given), None, object)
    known = np.flatnonzero(cells.is_valid().to_numpy(zero_copy_only=False))
    binary = np.array([given[row][:1] in _BYTE_ORDERS for row in known.tolist()], bool)
    rows = known[binary]
    shapes[rows] = shapely.from_wkb(given[rows], on_invalid="ignore")
    for row in known[~binary].tolist():
        shapes[row] = _from_text(given[row].strip())
    return _finite(shapes)


def _bytes_of(kind: pa.DataType) -> pa.DataType:
    return pa.large_binary() if pa.types.is_large_string(kind) or pa.types.is_large_binary(kind) else pa.binary()


def _from_text(text: bytes) -> Any:
    try:
        if text.startswith(b"{"):
            return shapely.from_geojson(json.dumps(_geometry(json.loads(text))))
        if _HEX.fullmatch(text):
            return shapely.from_wkb(text.decode())
        return shapely.from_wkt(text.decode())
    except (shapely.GEOSException, ValueError, TypeError):
        return None


def _geometry(value: Any) -> Any:
    if not isinstance(value, dict) or value.get("type") in {"Feature", "FeatureCollection"}:
        raise ValueError("the geometry of a feature is wanted, not the feature")
    return value


def _finite(shapes: Shapes) -> Shapes:
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    shapes[bad] = None
    return shapes
