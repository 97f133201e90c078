"""办公, 没有电梯, 有空位, 未办结, 除住宅外, 市住建局的: what rows are, or are not."""

from dataclasses import replace

from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.tokens import COUNTED, Meaning
from zhicheng.engines.commands.values import Condition, Measure, Scalar, Test
from zhicheng.engines.commands.vocabulary import Phrase, WordColumn


def read_attributes(draft: Draft) -> None:
    """Phrases, codes, truth values, amounts that are there or not, units."""
    for at in draft.indices():
        if at not in draft.used:
            _attribute(draft, at)
    draft.where = _merged(draft.where)
    _apart(draft)


def _apart(draft: Draft) -> None:
    """住宅和办公楼各有多少, 福田区和南山区各有多少: counted one by one."""
    for at in draft.indices():
        if not draft.role(at, "each", "contrast"):
            continue
        kinds = {place.kind for place in draft.places}
        several = [condition.column for condition in draft.where if condition.test is Test.IN]
        if len(draft.places) > 1 and len(kinds) == 1 and (kind := kinds.pop()) in draft.table.levels:
            draft.by += [kind] if kind not in draft.by else []
        elif several:
            draft.by += [several[0]] if several[0] not in draft.by else []
        else:
            return
        draft.take(at)


def _attribute(draft: Draft, at: int) -> None:
    if phrase := draft.mine(at, "phrase"):
        _phrase(draft, at, phrase.value)
    elif codes := _codes(draft, at):
        _code(draft, at, codes)
    elif draft.tokens[at].of("unit") and draft.table.column("unit"):
        _unit(draft, at)
    elif column := draft.column_at(at):
        _column(draft, at, column)


def _codes(draft: Draft, at: int) -> list[Meaning]:
    return [meaning for meaning in draft.tokens[at].all("code") if meaning.table == draft.table.code]


def _phrase(draft: Draft, at: int, phrase: Phrase) -> None:
    denied = _denial(draft, at)
    if denied is None:
        draft.where += phrase.where
    elif phrase.negated:
        draft.where += phrase.negated
        draft.take(*denied)
    else:
        return
    draft.named = draft.named or phrase.noun
    draft.take(at)


def _code(draft: Draft, at: int, codes: list[Meaning]) -> None:
    column = draft.table.column(codes[0].name)
    if column is None:
        return
    values: tuple[Scalar, ...] = tuple(dict.fromkeys(code.value for code in codes if code.name == column.code))
    draft.named = draft.named or draft.mine(at, "noun") is not None
    used = [at]
    values += _joined_values(draft, at, column, used)
    values = _widest(values) if column.tree else values
    denied = _denial(draft, used[0])
    if len(values) > 1:
        test = Test.NOT_IN if denied else Test.IN
    elif column.tree:
        test = Test.NOT_UNDER if denied else Test.UNDER
    else:
        test = Test.NE if denied else Test.EQ
    draft.where.append(Condition(column.code, test, tuple(sorted(values, key=str))))
    draft.take(*used, *(denied or ()))


def _widest(values: tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    """A code holds for all below it: 工资 is said of both labour.wages and labour.wages.unpaid."""
    return tuple(v for v in values if not any(str(v).startswith(f"{other}.") for other in values))


def _joined_values(draft: Draft, at: int, column: WordColumn, used: list[int]) -> tuple[Scalar, ...]:
    """住宅和办公楼, 学校、医院或诊所."""
    values: list[Scalar] = []
    while draft.role(at + 1, "and", "or"):
        codes = [code for code in _codes(draft, at + 2) if code.name == column.code] if draft.free(at + 2) else []
        if not codes:
            break
        values.append(codes[0].value)
        used += [at + 1, at + 2]
        at += 2
    return tuple(values)


def _denial(draft: Draft, at: int) -> tuple[int, ...] | None:
    """The tokens that deny what stands at a place: 没有, 非, 不是, or 除…外."""
    if draft.role(at - 1, "no"):
        draft.denied.add(at)
        return (at - 1,)
    if draft.role(at - 1, "and", "or") and at - 2 in draft.denied:  # 没有电梯和地下室 denies both
        draft.denied.add(at)
        return (at - 1,)
    if draft.role(at - 1, "except"):
        behind = next((i for i in range(at + 1, min(at + 6, len(draft.tokens))) if draft.role(i, "outside")), None)
        return (at - 1,) if behind is None else (at - 1, behind)
    return None


def _unit(draft: Draft, at: int) -> None:
    unit = draft.tokens[at].of("unit")
    if unit is None:
        return
    used, codes = [at], {unit.value.code}
    while draft.role(used[-1] + 1, "and", "or") and (token := draft.free(used[-1] + 2)) and (more := token.of("unit")):
        used += [used[-1] + 1, used[-1] + 2]
        codes.add(more.value.code)
    denied = _denial(draft, at)
    several = (Test.NOT_IN if denied else Test.IN) if len(codes) > 1 else (Test.NE if denied else Test.EQ)
    draft.where.append(Condition("unit", several, tuple(sorted(codes))))
    draft.take(*used, *(denied or ()))


def _column(draft: Draft, at: int, column: WordColumn) -> None:
    denied = _denial(draft, at)
    if column.type == "boolean":
        draft.where.append(Condition(column.code, Test.EQ, (denied is None,)))
    elif column.amount and denied is None and (draft.noun(at) or _asks_amount(draft, at)):
        return
    elif column.amount and denied is None and _asks_sum(draft, at):
        draft.measure = Measure("sum", column.code)
    elif column.amount:
        draft.where.append(Condition(column.code, Test.EQ if denied else Test.GT, (0,)))
    elif denied:
        draft.where.append(Condition(column.code, Test.NULL))
    else:
        return
    draft.take(at, *(denied or ()))


def _asks_sum(draft: Draft, at: int) -> bool:
    """福田区人口, 学校学位: how many; 有老人的楼 are the rows that have some."""
    if draft.measure or draft.rank or draft.by or draft.tokens[at].start in draft.beside.having:
        return False
    behind = [m for token in draft.tokens[at + 1 :] for m in token.meanings if m.table == draft.table.code]
    return not any(m.kind in ("table", "noun") for m in behind)


def _asks_amount(draft: Draft, at: int) -> bool:
    """老人数量和儿童数量, 老人和儿童各多少: two amounts are asked for, where one can be given."""
    meaning = draft.mine(at, "column")
    if meaning is not None and meaning.value == COUNTED:
        return True
    beside = [i for i in (at - 2, at + 2) if 0 <= i < len(draft.tokens) and draft.tokens[(at + i) // 2].is_role("and")]
    return any(_names_amount(draft, i) for i in beside)


def _names_amount(draft: Draft, at: int) -> bool:
    named = (draft.table.column(m.name) for m in draft.tokens[at].all("column") if m.table == draft.table.code)
    return any(column is not None and column.amount for column in named)


def _merged(found: list[Condition]) -> list[Condition]:
    """Two bounds of one column are one range; doubles count once."""
    merged: list[Condition] = []
    for condition in dict.fromkeys(found):
        at = next((i for i, other in enumerate(merged) if other.column == condition.column), None)
        both = _together(merged[at], condition) if at is not None else None
        if at is not None and both is not None:
            merged[at] = both
        else:
            merged.append(condition)
    return merged


def _together(one: Condition, other: Condition) -> Condition | None:
    if isinstance(one.values[0] if one.values else "", str):
        return None
    if one.test is Test.GE and other.test is Test.LE:
        return replace(one, test=Test.BETWEEN, values=(*one.values, *other.values))
    if one.test is Test.LE and other.test is Test.GE:
        return replace(one, test=Test.BETWEEN, values=(*other.values, *one.values))
    return None
