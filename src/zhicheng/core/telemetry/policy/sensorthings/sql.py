"""Filters and orders as SQL: names come from the schema, everything that was typed is a parameter.

A path through links becomes `EXISTS`: "some linked entity for which this holds". What is said together (`and`) about
one link is said about one and the same linked entity.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from zhicheng.core.telemetry.errors import FilterUnreadable
from zhicheng.core.telemetry.policy.sensorthings.filters import (
    COMPARISONS,
    FUNCTIONS,
    Binary,
    Call,
    Literal,
    Node,
    Path,
    Unary,
    children_of,
    conjuncts,
    paths_in,
)
from zhicheng.core.telemetry.policy.sensorthings.schema import SETS, Entity, Link

_OPERATORS = {"eq": "=", "ne": "IS DISTINCT FROM", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%%"}
_TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne"}
_SHORTCUTS: dict[tuple[str, tuple[str, ...]], str] = {
    ("Things", ("properties", "deviceKey")): "key",
    ("Things", ("properties", "model")): "model",
}
_PARTS = {"year": "YEAR", "month": "MONTH", "day": "DAY", "hour": "HOUR", "minute": "MINUTE", "second": "SECOND"}
GEO = frozenset(name for name in FUNCTIONS if name.startswith(("st_", "geo.")))


@dataclass(frozen=True)
class Sql:
    """An expression with its parameters, and what it gives: text, number, bool, time, json, id, shape or null."""

    text: str
    params: tuple[Any, ...]
    kind: str


@dataclass(frozen=True)
class Scope:
    """The entity a filter is about, under which alias. `shapes` answers a condition on shapes by ids."""

    entity: Entity
    alias: str
    level: int
    shapes: Callable[[Entity, Node], Sequence[int] | None]
    now: datetime
    aliases: "count[int]"

    def inside(self, target: Entity) -> "Scope":
        """The scope of a linked entity."""
        return Scope(target, f"n{next(self.aliases)}", self.level, self.shapes, self.now, self.aliases)


def condition(node: Node, scope: Scope) -> Sql:
    """A filter as a condition.

    Raises:
        FilterUnreadable, PathUnknown: it asks for what there is not.
    """
    if isinstance(node, Unary) and node.operator == "not":
        inner = condition(node.operand, scope)
        return Sql(f"NOT coalesce({inner.text}, false)", inner.params, "bool")
    if isinstance(node, Binary) and node.operator == "or":
        return _join("OR", [condition(node.left, scope), condition(node.right, scope)])
    if isinstance(node, Binary) and node.operator == "and":
        return _together(conjuncts(node), scope)
    return _one(node, scope)


def order_key(node: Node, scope: Scope) -> Sql:
    """What a list is ordered by: properties of the entity, or of one it is linked to once."""
    return expression(node, scope)


def _join(word: str, parts: Sequence[Sql]) -> Sql:
    text = f" {word} ".join(f"({part.text})" for part in parts)
    return Sql(text, tuple(value for part in parts for value in part.params), "bool")


def _link_of(node: Node, entity: Entity) -> str:
    """The link that every path of a condition goes through, where there is one."""
    paths = list(paths_in(node))
    firsts = {path.parts[0] if len(path.parts) > 1 else "" for path in paths}
    [first] = firsts if len(firsts) == 1 else [""]
    return first if first in entity.links else ""


def _together(nodes: Sequence[Node], scope: Scope) -> Sql:
    grouped: dict[str, list[Node]] = {}
    parts = []
    for node in nodes:
        if link := _link_of(node, scope.entity):
            grouped.setdefault(link, []).append(node)
        else:
            parts.append(condition(node, scope))
    parts += [_exists(link, group, scope) for link, group in grouped.items()]
    return _join("AND", parts)


def _exists(name: str, nodes: Sequence[Node], scope: Scope) -> Sql:
    link = scope.entity.links[name]
    target = SETS[link.target]
    if not target.table:
        raise FilterUnreadable(at=1, problem="不能按观测值筛选其他实体，请查询 Observations")
    deeper = scope.inside(target)
    stripped = [strip(node) for node in nodes]
    inner = _together(stripped, deeper) if len(stripped) > 1 else condition(stripped[0], deeper)
    tables, joined = _joining(link, target, scope.alias, deeper.alias)
    seen = target.visible.format(t=deeper.alias)
    text = f"EXISTS (SELECT 1 FROM {tables} WHERE {joined} AND {seen} AND ({inner.text}))"
    return Sql(text, (scope.level, *inner.params), "bool")


def _joining(link: Link, target: Entity, parent: str, alias: str) -> tuple[str, str]:
    """Tables and condition of a link; pairs are joined, because no planner turns `IN` inside `EXISTS` around."""
    if link.through is None:
        return f"{target.table} {alias}", link.condition.format(t=alias, p=parent)
    table, have, want = link.through
    pair = f"{alias}j"
    return f"{table} {pair}, {target.table} {alias}", f"{pair}.{have} = {parent}.id AND {alias}.id = {pair}.{want}"


def strip(node: Node) -> Node:
    """A condition on a linked entity, said of that entity."""
    if isinstance(node, Path):
        return Path(node.parts[1:])
    if isinstance(node, Call):
        return Call(node.name, tuple(strip(each) for each in node.arguments))
    if isinstance(node, Binary):
        return Binary(node.operator, strip(node.left), strip(node.right))
    return Unary(node.operator, strip(node.operand)) if isinstance(node, Unary) else node


def _one(node: Node, scope: Scope) -> Sql:
    if link := _link_of(node, scope.entity):
        return _exists(link, [node], scope)
    if _is_spatial(node):
        return _spatial(node, scope)
    if isinstance(node, Binary) and node.operator in COMPARISONS:
        return _comparison(node, scope)
    found = expression(node, scope)
    if found.kind == "json":
        return _cast(found, "bool")
    if found.kind != "bool":
        raise FilterUnreadable(at=1, problem="条件的结果应是真或假")
    return found


def _is_spatial(node: Node) -> bool:
    return (isinstance(node, Call) and node.name in GEO) or any(_is_spatial(child) for child in children_of(node))


def _spatial(node: Node, scope: Scope) -> Sql:
    ids = scope.shapes(scope.entity, node)
    if ids is None:
        raise FilterUnreadable(at=1, problem="这里没有可以比较的图形")
    return Sql(f"{scope.alias}.id = ANY(%s)", (list(ids),), "bool")


def _comparison(node: Binary, scope: Scope) -> Sql:
    left, right, operator = expression(node.left, scope), expression(node.right, scope), node.operator
    if left.kind == "null" and right.kind != "null":
        left, right, operator = right, left, _TURNED[operator]
    if right.kind == "null":
        return _null_check(left, operator)
    left, right = _matched(left, right)
    text = f"{left.text} {_OPERATORS[operator]} {right.text}"
    return Sql(text, (*left.params, *right.params), "bool")


def _null_check(left: Sql, operator: str) -> Sql:
    if operator not in {"eq", "ne"}:
        raise FilterUnreadable(at=1, problem="null 只能用 eq 或 ne 比较")
    plain = _cast(left, "text") if left.kind == "json" else left
    return Sql(f"{plain.text} IS {'NOT ' if operator == 'ne' else ''}NULL", plain.params, "bool")


def _matched(left: Sql, right: Sql) -> tuple[Sql, Sql]:
    """Both sides in one kind: what lies in JSON becomes what it is held against."""
    if left.kind == "json" and right.kind == "json":
        return _cast(left, "text"), _cast(right, "text")
    if left.kind == "json":
        left = _cast(left, right.kind)
    if right.kind == "json":
        right = _cast(right, left.kind)
    kinds = {"number" if side.kind == "id" else side.kind for side in (left, right)}
    if len(kinds) > 1:
        raise FilterUnreadable(at=1, problem="比较的两边不是同一类值")
    return left, right


def _cast(side: Sql, kind: str) -> Sql:
    """A value inside JSON as a kind; of another kind it is null. `side.text` is the JSON itself."""
    wanted = {"number": "number", "id": "number", "bool": "boolean"}.get(kind)
    if wanted:
        sql = "double precision" if wanted == "number" else "boolean"
        text = f"(CASE WHEN jsonb_typeof({side.text}) = '{wanted}' THEN ({side.text} #>> '{{}}')::{sql} END)"
        return Sql(text, side.params * 2, "number" if wanted == "number" else "bool")
    if kind == "time":
        text = (
            f"(CASE WHEN ({side.text} #>> '{{}}') ~ '^\\d{{4}}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d' "
            f"THEN ({side.text} #>> '{{}}')::timestamptz END)"
        )
        return Sql(text, side.params * 2, "time")
    return Sql(f"({side.text} #>> '{{}}')", side.params, "text")


def expression(node: Node, scope: Scope) -> Sql:
    """Any expression.

    Raises:
        FilterUnreadable, PathUnknown: it asks for what there is not.
    """
    if isinstance(node, Literal):
        return _literal(node)
    if isinstance(node, Path):
        return _path(node.parts, scope)
    if isinstance(node, Unary):
        if node.operator == "not":
            return condition(node, scope)
        inner = _as(expression(node.operand, scope), "number")
        return Sql(f"(- {inner.text})", inner.params, "number")
    if isinstance(node, Binary):
        if node.operator in _ARITHMETIC:
            return _arithmetic(node, scope)
        found = condition(node, scope)
        return Sql(f"({found.text})", found.params, "bool")
    return _call(node, scope)


def _literal(node: Literal) -> Sql:
    if node.kind == "null":
        return Sql("NULL", (), "null")
    types = {"number": "double precision", "text": "text", "bool": "boolean", "time": "timestamptz"}
    if node.kind not in types:
        raise FilterUnreadable(at=1, problem="时段和图形不能这样比较")
    value = float(node.value) if node.kind == "number" else node.value
    return Sql(f"%s::{types[node.kind]}", (value,), node.kind)


def _path(parts: tuple[str, ...], scope: Scope) -> Sql:
    first = parts[0]
    if first in scope.entity.links and len(parts) > 1:
        return _through(first, parts[1:], scope)
    if (scope.entity.name, parts) in _SHORTCUTS:
        return Sql(f"{scope.alias}.{_SHORTCUTS[scope.entity.name, parts]}", (), "text")
    found = scope.entity.property_of(first)
    column = f"{scope.alias}.{found.column}"
    if len(parts) == 1:
        return Sql(column, (), "json" if found.kind in {"shape", "area"} else found.kind)
    if found.kind not in {"json", "shape", "area"}:
        raise FilterUnreadable(at=1, problem=f"{first} 里面没有 {'/'.join(parts[1:])}")
    return Sql(f"({column} #> %s::text[])", (list(parts[1:]),), "json")


def _through(name: str, rest: tuple[str, ...], scope: Scope) -> Sql:
    """A property of the one entity that is linked, beside others in one expression."""
    link = scope.entity.links[name]
    target = SETS[link.target]
    if link.many or not target.table:
        raise FilterUnreadable(at=1, problem=f"{name} 有多个，不能放在同一个表达式里比较")
    deeper = scope.inside(target)
    inner = _path(rest, deeper)
    joined = link.condition.format(t=deeper.alias, p=scope.alias)
    seen = target.visible.format(t=deeper.alias)
    text = f"(SELECT {inner.text} FROM {target.table} {deeper.alias} WHERE {joined} AND {seen})"
    return Sql(text, (*inner.params, scope.level), inner.kind)


def _as(found: Sql, kind: str) -> Sql:
    if found.kind == "json":
        return _cast(found, kind)
    if found.kind == kind or (kind == "number" and found.kind == "id"):
        return found
    raise FilterUnreadable(at=1, problem="函数或运算用在了不合适的值上")


def _arithmetic(node: Binary, scope: Scope) -> Sql:
    left = _as(expression(node.left, scope), "number")
    right = _as(expression(node.right, scope), "number")
    if node.operator == "mod":
        text = f"mod(({left.text})::numeric, nullif(({right.text})::numeric, 0))::double precision"
    else:
        divisor = f"nullif({right.text}, 0)" if node.operator == "div" else right.text
        text = f"({left.text} {_ARITHMETIC[node.operator]} {divisor})"
    return Sql(text, (*left.params, *right.params), "number")


# name → SQL over its arguments, their kinds
_CALLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "substringof": ("(position({0} in {1}) > 0)", ("text", "text")),
    "contains": ("(position({1} in {0}) > 0)", ("text", "text")),
    "startswith": ("starts_with({0}, {1})", ("text", "text")),
    "endswith": ("(right({0}, length({1})) = {1})", ("text", "text")),
    "tolower": ("lower({0})", ("text",)),
    "toupper": ("upper({0})", ("text",)),
    "trim": ("btrim({0})", ("text",)),
    "length": ("length({0})::double precision", ("text",)),
    "indexof": ("(position({1} in {0}) - 1)::double precision", ("text", "text")),
    "substring": ("substr({0}, ({1})::int + 1)", ("text", "number")),
    "concat": ("({0} || {1})", ("text", "text")),
    "round": ("round(({0})::numeric)::double precision", ("number",)),
    "floor": ("floor({0})", ("number",)),
    "ceiling": ("ceil({0})", ("number",)),
    "date": ("date_trunc('day', {0}, 'UTC')", ("time",)),
    "time": ("to_char(({0}) AT TIME ZONE 'UTC', 'HH24:MI:SS')", ("time",)),
    "totaloffsetminutes": ("(0 * extract(epoch from {0}))::double precision", ("time",)),
    "fractionalseconds": (
        "(extract(second from {0}) - floor(extract(second from {0})))::double precision",
        ("time",),
    ),
}
_LONG_SUBSTRING = ("substr({0}, ({1})::int + 1, greatest(0, ({2})::int))", ("text", "number", "number"))


def _call(node: Call, scope: Scope) -> Sql:
    gives = FUNCTIONS[node.name][1]
    if node.name in _PARTS:
        inner = _as(expression(node.arguments[0], scope), "time")
        whole = "floor" if node.name == "second" else ""
        text = f"{whole}(extract({_PARTS[node.name]} from ({inner.text}) AT TIME ZONE 'UTC'))::double precision"
        return Sql(text, inner.params, gives)
    if not node.arguments:
        return Sql("%s::timestamptz", (_instant(node.name, scope.now),), "time")
    if node.name not in _CALLS:
        raise FilterUnreadable(at=1, problem=f"函数 {node.name} 不能用在这里")
    template, kinds = _LONG_SUBSTRING if len(node.arguments) > 2 else _CALLS[node.name]
    found = [_as(expression(each, scope), kind) for each, kind in zip(node.arguments, kinds, strict=True)]
    return Sql(template.format(*(each.text for each in found)), _params(template, found), gives)


def _params(template: str, found: Sequence[Sql]) -> tuple[Any, ...]:
    """The parameters in the order in which the template shows its arguments."""
    places = sorted(
        (at, index)
        for index in range(len(found))
        for at in range(len(template))
        if template.startswith(f"{{{index}}}", at)
    )
    return tuple(value for _, index in places for value in found[index].params)


def _instant(name: str, now: datetime) -> datetime:
    far = {"mindatetime": datetime(1, 1, 1, tzinfo=UTC), "maxdatetime": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)}
    return far.get(name, now)
