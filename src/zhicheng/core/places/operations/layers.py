"""Putting content into layers: into the table in the lake, then into the index that is served."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from zhicheng.core.lake.errors import TableUnknown
from zhicheng.core.lake.public import ingest, table_schema, table_version
from zhicheng.core.lake.values import IngestReport, Mode
from zhicheng.core.places.errors import DiskFull, LayerEmpty
from zhicheng.core.places.gate.building import Build, build_index
from zhicheng.core.places.gate.folders import building, remove_index, sweep_folders
from zhicheng.core.places.gate.opening import forget_readers
from zhicheng.core.places.operations.importing import Given, prepare_layer
from zhicheng.core.places.queries.layers import get_layer, list_layers
from zhicheng.core.places.queries.opening import index_root, is_current
from zhicheng.core.places.values import GEOMETRY, Layer
from zhicheng.engines.geo.index import compile_kernels

_KEPT_S = 900.0  # a list that somebody pages through stays whole for a quarter of an hour


def install_layer(
    code: str,
    source: Given,
    *,
    mode: Mode = Mode.REPLACE,
    actor: str,
    now: datetime,
) -> IngestReport:
    """Put a file or batches into a layer as one new version, and serve it.

    Shapes come out in WGS84, whole, and in or near the city. Rows that do not fit are listed in the report
    (`list_rejections`), none is lost.

    Raises:
        LayerUnknown: the installed pack declares none of that code.
        SourceUnreadable: the source is no table; nothing was written.
        ColumnsMissing: it lacks a column that may not be empty; nothing was written.
        LayerRefused: the file as a whole is wrong; nothing was written.
        DiskFull: there is no room; what was served before still is.
    """
    layer = get_layer(code)
    with _room_needed(code):
        report = ingest(layer.table, prepare_layer(layer, source), mode=mode, actor=actor, now=now)
    rebuild_layer(code, waits=True)
    return report


def rebuild_layer(code: str, *, waits: bool = False) -> bool:
    """Build the index of the newest version again; False where somebody else is at it, unless one `waits`.

    Raises:
        LayerUnknown: the installed pack declares none of that code.
        LayerEmpty: its table holds nothing, or has not the key or the shapes that the pack declares now.
        DiskFull: there is no room; what was served before still is.
    """
    layer = get_layer(code)
    root = index_root(code)
    with _room_needed(code), building(root, waits=waits) as is_mine:
        if is_mine:
            build_index(root, _build(layer))
            forget_readers()
            compile_kernels()  # so that nobody who asks waits for that
        return is_mine


@contextmanager
def _room_needed(code: str) -> Iterator[None]:
    """A full disk as a sentence; whatever was begun is taken back on the way."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC or "No space left" in str(error):
            raise DiskFull(layer=code) from error
        raise


def _build(layer: Layer) -> Build:
    try:
        version = table_version(layer.table.code)
        held = table_schema(layer.table.code, as_of=version.version).names
    except TableUnknown:
        raise LayerEmpty(layer=layer.code) from None
    needed = {layer.key, GEOMETRY} if layer.has_shapes else {layer.key}
    if not needed <= set(held):
        raise LayerEmpty(layer=layer.code)
    columns = tuple(column.code for column in layer.columns if column.code in held)
    return Build(layer, version, columns)


def keep_layers(_now: datetime) -> int:
    """Build what is not served yet, take away what is gone, sweep what is old; how many indexes were built."""
    built = 0
    for layer in list_layers():
        root = index_root(layer.code)
        try:
            if not is_current(layer):
                built += rebuild_layer(layer.code)
        except (TableUnknown, LayerEmpty):
            if root.exists():
                remove_index(root)
        if root.exists():
            _sweep(root)
    return built


def _sweep(root: Path) -> None:
    with building(root) as is_mine:
        if is_mine:  # a folder that somebody builds in may look old
            sweep_folders(root, older_than_s=_KEPT_S)
