"""The columns of a file as those of a layer: by code, by label, and positions written as two numbers."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from zhicheng.core.places.values import GEOMETRY, Layer

_SHAPE_NAMES = ("geom", "the_geom", "wkt", "wkb", "wkb_geometry", "图形")
_PAIRS = (("longitude", "latitude"), ("lon", "lat"), ("lng", "lat"), ("经度", "纬度"), ("x", "y"))
_NO_SHAPE = b"?"  # a cell that the casting names as wrong


def renamed(names: tuple[str, ...], layer: Layer) -> tuple[str, ...]:
    """The names of a file's columns as the layer has them: by code, else by what people call the column.

    A file whose features have an `id`, and no column for the key, means the key.
    """
    labels = {column.label: column.code for column in layer.columns}
    if layer.has_shapes:
        labels |= dict.fromkeys(_SHAPE_NAMES, GEOMETRY)
    found: list[str] = []
    for name in names:
        wanted = name if layer.has_column(name) else labels.get(name, name)
        is_free = wanted == name or (wanted not in names and wanted not in found)
        found.append(wanted if is_free else name)
    if layer.key not in found and "id" in found:
        found[found.index("id")] = layer.key
    return tuple(found)


def position_columns(names: tuple[str, ...], layer: Layer) -> tuple[str, str] | None:
    """The two columns that hold a point's longitude and latitude; None where the file has shapes, or no such pair."""
    if layer.geometry != "point" or GEOMETRY in names:
        return None
    known = {name.lower(): name for name in names}
    return next(((known[x], known[y]) for x, y in _PAIRS if x in known and y in known), None)


def with_points(batch: pa.RecordBatch, pair: tuple[str, str]) -> pa.RecordBatch:
    """The batch with a column of points made of two columns of numbers."""
    numbers = [_numbers(batch.column(batch.schema.names.index(name))) for name in pair]
    given = np.stack([np.asarray(filled) for _, filled in numbers]).any(axis=0)
    coordinates = np.stack([np.asarray(values) for values, _ in numbers], axis=1)
    good = np.isfinite(coordinates).all(axis=1)
    cells = np.full(len(batch), None, object)
    cells[given] = _NO_SHAPE
    cells[good] = shapely.to_wkb(shapely.points(coordinates[good]))
    return batch.append_column(GEOMETRY, pa.array(cells.tolist(), pa.binary()))


def _numbers(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The numbers of a column, NaN where a cell is none; and which cells are not empty."""
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.float64()), np.nan), pc.is_valid(column)
    text = pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), ""))
    shaped = pc.match_substring_regex(text, r"^[+-]?[0-9]+(\.[0-9]*)?$")
    values = pc.if_else(shaped, pc.utf8_ltrim(text, "+"), pa.scalar("nan"))
    return values.cast(pa.float64()), pc.not_equal(text, "")
