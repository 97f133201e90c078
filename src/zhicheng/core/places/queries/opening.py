"""Opening layers for reading."""

from pathlib import Path

from django.conf import settings

from zhicheng.core.lake.public import table_version
from zhicheng.core.places.gate.folders import current_folder, form_of, read_meta
from zhicheng.core.places.gate.opening import open_current, open_version
from zhicheng.core.places.gate.reader import LayerReader
from zhicheng.core.places.queries.layers import get_layer
from zhicheng.core.places.values import Layer


def index_root(code: str) -> Path:
    """Where the indexes of a layer lie."""
    return Path(settings.HOME) / "places" / code


def open_layer(code: str, version: int | None = None) -> LayerReader:
    """A layer as it is now, or at an older version whose index is still there; kept in the process.

    A process notices a new version, and that a layer is gone, within 5 s.

    Raises:
        LayerUnknown: the installed pack declares none of that code.
        LayerEmpty: it holds nothing, or not at that version.
    """
    layer = get_layer(code)
    if version is None:
        return open_current(index_root(code), layer)
    return open_version(index_root(code), layer, version)


def is_current(layer: Layer) -> bool:
    """Whether the index is of the newest version of the layer's table, and of the layer as it is declared now.

    Raises:
        TableUnknown: the table holds nothing.
    """
    folder = current_folder(index_root(layer.code))
    meta = read_meta(folder) if folder is not None else {}
    newest = table_version(layer.table.code)
    made = (meta.get("version"), meta.get("digest"), meta.get("form"))
    return made == (newest.version, newest.digest, form_of(layer))
