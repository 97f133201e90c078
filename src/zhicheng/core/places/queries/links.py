"""From an object to those it belongs to, and back to those that belong to it.

A column `<layer>_key` names an object of that layer; `district`, `street`, `community` and `grid` name areas.
"""

from collections.abc import Iterator

import numpy as np

from zhicheng.core.places.errors import DivisionNotFound, FeatureUnknown, LayerEmpty, PlacesNotInstalled
from zhicheng.core.places.gate.reader import LayerReader
from zhicheng.core.places.queries.known import get_known
from zhicheng.core.places.queries.layers import list_layers
from zhicheng.core.places.queries.opening import open_layer
from zhicheng.core.places.values import Linked, LinkedPage

_AREAS = ("grid", "community", "street", "district")


def links_of(layer: str, key: str) -> tuple[Linked, ...]:
    """The object itself, then all it belongs to, nearest first: address, unit, building, parcel, grid, … district.

    Raises:
        LayerUnknown: the installed pack declares no such layer.
        LayerEmpty: it holds nothing.
        FeatureUnknown: it has no object of that key.
    """
    codes = {found.code for found in list_layers()}
    above: dict[tuple[str, str], list[tuple[str, str]]] = {}
    titles: dict[tuple[str, str], str] = {}
    areas: dict[str, str] = {}
    waiting = [(layer, key)]
    while waiting:
        place = waiting.pop()
        if place in above:
            continue
        found = _read(*place)
        if found is None and place == (layer, key):
            raise FeatureUnknown(layer=layer, key=key)
        reader, row = found or (None, {})
        above[place] = [_target(code, row[code]) for code in row if _names_object(code, row, codes, reader)]
        titles[place] = _title(reader, row) or place[1]
        areas = {level: row[level] for level in _AREAS if row.get(level)} | areas
        waiting += above[place]
    objects = [Linked(*place, titles[place]) for place in _in_order((layer, key), above)]
    return (*objects, *_areas(areas))


def _names_object(code: str, row: dict[str, str], codes: set[str], reader: LayerReader | None) -> bool:
    is_link = code.endswith("_key") and code.removesuffix("_key") in codes
    return bool(is_link and row[code] and reader is not None and code != reader.layer.key)


def _target(column: str, key: str) -> tuple[str, str]:
    return column.removesuffix("_key"), key


def _read(layer: str, key: str) -> tuple[LayerReader, dict[str, str]] | None:
    try:
        reader = open_layer(layer)
    except LayerEmpty:
        return None
    row = reader.row_of(key)
    if row is None:
        return None
    shown = {column.code for column in reader.layer.shown}
    wanted = [*reader.links, *(level for level in _AREAS if level in reader.columns)]
    wanted += [reader.layer.name] if reader.layer.name in reader.columns else []
    columns = [code for code in dict.fromkeys(wanted) if code in shown]
    found: dict[str, str] = reader.table([row], columns).to_pylist()[0] if columns else {}
    return reader, found


def _title(reader: LayerReader | None, row: dict[str, str]) -> str:
    return (row.get(reader.layer.name) or "") if reader is not None else ""


def _in_order(start: tuple[str, str], above: dict[tuple[str, str], list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Each object before those it belongs to."""
    done: list[tuple[str, str]] = []
    seen: set[tuple[str, str]] = set()

    def visit(place: tuple[str, str]) -> None:
        if place not in seen:
            seen.add(place)
            for target in above[place]:
                visit(target)
            done.append(place)

    visit(start)
    return done[::-1]


def _areas(codes: dict[str, str]) -> Iterator[Linked]:
    for level in _AREAS:
        if level in codes:
            yield Linked(level, codes[level], _area_name(level, codes[level]))


def _area_name(level: str, code: str) -> str:
    try:
        atlas = get_known().atlas
        return atlas.grids[code].name if level == "grid" else atlas.get(code).name
    except (KeyError, DivisionNotFound, PlacesNotInstalled):
        return code


def linked_to(layer: str, key: str, members: str, *, after: int = -1, limit: int = 100) -> LinkedPage:
    """The objects of the layer `members` that name an object of `layer`: the units of a building, page by page.

    Raises:
        LayerUnknown: the installed pack declares no such layer.
        LayerEmpty: `members` holds nothing.
        ColumnUnknown: its objects name none of that layer.
    """
    reader = open_layer(members)
    rows = reader.rows_linked(f"{layer}_key", key, after=after, limit=limit + 1)
    shown = rows[:limit]
    name = reader.layer.name if reader.layer.name in reader.columns else reader.layer.key
    table = reader.table(np.asarray(shown), list(dict.fromkeys([reader.layer.key, name])))
    keys, titles = table.column(reader.layer.key).to_pylist(), table.column(name).to_pylist()
    items = tuple(Linked(members, found, title or found) for found, title in zip(keys, titles, strict=True))
    return LinkedPage(items, int(shown[-1]) if len(rows) > limit else None)
