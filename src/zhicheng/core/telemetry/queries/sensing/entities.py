"""Entities of the database: lists with pages, linked entities of a page at once, one entity, ids along an address."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import OperationalError, connection, transaction

from zhicheng.core.telemetry.errors import EntityUnknown, QueryTooWide
from zhicheng.core.telemetry.policy.sensorthings.addresses import Id, Step
from zhicheng.core.telemetry.policy.sensorthings.options import Options
from zhicheng.core.telemetry.policy.sensorthings.schema import Entity, Link
from zhicheng.core.telemetry.policy.sensorthings.sql import Scope, Sql, condition
from zhicheng.core.telemetry.queries.sensing.asking import Asker, Found, Row
from zhicheng.core.telemetry.queries.sensing.paging import beyond, keys_of, order_by, plain
from zhicheng.core.telemetry.queries.sensing.spatial import matching_ids

_LONGEST_MS = 8000
_CANCELLED = "57014"


@dataclass(frozen=True)
class Parents:
    """Whose linked entities are asked for."""

    entity: Entity
    link: Link
    ids: Sequence[int]


def scope_of(entity: Entity, asker: Asker, alias: str = "t") -> Scope:
    """The scope of conditions on an entity."""
    return Scope(entity, alias, asker.level, matching_ids, asker.now, count())


def list_entities(
    entity: Entity, options: Options, asker: Asker, *, parents: Parents | None = None
) -> dict[int | None, Found]:
    """A page of a set (under None), or a page of linked entities of each of some parents (under their ids).

    Raises:
        FilterUnreadable, PathUnknown, OptionRefused, QueryTooWide: the options cannot be answered.
    """
    scope = scope_of(entity, asker)
    where = _where(entity, options, scope)
    keys = keys_of(options.order, scope)
    limits = where if not options.token else _and(where, beyond(keys, options.token))
    order = order_by(keys)
    values = ", ".join(f"{key.sql.text} AS k{index}" for index, key in enumerate(keys))
    inner = (
        f"SELECT {_columns(entity)}, {values} FROM {entity.table} t WHERE {{link}} AND {limits.text} "
        f"ORDER BY {order.text} LIMIT {options.top + 1} OFFSET {0 if options.token else options.skip}"
    )
    key_params = tuple(value for key in keys for value in key.sql.params)
    outer = ", ".join(
        f"x.k{index} {'DESC NULLS FIRST' if key.descending else 'ASC NULLS LAST'}" for index, key in enumerate(keys)
    )
    sql = _around(inner, parents, outer)
    params = (*key_params, *limits.params, *order.params, *((list(parents.ids),) if parents else ()))
    pages: dict[int | None, list[Sequence[Any]]] = {}
    for row in run(sql, params):
        pages.setdefault(row[0], []).append(row[1:])
    counts = _counts(entity, where, parents) if options.count else {}
    asked: Sequence[int | None] = parents.ids if parents else [None]
    return {
        parent: _found(entity, pages.get(parent, []), options, counts.get(parent, 0) if options.count else None)
        for parent in asked
    }


def get_entity(entity: Entity, entity_id: Id, asker: Asker) -> Row:
    """One entity.

    Raises:
        EntityUnknown: there is none, or it is not for the asker.
    """
    if isinstance(entity_id, int):
        sql = f"SELECT {_columns(entity)} FROM {entity.table} t WHERE t.id = %s AND {entity.visible.format(t='t')}"
        for row in run(sql, (entity_id, asker.level)) if abs(entity_id) < 2**63 else []:
            return _row(entity, row)
    raise EntityUnknown(name=f"{entity.name}({entity_id})")


def follow(parent: Entity, parent_id: int, step: Step, asker: Asker) -> int:
    """The id of the entity at a step that names one: a link to one, or an id among many.

    Raises:
        EntityUnknown: there is none, or it is not for the asker.
    """
    link = parent.links[step.name]
    joined = link.condition.format(t="t", p="p")
    narrowed = " AND t.id = %s" if step.id is not None else ""
    sql = (
        f"SELECT t.id FROM {parent.table} p JOIN {step.entity.table} t ON {joined} "
        f"WHERE p.id = %s AND {step.entity.visible.format(t='t')}{narrowed} LIMIT 1"
    )
    if isinstance(step.id, str):
        raise EntityUnknown(name=f"{step.name}({step.id})")
    for row in run(sql, (parent_id, asker.level, *(() if step.id is None else (step.id,)))):
        return int(row[0])
    raise EntityUnknown(name=step.name if step.id is None else f"{step.name}({step.id})")


def run(sql: str, params: Sequence[Any]) -> list[Sequence[Any]]:
    """Rows of a statement that may not take long.

    Raises:
        QueryTooWide: it took too long.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {_LONGEST_MS}")
        try:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
        except OperationalError as error:
            if getattr(error.__cause__ or error, "sqlstate", "") != _CANCELLED:
                raise
            raise QueryTooWide(problem="查询超过 8 秒") from error


def _columns(entity: Entity) -> str:
    return ", ".join(f"t.{each.column}" for each in entity.properties.values())


def _where(entity: Entity, options: Options, scope: Scope) -> Sql:
    seen = Sql(entity.visible.format(t="t"), (scope.level,), "bool")
    return seen if options.filter is None else _and(seen, condition(options.filter, scope))


def _and(first: Sql, second: Sql) -> Sql:
    return Sql(f"({first.text}) AND ({second.text})", (*first.params, *second.params), "bool")


def _around(inner: str, parents: Parents | None, outer: str) -> str:
    if parents is None:
        return f"SELECT NULL::bigint, x.* FROM ({inner.replace('{link}', 'true')}) x ORDER BY {outer}"
    joined = parents.link.condition.format(t="t", p="p")
    return (
        f"SELECT p.id, x.* FROM {parents.entity.table} p CROSS JOIN LATERAL ({inner.replace('{link}', joined)}) x "
        f"WHERE p.id = ANY(%s) ORDER BY p.id, {outer}"
    )


def _counts(entity: Entity, where: Sql, parents: Parents | None) -> dict[int | None, int]:
    if parents is None:
        rows = run(f"SELECT NULL::bigint, count(*) FROM {entity.table} t WHERE {where.text}", where.params)
    else:
        joined = parents.link.condition.format(t="t", p="p")
        sql = (
            f"SELECT p.id, (SELECT count(*) FROM {entity.table} t WHERE {joined} AND {where.text}) "
            f"FROM {parents.entity.table} p WHERE p.id = ANY(%s)"
        )
        rows = run(sql, (*where.params, list(parents.ids)))
    return {row[0]: int(row[1]) for row in rows}


def _found(entity: Entity, rows: Sequence[Sequence[Any]], options: Options, counted: int | None) -> Found:
    shown = rows[: options.top]
    width = len(entity.properties)
    more = len(rows) > options.top and bool(shown)
    token = tuple(plain(value) for value in shown[-1][width:]) if more else ()
    return Found([_row(entity, row) for row in shown], token, counted)


def _row(entity: Entity, values: Sequence[Any]) -> Row:
    row = {}
    for each, value in zip(entity.properties.values(), values, strict=False):
        structured = each.kind in {"json", "shape", "area"} and isinstance(value, str)
        row[each.name] = json.loads(value) if structured else value
    return row
