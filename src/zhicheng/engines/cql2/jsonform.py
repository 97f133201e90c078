"""CQL2 JSON to a tree."""

import json
from typing import Any

from zhicheng.engines.cql2.literals import shape_from_box, shape_from_geojson, span_between, span_of
from zhicheng.engines.cql2.tree import MOST_DEPTH, MOST_TEXT, FilterInvalid, Literal, Node, Operation, Property

_TIMES = frozenset({"date", "timestamp", "interval"})


def parse_json(source: str) -> Node:
    """The tree of a filter in CQL2 JSON.

    Raises:
        FilterInvalid: it is no CQL2, or too deep.

    >>> parse_json('{"op": "isNull", "args": [{"property": "name"}]}').op
    'isnull'
    """
    if len(source) > MOST_TEXT:
        raise FilterInvalid("条件太长。", f"a filter may have {MOST_TEXT} characters at most")
    try:
        value = json.loads(source, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise FilterInvalid("不是能读懂的 JSON。", "the filter is not JSON") from None
    return _node(value, 0)


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _node(value: Any, depth: int) -> Node:
    if depth > MOST_DEPTH:
        raise FilterInvalid("嵌套得太深。", f"a filter may nest {MOST_DEPTH} deep at most")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise FilterInvalid("有一个数字太大。", "a whole number does not fit into 64 bits")
    if isinstance(value, bool | int | float | str):
        return Literal(value)
    if isinstance(value, dict):
        return _object(value, depth)
    raise FilterInvalid("有一处既不是值，也不是条件。", f"neither a value nor an expression: {json.dumps(value)[:60]}")


def _object(value: dict[str, Any], depth: int) -> Node:
    if "op" in value:
        return _operation(value, depth)
    if isinstance(value.get("property"), str):
        return Property(value["property"])
    if not _TIMES.isdisjoint(value):
        return _time(value)
    if isinstance(value.get("bbox"), list):
        return shape_from_box(value["bbox"])
    if "coordinates" in value or "geometries" in value:
        return shape_from_geojson(value)
    raise FilterInvalid("有一个对象读不懂。", f"cannot read an object with the members {sorted(value)[:8]}")


def _time(value: dict[str, Any]) -> Node:
    if isinstance(value.get("date"), str):
        return span_of(value["date"], only_day=True)
    if isinstance(value.get("timestamp"), str):
        return span_of(value["timestamp"])
    ends = value.get("interval")
    if isinstance(ends, list) and len(ends) == 2 and all(isinstance(end, str) for end in ends):
        return span_between(ends[0], ends[1])
    raise FilterInvalid("时间应是文字，时间段应是两个时间。", "a date is a text, an interval has two texts")


def _operation(value: dict[str, Any], depth: int) -> Node:
    op, args = value["op"], value.get("args")
    if not isinstance(op, str) or not isinstance(args, list):
        raise FilterInvalid("条件应有 op 和 args。", "an expression has a text op and a list args")
    name = op.lower()
    if name == "in" and len(args) == 2 and isinstance(args[1], list):
        args = [args[0], *args[1]]
    return Operation(name, tuple(_node(arg, depth + 1) for arg in args))
