"""How wide a number is in SQL: an INTEGER where its bounds allow, else a BIGINT, else a HUGEINT."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.knowing import Knowing
from zhicheng.engines.rules.nodes import Kind, Node, Type
from zhicheng.engines.rules.scalar import parameter_value
from zhicheng.engines.rules.scope import result_type

INTEGER_LIMIT = 2 * 10**9
BIGINT_LIMIT = 9 * 10**18
_SQL_KINDS = {Kind.BOOLEAN: "BOOLEAN", Kind.TEXT: "VARCHAR", Kind.DATE: "DATE"}


def sql_type(kind: Type) -> str:
    """The column type of a value of this type."""
    return _SQL_KINDS.get(kind.kind) or integer_type(kind.reach)


def integer_type(reach: int) -> str:
    """The narrowest type for a number that reaches so far."""
    if reach <= INTEGER_LIMIT:
        return "INTEGER"
    return "BIGINT" if reach <= BIGINT_LIMIT else "HUGEINT"


def stored_type(node: Node, declared: Type) -> Type:
    """The type of a rule's column: the bounds known of its result, or the declared ones where those are closer."""
    return node.type if node.type.kind is not Kind.NUMBER or node.type.reach <= declared.high else declared


def literal(value: Any, kind: Type) -> str:
    """A constant, typed."""
    if value is None:
        return f"CAST(NULL AS {sql_type(kind)})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"CAST({value} AS {integer_type(abs(value))})"


def narrow(whole: str, reach: int, kind: Type) -> str:
    """What was computed so wide, in the width of its result."""
    return whole if integer_type(max(reach, kind.reach)) == sql_type(kind) else f"CAST({whole} AS {sql_type(kind)})"


@dataclass(frozen=True)
class Places:
    """What stands where in the query that is being written.

    `name` gives the column in which a node was placed, or None where it is to be written out; facts and rules always
    have one. `known` says what is never NULL. `flags` gives the conditions under which a fact or rule failed, `alarm`
    takes a condition that may mean failure where it is true, and gives it as one that is never NULL.
    """

    name: Callable[[Node], str | None]
    known: Knowing
    flags: Callable[[Node], Sequence[str]]
    alarm: Callable[[str], str]


class Widths(ABC):
    """Values of one entity's rules for one day, each in the width it needs."""

    def __init__(self, book: Rulebook, day: date, places: Places) -> None:
        self._book, self._day, self._name, self._known = book, day, places.name, places.known

    def value(self, node: Node) -> str:
        """SQL for the value of a node."""
        return self._name(node) or self.text(node)

    @abstractmethod
    def text(self, node: Node) -> str:
        """SQL for a node written out, its parts by name where they have one."""

    def kind(self, node: Node) -> Type:
        """The type that a value really has: a rule's column may be narrower than the rule declares."""
        if not isinstance(node, nodes.Ref):
            return node.type
        version = self._book.at(node.rule, self._day)
        return node.type if version is None else stored_type(version.node, result_type(version.text))

    def constant(self, node: Node) -> Any:
        """The value of a literal, a parameter or the day; None where it is NULL or depends on the row."""
        if isinstance(node, nodes.Const):
            return node.value
        if isinstance(node, nodes.Param):
            return parameter_value(self._book, node, self._day)
        return self._day if isinstance(node, nodes.AsOf) else None

    def wide(self, node: Node, reach: int) -> str:
        """The value as an integer wide enough for a calculation that reaches so far."""
        kind = self.kind(node)
        return self.cast(node, kind, integer_type(max(reach, kind.reach)))

    def as_type(self, node: Node, kind: Type) -> str:
        """The value in the type of the whole it is part of."""
        if node.type.kind is not Kind.NUMBER:
            return self.value(node)
        return self.cast(node, self.kind(node), sql_type(kind))

    def cast(self, node: Node, kind: Type, target: str) -> str:
        """The value of a node of a type, as an integer of another."""
        value = self.constant(node)
        if isinstance(value, int):
            return f"CAST({value} AS {target})"
        return self.value(node) if target == sql_type(kind) else f"CAST({self.value(node)} AS {target})"

    def alike(self, *parts: Node) -> list[str]:
        """Values to compare, numbers in one width."""
        if parts[0].type.kind is not Kind.NUMBER:
            return [self.value(part) for part in parts]
        reach = max(self._reach(part) for part in parts)
        return [self.cast(part, self.kind(part), integer_type(reach)) for part in parts]

    def _reach(self, node: Node) -> int:
        value = self.constant(node)
        return abs(value) if isinstance(value, int) else self.kind(node).reach

    def parameter(self, node: Any) -> str:
        """A parameter's value on the day."""
        return literal(parameter_value(self._book, node, self._day), node.type)
