"""The order of a list, and the condition that goes on where the page before ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhicheng.core.telemetry.errors import FilterUnreadable, OptionRefused
from zhicheng.core.telemetry.policy.sensorthings.filters import Order, Path
from zhicheng.core.telemetry.policy.sensorthings.sql import Scope, Sql, order_key

_TYPES = {
    "text": "text",
    "number": "double precision",
    "id": "bigint",
    "time": "timestamptz",
    "bool": "boolean",
    "json": "text",
}


@dataclass(frozen=True)
class Key:
    """One key: its SQL and direction."""

    sql: Sql
    descending: bool

    @property
    def type(self) -> str:
        """The type of the database that its values have."""
        return _TYPES[self.sql.kind]


def keys_of(order: Sequence[Order], scope: Scope) -> list[Key]:
    """The keys of a list; the id is always the last, so that every row has a place of its own.

    Raises:
        FilterUnreadable, PathUnknown: a key is nothing that can be ordered.
    """
    keys = []
    for each in order:
        sql = order_key(each.node, scope)
        if sql.kind not in _TYPES:
            raise FilterUnreadable(at=1, problem="不能按这一项排序")
        if sql.kind == "json":
            sql = Sql(f"({sql.text} #>> '{{}}')", sql.params, "text")
        keys.append(Key(sql, each.descending))
    by_id = any(isinstance(each.node, Path) and each.node.parts in {("id",), ("@iot.id",)} for each in order)
    return keys if by_id else [*keys, Key(Sql(f"{scope.alias}.id", (), "id"), descending=False)]


def beyond(keys: Sequence[Key], token: Sequence[Any]) -> Sql:
    """What comes after the row at which a page ended. Ascending nulls come last, descending ones first.

    Raises:
        OptionRefused: the token belongs to another order.
    """
    if len(token) != len(keys):
        raise OptionRefused(name="$skiptoken", problem="请使用上一页给出的地址")
    condition = Sql("false", (), "bool")
    for key, value in reversed(list(zip(keys, token, strict=True))):
        condition = _step(key, value, condition)
    return condition


def _step(key: Key, value: Any, rest: Sql) -> Sql:
    text, params = key.sql.text, key.sql.params
    if value is None:
        same = f"({text} IS NULL AND ({rest.text}))"
        if not key.descending:
            return Sql(same, (*params, *rest.params), "bool")
        return Sql(f"({text} IS NOT NULL OR {same})", (*params, *params, *rest.params), "bool")
    past = f"{text} {'<' if key.descending else '>'} %s::{key.type}"
    nulls = "" if key.descending or key.sql.kind == "id" else f" OR {text} IS NULL"
    sql = f"({past}{nulls} OR ({text} = %s::{key.type} AND ({rest.text})))"
    extra = params if nulls else ()
    return Sql(sql, (*params, value, *extra, *params, value, *rest.params), "bool")


def order_by(keys: Sequence[Key]) -> Sql:
    """The ORDER BY of a list."""
    text = ", ".join(f"{key.sql.text} {'DESC NULLS FIRST' if key.descending else 'ASC NULLS LAST'}" for key in keys)
    return Sql(text, tuple(value for key in keys for value in key.sql.params), "order")


def plain(value: Any) -> Any:
    """A key's value as a token keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value
