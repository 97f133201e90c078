"""最高的10栋楼, 投诉最多的十个社区, 哪个街道投诉最多, 办结率排名前五的区, 倒数第一: what comes first, and of what."""

from zhicheng.engines.commands.draft import NUMBERS, Draft
from zhicheng.engines.commands.tokens import Meaning
from zhicheng.engines.commands.values import Measure, Rank
from zhicheng.engines.commands.vocabulary import LEVELS, WordColumn

_ALL = 0


def read_ranks(draft: Draft) -> None:
    """The rank, if one is said, with the groups or rows that it orders."""
    at = _superlative(draft)
    if at is None:
        _read_fronts(draft)
        return
    token = draft.tokens[at]
    if draft.role(at - 1, "change"):
        draft.refuse("incomplete", "还不会按变化的大小排名，可以先看各组的变化。")
    measured = draft.measure is not None or draft.role(at - 1, "share", "average", "count")
    extreme = None if measured and token.is_role("top", "bottom") else draft.mine(at, "extreme")
    descending = bool(extreme.value) if extreme else token.is_role("top")
    column = _aged(draft, at)
    if column is not None:
        descending = not descending
    draft.take(at)
    column = column or _ranked_column(draft, at, extreme)
    if column is None and extreme is None:
        column = _average(draft, at)
    limit = _limit(draft, at + 1)
    head = _head(draft, at)
    _settle(draft, Rank(limit or 1, descending, column.code if column else ""), head)


def _superlative(draft: Draft) -> int | None:
    for at in draft.indices():
        following = draft.quantity(at + 1)
        if following is not None and following.kind:
            continue
        if draft.role(at, "top", "bottom") or draft.mine(at, "extreme"):
            return at
    return None


def _ranked_column(draft: Draft, at: int, extreme: Meaning | None) -> WordColumn | None:
    """What the superlative is about: a column said right before it (老人数量最多), or its own, or the size."""
    back = at - 1
    counted = draft.role(back, "count", "total", "filler")
    column = draft.column_at(back - counted)
    if column is not None and (column.type in NUMBERS or column.type in ("timestamp", "date")):
        draft.take(*range(back - counted, at))
        return column
    if counted and draft.tokens[back].is_role("count"):
        draft.take(back)
    if extreme is not None:
        _take_column(draft, at, extreme.name)
        return draft.table.column(extreme.name)
    if draft.tokens[at].text in ("最大", "最小") and draft.table.size:
        return draft.table.column(draft.table.size)
    return None


def _take_column(draft: Draft, at: int, name: str) -> None:
    """最早建成: the verb beside a superlative of the same column says nothing new."""
    for side in (at + 1, at - 1):
        if (column := draft.column_at(side)) and column.code == name:
            draft.take(side)


def _aged(draft: Draft, at: int) -> WordColumn | None:
    """楼龄最大: the least year."""
    aged = draft.mine(at - 1, "age")
    if aged is None or not draft.role(at, "top", "bottom"):
        return None
    draft.take(at - 1)
    return draft.table.column(aged.name)


def _average(draft: Draft, at: int) -> WordColumn | None:
    """平均高度最高: the average is left for the measure; its column ranks nothing by itself."""
    column = draft.column_at(at - 1)
    return column if column and draft.role(at - 2, "average") else None


def _limit(draft: Draft, at: int, said: str = "front") -> int | None:
    """最多的10栋, 最多的前10名, 最新建成的10栋."""
    while at in draft.used:
        at += 1
    used: list[int] = []
    for role in (said, "ordinal"):
        if draft.role(at, role):
            used.append(at)
            at += 1
    quantity = draft.quantity(at)
    if quantity is None or quantity.kind or quantity.value < 1 or quantity.value != int(quantity.value):
        return None
    column_counters = {word for column in draft.table.columns for word in column.counters}
    if quantity.counter in column_counters and quantity.counter not in draft.table.counters:
        return None
    if draft.role(at - 1, "ordinal") and quantity.value > 1:  # 第三高 is one, not three
        return None
    draft.take(*used, at)
    return int(quantity.value)


def _read_fronts(draft: Draft) -> None:
    """排名前十的街道, 投诉量前5的社区, 倒数三名; 投诉量排名 orders all."""
    for at in draft.indices():
        if draft.role(at, "front", "back"):
            descending = draft.role(at, "front")
            limit = _limit(draft, at, "front" if descending else "back")
            if limit is None:
                continue
            column = _front_column(draft, at)
            if draft.table.code in LEVELS and column is None and draft.measure is None:
                draft.refuse("incomplete", f"按什么排前{limit}？请写明，例如“投诉量前{limit}的{draft.table.label}”。")
            _take_ranking(draft)
            _settle(draft, Rank(limit, descending, column.code if column else ""), _head(draft, at))
            return
    for at in draft.indices():
        if draft.role(at, "ranking", "rising"):
            descending = draft.role(at, "ranking")
            draft.take(at)
            column = _front_column(draft, at)
            _settle(draft, Rank(_ALL, descending, column.code if column else ""), _head(draft, at))
            return


def _take_ranking(draft: Draft) -> None:
    for at in draft.indices():
        if draft.role(at, "ranking"):
            draft.take(at)


def _front_column(draft: Draft, at: int) -> WordColumn | None:
    for back in range(at - 1, max(-1, at - 4), -1):
        column = draft.column_at(back)
        if column is not None and column.type in NUMBERS:
            draft.take(back)
            return column
    return None


def _head(draft: Draft, at: int) -> str:
    """The groups that are ranked: a level or column behind, or one that 哪个 or 各 asks for; empty: rows."""
    for i in draft.indices():
        asked = draft.role(i - 1, "which", "each", "by")
        if not (i > at or asked):
            continue
        group = group_at(draft, i)
        if group and i > at and draft.role(i - 1, "which") and any(draft.noun(n) for n in range(at + 1, i)):
            draft.refuse("incomplete", "要知道它在哪里，请先问是哪一个，看结果里的所在区、街道。")
        if group:
            draft.take(i)
            if asked:
                draft.take(i - 1)
            return group
    return ""


def group_at(draft: Draft, at: int) -> str:
    """The level or column that rows may be grouped by, at an unused token."""
    if level := draft.level(at):
        return level
    column = draft.column_at(at)
    if column is None or (column.type not in ("text", "boolean") and not column.codes and not column.year):
        return ""
    return column.code


def _settle(draft: Draft, rank: Rank, head: str) -> None:
    """Ranked groups need a measure; ranked rows a column."""
    if draft.rank is not None:
        draft.refuse("contradictory", "排名说了两次，请只说一种。")
        return
    column = draft.table.column(rank.column) if rank.column else None
    if head:
        draft.by.append(head)
        if column is not None:
            _check_grouped(draft, column)
            draft.measure = _measure_of(draft, column)
        draft.rank = Rank(rank.limit, rank.descending)
        return
    draft.rank = rank


def _check_grouped(draft: Draft, column: WordColumn) -> None:
    """每个区最高的楼: the highest of each is no rank of districts; only sums and averages rank groups."""
    averaged = any(draft.role(at, "average") for at in draft.indices())
    if not column.additive and not averaged and draft.mine_anywhere("table", "noun"):
        words = f"按组排名要说明怎么算，例如“平均{column.label}最高的街道”；每组里最大的一个还不会取。"
        draft.refuse("incomplete", words)


def _measure_of(draft: Draft, column: WordColumn) -> Measure:
    for at in draft.indices():
        if draft.role(at, "average"):
            draft.take(at)
            return Measure("avg", column.code)
        if draft.role(at, "total"):
            draft.take(at)
    return Measure("sum" if column.additive else "avg", column.code)
