"""A filter as a tree: the grammar of $filter and $orderby (OGC 18-088, 9.3.3.5; OData 4.01 URL conventions 5.1.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import shapely

from zhicheng.core.telemetry.errors import FilterUnreadable
from zhicheng.core.telemetry.policy.sensorthings.lexing import Token, instant_of, interval_of, tokens_of

COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_SUMS, _PRODUCTS = frozenset({"add", "sub"}), frozenset({"mul", "div", "mod"})
_DEEPEST = 60
# name → how many arguments it takes, what it gives
FUNCTIONS = {
    **dict.fromkeys(("substringof", "contains", "endswith", "startswith"), ((2, 2), "bool")),
    **dict.fromkeys(("tolower", "toupper", "trim"), ((1, 1), "text")),
    "length": ((1, 1), "number"),
    "indexof": ((2, 2), "number"),
    "substring": ((2, 3), "text"),
    "concat": ((2, 2), "text"),
    **dict.fromkeys(
        ("year", "month", "day", "hour", "minute", "second", "fractionalseconds", "totaloffsetminutes"),
        ((1, 1), "number"),
    ),
    "date": ((1, 1), "time"),
    "time": ((1, 1), "text"),
    **dict.fromkeys(("now", "mindatetime", "maxdatetime"), ((0, 0), "time")),
    **dict.fromkeys(("round", "floor", "ceiling"), ((1, 1), "number")),
    "geo.distance": ((2, 2), "number"),
    "geo.length": ((1, 1), "number"),
    "geo.intersects": ((2, 2), "bool"),
    **dict.fromkeys(
        (
            "st_equals",
            "st_disjoint",
            "st_touches",
            "st_within",
            "st_overlaps",
            "st_crosses",
            "st_intersects",
            "st_contains",
        ),
        ((2, 2), "bool"),
    ),
    "st_relate": ((3, 3), "bool"),
}


@dataclass(frozen=True)
class Literal:
    """A value; `kind` is text, number, bool, null, time, interval or shape."""

    value: Any
    kind: str


@dataclass(frozen=True)
class Path:
    """A property, maybe of a linked entity: ("Datastream", "Thing", "name")."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Binary:
    """Two operands; `operator` is and, or, a comparison or arithmetic."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Unary:
    """`not` or `-`."""

    operator: str
    operand: "Node"


Node = Literal | Path | Call | Binary | Unary


@dataclass(frozen=True)
class Order:
    """One key of $orderby."""

    node: Node
    descending: bool


def parse_filter(text: str) -> Node:
    """The tree of a filter.

    Raises:
        FilterUnreadable: it cannot be read; the sentence says where.

    >>> parse_filter("result gt 3 and not (result lt 1)").operator
    'and'
    """
    reader = _Reader(tuple(tokens_of(text)))
    node = reader.disjunction(0)
    reader.end()
    return node


def parse_order(text: str) -> tuple[Order, ...]:
    """The keys of $orderby.

    Raises:
        FilterUnreadable: it cannot be read.
    """
    reader = _Reader(tuple(tokens_of(text)))
    keys = [reader.order()]
    while reader.takes("mark", ","):
        keys.append(reader.order())
    reader.end()
    return tuple(keys)


def paths_in(node: Node) -> Iterator[Path]:
    """Every path of a tree."""
    if isinstance(node, Path):
        yield node
    for child in children_of(node):
        yield from paths_in(child)


def children_of(node: Node) -> Sequence[Node]:
    """The nodes directly below."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Binary):
        return (node.left, node.right)
    return (node.operand,) if isinstance(node, Unary) else ()


def conjuncts(node: Node | None) -> list[Node]:
    """What must hold together."""
    if node is None:
        return []
    if isinstance(node, Binary) and node.operator == "and":
        return [*conjuncts(node.left), *conjuncts(node.right)]
    return [node]


def all_of(nodes: Sequence[Node]) -> Node | None:
    """The conjunction; None where there is nothing."""
    joined: Node | None = None
    for node in nodes:
        joined = node if joined is None else Binary("and", joined, node)
    return joined


class _Reader:
    """Recursive descent, one token ahead."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def end(self) -> None:
        """Nothing may be left."""
        if self._next < len(self._tokens):
            self._fail(f"不该有“{self._tokens[self._next].text}”")

    def takes(self, kind: str, *texts: str) -> Token | None:
        """The next token where it is one of these, taken."""
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token.kind == kind and (not texts or token.text in texts):
                self._next += 1
                return token
        return None

    def order(self) -> Order:
        node = self._sum(0)
        way = self.takes("name", "asc", "desc", "ASC", "DESC")
        return Order(node, way is not None and way.text.lower() == "desc")

    def disjunction(self, depth: int) -> Node:
        node = self._conjunction(depth)
        while self.takes("name", "or"):
            node = Binary("or", node, self._conjunction(depth))
        return node

    def _conjunction(self, depth: int) -> Node:
        node = self._negation(depth)
        while self.takes("name", "and"):
            node = Binary("and", node, self._negation(depth))
        return node

    def _negation(self, depth: int) -> Node:
        self._check(depth)
        if self.takes("name", "not"):
            return Unary("not", self._negation(depth + 1))
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        node = self._sum(depth)
        found = self.takes("name", *COMPARISONS)
        return Binary(found.text, node, self._sum(depth)) if found else node

    def _sum(self, depth: int) -> Node:
        node = self._product(depth)
        while found := self.takes("name", *_SUMS):
            node = Binary(found.text, node, self._product(depth))
        return node

    def _product(self, depth: int) -> Node:
        node = self._operand(depth)
        while found := self.takes("name", *_PRODUCTS):
            node = Binary(found.text, node, self._operand(depth))
        return node

    def _operand(self, depth: int) -> Node:
        self._check(depth)
        if self.takes("mark", "-"):
            return Unary("-", self._operand(depth + 1))
        if self.takes("mark", "("):
            node = self.disjunction(depth + 1)
            self._close()
            return node
        if name := self.takes("name"):
            return self._named(name, depth)
        return self._literal()

    def _named(self, token: Token, depth: int) -> Node:
        if token.text in _WORDS:
            return _WORDS[token.text]
        if not self.takes("mark", "("):
            return Path(tuple(token.text.split("/")))
        if token.text not in FUNCTIONS:
            self._fail(f"没有函数 {token.text}")
        arguments = self._arguments(depth + 1)
        least, most = FUNCTIONS[token.text][0]
        if not least <= len(arguments) <= most:
            self._fail(f"函数 {token.text} 的参数个数不对")
        return Call(token.text, tuple(arguments))

    def _arguments(self, depth: int) -> list[Node]:
        if self.takes("mark", ")"):
            return []
        found = [self.disjunction(depth)]
        while self.takes("mark", ","):
            found.append(self.disjunction(depth))
        self._close()
        return found

    def _literal(self) -> Node:
        if self._next >= len(self._tokens):
            self._fail("后面还缺内容")
        token = self._tokens[self._next]
        self._next += 1
        if token.kind not in _READERS:
            self._next -= 1
            self._fail(f"不该有“{token.text}”")
        try:
            return _READERS[token.kind](token.text)
        except (ValueError, shapely.errors.GEOSException):
            self._next -= 1
            self._fail(f"“{token.text[:40]}”写得不对")

    def _close(self) -> None:
        if not self.takes("mark", ")"):
            self._fail("缺少右括号")

    def _check(self, depth: int) -> None:
        if depth > _DEEPEST:
            self._fail("嵌套太深")

    def _fail(self, problem: str) -> NoReturn:
        at = self._tokens[self._next].at + 1 if self._next < len(self._tokens) else 0
        raise FilterUnreadable(at=at, problem=problem)


def _interval(text: str) -> Literal:
    begin, end = interval_of(text)
    pair: tuple[datetime, datetime] = (begin, end)
    return Literal(pair, "interval")


def _shape(text: str) -> Literal:
    """Well-known text, maybe after `SRID=4326;`."""
    shape = shapely.from_wkt(text.rpartition(";")[2])
    if shape.is_empty:
        raise ValueError(text)
    return Literal(shape, "shape")


_WORDS = {"true": Literal(True, "bool"), "false": Literal(False, "bool"), "null": Literal(None, "null")}
_READERS = {
    "number": lambda text: Literal(float(text) if not text.isdigit() else int(text), "number"),
    "text": lambda text: Literal(text[1:-1].replace("''", "'"), "text"),
    "instant": lambda text: Literal(instant_of(text), "time"),
    "interval": _interval,
    "shape": _shape,
}
