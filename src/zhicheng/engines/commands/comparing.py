"""100米以上, 不低于30层, 3到6层, 老人超过100人, 楼龄30年以上, 离线超过2小时: numbers compared with columns."""

from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.commands.draft import NUMBERS, Draft, scalar
from zhicheng.engines.commands.numbers import Quantity
from zhicheng.engines.commands.values import Condition, Scalar, Test
from zhicheng.engines.commands.vocabulary import WordColumn

_BEFORE = {
    "more": Test.GT,
    "more_sign": Test.GT,
    "at_least": Test.GE,
    "less": Test.LT,
    "at_most": Test.LE,
    "equal": Test.EQ,
    "unequal": Test.NE,
    "top": Test.LE,
    "bottom": Test.GE,
}
_AFTER = {"or_more": Test.GE, "or_less": Test.LE, "within": Test.LE, "outside": Test.GT}
_TURNED = {Test.GT: Test.LT, Test.GE: Test.LE, Test.LT: Test.GT, Test.LE: Test.GE}
_LENGTHS = {"seconds": 1, "days": 86400, "months": 2_592_000, "years": 31_536_000}


@dataclass
class Comparison:
    """A number in the text with everything that belongs to it; `first` and `last` are the outermost tokens."""

    quantity: Quantity
    test: Test | None
    first: int
    last: int
    upper: Quantity | None = None


def read_comparisons(draft: Draft) -> None:
    """Every number that a column of the table can be compared with; the others stay unused."""
    for at in draft.indices():
        if at in draft.used or draft.quantity(at) is None:
            continue
        found = _around(draft, at)
        if found is not None:
            _assign(draft, found)


def _around(draft: Draft, at: int) -> Comparison | None:
    quantity = draft.quantity(at)
    if quantity is None:
        return None
    if draft.role(at + 1, "to") and (upper := draft.quantity(at + 2)):
        last = at + 3 if draft.role(at + 3, "between") else at + 2
        return Comparison(quantity, Test.BETWEEN, at, last, upper)
    test, first = _before(draft, at)
    last = at
    after = draft.free(at + 1)
    if after is not None:
        for role, meant in _AFTER.items():
            if after.is_role(role) and (test is None or _agree(test, meant)):
                test, last = test or meant, at + 1
                break
    return Comparison(quantity, test, first, last)


def _agree(before: Test, behind: Test) -> bool:
    """至少100米以上, 不到100米以内 say one thing twice; 超过100米以下 does not."""
    up = (Test.GT, Test.GE)
    return (before in up) == (behind in up) and before not in (Test.EQ, Test.NE)


def _before(draft: Draft, at: int) -> tuple[Test | None, int]:
    token = draft.free(at - 1)
    if token is None:
        return None, at
    for role, test in _BEFORE.items():
        if token.is_role(role):
            return test, at - 1
    return None, at


def _assign(draft: Draft, found: Comparison) -> None:
    kind = (found.upper or found.quantity).kind
    if kind in _LENGTHS and _assign_years(draft, found):
        return
    if kind in _LENGTHS and _assign_elapsed(draft, found):
        return
    column, at = _column(draft, found)
    if column is None:
        return
    values = [_scaled(q, column) for q in (found.quantity, found.upper) if q]
    draft.where.append(Condition(column.code, found.test or Test.EQ, tuple(values)))
    draft.take(*range(found.first, found.last + 1), *at)


def _column(draft: Draft, found: Comparison) -> tuple[WordColumn | None, list[int]]:
    """The column said before the number, or behind it, or meant by its counter or unit."""
    quantity = found.upper or found.quantity
    before, behind = draft.column_at(found.first - 1), draft.column_at(found.last + 1)
    if before and _fits(before, quantity):
        return before, [found.first - 1]
    if behind and _fits(behind, quantity) and not quantity.kind:
        return behind, [found.last + 1]
    by_counter = [column for column in draft.table.columns if quantity.counter and quantity.counter in column.counters]
    if by_counter:
        return by_counter[0], []
    code = {"metres": draft.table.length, "square_metres": draft.table.area}.get(quantity.kind, "")
    if code and found.test is None:
        return None, []  # 500米的楼: high, or far? nothing says how it compares
    if code == draft.table.length and code and draft.role(found.last, "within", "outside"):
        return None, []  # 500米内的楼: near what? no height is meant
    meant = draft.table.column(code) if code else None
    if meant and (extreme := draft.mine(found.first - 1, "extreme")) and extreme.name == code:
        return meant, [found.first - 1]
    return meant, []


def _fits(column: WordColumn, quantity: Quantity) -> bool:
    if column.type not in NUMBERS or column.codes:
        return False
    wanted = {"metres": ("米",), "square_metres": ("平方米",), "money": ("元", "分", "万元"), "ratio": ("%", "")}
    return not quantity.kind or column.unit in wanted.get(quantity.kind, ())


def _scaled(quantity: Quantity, column: WordColumn) -> Scalar:
    factor = Decimal(1)
    if quantity.kind == "money" and column.unit == "分":
        factor = Decimal(100)
    if quantity.kind == "ratio" and column.unit == "%":
        factor = Decimal(100)
    return scalar(quantity.value * factor)


def _assign_years(draft: Draft, found: Comparison) -> bool:
    """楼龄超过30年, 建成20年以上: years passed, turned into a calendar year."""
    quantity = found.upper or found.quantity
    if quantity.kind != "years":
        return False
    for at in (found.first - 1, found.last + 1):
        aged, column = draft.mine(at, "age"), draft.column_at(at)
        name = aged.name if aged else column.code if column and column.year else ""
        if name:
            draft.where.append(_aged(draft, found, name))
            draft.take(*range(found.first, found.last + 1), at)
            return True
    return False


def _aged(draft: Draft, found: Comparison, column: str) -> Condition:
    year = draft.now.year - int(found.quantity.value)
    if found.upper is not None:
        return Condition(column, Test.BETWEEN, (draft.now.year - int(found.upper.value), year))
    test = found.test or Test.EQ
    return Condition(column, _TURNED.get(test, test), (year,))


def _assign_elapsed(draft: Draft, found: Comparison) -> bool:
    """离线超过2小时: longer ago than that."""
    column = _due(draft, found.first - 1) or draft.table.elapsed
    silent = _silent(draft, found, column)
    test = found.test or (Test.GE if silent else None)
    if not column or test not in _TURNED or found.upper is not None:
        return False
    seconds = int(found.quantity.value) * _LENGTHS[found.quantity.kind]
    draft.where.append(Condition(column, _TURNED[test], (f"now-{seconds}s",)))
    draft.take(*range(found.first, found.last + 1), *silent)
    return True


def _due(draft: Draft, at: int) -> str:
    """超期三天以上: counted from the time that has passed, which the phrase before the number names."""
    phrase = draft.mine(at, "phrase")
    passed = (c.column for c in (phrase.value.where if phrase else ()) if c.test is Test.LT and c.values == ("now",))
    return next(passed, "")


def _silent(draft: Draft, found: Comparison, column: str) -> tuple[int, ...]:
    """24小时没有上报, 没有上报超过24小时: the tokens that say that nothing has come since."""
    if not draft.table.silent:
        return ()
    for no, verb in ((found.last + 1, found.last + 2), (found.first - 2, found.first - 1)):
        said = draft.mine(verb, "verb")
        if draft.role(no, "no") and said is not None and said.name == column:
            return no, verb
    return ()
