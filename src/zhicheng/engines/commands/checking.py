"""What cannot hold, or is not enough to run, though every word was understood."""

from decimal import Decimal

from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.values import Condition, Refusal, Scalar, Test

_UPPER = (Test.LT, Test.LE)
_LOWER = (Test.GT, Test.GE)


def find_fault(draft: Draft) -> Refusal | None:
    """Why a draft makes no command, or None."""
    rank = draft.rank
    if rank is not None and not draft.by and not rank.column:
        example = next((c.label for c in draft.table.columns if c.amount or c.code == draft.table.size), "数量")
        return Refusal(
            "incomplete", f"按什么排名？请写明，例如“{example}最多的10{_counter(draft)}{draft.table.label}”。"
        )
    if draft.measure and draft.measure.kind == "share" and not draft.measure.of and not draft.where:
        return Refusal("incomplete", "求什么的占比？请写明条件，例如“有电梯的住宅占比”。")
    for period in draft.periods:
        if period.since and period.until and period.since >= period.until:
            return Refusal("contradictory", f"“{period.words}”的开始晚于结束。")
    return next((fault for one in draft.where for other in draft.where if (fault := _clash(draft, one, other))), None)


def _counter(draft: Draft) -> str:
    return draft.table.counters[0] if draft.table.counters else "个"


def _clash(draft: Draft, one: Condition, other: Condition) -> Refusal | None:
    if one.column != other.column or not one.values or not other.values:
        return None
    column = draft.table.column(one.column)
    label = column.label if column else one.column
    if one.test is Test.EQ and other.test is Test.EQ and one.values[0] != other.values[0]:
        return Refusal("contradictory", f"{label}的两个条件互相矛盾。")
    low, high = _number(one.values[0]), _number(other.values[-1])
    crossed = one.test in _LOWER and other.test in _UPPER
    turned = one is other and one.test is Test.BETWEEN
    if (crossed or turned) and low is not None and high is not None and low > high:
        return Refusal("contradictory", f"{label}不可能既在{low}以上又在{high}以下。")
    return None


def _number(value: Scalar) -> Decimal | None:
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None
