"""Building checked nodes: each function checks the types of its parts and computes type, places and bounds."""

from collections.abc import Sequence

from zhicheng.engines.rules.nodes import (
    BOOLEAN,
    DATE,
    INNER_LIMIT,
    MAX_PLACES,
    QUOTIENT_PLACES,
    Arithmetic,
    Between,
    Choice,
    Compare,
    Const,
    Elapsed,
    Extreme,
    Fact,
    FirstKnown,
    Kind,
    Logic,
    Member,
    Negation,
    Node,
    Quotient,
    Rounded,
    Shifted,
    Sign,
    Type,
    rescale,
    walk,
)
from zhicheng.engines.rules.scope import Scope, Wrong

MAX_SHIFT_MONTHS = 2400
MAX_SHIFTS = 3
_ELAPSED_REACH = {"year": 1_800, "month": 21_600, "day": 660_000}


def arithmetic(op: str, left: Node, right: Node) -> Node:
    """`+`, `-`, `*` on numbers; two literals become one."""
    _need(Kind.NUMBER, left, right, where=f"“{op}”两边")
    if op != "*":
        left, right = _aligned(left, right)
    places = left.type.places + right.type.places if op == "*" else left.type.places
    corners = _corners(op, left.type, right.type)
    grown = _number(places, min(corners), max(corners))
    if isinstance(left, Const) and isinstance(right, Const):
        return Const(grown, None if None in (left.value, right.value) else corners[0])
    return Arithmetic(grown, op, left, right)


def quotient(left: Node, right: Node) -> Node:
    """`/`, to six places; a divisor that is always zero is refused."""
    _need(Kind.NUMBER, left, right, where="“/”两边")
    if right.type.low == right.type.high == 0:
        raise Wrong("rule.division_by_zero", "除数是零。", "请改正除数；可能为零的除数用 CASE WHEN 先判断。")
    shift = QUOTIENT_PLACES + right.type.places - left.type.places
    up, down = 10 ** max(shift, 0), 10 ** max(-shift, 0)
    reach = left.type.reach * up // (_least(right.type) * down) + 1
    _number(0, -left.type.reach * up * 2, right.type.reach * down * 2)
    return Quotient(_number(QUOTIENT_PLACES, -reach, reach), left, right, up, down)


def sign(op: str, child: Node) -> Node:
    """Minus or ABS."""
    _need(Kind.NUMBER, child, where="负号或 ABS 后面")
    low, high = child.type.low, child.type.high
    if op == "neg":
        grown = _number(child.type.places, -high, -low)
        if isinstance(child, Const) and isinstance(child.value, int):
            return Const(grown, -child.value)
        return Sign(grown, op, child)
    least = 0 if low <= 0 <= high else min(abs(low), abs(high))
    return Sign(_number(child.type.places, least, child.type.reach), op, child)


def rounded(op: str, child: Node, digits: int) -> Node:
    """ROUND, FLOOR, CEIL; what has no more places than asked stays as it is."""
    _need(Kind.NUMBER, child, where=f"{op.upper()} 的参数")
    if digits >= child.type.places:
        return child
    step = 10 ** (child.type.places - digits)
    return Rounded(_number(digits, child.type.low // step - 1, child.type.high // step + 1), op, child, step)


def elapsed(unit: str, start: Node, end: Node) -> Node:
    """Completed years, months, days between two dates."""
    _need(Kind.DATE, start, end, where=f"{unit}s_between 的参数")
    reach = _ELAPSED_REACH[unit]
    return Elapsed(_number(0, -reach, reach), unit, start, end)


def shifted(child: Node, months: int, days: int) -> Node:
    """A date plus an interval of at most two hundred years."""
    _need(Kind.DATE, child, where="时间间隔前面")
    if abs(months) > MAX_SHIFT_MONTHS or abs(days) > MAX_SHIFT_MONTHS * 30:
        raise Wrong("rule.interval", "时间间隔太长。", "最多 200 年。")
    if sum(isinstance(node, Shifted) for node in walk(child)) >= MAX_SHIFTS:
        raise Wrong("rule.interval", "一个日期上加减了太多次。", "请合并成一个时间间隔。")
    return Shifted(DATE, child, months, days)


def compare(op: str, left: Node, right: Node, scope: Scope) -> Node:
    """A comparison of two values of one kind; order only for numbers and dates."""
    left, right = _same_kind(left, right, where=f"“{op}”两边")
    if op not in ("=", "<>") and left.type.kind not in (Kind.NUMBER, Kind.DATE):
        raise Wrong("rule.type", f"{left.type.kind.value}不能比大小。", "大小只能比较数和日期；文字请用 = 或 IN。")
    if op in ("=", "<>"):
        check_codes(left, right, scope)
        check_codes(right, left, scope)
    return Compare(BOOLEAN, op, left, right)


def between(child: Node, low: Node, high: Node) -> Node:
    """BETWEEN on numbers or dates."""
    places = max(child.type.places, low.type.places, high.type.places)
    for other in (low, high):
        _same_kind(child, other, where="BETWEEN")
    if child.type.kind not in (Kind.NUMBER, Kind.DATE):
        raise Wrong("rule.type", f"{child.type.kind.value}不能用 BETWEEN。", "BETWEEN 只用于数和日期。")
    if child.type.kind is Kind.NUMBER:
        child, low, high = (_grown(node, places) for node in (child, low, high))
    return Between(BOOLEAN, child, low, high)


def member(child: Node, options: Sequence[Node], scope: Scope) -> Node:
    """IN a list of values of the same kind."""
    for option in options:
        _same_kind(child, option, where="IN")
        check_codes(child, option, scope)
    if child.type.kind is Kind.NUMBER:
        places = max(node.type.places for node in (child, *options))
        child, options = _grown(child, places), [_grown(option, places) for option in options]
    return Member(BOOLEAN, child, tuple(options))


def logic(op: str, parts: Sequence[Node]) -> Node:
    """AND, OR."""
    _need(Kind.BOOLEAN, *parts, where=f"{op.upper()} 两边")
    return Logic(BOOLEAN, op, tuple(parts))


def negation(child: Node) -> Node:
    """NOT."""
    _need(Kind.BOOLEAN, child, where="NOT 后面")
    return Negation(BOOLEAN, child)


def choice(branches: Sequence[tuple[Node, Node]], otherwise: Node) -> Node:
    """CASE: boolean conditions, results of one kind."""
    _need(Kind.BOOLEAN, *(condition for condition, _ in branches), where="WHEN 后面")
    *results, last = unified([*(result for _, result in branches), otherwise], where="CASE 的各个结果")
    pairs = tuple((condition, result) for (condition, _), result in zip(branches, results, strict=True))
    return Choice(_union([*results, last]), pairs, last)


def first_known(parts: Sequence[Node]) -> Node:
    """COALESCE: values of one kind."""
    known = unified(parts, where="COALESCE 的各个参数")
    return FirstKnown(_union(known), tuple(known))


def extreme(op: str, parts: Sequence[Node]) -> Node:
    """GREATEST, LEAST on numbers or dates."""
    known = unified(parts, where=f"{op.upper()} 的各个参数")
    if known[0].type.kind not in (Kind.NUMBER, Kind.DATE):
        raise Wrong("rule.type", f"{op.upper()} 只用于数和日期。", "请检查参数。")
    if known[0].type.kind is Kind.DATE:
        return Extreme(DATE, op, tuple(known))
    pick = max if op == "greatest" else min
    low, high = pick(node.type.low for node in known), pick(node.type.high for node in known)
    return Extreme(_number(known[0].type.places, low, high), op, tuple(known))


def unified(parts: Sequence[Node], *, where: str) -> list[Node]:
    """Values of one kind, NULL taking the kind of the others; numbers with the same places."""
    kinds = {part.type.kind for part in parts} - {Kind.NULL}
    if len(kinds) > 1:
        names = "、".join(sorted(kind.value for kind in kinds))
        raise Wrong("rule.type", f"{where}类型不一致：{names}。", "请让它们都是同一种类型。")
    if not kinds:
        raise Wrong("rule.null", f"{where}都是 NULL。", "请写出至少一个值。")
    target = next(part.type for part in parts if part.type.kind is not Kind.NULL)
    places = max(part.type.places for part in parts)
    wanted = Type(target.kind, places)
    nodes = [Const(wanted, None) if part.type.kind is Kind.NULL else part for part in parts]
    return [_grown(node, places) for node in nodes] if target.kind is Kind.NUMBER else nodes


def check_codes(fact: Node, value: Node, scope: Scope) -> None:
    """A text compared with a coded column must be one of its codes."""
    if not (isinstance(fact, Fact) and isinstance(value, Const)):
        return
    codes = scope.entity.columns[fact.code].codes
    if codes and str(value.value) not in codes:
        hint = f"可选：{'、'.join(list(codes)[:12])}。"
        raise Wrong("rule.unknown_code", f"「{fact.code}」没有“{value.value}”这个取值。", hint)


def _same_kind(left: Node, right: Node, *, where: str) -> tuple[Node, Node]:
    if Kind.NULL in (left.type.kind, right.type.kind):
        raise Wrong("rule.null", f"{where}不能是 NULL，结果永远是未知。", "判断有没有值请写 IS NULL 或 IS NOT NULL。")
    if left.type.kind is not right.type.kind:
        message = f"{where}类型不一致：{left.type.kind.value}和{right.type.kind.value}。"
        raise Wrong("rule.type", message, "请检查列的类型；日期写成 DATE '2026-01-31'，文字加单引号。")
    return _aligned(left, right) if left.type.kind is Kind.NUMBER else (left, right)


def _aligned(left: Node, right: Node) -> tuple[Node, Node]:
    places = max(left.type.places, right.type.places)
    return _grown(left, places), _grown(right, places)


def _grown(node: Node, places: int) -> Node:
    grown = rescale(node, places)
    _number(places, grown.type.low, grown.type.high)
    return grown


def _need(kind: Kind, *parts: Node, where: str) -> None:
    for part in parts:
        if part.type.kind is not kind:
            message = f"{where}应是{kind.value}，现在是{part.type.kind.value}。"
            raise Wrong("rule.type", message, "请检查列的类型和括号。")


def _number(places: int, low: int, high: int) -> Type:
    if places > MAX_PLACES:
        raise Wrong("rule.places", f"小数位超过 {MAX_PLACES} 位。", "请先用 ROUND(…, 位数) 取舍。")
    if max(-low, high) > INNER_LIMIT:
        raise Wrong("rule.range", "结果可能大到算不准。", "请用 LEAST(…, 上限) 限制其中的数，或减少连乘。")
    return Type(Kind.NUMBER, places, low, high)


def _union(nodes: Sequence[Node]) -> Type:
    first = nodes[0].type
    if first.kind is not Kind.NUMBER:
        return first
    return Type(Kind.NUMBER, first.places, min(node.type.low for node in nodes), max(node.type.high for node in nodes))


def _corners(op: str, left: Type, right: Type) -> list[int]:
    if op == "+":
        return [left.low + right.low, left.high + right.high]
    if op == "-":
        return [left.low - right.high, left.high - right.low]
    return [a * b for a in (left.low, left.high) for b in (right.low, right.high)]


def _least(divisor: Type) -> int:
    """The least absolute value that a divisor can have, zero left out."""
    if divisor.low > 0 or divisor.high < 0:
        return min(abs(divisor.low), abs(divisor.high))
    return 1
