"""The checked tree of an expression. Numbers are integers scaled by a power of ten known at load (docs/adr/0039).

A node carries its type: kind, decimal places and bounds. Nodes are immutable and compare by content, so that equal
parts of different rules are one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

FACT_LIMIT = 10**15
DECIMAL_PLACES = 4
DECIMAL_LIMIT = 10**9
RESULT_LIMIT = 10**18 - 1
INNER_LIMIT = 10**37
MAX_PLACES = 12
QUOTIENT_PLACES = 6
FIRST_DATE, LAST_DATE = date(1800, 1, 1), date(2299, 12, 31)


class Kind(Enum):
    """What a value is; the value is its Chinese name."""

    BOOLEAN = "是否"
    NUMBER = "数"
    TEXT = "文字"
    DATE = "日期"
    NULL = "空值"


@dataclass(frozen=True, slots=True)
class Type:
    """Kind of a value; for numbers decimal places and the least and greatest scaled value."""

    kind: Kind
    places: int = 0
    low: int = 0
    high: int = 0

    @property
    def reach(self) -> int:
        """The greatest absolute scaled value."""
        return max(-self.low, self.high, 0)


BOOLEAN, TEXT, DATE, NULL = Type(Kind.BOOLEAN), Type(Kind.TEXT), Type(Kind.DATE), Type(Kind.NULL)


@dataclass(frozen=True, slots=True)
class Node:
    """Anything with a value."""

    type: Type


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A literal; numbers scaled; None for NULL."""

    value: bool | int | str | date | None


@dataclass(frozen=True, slots=True)
class Fact(Node):
    """A column of the entity."""

    code: str


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """The result of another rule."""

    rule: str


@dataclass(frozen=True, slots=True)
class Param(Node):
    """A dated parameter."""

    code: str


@dataclass(frozen=True, slots=True)
class AsOf(Node):
    """The day for which is decided."""


@dataclass(frozen=True, slots=True)
class Rescale(Node):
    """The same number with more decimal places: times `factor`."""

    child: Node
    factor: int


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+`, `-` or `*` of two numbers; both have the same places for `+` and `-`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """left × up ÷ (right × down), rounded half away from zero to six places; fails where right is zero."""

    left: Node
    right: Node
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Sign(Node):
    """`neg` or `abs` of a number."""

    op: str
    child: Node


@dataclass(frozen=True, slots=True)
class Rounded(Node):
    """`round` (half away from zero), `floor` or `ceil` to a multiple of `step`, in units of the new places."""

    op: str
    child: Node
    step: int


@dataclass(frozen=True, slots=True)
class Elapsed(Node):
    """Completed years, months or days from one date to another; negative where the second is earlier."""

    unit: str
    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class Shifted(Node):
    """A date plus months (clamped to the month's last day) or days."""

    child: Node
    months: int
    days: int


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`=`, `<>`, `<`, `<=`, `>`, `>=`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """child >= low AND child <= high."""

    child: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Member(Node):
    """IN a list."""

    child: Node
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unknown(Node):
    """IS NULL."""

    child: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """AND or OR; every operand is evaluated, so a failure anywhere is a failure."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """NOT."""

    child: Node


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """CASE: the value of the first branch whose condition is true; only what is reached is evaluated."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class FirstKnown(Node):
    """COALESCE: only what is reached is evaluated."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Extreme(Node):
    """GREATEST or LEAST; unknown where any part is unknown."""

    op: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of a table: its condition, its result, its line in the file."""

    condition: Node
    result: Node
    line: int


@dataclass(frozen=True, slots=True)
class Table(Node):
    """A decision table. `inputs`: those that some row tests; `disjoint`: proved that no two rows match together."""

    policy: str
    inputs: tuple[Node, ...]
    hits: tuple[Hit, ...]
    otherwise: Node | None
    disjoint: bool


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, in the order in which they are evaluated."""
    parts = _PARTS.get(type(node))
    return parts(node) if parts else ()


def _table_parts(node: Any) -> tuple[Node, ...]:
    rows = tuple(part for hit in node.hits for part in (hit.condition, hit.result))
    return rows if node.otherwise is None else (*rows, node.otherwise)


def _choice_parts(node: Any) -> tuple[Node, ...]:
    return (*(part for branch in node.branches for part in branch), node.otherwise)


_PARTS: dict[type[Node], Callable[[Any], tuple[Node, ...]]] = {
    **dict.fromkeys((Arithmetic, Quotient, Compare), lambda node: (node.left, node.right)),
    **dict.fromkeys((Rescale, Sign, Rounded, Shifted, Unknown, Negation), lambda node: (node.child,)),
    **dict.fromkeys((Logic, FirstKnown, Extreme), lambda node: node.parts),
    Elapsed: lambda node: (node.start, node.end),
    Between: lambda node: (node.child, node.low, node.high),
    Member: lambda node: (node.child, *node.options),
    Choice: _choice_parts,
    Table: _table_parts,
}


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def rescale(node: Node, places: int) -> Node:
    """The same number with at least these places."""
    factor = 10 ** (places - node.type.places)
    if factor == 1:
        return node
    grown = Type(Kind.NUMBER, places, node.type.low * factor, node.type.high * factor)
    if isinstance(node, Const) and isinstance(node.value, int):
        return Const(grown, node.value * factor)
    return Rescale(grown, node, factor)
