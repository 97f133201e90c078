"""各区, 每个街道, 按用途, 按月; 多少栋, 老人总数, 平均高度, 占比, 按时办结率; 同比, 对比."""

from zhicheng.engines.commands.draft import NUMBERS, Draft
from zhicheng.engines.commands.function_words import BUCKETS
from zhicheng.engines.commands.ranking import group_at
from zhicheng.engines.commands.tokens import ANYTHING, COUNTED
from zhicheng.engines.commands.values import Measure
from zhicheng.engines.commands.vocabulary import LEVELS

COUNT = Measure("count")


def read_figures(draft: Draft) -> None:
    """Words that are a measure by themselves."""
    for at in draft.indices():
        found = draft.mine(at, "figure")
        if found and draft.measure in (None, found.value.measure):
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
    elif draft.role(at, "share") and draft.measure in (None, COUNT) and not _of_amount(draft, at):
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
    if at == len(draft.tokens) - 1 and not (column.amount or draft.rank or draft.role(at - 1, "average")):
        return True  # 工业用地面积
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
    if counter and not _counts_here(draft, counter):
        return
    draft.take(at)
    if draft.measure is not None:
        return
    own = counter in draft.table.counters
    averaged = draft.role(at - 1, "average")
    meant = (c for c in draft.table.columns if (c.additive or averaged) and counter in c.counters)
    column = next(meant, None) if counter and not own else None
    for side in (at + 1, at - 1, *([at - 2] if draft.role(at - 1, "each") else [])):
        found = draft.column_at(side)
        if found and (found.amount or (found.additive and not counter)) and (not own or counter in found.counters):
            draft.take(side)
            column = found
            break
    kind = "avg" if column and draft.role(at - 1, "average") else "sum"
    draft.take(*([at - 1] if kind == "avg" else []))
    draft.measure = Measure(kind, column.code) if column else COUNT


def _counts_here(draft: Draft, counter: str) -> bool:
    """多少栋 asks for buildings, whatever else could be counted."""
    own = {word for column in draft.table.columns for word in column.counters} | {*draft.table.counters}
    return counter in own or counter in ANYTHING


def _of_column(draft: Draft, at: int, kind: str) -> None:
    for side in (at + 1, at - 1):
        found = draft.column_at(side)
        if found and found.type in NUMBERS and not found.codes and draft.measure is None:
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
            against = "last_year" if draft.role(at, "last_year") else "last_period"
            if draft.against in ("", against):  # 同比 and 环比 at once: the other stays, and is said
                draft.against = against
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
