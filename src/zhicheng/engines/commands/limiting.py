"""投诉超过100件的社区, 没有充电站的街道, 满意率低于90%的单位: groups of which the measure keeps within a bound."""

from dataclasses import dataclass, replace
from decimal import Decimal

from zhicheng.engines.commands.draft import Draft, scalar
from zhicheng.engines.commands.numbers import Quantity
from zhicheng.engines.commands.ranking import group_at
from zhicheng.engines.commands.tokens import ANYTHING
from zhicheng.engines.commands.values import Condition, Measure, Test

_MORE = {
    "more": Test.GT,
    "more_sign": Test.GT,
    "at_least": Test.GE,
    "less": Test.LT,
    "at_most": Test.LE,
    "equal": Test.EQ,
}
_AFTER = {"or_more": Test.GE, "or_less": Test.LE, "within": Test.LE}


@dataclass(frozen=True)
class Bound:
    """A comparison with one number or two, and the tokens that say it; `first` is the outermost before the number."""

    test: Test
    values: tuple[Decimal, ...]
    used: tuple[int, ...]
    first: int

    def condition(self) -> Condition:
        """As a condition on the measure."""
        return Condition("", self.test, tuple(map(scalar, self.values)))


def read_having(draft: Draft) -> None:
    """Groups that hold so many rows, or of which a rate is so high. The groups stand last, or are asked for."""
    if draft.by:
        return
    head, asked = _head(draft, levels=True)
    if head is not None:
        is_ready = draft.measure is not None and draft.measure.kind == "value"  # such a figure counts no rows
        limit = (None if is_ready else _limit(draft)) or _rated(draft) or _summed(draft, head)
        if limit is None and _absent(draft, len(draft.tokens) if asked else head):
            limit = Condition("", Test.EQ, (0,))
    else:
        head, asked = _head(draft, levels=False)
        limit = _rated(draft) if head is not None else None
    if limit is None or head is None:
        return
    draft.by.append(group_at(draft, head))
    draft.having = limit
    if draft.role(head - 1, "which", "each"):
        draft.take(head - 1)
    draft.take(head)


def _head(draft: Draft, *, levels: bool) -> tuple[int | None, bool]:
    """Where the groups are named: levels of divisions, or a column such as 单位."""
    named = [at for at in draft.indices() if group_at(draft, at) and bool(draft.level(at)) == levels]
    places = [at for at in named if not draft.noun(at)]
    asked = [at for at in places if draft.role(at - 1, "which", "each")]
    if asked:
        return asked[0], True
    head = places[-1] if places else None
    if head is None or any(draft.noun(at) for at in range(head + 1, len(draft.tokens))):
        return None, False
    return (head, False) if levels or head == len(draft.tokens) - 1 else (None, False)


def _limit(draft: Draft) -> Condition | None:
    """So many rows."""
    for at in draft.indices():
        quantity = draft.quantity(at)
        if quantity is None or quantity.kind:
            continue
        found = _bound(draft, at)
        if found is not None and _counts_rows(draft, found, (draft.quantity(at + 2) or quantity).counter):
            draft.take(*found.used)
            return found.condition()
    return None


def _rated(draft: Draft) -> Condition | None:
    """A share, a ratio or an average that is a measure by itself, or 占比 of what else is said."""
    for at in draft.indices():
        quantity = draft.quantity(at)
        found = _bound(draft, at) if quantity else None
        if quantity is None or found is None or not _rates(draft, quantity, found.first):
            continue
        draft.take(*found.used)
        in_hundredths = quantity.kind == "ratio" and draft.measure is not None and draft.measure.kind == "value"
        return (replace(found, values=tuple(v * 100 for v in found.values)) if in_hundredths else found).condition()
    return None


def _rates(draft: Draft, quantity: Quantity, first: int) -> bool:
    kind = draft.measure.kind if draft.measure else ""
    if quantity.kind == "ratio":
        return kind in ("share", "ratio", "value") or draft.role(first - 1, "share")
    return kind == "value" or (not quantity.kind and kind == "avg")


def _summed(draft: Draft, head: int) -> Condition | None:
    """老人超过1000人的社区: the sum over each area; not 老人超过100人的楼 in it."""
    if draft.measure or any(draft.mine(at, "table") or draft.mine(at, "noun") for at in range(len(draft.tokens))):
        return None
    for at in draft.indices():
        quantity = draft.quantity(at)
        found = _bound(draft, at) if quantity and not quantity.kind and at < head else None
        column = draft.column_at(found.first - 1) if found else None
        if (
            found
            and column
            and column.amount
            and quantity
            and quantity.counter in ("", "个", column.unit, *column.counters)
        ):
            draft.measure = Measure("sum", column.code)
            draft.named = True
            draft.take(found.first - 1, *found.used)
            return found.condition()
    return None


def _bound(draft: Draft, at: int) -> Bound | None:
    """超过 before the number, 以上 behind it, or 100到200件之间."""
    quantity, upper = draft.quantity(at), draft.quantity(at + 2)
    if quantity is None:
        return None
    if draft.role(at + 1, "to") and upper is not None:
        closed = (at + 3,) if draft.role(at + 3, "between") else ()
        low = quantity.value / 100 if upper.kind == "ratio" and not quantity.kind else quantity.value
        return Bound(Test.BETWEEN, (low, upper.value), (at, at + 1, at + 2, *closed), at)
    before = next((test for role, test in _MORE.items() if draft.role(at - 1, role)), None)
    behind = next((test for role, test in _AFTER.items() if draft.role(at + 1, role)), None)
    if before is not None:
        return None if behind else Bound(before, (quantity.value,), (at - 1, at), at - 1)
    return Bound(behind, (quantity.value,), (at, at + 1), at) if behind else None


def _counts_rows(draft: Draft, found: Bound, counter: str) -> bool:
    if counter in draft.table.counters:
        return True
    sides = (found.first - 1, found.first - 2, found.used[-1] + 1, found.used[-1] + 2)
    return counter in ("", *ANYTHING - {"名", "位"}) and not any(draft.column_at(i) for i in sides)


def _absent(draft: Draft, head: int) -> bool:
    """没有 right before a noun of the table, with nothing but its modifiers in between."""
    if sum(draft.role(at, "no") for at in range(head)) > 1:  # 既没有…也没有…: two absences are not one
        return False
    for at in range(head):
        if draft.role(at, "no") and any(draft.noun(i) for i in range(at + 1, head)):
            if any(draft.column_at(i) for i in range(at + 1, head)):
                return False
            draft.take(at)
            return True
    return False
