"""各区, 每个街道, 按用途, 按月; 多少栋, 老人总数, 平均高度, 占比, 按时办结率; 同比, 对比; 投诉超过100件的社区."""

from zhicheng.engines.commands.draft import NUMBERS, Draft, scalar
from zhicheng.engines.commands.function_words import BUCKETS
from zhicheng.engines.commands.ranking import group_at
from zhicheng.engines.commands.tokens import COUNTED
from zhicheng.engines.commands.values import Condition, Measure, Test
from zhicheng.engines.commands.vocabulary import LEVELS

COUNT = Measure("count")
_MORE = {
    "more": Test.GT,
    "more_sign": Test.GT,
    "at_least": Test.GE,
    "less": Test.LT,
    "at_most": Test.LE,
    "equal": Test.EQ,
}
_AFTER = {"or_more": Test.GE, "or_less": Test.LE, "within": Test.LE}


def read_figures(draft: Draft) -> None:
    """Words that are a measure by themselves."""
    for at in draft.indices():
        if found := draft.mine(at, "figure"):
            draft.measure = found.value.measure
            draft.base += found.value.where
            draft.named = True
            draft.take(at)


def read_groups(draft: Draft) -> None:
    """Everything that rows are grouped by."""
    for at in draft.indices():
        if at not in draft.used:
            _group(draft, at)


def _group(draft: Draft, at: int) -> None:
    token = draft.tokens[at]
    bucket = token.of("bucket")
    if bucket and draft.table.times and bucket.name in BUCKETS:
        draft.by.append(bucket.name)
        draft.take(at)
        return
    if not token.is_role("each", "by", "which"):
        return
    group = group_at(draft, at + 1)
    if group:
        _take_group(draft, at, group)
        while draft.role(at + 2, "and") and (group := group_at(draft, at + 3)):
            draft.take(at + 2)
            _take_group(draft, at + 2, group)
            at += 2


def _take_group(draft: Draft, at: int, group: str) -> None:
    if group not in draft.by:
        draft.by.append(group)
    draft.take(at, at + 1)


def read_having(draft: Draft) -> None:
    """投诉超过100件的社区, 没有充电站的街道: groups that hold so many rows. The groups stand last."""
    places = [at for at in draft.indices() if draft.level(at) and not draft.noun(at)]
    if not places or draft.by:
        return
    asked = [at for at in places if draft.role(at - 1, "which")]
    head = asked[0] if asked else places[-1]
    if not asked and any(draft.noun(at) for at in range(head + 1, len(draft.tokens))):
        return
    limit = _limit(draft)
    absent = limit is None and _absent(draft, len(draft.tokens) if asked else head)
    if limit is None and not absent:
        return
    draft.by.append(draft.level(head))
    draft.having = limit or Condition("", Test.EQ, (0,))
    if draft.role(head - 1, "which", "each"):
        draft.take(head - 1)
    draft.take(head)


def _limit(draft: Draft) -> Condition | None:
    for at in draft.indices():
        quantity = draft.quantity(at)
        if quantity is None or quantity.kind or not _counts_rows(draft, at, quantity.counter):
            continue
        found = _bound(draft, at)
        if found is not None:
            draft.take(at, found[0])
            return Condition("", found[1], (scalar(quantity.value),))
    return None


def _bound(draft: Draft, at: int) -> tuple[int, Test] | None:
    """超过 before the number, or 以上 behind it."""
    sides = [(at - 1, role, test) for role, test in _MORE.items()] + [
        (at + 1, role, test) for role, test in _AFTER.items()
    ]
    return next(((side, test) for side, role, test in sides if draft.role(side, role)), None)


def _counts_rows(draft: Draft, at: int, counter: str) -> bool:
    if counter in draft.table.counters:
        return True
    return counter in ("", "个", "次") and not any(draft.column_at(i) for i in (at - 2, at - 1, at + 1, at + 2))


def _absent(draft: Draft, head: int) -> bool:
    """没有 right before a noun of the table, with nothing but its modifiers in between."""
    for at in range(head):
        if draft.role(at, "no") and any(draft.noun(i) for i in range(at + 1, head)):
            if any(draft.column_at(i) for i in range(at + 1, head)):
                return False
            draft.take(at)
            return True
    return False


def read_measures(draft: Draft) -> None:
    """多少, 总数, 平均, 占比, with the column they are about."""
    for at in draft.indices():
        if at not in draft.used:
            _measure(draft, at)


_KINDS = {"average": "avg", "total": "sum", "largest": "max", "top": "max", "smallest": "min", "bottom": "min"}


def _measure(draft: Draft, at: int) -> None:
    if _is_sum(draft, at):
        _sum_of(draft, at)
    elif draft.role(at, "count"):
        _count(draft, at)
    elif draft.role(at, "share") and not _of_amount(draft, at):
        draft.take(at)
        draft.measure = Measure("share")
    else:
        kind = next((kind for role, kind in _KINDS.items() if draft.role(at, role)), "")
        if kind:
            _of_column(draft, at, kind)


def _of_amount(draft: Draft, at: int) -> bool:
    """老人占比 is no share of rows; where it means something, the pack has a figure for it."""
    column = draft.column_at(at - 1)
    return column is not None and column.amount


def _is_sum(draft: Draft, at: int) -> bool:
    """老人数量, 总建筑面积; in groups also 面积 by itself, unless rows with some are meant (有老人的楼)."""
    column = draft.column_at(at)
    if column is None or not column.additive or draft.measure is not None:
        return False
    meaning = draft.mine(at, "column")
    said = (meaning is not None and meaning.value == COUNTED) or draft.tokens[at].text.startswith("总")
    if said:
        return not draft.role(at - 1, "average")
    beside = any(draft.role(i, "count", "total", "average", "no", "largest", "smallest") for i in (at - 1, at + 1))
    return bool(draft.by) and not beside and not draft.noun(at + 1) and not draft.noun(at)


def _sum_of(draft: Draft, at: int) -> None:
    column = draft.column_at(at)
    if column is not None:
        draft.measure = Measure("sum", column.code)
        draft.take(at)


def _count(draft: Draft, at: int) -> None:
    meaning = draft.tokens[at].of("role", "count")
    counter = str(meaning.value or "") if meaning else ""
    draft.take(at)
    if draft.measure is not None:
        return
    own = counter in draft.table.counters
    meant = (c for c in draft.table.columns if c.amount and counter in c.counters)
    column = next(meant, None) if counter and not own else None
    for side in (at + 1, at - 1):
        found = draft.column_at(side)
        if found and found.amount and (not own or counter in found.counters):
            draft.take(side)
            column = found
            break
    draft.measure = Measure("sum", column.code) if column else COUNT


def _of_column(draft: Draft, at: int, kind: str) -> None:
    for side in (at + 1, at - 1):
        found = draft.column_at(side)
        if found and found.type in NUMBERS and not found.codes:
            draft.take(at, side)
            draft.measure = Measure(kind, found.code)
            return
    if kind == "sum" and draft.measure is not None:
        draft.take(at)
    elif kind == "sum" and any(draft.noun(i) for i in (at - 1, at + 1)):
        draft.take(at)
        draft.measure = COUNT


def read_contrasts(draft: Draft) -> None:
    """同比, 环比; 福田区和南山区对比; 分布 without a level goes one level below the place."""
    for at in draft.indices():
        if draft.role(at, "last_year", "last_period"):
            draft.against = "last_year" if draft.role(at, "last_year") else "last_period"
            draft.take(at)
        elif (draft.role(at, "change") and any(draft.role(i, "last_year", "last_period") for i in draft.indices())) or (
            draft.role(at, "change") and draft.against
        ):
            draft.take(at)
        elif draft.role(at, "contrast", "which"):
            _between_places(draft, at)
        elif draft.role(at, "statistics"):
            _distribution(draft, at)
    if draft.against and draft.measure is None:
        draft.measure = COUNT


def _is_against(draft: Draft) -> bool:
    return bool(draft.against) or any(draft.role(i, "last_year", "last_period") for i in draft.indices())


def _between_places(draft: Draft, at: int) -> None:
    kinds = {place.kind for place in draft.places}
    if len(draft.places) > 1 and len(kinds) == 1 and (kind := kinds.pop()) in draft.table.levels:
        draft.take(at)
        if kind not in draft.by:
            draft.by.append(kind)


def _distribution(draft: Draft, at: int) -> None:
    draft.take(at)
    if draft.by or draft.measure:
        return
    kinds = [LEVELS.index(place.kind) for place in draft.places if place.kind in LEVELS]
    below = LEVELS[min(max(kinds, default=0) + 1, len(LEVELS) - 1)]
    if below in draft.table.levels:
        draft.by.append(below)
