"""CQL2 text to a tree: a parser by recursive descent.

Source: OGC 21-065r2, Common Query Language (CQL2), annex B.
"""

from collections.abc import Callable

from zhicheng.engines.cql2.literals import shape_from_box, shape_from_wkt, span_between, span_of
from zhicheng.engines.cql2.tokens import Token, tokens_of
from zhicheng.engines.cql2.tree import (
    MOST_DEPTH,
    MOST_LEVELS,
    FilterInvalid,
    Literal,
    Node,
    Operation,
    Property,
    Span,
    walk_levels,
)

_COMPARISONS = {"=": "=", "<>": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SHAPES = frozenset(
    {"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"}
)
_BOXES = frozenset({"BBOX", "ENVELOPE"})
_TIMES = frozenset({"DATE", "TIMESTAMP", "INTERVAL"})


def parse_text(source: str) -> Node:
    """The tree of a filter in CQL2 text.

    Raises:
        FilterInvalid: it is no CQL2, or too deep.

    >>> parse_text("height_m >= 100").op
    '>='
    """
    parser = _Parser(source)
    node = parser.disjunction()
    parser.expect_end()
    if any(level > MOST_LEVELS for _, level in walk_levels(node)):
        raise FilterInvalid(
            "条件太长，请拆开或减少连续的运算。", f"a filter may be {MOST_LEVELS} operators deep at most"
        )
    return node


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = list(tokens_of(source))
        self._at = 0
        self._depth = 0

    def disjunction(self) -> Node:
        """Terms joined by OR."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise FilterInvalid("括号嵌套得太深。", f"a filter may nest {MOST_DEPTH} deep at most")
        node = self._joined("OR", self._conjunction)
        self._depth -= 1
        return node

    def expect_end(self) -> None:
        """Refuse what is left over."""
        if self._now.kind != "end":
            raise self._unexpected()

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._taken("word", word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Operation(word.lower(), tuple(parts))

    def _conjunction(self) -> Node:
        return self._joined("AND", self._negation)

    def _negation(self) -> Node:
        negated = False
        while self._taken("word", "NOT"):
            negated = not negated
        node = self._predicate()
        return Operation("not", (node,)) if negated else node

    def _predicate(self) -> Node:
        left = self._sum()
        if self._now.kind == "sign" and self._now.text in _COMPARISONS:
            op = _COMPARISONS[self._next().text]
            return Operation(op, (left, self._sum()))
        if self._taken("word", "IS"):
            negated = self._taken("word", "NOT")
            self._expect("word", "NULL")
            return _maybe_not(Operation("isnull", (left,)), negated=negated)
        negated = self._now.text == "NOT" and self._now.kind == "word"
        if negated:
            self._next()
        return self._set_predicate(left, negated=negated)

    def _set_predicate(self, left: Node, *, negated: bool) -> Node:
        if self._taken("word", "LIKE"):
            return _maybe_not(Operation("like", (left, self._sum())), negated=negated)
        if self._taken("word", "BETWEEN"):
            low = self._sum()
            self._expect("word", "AND")
            return _maybe_not(Operation("between", (left, low, self._sum())), negated=negated)
        if self._taken("word", "IN"):
            self._expect("sign", "(")
            return _maybe_not(Operation("in", (left, *self._list())), negated=negated)
        if negated:
            raise self._unexpected()
        return left

    def _sum(self) -> Node:
        node = self._product()
        while self._now.kind == "sign" and self._now.text in {"+", "-"}:
            op = self._next().text
            node = Operation(op, (node, self._product()))
        return node

    def _product(self) -> Node:
        node = self._power()
        while (self._now.kind == "sign" and self._now.text in {"*", "/", "%"}) or self._now.text == "DIV":
            op = self._next().text.lower()
            node = Operation(op, (node, self._power()))
        return node

    def _power(self) -> Node:
        base = self._operand()
        if self._taken("sign", "^"):
            return Operation("^", (base, self._operand()))
        return base

    def _operand(self) -> Node:
        token = self._next()
        if token.kind == "number":
            return _number(token.text)
        if token.kind == "text":
            return Literal(token.text)
        if token.kind == "name":
            return self._named(token)
        if token.text in {"TRUE", "FALSE"} and token.kind == "word":
            return Literal(token.text == "TRUE")
        if token.kind == "sign" and token.text == "(":
            node = self.disjunction()
            self._expect("sign", ")")
            return node
        if token.kind == "sign" and token.text in {"-", "+"}:
            return self._signed(token.text)
        self._at -= token.kind != "end"
        raise self._unexpected()

    def _signed(self, sign: str) -> Node:
        while self._now.kind == "sign" and self._now.text in {"-", "+"}:
            sign = "+" if sign == self._next().text else "-"
        node = self._operand()
        if sign == "+":
            return node
        if isinstance(node, Literal) and isinstance(node.value, int | float):
            return Literal(-node.value)
        return Operation("*", (Literal(-1), node))

    def _named(self, token: Token) -> Node:
        name = token.text.upper()
        is_bare = self._source[token.start] != '"'
        if is_bare and name in _SHAPES and self._now.text in {"(", "Z", "z", "EMPTY"}:
            return self._shape(token)
        if not (is_bare and self._now.text == "(" and self._now.kind == "sign"):
            return Property(token.text)
        self._next()
        args = self._list()
        if name in _BOXES:
            return shape_from_box([arg.value if isinstance(arg, Literal) else None for arg in args])
        if name in _TIMES:
            return _time(name, args)
        return Operation(name.lower(), tuple(args))

    def _shape(self, token: Token) -> Node:
        """WKT up to the bracket that closes it."""
        depth = 0
        while True:
            seen = self._next()
            if seen.kind == "end":
                raise FilterInvalid("图形的括号没有闭合。", "a geometry literal is not closed")
            depth += {"(": 1, ")": -1}.get(seen.text, 0)
            if depth == 0 and seen.text == ")":
                return shape_from_wkt(self._source[token.start : seen.end])

    def _list(self) -> list[Node]:
        """Operands up to the closing bracket."""
        found: list[Node] = []
        if self._taken("sign", ")"):
            return found
        while True:
            found.append(self.disjunction())
            if self._taken("sign", ")"):
                return found
            self._expect("sign", ",")

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def _taken(self, kind: str, text: str) -> bool:
        if self._now.kind == kind and self._now.text == text:
            self._at += 1
            return True
        return False

    def _expect(self, kind: str, text: str) -> None:
        if not self._taken(kind, text):
            raise self._unexpected()

    def _unexpected(self) -> FilterInvalid:
        token = self._now
        if token.kind == "end":
            return FilterInvalid("条件没有写完。", "the filter ends too early")
        place = token.start + 1
        near = self._source[token.start : token.start + 20]
        return FilterInvalid(f"第 {place} 个字“{near}”处读不懂。", f"unexpected {near!r} at position {place}")


def _maybe_not(node: Node, *, negated: bool) -> Node:
    return Operation("not", (node,)) if negated else node


def _number(text: str) -> Literal:
    if text.isdigit():
        return Literal(int(text) if len(text) < 19 else float(text))
    return Literal(float(text))


def _time(name: str, args: list[Node]) -> Span:
    texts = [arg.value for arg in args if isinstance(arg, Literal) and isinstance(arg.value, str)]
    if name == "INTERVAL" and len(texts) == len(args) == 2:
        return span_between(texts[0], texts[1])
    if name != "INTERVAL" and len(texts) == len(args) == 1:
        return span_of(texts[0], only_day=name == "DATE")
    raise FilterInvalid(
        f"{name} 的写法不对，例如 DATE('2026-01-05')、INTERVAL('2026-01-01','2026-02-01')。",
        f"{name} takes {'two texts' if name == 'INTERVAL' else 'one text'}",
    )
