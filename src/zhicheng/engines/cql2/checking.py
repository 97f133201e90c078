"""Whether a filter fits a layer: columns exist, kinds agree, operators are known. What passes can be evaluated."""

from collections.abc import Callable, Mapping
from enum import Enum

from zhicheng.engines.cql2.tree import (
    MOST_NODES,
    FilterInvalid,
    Literal,
    Node,
    Operation,
    Property,
    Shape,
    Span,
    walk,
)


class Kind(Enum):
    """What a column or an operand holds; the value is its Chinese name."""

    BOOLEAN = "是或否"
    NUMBER = "数字"
    TEXT = "文字"
    TIME = "时间"
    SHAPE = "图形"


Columns = Mapping[str, Kind]
COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "div", "^"})
SPATIAL = frozenset(
    {
        "s_intersects",
        "s_within",
        "s_contains",
        "s_disjoint",
        "s_equals",
        "s_touches",
        "s_overlaps",
        "s_crosses",
    }
)
NEARNESS = frozenset({"s_dwithin", "dwithin"})
TEMPORAL = frozenset({"t_after", "t_before", "t_during", "t_equals", "t_intersects", "t_disjoint"})
FOLDING = frozenset({"casei", "accenti"})
_UNITS = {"meters": 1.0, "metres": 1.0, "meter": 1.0, "m": 1.0, "kilometers": 1000.0, "km": 1000.0}
_MOST_PATTERN = 200


def check_filter(node: Node, columns: Columns) -> None:
    """Refuse a filter that does not fit.

    Raises:
        FilterInvalid: the first thing wrong with it.

    >>> check_filter(Operation("=", (Property("floors"), Literal(3))), {"floors": Kind.NUMBER})
    """
    if sum(1 for _ in walk(node)) > MOST_NODES:
        raise FilterInvalid("条件太多。", f"a filter may have {MOST_NODES} parts at most")
    if _kind(node, columns) is not Kind.BOOLEAN:
        raise FilterInvalid("整个条件应是一个判断，例如 floors > 10。", "a filter must be a boolean expression")


def metres_of(node: Operation) -> float:
    """The distance of a nearness operator.

    Raises:
        FilterInvalid: no positive number, or an unknown unit.
    """
    amount = node.args[2]
    unit = node.args[3] if len(node.args) > 3 else Literal("m")
    name = unit.name if isinstance(unit, Property) else str(getattr(unit, "value", ""))
    factor = _UNITS.get(name.lower())
    if factor is None:
        raise FilterInvalid(f"距离的单位“{name[:20]}”不认识，请用 meters。", "the unit of a distance is unknown")
    if not isinstance(amount, Literal) or isinstance(amount.value, bool | str) or not 0 <= amount.value < 1e6:
        raise FilterInvalid("距离应是 0 到 1000000 之间的数字。", "a distance is a number between 0 and 1000000")
    return amount.value * factor


def _kind(node: Node, columns: Columns) -> Kind:
    if isinstance(node, Property):
        if node.name not in columns:
            raise FilterInvalid(f"没有“{node.name[:40]}”这一列。", f"unknown property {node.name[:40]!r}")
        return columns[node.name]
    if isinstance(node, Literal):
        return _kind_of_value(node.value)
    if isinstance(node, Span):
        return Kind.TIME
    if isinstance(node, Shape):
        return Kind.SHAPE
    for family, check in _FAMILIES:
        if node.op in family:
            return check(node, columns)
    raise FilterInvalid(f"不认识“{node.op[:40]}”这个运算。", f"unknown operator or function {node.op[:40]!r}")


def _kind_of_value(value: object) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.TEXT if isinstance(value, str) else Kind.NUMBER


def _logical(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 1, 1) if node.op == "not" else _expect_count(node, 1, MOST_NODES)
    for arg in node.args:
        _expect(node, arg, columns, Kind.BOOLEAN)
    return Kind.BOOLEAN


def _comparison(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 2, 2)
    _same(node, columns)
    return Kind.BOOLEAN


def _between(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 3, 3)
    if _same(node, columns) not in {Kind.NUMBER, Kind.TEXT, Kind.TIME}:
        raise FilterInvalid("BETWEEN 只能比较数字、文字和时间。", "between compares numbers, texts and times")
    return Kind.BOOLEAN


def _membership(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 2, MOST_NODES)
    _same(node, columns)
    return Kind.BOOLEAN


def _same(node: Operation, columns: Columns) -> Kind:
    """All operands of one kind that has an order or an equality; texts stand for times where a time is wanted."""
    kinds = [_kind(arg, columns) for arg in node.args]
    if Kind.SHAPE in kinds:
        raise FilterInvalid("图形不能这样比较，请用 S_INTERSECTS 等。", "geometries are compared by S_ functions")
    if len(set(kinds)) > 1:
        words = "与".join(dict.fromkeys(kind.value for kind in kinds))
        raise FilterInvalid(f"“{node.op}”两边类型不同：{words}。", f"operands of {node.op!r} differ in type")
    if kinds[0] is Kind.TIME and isinstance(node.args[0], Span) and any(isinstance(arg, Span) for arg in node.args[1:]):
        raise FilterInvalid(
            "两个写定的时间不用比较，其中应有一列。", "two literal times are compared: one is a property"
        )
    if kinds[0] is Kind.BOOLEAN and node.op not in {"=", "<>", "in"}:
        raise FilterInvalid("是或否没有大小。", "booleans have no order")
    return kinds[0]


def _like(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 2, 2)
    _expect(node, node.args[0], columns, Kind.TEXT)
    pattern = folded(node.args[1])
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str) or len(pattern.value) > _MOST_PATTERN:
        raise FilterInvalid(
            f"LIKE 后面应是引号里的文字，最多 {_MOST_PATTERN} 个字。", f"LIKE takes a text up to {_MOST_PATTERN} long"
        )
    return Kind.BOOLEAN


def folded(node: Node) -> Node:
    """What stands inside CASEI and ACCENTI."""
    while isinstance(node, Operation) and node.op in FOLDING and len(node.args) == 1:
        node = node.args[0]
    return node


def _is_null(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 1, 1)
    if not isinstance(node.args[0], Property):
        raise FilterInvalid("IS NULL 前面应是列名。", "IS NULL takes a property")
    _kind(node.args[0], columns)
    return Kind.BOOLEAN


def _arithmetic(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 2, 2)
    for arg in node.args:
        _expect(node, arg, columns, Kind.NUMBER)
    return Kind.NUMBER


def _folding(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 1, 1)
    _expect(node, node.args[0], columns, Kind.TEXT)
    return Kind.TEXT


def _spatial(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 2, 2)
    for arg in node.args:
        _expect(node, arg, columns, Kind.SHAPE)
    if not _one_column(node):
        raise FilterInvalid(
            f"{node.op.upper()} 应比较一列与一个图形。", f"{node.op} compares a property with a geometry"
        )
    return Kind.BOOLEAN


def _nearness(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 3, 4)
    _spatial(Operation(node.op, node.args[:2]), columns)
    metres_of(node)
    return Kind.BOOLEAN


def _temporal(node: Operation, columns: Columns) -> Kind:
    _expect_count(node, 2, 2)
    for arg in node.args:
        _expect(node, arg, columns, Kind.TIME)
    if not _one_column(node):
        raise FilterInvalid(f"{node.op.upper()} 应比较一列与一个时间。", f"{node.op} compares a property with a time")
    return Kind.BOOLEAN


def _one_column(node: Operation) -> bool:
    return sum(isinstance(arg, Property) for arg in node.args[:2]) == 1


def _expect(node: Operation, arg: Node, columns: Columns, wanted: Kind) -> None:
    found = _kind(arg, columns)
    if found is not wanted:
        raise FilterInvalid(
            f"“{node.op}”要的是{wanted.value}，给的是{found.value}。",
            f"{node.op!r} takes {wanted.name.lower()}, not {found.name.lower()}",
        )


def _expect_count(node: Operation, least: int, most: int) -> None:
    if not least <= len(node.args) <= most:
        raise FilterInvalid(f"“{node.op}”的参数个数不对。", f"{node.op!r} has a wrong number of arguments")


_FAMILIES: tuple[tuple[frozenset[str], Callable[[Operation, Columns], Kind]], ...] = (
    (frozenset({"and", "or", "not"}), _logical),
    (COMPARISONS, _comparison),
    (frozenset({"between"}), _between),
    (frozenset({"in"}), _membership),
    (frozenset({"like"}), _like),
    (frozenset({"isnull"}), _is_null),
    (ARITHMETIC, _arithmetic),
    (FOLDING, _folding),
    (SPATIAL, _spatial),
    (NEARNESS, _nearness),
    (TEMPORAL, _temporal),
)
