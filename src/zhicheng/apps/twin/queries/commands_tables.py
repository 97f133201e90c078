"""Where the rows of a command are: a mapped layer, or a table of the lake; and who may see them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhicheng.apps.twin.errors.commands import CommandDataMissing, CommandRefused, CommandUnusable
from zhicheng.apps.twin.gate.commands_duck import LIMIT_S, ArrowTables, with_rows
from zhicheng.apps.twin.policy.commands_sql import CHOSEN, Relation, Statement
from zhicheng.core.lake.errors import EntityUndeclared
from zhicheng.core.lake.public import LakeConnection, connect, get_entity, has_table
from zhicheng.core.lake.values import Column
from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.core.places.public import LayerEmpty, LayerReader, LayerUnknown, get_layer, open_layer
from zhicheng.core.places.values import Layer
from zhicheng.engines.commands.vocabulary import WordTable

LEVELS = ("district", "street", "community", "grid")
_PREFIX = {"district": 6, "street": 9, "community": 12}
_SEES = {
    "case": ("cases.read_subtree", "cases.supervise", "cases.triage", "cases.handle", "cockpit.view"),
    "licence": ("licences.read", "cockpit.view"),
    "payment": ("benefits.run", "benefits.approve", "benefits.pay", "cockpit.view"),
}
_OTHERS_SEE = ("cockpit.view", "cases.read_subtree")


@dataclass(frozen=True)
class Place:
    """A table that can be asked: `reader` is set where its rows have shapes. `source` is shown beside answers."""

    words: WordTable
    relation: Relation
    columns: tuple[Column, ...]
    reader: LayerReader | None
    source: str
    name: str = ""

    @property
    def located_by_columns(self) -> bool:
        """Whether rows carry their position as numbers."""
        return self.reader is None and {"longitude", "latitude"} <= {column.code for column in self.columns}


def open_table(words: WordTable, actor: Actor) -> Place:
    """The table of a command, for who may see it.

    Raises:
        CommandRefused: the actor may not.
        CommandDataMissing: it holds nothing.
        CommandUnusable: the city has no such table.
    """
    try:
        layer = get_layer(words.code)
    except LayerUnknown:
        return _lake_table(words, actor)
    if not _may_see(layer, actor):
        raise CommandRefused(what=f"查看“{words.label}”")
    try:
        reader = open_layer(words.code)
    except LayerEmpty:
        raise CommandDataMissing(what=words.label) from None
    types = {column.code: column.type.value for column in layer.shown}
    if layer.has_shapes:
        levels = {level: level for level in words.levels if level in types}
        road = words.road if words.road in types else ""
        relation = Relation(layer.code, layer.key, types, levels, road=road, at=words.usual_time)
        return Place(words, relation, layer.shown, reader, layer.source, layer.name)
    prefixed = {level: length for level, length in _PREFIX.items() if level in words.levels and level not in types}
    held = {level: level for level in words.levels if level in types}
    relation = Relation(layer.table.code, layer.key, types, {**prefixed, **held}, "building_key", words.road)
    return Place(words, relation, layer.shown, None, layer.source, layer.name)


def _may_see(layer: Layer, actor: Actor) -> bool:
    if layer.access == "public" or actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.ANONYMOUS:
        return False
    return layer.access == "signed" or layer.access in actor.permissions


def _lake_table(words: WordTable, actor: Actor) -> Place:
    needed = _SEES.get(words.code, _OTHERS_SEE)
    if actor.kind is not ActorKind.SYSTEM and not actor.permissions & set(needed):
        raise CommandRefused(what=f"查看“{words.label}”")
    if not has_table(words.code):
        raise CommandDataMissing(what=words.label)
    try:
        table = get_entity(words.code)
    except EntityUndeclared:
        raise CommandUnusable(why=f"没有“{words.label}”这张表。") from None
    columns = tuple(column for column in table.columns if not column.personal)
    types = {column.code: column.type.value for column in columns}
    levels = {level: level for level in LEVELS if level in types}
    relation = Relation(table.code, table.key, types, levels, table.key, at=words.usual_time)
    return Place(words, relation, columns, None, table.source)


def whole_table(reader: LayerReader) -> pa.Table:
    """All attributes of a layer, mapped."""
    return pa.table({code: reader.column(code) for code in reader.columns})


class Asking:
    """One open connection to a table."""

    def __init__(self, place: Place, chosen: NDArray[Any] | None) -> None:
        self._place, self._chosen = place, chosen

    @contextmanager
    def open(self) -> Iterator["Session"]:
        """Ask, several statements if need be."""
        reader = self._place.reader
        if reader is not None:
            known = with_rows(self._place.words.code, reader.version.version, lambda: whole_table(reader))
            tables = ArrowTables(self._place.relation.name, known, self._chosen)
            try:
                yield Session(tables, None)
            finally:
                tables.close()
            return
        with connect([self._place.relation.name]) as lake:
            yield Session(None, lake, self._chosen)


class Session:
    """Runs statements, whichever way the table is kept."""

    def __init__(
        self, tables: ArrowTables | None, lake: LakeConnection | None, chosen: NDArray[Any] | None = None
    ) -> None:
        self._tables, self._lake, self._chosen = tables, lake, chosen

    def positions(self, statement: Statement) -> NDArray[np.int32]:
        """The positions that a statement selects, ascending."""
        if self._tables is not None:
            return np.sort(self._tables.column(statement).astype(np.int32))
        return np.sort(np.array([row[0] for row in self.fetch(statement)], np.int32))

    def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The answer as rows.

        Raises:
            QueryTooSlow: it took longer than it may.
        """
        if self._tables is not None:
            return self._tables.fetch(statement)
        if self._lake is None:
            return []
        sql, parameters = statement.sql, dict(statement.parameters)
        if self._chosen is not None:
            sql = f'WITH "{CHOSEN}" AS (SELECT unnest($chosen) AS "chosen") {sql}'
            parameters["chosen"] = self._chosen.tolist()
        return self._lake.rows(sql, parameters, limit_s=LIMIT_S)
