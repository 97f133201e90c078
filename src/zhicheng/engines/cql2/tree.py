"""The filter as a tree: operators over properties and literals. One form for text and JSON, fit to be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shapely.geometry.base import BaseGeometry

from zhicheng.kit.errors import ErrorKind, ZhichengError

MOST_NODES, MOST_DEPTH, MOST_TEXT, MOST_VERTICES = 2000, 60, 60_000, 20_000
MOST_LEVELS = 150
"""How deep a tree may be: each pair of brackets may hold several levels, and each link of a sum is one."""


class FilterInvalid(ZhichengError):
    """The filter cannot be read, or does not fit the layer. `english` says the same to a program's author."""

    code = "cql2.invalid"
    kind = ErrorKind.INVALID
    message = "筛选条件有误：{why}请改正后再试。"

    def __init__(self, why: str, english: str) -> None:
        super().__init__(why=why, english=english)


@dataclass(frozen=True)
class Property:
    """The value of a column."""

    name: str


@dataclass(frozen=True)
class Literal:
    """A text, a number, or a truth value."""

    value: str | int | float | bool


@dataclass(frozen=True)
class Span:
    """A stretch of time, both ends within; None leaves an end open. A day is a span, an instant one without length."""

    start: datetime | None
    end: datetime | None
    is_day: bool = False

    @property
    def is_instant(self) -> bool:
        """Whether it has no length."""
        return self.start is not None and self.start == self.end

    def next_start(self) -> datetime | None:
        """The first instant after a day."""
        return None if self.end is None else self.end + timedelta(microseconds=1)


@dataclass(frozen=True)
class Shape:
    """A geometry in longitude, latitude (degrees, WGS84)."""

    shape: BaseGeometry


@dataclass(frozen=True)
class Operation:
    """An operator or function by its name in CQL2's JSON, lower case, with its operands."""

    op: str
    args: "tuple[Node, ...]"


Node = Property | Literal | Span | Shape | Operation


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    return (found for found, _ in walk_levels(node))


def walk_levels(node: Node) -> Iterator[tuple[Node, int]]:
    """The node and all below it, each with its level; a tree of any depth."""
    waiting = [(node, 1)]
    while waiting:
        found, level = waiting.pop()
        yield found, level
        if isinstance(found, Operation):
            waiting += [(arg, level + 1) for arg in found.args]


def properties_of(node: Node) -> list[str]:
    """The columns that a filter reads, each once, in the order of their names."""
    return sorted({found.name for found in walk(node) if isinstance(found, Property)})


def as_json(node: Node) -> Any:
    """The filter as CQL2 JSON would say it; shapes as WKT. For logs and tests."""
    if isinstance(node, Operation):
        return {"op": node.op, "args": [as_json(arg) for arg in node.args]}
    if isinstance(node, Property):
        return {"property": node.name}
    if isinstance(node, Shape):
        return node.shape.wkt
    if isinstance(node, Span):
        return [end.isoformat() if end else ".." for end in (node.start, node.end)]
    return node.value
