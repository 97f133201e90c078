"""Running a command: find where its rows are, narrow them down by distance and shape, ask, and make the answer."""

import time
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhicheng.apps.twin.errors.commands import CommandUnusable
from zhicheng.apps.twin.policy.commands_periods import earlier_command
from zhicheng.apps.twin.policy.commands_sql import BUCKETS, ROW, Builder, Statement
from zhicheng.apps.twin.policy.commands_text import cql2_of
from zhicheng.apps.twin.queries.commands_features import row_features
from zhicheng.apps.twin.queries.commands_groups import can_hold, finish_groups, told, with_earlier
from zhicheng.apps.twin.queries.commands_places import own_places, spot_of
from zhicheng.apps.twin.queries.commands_spatial import (
    Points,
    close_to,
    distances_from,
    inside,
    near_words,
    rows_near,
    shape_of,
)
from zhicheng.apps.twin.queries.commands_tables import Asking, Place, open_table
from zhicheng.apps.twin.queries.commands_vocabulary import current_words
from zhicheng.apps.twin.values.commands import Answer, AnswerColumn, Order
from zhicheng.core.places.public import open_layer
from zhicheng.engines.commands.recurring import HOUR, WEEKDAY
from zhicheng.engines.commands.values import Command, Near
from zhicheng.kit.clock import CHINA

_SHAPES = ("drawn", "view")
_MOST_COLUMNS = 12
_ROAD_METRES = 60
_PLAIN_TYPES = ("integer", "real", "decimal")


def run_order(order: Order) -> Answer:
    """The answer to a command about a table.

    Raises:
        CommandRefused: the asker may not see the table.
        CommandDataMissing: it holds nothing.
        CommandUnusable: a place is not known, or the command names what the table does not have.
        QueryTooSlow: it took too long.
    """
    started_s = time.perf_counter()
    command = _with_own_area(order)
    words = current_words()
    try:
        place = open_table(words.vocabulary.table(command.table), order.actor)
    except KeyError:
        raise CommandUnusable(why=f"没有“{command.table}”这张表。") from None
    _check_columns(command, place)
    chosen = _chosen(order, command, place)
    if command.measure is not None or command.by:
        answer = _groups(order, command, place, chosen)
        if command.against:
            before = _before(order, command)
            answer = with_earlier(answer, _groups(order, before, place, _chosen(order, before, place)), command)
    else:
        answer = _rows(order, command, place, chosen)
    elapsed_ms = (time.perf_counter() - started_s) * 1000
    return replace(answer, cql2=cql2_of(command), source=place.source, elapsed_ms=round(elapsed_ms, 1))


def _with_own_area(order: Order) -> Command:
    command = order.command
    if not any(place.kind == "own" for place in command.places):
        return command
    others = [place for place in command.places if place.kind != "own"]
    return replace(command, places=(*others, *own_places(order.actor)))


def _check_columns(command: Command, place: Place) -> None:
    """A command that was stored, or edited, may name what is not there any more."""
    named = {_base_of(condition.column, place) for condition in command.where} | {
        period.column for period in command.periods
    }
    named |= {*command.by} - {*BUCKETS}
    if command.measure:
        named |= {*command.measure.column.split("/"), *(condition.column for condition in command.measure.of)}
    if command.rank:
        named.add(command.rank.column)
    _check_named(named, place)
    inside = {found.kind for found in command.places} - {*_SHAPES, "road", "own"}
    outside = {found.kind for found in command.outside} - ({"road"} if place.relation.road else set())
    if (inside | outside) - {*place.relation.levels}:
        raise CommandUnusable(why=f"{place.words.label}没有记录所在的区划，不能这样限定。")
    if command.having and not can_hold(command.having):
        raise CommandUnusable(why="对数量只能比大小。")


def _base_of(name: str, place: Place) -> str:
    """The time of which an hour of the day or a day of the week is asked; else the column itself."""
    for ending in (WEEKDAY, HOUR):
        base = name.removesuffix(ending)
        if base != name and name not in place.relation.types and place.relation.types.get(base) == "timestamp":
            return base
    return name


def _check_named(named: Set[str], place: Place) -> None:
    """Only columns that are shown may be named: a condition on another would tell what it holds."""
    missing = sorted(named - {*place.relation.types, *place.relation.levels, "distance", "", ROW})
    if missing:
        raise CommandUnusable(why=f"{place.words.label}没有“{missing[0]}”这一项。")


def _chosen(order: Order, command: Command, place: Place) -> NDArray[Any] | None:
    """The positions or keys that distances and shapes leave; None where the command has neither."""
    shapes = [shape_of(found, order.scene) for found in command.places if found.kind in _SHAPES]
    roads = [found for found in command.places if found.kind == "road" and not place.relation.road]
    nears = near_words(command.near)
    ranked = command.rank is not None and command.rank.column == "distance"
    if not (shapes or roads or nears or ranked):
        return None
    keys, points = _candidates(order, command, place)
    keep = np.ones(len(keys), np.bool_)
    for shape in shapes:
        keep &= inside(points, shape)
    for road in roads:
        nears.append(Near(_ROAD_METRES, road))
    for near in nears:
        keep &= _nearby(order, place, near, keys, points) != near.beyond
    keys, points = keys[keep], points[keep]
    return _nearest(command, keys, points) if ranked else keys


def _candidates(order: Order, command: Command, place: Place) -> tuple[NDArray[Any], Points]:
    """Rows that match everything else, with their points."""
    builder = Builder(command, place.relation, order.now)
    if place.reader is not None:
        with Asking(place, None).open() as session:
            rows = session.positions(builder.positions([ROW]))
        return rows, place.reader.centres(rows) if len(rows) else np.empty((0, 2))
    if place.located_by_columns:
        columns = [place.relation.key, "longitude", "latitude"]
        with Asking(place, None).open() as session:
            found = [row for row in session.fetch(builder.positions(columns)) if row[1] is not None]
        keys = np.array([row[0] for row in found], object)
        return keys, np.array([[row[1], row[2]] for row in found], np.float64).reshape(-1, 2)
    if place.relation.chosen_by not in place.relation.types:
        raise CommandUnusable(why=f"{place.words.label}没有位置，不能按距离查。")
    reader = open_layer("building")
    rows = np.arange(reader.count, dtype=np.int32)
    keys = np.array(reader.column("building_key").to_pylist(), object)
    return keys, reader.centres(rows)


def _nearby(order: Order, place: Place, near: Near, keys: NDArray[Any], points: Points) -> NDArray[np.bool_]:
    if near.place is not None:
        spot = spot_of(near.place)
        if place.reader is not None:
            return np.isin(keys, rows_near(place.reader, spot, near.metres))
        return distances_from(points, spot) <= near.metres
    words = current_words().vocabulary.table(near.table)
    other = open_table(words, order.actor)
    if other.reader is None:
        raise CommandUnusable(why=f"{words.label}没有位置，不能按距离查。")
    _check_named({condition.column for condition in near.where}, other)
    _, targets = _candidates(order, Command(near.table, where=near.where), other)
    return close_to(points, targets, near.metres)


def _nearest(command: Command, keys: NDArray[Any], points: Points) -> NDArray[Any]:
    limit = command.rank.limit if command.rank else 1
    target = next((near.place for near in command.near if near.place), None)
    if target is None:
        raise CommandUnusable(why="离哪里最近？请写明地点。")
    order = np.argsort(distances_from(points, spot_of(target)), kind="stable")
    return keys[order[:limit]]


def _rows(order: Order, command: Command, place: Place, chosen: NDArray[Any] | None) -> Answer:
    columns = _shown(command, place)
    codes = [column.code for column in columns]
    head = [ROW] if place.reader is not None else [place.relation.key]
    named = [name for name in ("longitude", "latitude") if name in {column.code for column in place.columns}]
    builder, counter = (Builder(command, place.relation, order.now) for _ in range(2))
    limited = builder.rows([*head, place.relation.key, *codes, *named], limit=order.limit, chosen=chosen is not None)
    with Asking(place, chosen).open() as session:
        found = session.fetch(limited)
        ranked = command.rank is not None and command.rank.limit
        whole = len(found) < order.limit or ranked
        total = len(found) if whole else session.fetch(counter.count(chosen=chosen is not None))[0][0]
    features, box = row_features(place, found, len(codes), bool(named))
    return Answer(
        understood=order.understood,
        columns=tuple(columns),
        rows=tuple(_told(place, codes, row[2 : 2 + len(codes)]) for row in found),
        keys=tuple(str(row[1]) for row in found),
        features=features,
        total=int(total),
        limited=int(total) > len(found),
        box=box,
        sql=limited.sql,
        parameters=limited.parameters,
    )


def _shown(command: Command, place: Place) -> list[AnswerColumn]:
    """The columns of the table: the name, what was asked about, then the first of the others."""
    asked = [condition.column for condition in command.where]
    asked += [command.rank.column] if command.rank else []
    asked += [period.column for period in command.periods]
    first = [place.name or "number", *asked]
    known = {column.code: column for column in place.columns}
    hidden = {place.relation.key, "longitude", "latitude"} | {code for code in known if code.endswith("_key")}
    order = dict.fromkeys([code for code in (*first, *known) if code in known and code not in hidden])
    return [
        AnswerColumn(code, known[code].label, known[code].unit, known[code].type.value in _PLAIN_TYPES)
        for code in list(order)[:_MOST_COLUMNS]
    ]


def _told(place: Place, codes: Sequence[str], cells: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(told(place, code, cell) for code, cell in zip(codes, cells, strict=True))


def _before(order: Order, command: Command) -> Command:
    """The same question about the earlier period, all of its groups."""
    if not any(period.since for period in command.periods):
        raise CommandUnusable(why="同比、环比要写明是哪段时间，例如“本月投诉同比”。")
    return replace(earlier_command(command, order.now.astimezone(CHINA)), rank=None, having=None)


def _groups(order: Order, command: Command, place: Place, chosen: NDArray[Any] | None) -> Answer:
    statement: Statement = Builder(command, place.relation, order.now).groups(
        chosen=chosen is not None, limit=max(order.limit, 20_000)
    )
    with Asking(place, chosen).open() as session:
        found = session.fetch(statement)
    return finish_groups(order, command, place, found, statement)
