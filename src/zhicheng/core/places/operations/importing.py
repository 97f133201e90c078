"""Getting a file ready for a layer: its columns by their names, its shapes into WGS84, and what is wrong as a whole."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from zhicheng.core.lake.public import Cast, Finding, Prepared, Source, open_source, read_shapes
from zhicheng.core.lake.values import Column, ColumnType
from zhicheng.core.places.errors import LayerRefused
from zhicheng.core.places.policy.columns import position_columns, renamed, with_points
from zhicheng.core.places.policy.shaping import Shaper, centres_of, is_swapped
from zhicheng.core.places.queries.shifting import SYSTEMS, FoundShift, Sample, city_bounds, find_shift
from zhicheng.core.places.values import GEOMETRY, Layer, LayerFile
from zhicheng.engines.geo.systems import UnknownSystem, to_wgs84

Given: TypeAlias = Path | LayerFile | pa.Table | Iterable[pa.RecordBatch]
_LOOKED_AT = 20_000  # rows by which a file as a whole is judged
_AREAS = ("district", "street", "community", "grid")


def prepare_layer(layer: Layer, given: Given) -> Prepared:
    """A source as the lake can take it, with every shape made fit on the way.

    Raises:
        SourceUnreadable: it is no table.
        LayerRefused: its coordinate system is unknown, or its coordinates are wrong as a whole.
    """
    file = given if isinstance(given, LayerFile) else LayerFile(given) if isinstance(given, Path) else None
    source = open_source(file.path) if file is not None else open_source(_tables(given))
    _name_columns(source, layer)
    if not layer.has_shapes:
        return Prepared(source)
    shaper = Shaper(layer, _system(source, file), file is not None and file.swapped, city_bounds())
    _judge(source, shaper, is_told=file is not None and bool(file.crs))
    shape = Column(GEOMETRY, "图形", ColumnType.GEOMETRY)
    return Prepared(source, lambda batch: _refine(batch, shaper, shape))


def _tables(given: Given) -> pa.Table | Iterable[pa.RecordBatch]:
    if isinstance(given, (Path, LayerFile)):
        raise TypeError("a file is opened by its path")
    return given


def _name_columns(source: Source, layer: Layer) -> None:
    names = renamed(source.columns, layer)
    pair = position_columns(names, layer)
    given = source.stream

    def named() -> Iterator[pa.RecordBatch]:
        for batch in given:
            batch = batch.rename_columns(list(names))
            yield with_points(batch, pair) if pair else batch

    source.columns = (*names, GEOMETRY) if pair else names
    source.stream = named()


def _system(source: Source, file: LayerFile | None) -> str:
    name = (file.crs if file is not None else "") or source.crs
    try:
        to_wgs84(name)
    except UnknownSystem:
        why = (
            f"不认识坐标系“{name[:60]}”，或它与 WGS84 相差太大（例如北京54、西安80），不能直接使用。"
            "请先换算，或用 --crs 写明，例如 4326、4490、3857、4547、gcj02、bd09。"
        )
        raise LayerRefused(name=source.name, why=why) from None
    return name


def _judge(source: Source, shaper: Shaper, *, is_told: bool) -> None:
    """Look at the first rows, and put them back; refuse the file where its coordinates are wrong as a whole."""
    seen: list[pa.RecordBatch] = []
    rows = 0
    for batch in source.stream:
        seen.append(batch)
        rows += len(batch)
        if rows >= _LOOKED_AT:
            break
    source.stream = chain(seen, source.stream)
    if not seen or GEOMETRY not in source.columns:
        return
    sample = _sample(seen, shaper)
    if shaper.near is not None and is_swapped(sample.centres, shaper.near):
        advice = "去掉 --swap" if shaper.swapped else "核对后用 --swap 装入"
        raise LayerRefused(name=source.name, why=f"经度和纬度写反了：对调以后才在本市范围内。请{advice}，或改正文件。")
    shift = find_shift(shaper.layer, sample) if not is_told else None
    if shift is not None:
        raise LayerRefused(name=source.name, why=_shifted(shift))


def _sample(seen: list[pa.RecordBatch], shaper: Shaper) -> Sample:
    shapes = np.concatenate([read_shapes(batch.column(GEOMETRY)) for batch in seen])
    known = np.flatnonzero([shape is not None and not shape.is_empty for shape in shapes.tolist()])
    wanted = [name for name in (*_AREAS, shaper.layer.key) if name in seen[0].schema.names]
    table = pa.Table.from_batches([batch.select(wanted) for batch in seen])
    areas = {level: _texts(table, level, known) for level in _AREAS if level in table.column_names}
    keys = [key or "" for key in _texts(table, shaper.layer.key, known)]
    return Sample(centres_of(shaper.place(shapes[known])), keys, areas)


def _texts(table: pa.Table, name: str, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str | None]:
    if name not in table.column_names:
        return [None] * len(rows)
    cells = table.column(name).take(pa.array(rows)).to_pylist()
    return [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell and str(cell) for cell in cells]


def _shifted(found: FoundShift) -> str:
    named = SYSTEMS[found.system]
    return (
        f"坐标像是 {named}，不是 WGS84：按它纠正以后，与{found.against}相比，"
        f"{found.shift.better} 个对象的位置变好，{found.shift.worse} 个变差。"
        f"如果确实是，请用 --crs {found.system} 装入；如果确实是 WGS84，请用 --crs 4326 装入。"
    )


def _refine(batch: pa.RecordBatch, shaper: Shaper, shape: Column) -> Cast:
    place = batch.schema.names.index(GEOMETRY)
    cells, wrong = shaper.shape(batch.column(place))
    findings = tuple(Finding(shape, one.reason, one.rows, one.shown) for one in wrong)
    return Cast(batch.set_column(place, batch.schema.field(place), cells), findings)
