"""Finding places by what people call them: names, kinds of things, areas, numbers, addresses, in any combination."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhicheng.core.places.errors import LayerEmpty, PlacesNotInstalled
from zhicheng.core.places.gate.reader import LayerReader
from zhicheng.core.places.policy.asking import Asked, Wording, normal
from zhicheng.core.places.policy.conditions import to_mask
from zhicheng.core.places.policy.naming import short_name
from zhicheng.core.places.queries.addresses import find_address, suggest_addresses
from zhicheng.core.places.queries.known import get_known
from zhicheng.core.places.queries.layers import list_layers
from zhicheng.core.places.queries.opening import open_layer
from zhicheng.core.places.queries.statistics import rows_meeting
from zhicheng.core.places.values import LEVELS, Comparison, Condition, Layer, PlaceHit, Point
from zhicheng.engines.geo.index import metres_per_degree

LANDMARK, DIVISION, ADDRESS = "landmark", "division", "address"
_EXACT, _BEGINS, _KIND, _INITIALS, _CONTAINS = 1.0, 0.9, 0.85, 0.8, 0.7
_ROWS_A_NAME, _MOST_NAMES = 20, 200
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True)
class _Search:
    """What every part of one search needs."""

    text: str
    layers: tuple[Layer, ...]
    near: Point | None
    limit: int


def search_places(
    text: str, *, layers: Sequence[str] | None = None, near: Point | None = None, limit: int = 20
) -> list[PlaceHit]:
    """Places that a text names or describes, likeliest first, of equals the nearer.

    `layers` are those that the asker may see; without it the public ones. With an index of addresses, addresses too.
    """
    search = _Search(normal(text), _allowed(layers), near, limit)
    if not search.text:
        return []
    asked = _wording(search.layers).read(search.text)
    found = [*_described(search, asked), *_named(search), *_known_places(search.text)]
    if not any(hit.score >= _KIND for hit in found):
        found += _addresses(search)
    return _best(search, found)


def suggest_places(text: str, limit: int = 10, *, layers: Sequence[str] | None = None) -> list[PlaceHit]:
    """How a name that somebody is typing may go on: by its beginning, its pinyin initials, or a part of it.

    `layers` as in `search_places`. A name that several bear comes once, without a key.
    """
    search = _Search(normal(text), _allowed(layers), None, limit)
    if not search.text:
        return []
    found = list(_known_places(search.text))
    for reader in _readers(search.layers):
        found += _suggested(reader, search)
    hits = _best(search, found)
    if len(hits) < limit:
        hits += _typed_addresses(search, limit - len(hits))
    return hits


def _allowed(codes: Sequence[str] | None) -> tuple[Layer, ...]:
    return tuple(
        layer for layer in list_layers() if (layer.access == "public" if codes is None else layer.code in codes)
    )


def _readers(layers: Iterable[Layer]) -> Iterator[LayerReader]:
    for layer in layers:
        try:
            reader = open_layer(layer.code)
        except LayerEmpty:
            continue
        if reader.layer.has_shapes and reader.count:
            yield reader


def _wording(layers: tuple[Layer, ...]) -> Wording:
    try:
        revision = get_known().atlas.revision
    except PlacesNotInstalled:
        revision = ""
    return _made_wording(tuple(layer.code for layer in layers), revision, hash(tuple(map(id, layers))))


@lru_cache(maxsize=32)
def _made_wording(codes: tuple[str, ...], revision: str, _of: int) -> Wording:
    divisions = get_known().atlas.divisions.values() if revision else ()
    living = [division for division in divisions if not division.ended and division.level != "city"]
    areas = [(division.name, division.level, division.code) for division in living]
    districts = [division for division in living if division.level == "district"]
    areas += [(short_name(found.name, found.level), found.level, found.code) for found in districts]
    return Wording([layer for layer in list_layers() if layer.code in codes], areas)


def _described(search: _Search, asked: Asked) -> Iterator[PlaceHit]:
    """Objects of the kind that the text says, in the area that it says, with the name that it says."""
    if not asked.is_structured:
        return
    wanted = asked.layers or {layer.code: () for layer in search.layers}
    for reader in _readers(layer for layer in search.layers if layer.code in wanted):
        columns = [level for level, _ in asked.areas]
        if any(level not in reader.columns for level in columns):
            continue
        where = [
            *wanted[reader.layer.code],
            *(Condition(level, Comparison.EQUALS, code) for level, code in asked.areas),
        ]
        rows = _rows_named(reader, asked.name, where) if asked.name else _rows_meeting(reader, where, search.near)
        yield from _hits(reader, _nearest(reader, rows, search), _KIND, search.near)


def _rows_meeting(reader: LayerReader, where: Sequence[Condition], near: Point | None) -> NDArray[np.int32]:
    if not where:
        return np.arange(reader.count, dtype=np.int32)
    return rows_meeting(reader, where, limit=1000 if near is None else reader.count)


def _rows_named(reader: LayerReader, name: str, where: Sequence[Condition]) -> NDArray[np.int32]:
    if reader.names is None:
        return np.empty(0, np.int32)
    found = [reader.names.rows(number, _MOST_NAMES) for number in reader.names.containing(name, _MOST_NAMES)]
    rows = np.sort(np.concatenate([np.empty(0, np.int32), *found]))
    if not where or not len(rows):
        return rows
    table = reader.table(rows, list(dict.fromkeys(condition.column for condition in where)))
    kept: NDArray[np.int32] = rows[np.asarray(to_mask(table, where).to_numpy(), bool)]
    return kept


def _nearest(reader: LayerReader, rows: NDArray[np.int32], search: _Search) -> NDArray[np.int32]:
    if search.near is None or not len(rows):
        return rows[: search.limit]
    return rows[np.argsort(_metres(reader, rows, search.near), kind="stable")[: search.limit]]


def _metres(reader: LayerReader, rows: NDArray[np.int32], near: Point) -> NDArray[np.float64]:
    scale = np.array(metres_per_degree(near.latitude))
    away = (reader.centres(rows) - (near.longitude, near.latitude)) * scale
    metres: NDArray[np.float64] = np.hypot(away[:, 0], away[:, 1])
    return metres


def _named(search: _Search) -> Iterator[PlaceHit]:
    """Objects whose name is the text, begins with it, or contains it."""
    for reader in _readers(search.layers):
        for number, score in _numbers(reader, search.text, search.limit):
            rows = reader.names.rows(number, _ROWS_A_NAME) if reader.names else np.empty(0, np.int32)
            yield from _hits(reader, rows, score, search.near)


def _numbers(reader: LayerReader, text: str, limit: int) -> list[tuple[int, float]]:
    """Names that fit a text, each once, with how well."""
    names = reader.names
    if names is None:
        return []
    exact = names.exact(text)
    found = {} if exact is None else {exact: _EXACT}
    for number in names.starting(text, limit):
        found.setdefault(number, _BEGINS)
    if _LETTERS.issuperset(text.lower()):
        for number in names.with_initials(text.lower(), limit):
            found.setdefault(number, _INITIALS)
    if len(found) < limit and len(text) > 1:
        for number in names.containing(text, limit - len(found)):
            found.setdefault(number, _CONTAINS)
    return list(found.items())


def _suggested(reader: LayerReader, search: _Search) -> Iterator[PlaceHit]:
    names = reader.names
    for number, score in _numbers(reader, search.text, search.limit) if names is not None else ():
        if names is None:
            return
        count = names.count(number)
        if count == 1:
            yield from _hits(reader, names.rows(number, 1), score, None)
        else:
            yield PlaceHit(reader.layer.code, "", names.name(number), f"{reader.layer.label}，{count} 处", None, score)


def _hits(reader: LayerReader, rows: NDArray[np.int32], score: float, near: Point | None) -> Iterator[PlaceHit]:
    if not len(rows):
        return
    layer = reader.layer
    areas = [level for level in ("district", "street", "community") if level in reader.columns]
    names = [layer.name] if layer.name in reader.columns else []
    table = reader.table(rows, list(dict.fromkeys([layer.key, *names, *areas]))).to_pylist()
    centres = reader.centres(rows).round(7).tolist()
    metres = _metres(reader, rows, near).round(1).tolist() if near is not None else [None] * len(rows)
    for row, (x, y), away in zip(table, centres, metres, strict=True):
        title = (row[names[0]] if names else None) or row[layer.key]
        place = _area_names([row[level] for level in areas if row[level]])
        detail = f"{layer.label}，{place}" if place else layer.label
        yield PlaceHit(layer.code, row[layer.key], title, detail, Point(x, y), score, away)


def _area_names(codes: Sequence[str]) -> str:
    try:
        divisions = get_known().atlas.divisions
    except PlacesNotInstalled:
        return ""
    return "·".join(divisions[code].name for code in codes if code in divisions)


def _known_places(text: str) -> Iterator[PlaceHit]:
    """Landmarks and divisions: some hundreds, looked through one by one."""
    try:
        atlas = get_known().atlas
    except PlacesNotInstalled:
        return
    for landmark in atlas.landmarks:
        score, name = max((_fits(name, text), name) for name in (landmark.name, *landmark.aliases))
        if score:
            title = landmark.name if name == landmark.name else f"{landmark.name}（{name}）"
            detail = f"地标，{_area_names([landmark.district])}"
            yield PlaceHit(LANDMARK, landmark.name, title, detail, landmark.point, score)
    for division in atlas.divisions.values():
        score = 0.0 if division.ended else _fits(division.name, text)
        if score:
            above = "·".join(atlas.divisions[code].name for code in atlas.chain(division.code)[1:][::-1][1:])
            yield PlaceHit(DIVISION, division.code, division.name, above or "本市", None, score)


def _fits(name: str, text: str) -> float:
    if name == text:
        return _EXACT
    return _BEGINS if name.startswith(text) else _CONTAINS if len(text) > 1 and text in name else 0.0


def _addresses(search: _Search) -> Iterator[PlaceHit]:
    near = (search.near.longitude, search.near.latitude) if search.near else None
    for match in find_address(search.text, limit=min(search.limit, 5), near=near):
        place = _area_names([match.district, match.street, match.community])
        point = Point(match.longitude, match.latitude)
        yield PlaceHit(
            ADDRESS, match.address_key or match.building_key, match.text, f"地址，{place}", point, match.score
        )


def _typed_addresses(search: _Search, limit: int) -> list[PlaceHit]:
    return [
        PlaceHit(ADDRESS, found.building_key, found.text, "地址", Point(found.longitude, found.latitude), _BEGINS)
        for found in suggest_addresses(search.text, limit=limit)
    ]


def _best(search: _Search, found: Iterable[PlaceHit]) -> list[PlaceHit]:
    """Each place once, likeliest first; of equals the nearer, then the shorter name."""
    best: dict[tuple[str, str, str], PlaceHit] = {}
    for hit in found:
        place = (hit.layer, hit.key, "" if hit.key else hit.title)
        if place not in best or best[place].score < hit.score:
            best[place] = hit
    areas = {hit.key for hit in best.values() if hit.layer in LEVELS}
    kept = [hit for hit in best.values() if hit.layer != DIVISION or hit.key not in areas]  # its layer has a point
    order = sorted(kept, key=lambda hit: (-hit.score, hit.metres or 0.0, len(hit.title), hit.title, hit.key))
    return order[: search.limit]
