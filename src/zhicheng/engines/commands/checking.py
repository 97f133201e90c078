"""What cannot hold, or is not enough to run, though every word was understood."""

from decimal import Decimal

from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.values import Condition, Period, Refusal, Scalar, Test

_UPPER = (Test.LT, Test.LE)
_OPPOSITE = ((Test.EQ, Test.NE), (Test.UNDER, Test.NOT_UNDER), (Test.IN, Test.NOT_IN))
_LOWER = (Test.GT, Test.GE)


def find_fault(draft: Draft) -> Refusal | None:
    """Why a draft makes no command, or None."""
    rank = draft.rank
    if rank is not None and not draft.by and not rank.column:
        example = next((c.label for c in draft.table.columns if c.amount or c.code == draft.table.size), "数量")
        return Refusal(
            "incomplete", f"按什么排名？请写明，例如“{example}最多的10{_counter(draft)}{draft.table.label}”。"
        )
    if rank is not None and rank.column and draft.measure and not draft.by:
        return Refusal("incomplete", "既要排名又要求一个数，一次只能问一样，请分开问。")
    if draft.measure and draft.measure.kind == "share" and not draft.measure.of and not draft.where:
        return Refusal("incomplete", "求什么的占比？请写明条件，例如“有电梯的住宅占比”。")
    if fault := _unnamed(draft):
        return fault
    for period in draft.periods:
        if period.since and period.until and period.since >= period.until:
            return Refusal("contradictory", f"“{period.words}”的开始晚于结束。")
    if fault := _two_times(draft) or _timeless(draft):
        return fault
    return next((fault for one in draft.where for other in draft.where if (fault := _clash(draft, one, other))), None)


def _unnamed(draft: Draft) -> Refusal | None:
    """应急避难场所: what complaints are about is no complaint; only with a time does it name what happened then."""
    if draft.named:
        return None
    summed = draft.table.column(draft.measure.column) if draft.measure else None
    if summed and summed.additive and not (summed.amount or draft.where):  # 罗湖区面积: of what?
        example = f"福田区{draft.table.label}的{summed.label}"
        return Refusal("incomplete", f"要问什么的{summed.label}？请写明，例如“{example}”。", suggestions=(example,))
    if draft.periods:
        return None
    if not (draft.measure or draft.rank or draft.by or any(_is_tree(draft, c) for c in draft.where)):
        return Refusal("no_subject", f"要找什么？请写明对象，例如“{draft.table.label}”。")
    for condition in draft.where:
        column = draft.table.column(condition.column)
        if column and column.tree and condition.values:
            noun = _first_noun(draft)
            label = column.codes.get(str(condition.values[0]), str(condition.values[0]))
            message = f"“{label}”是{draft.table.label}的{column.label}，没有这样一个图层；要问{noun}请写明。"
            return Refusal("incomplete", message, suggestions=(f"{label}的{noun}",))
    return None


def _is_tree(draft: Draft, condition: Condition) -> bool:
    column = draft.table.column(condition.column)
    return column is not None and column.tree


def _first_noun(draft: Draft) -> str:
    nouns = (words for column in draft.table.columns for words in column.nouns.values() if words)
    return next(nouns, (draft.table.label,))[0]


def _two_times(draft: Draft) -> Refusal | None:
    """今年和去年: rows of both at once there are none, and the sum of both was not asked for."""
    for at, one in enumerate(draft.periods):
        for other in draft.periods[at + 1 :]:
            if one.column == other.column and _apart(one, other):
                message = (
                    f"“{one.words}”和“{other.words}”是两段时间，一次只能问一段；要比较请说同比、环比，或按月统计。"
                )
                return Refusal("contradictory", message)
    return None


def _timeless(draft: Draft) -> Refusal | None:
    """本月办结的里超期未办结的: what has no such time cannot be in a period of it."""
    said = [*draft.where, *(draft.measure.of if draft.measure else ())]
    for period in draft.periods:
        if any(condition.test is Test.NULL and condition.column == period.column for condition in said):
            column = draft.table.column(period.column)
            label = column.label if column else period.column
            return Refusal("contradictory", f"“{period.words}”说的是{label}，别的条件却说还没有{label}，互相矛盾。")
    return None


def _apart(one: Period, other: Period) -> bool:
    ends = ((one.until, other.since), (other.until, one.since))
    return any(until is not None and since is not None and until <= since for until, since in ends)


def _counter(draft: Draft) -> str:
    return draft.table.counters[0] if draft.table.counters else "个"


def _clash(draft: Draft, one: Condition, other: Condition) -> Refusal | None:
    if one.column != other.column:
        return None
    column = draft.table.column(one.column)
    label = column.label if column else one.column
    if one.test is Test.NULL and other.test is not Test.NULL:
        return Refusal("contradictory", f"既说没有{label}又对它提了条件，互相矛盾。")
    if not one.values or not other.values:
        return None
    if (one.test, other.test) in _OPPOSITE and one.values == other.values:
        return Refusal("contradictory", f"{label}的两个条件互相矛盾。")
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
