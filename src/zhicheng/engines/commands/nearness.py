"""离福田口岸2公里内, 学校周边500米, 500米内没有公厕, 离最近的医院超过3公里."""

from dataclasses import dataclass

from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.tokens import Meaning, Token
from zhicheng.engines.commands.values import Condition, Near, Place, Rank, Test
from zhicheng.engines.commands.vocabulary import KnownPlace

DEFAULT_METRES = 500
_FARTHER = ("more", "at_least", "more_sign")
_NEARER = ("less", "at_most")


@dataclass(frozen=True)
class Target:
    """From what distance is measured, and the tokens that say it."""

    near: Near
    used: tuple[int, ...]


def read_nearness(draft: Draft) -> None:
    """Every distance in metres that has something it is measured from, then nearness without a number."""
    for at in draft.indices():
        quantity = draft.quantity(at)
        if quantity is not None and quantity.kind == "metres":
            _measured(draft, at, int(quantity.value))
    for at in draft.indices():
        if draft.role(at, "near"):
            _vaguely(draft, at)
    _nearest(draft)


def _measured(draft: Draft, at: int, metres: int) -> None:
    after = at + 1
    beyond = draft.role(after, "outside", "or_more")
    used = [at]
    if beyond or draft.role(after, "within", "or_less"):
        used.append(after)
    has_edge, is_bound = len(used) > 1, False
    back = at - 1
    while draft.role(back, *_FARTHER, *_NEARER, "radius", "near", "within", "to", "by"):
        if draft.role(back, *_FARTHER) and draft.role(after, "within", "or_less"):
            return
        beyond = beyond or draft.role(back, *_FARTHER)
        is_bound = is_bound or draft.role(back, *_FARTHER, *_NEARER)
        has_edge = True
        used.append(back)
        back -= 1
    target = None if draft.role(after + 1, "no") else _target_ending(draft, back)
    if target and is_bound and not any(draft.role(i, "from") for i in range(back)):
        return  # 楼超过两百米: a height, where nothing says from what it is measured
    if target and has_edge and not _says_length(draft, back, at):
        _add(draft, target, metres, beyond=beyond, used=used)
        return
    if has_edge and draft.role(after, "within", "near"):
        _ahead(draft, used, after + 1, metres)


def _says_length(draft: Draft, back: int, at: int) -> bool:
    """福田区100米以上: a division is no place to measure from, unless that is said."""
    token = draft.free(back)
    place = token.of("place") if token else None
    division = place is not None and place.name not in ("landmark", "road", "name")
    said = draft.role(back - 1, "from") or any(draft.role(i, "near", "radius", "within") for i in (at - 1, at + 1))
    return division and not said


def _ahead(draft: Draft, used: list[int], at: int, metres: int) -> None:
    """500米内没有公厕: what is near stands behind the distance."""
    absent = draft.role(at, "no")
    start = at + absent
    target = _target_starting(draft, start)
    if target is None or not (absent or draft.tokens[start].start in draft.beside.having):
        return
    more = [at] if absent else []
    _add(draft, target, metres, beyond=absent, used=[*used, *more])


def _vaguely(draft: Draft, at: int) -> None:
    target = _target_ending(draft, at - 1)
    if target is not None:
        _add(draft, target, DEFAULT_METRES, beyond=False, used=[at])
        return
    absent = draft.role(at + 1, "no")
    if absent and (target := _target_starting(draft, at + 2)):
        _add(draft, target, DEFAULT_METRES, beyond=True, used=[at, at + 1])


def _nearest(draft: Draft) -> None:
    """离福田口岸最近的5个充电站: a rank by distance."""
    for at in draft.indices():
        if not draft.role(at, "nearest"):
            continue
        target = _target_ending(draft, at - 1)
        if target is None or target.near.table:
            return
        limit, used = 1, [at]
        quantity = draft.quantity(at + 1)
        if quantity is not None and not quantity.kind:
            limit = int(quantity.value)
            used.append(at + 1)
        draft.near.append(Near(0, target.near.place))
        draft.rank = Rank(limit, False, "distance")
        _take_target(draft, target, used)


def _add(draft: Draft, target: Target, metres: int, *, beyond: bool, used: list[int]) -> None:
    found = target.near
    draft.near.append(Near(metres, found.place, found.table, found.where, beyond))
    _take_target(draft, target, used)


def _take_target(draft: Draft, target: Target, used: list[int]) -> None:
    draft.take(*used, *target.used)
    before = min(target.used) - 1
    while draft.role(before, "from", "nearest", "by"):
        draft.take(before)
        before -= 1


def _target_ending(draft: Draft, at: int) -> Target | None:
    token = draft.free(at)
    if token is None:
        return None
    if place := near_place(token):
        return Target(Near(0, place), (at,))
    noun = _row_noun(draft, token)
    if noun is None:
        return None
    used, where = [at], _code_of(noun)
    back = _others_before(draft, at, noun, used, where)
    while (before := draft.free(back)) and (code := _modifier(before, noun.table)):
        where.append(code)
        used.append(back)
        back -= 1
    return Target(Near(0, None, noun.table, tuple(where)), tuple(used))


def _others_before(draft: Draft, at: int, noun: Meaning, used: list[int], where: list[Condition]) -> int:
    """学校和医院500米内: either will do. Gives the place before what was taken."""
    back = at - 1
    while where and draft.role(back, "and", "or") and (token := draft.free(back - 1)):
        other = _row_noun(draft, token)
        if other is None or (other.kind, other.table, other.name) != (noun.kind, noun.table, noun.name):
            break
        values = tuple(sorted({*where[0].values, other.value}, key=str))
        where[0] = Condition(noun.name, Test.IN, values)
        used += [back, back - 1]
        back -= 2
    return back


def _target_starting(draft: Draft, at: int) -> Target | None:
    token = draft.free(at)
    if token is None:
        return None
    if place := near_place(token):
        return Target(Near(0, place), (at,))
    used: list[int] = []
    while token is not None:
        noun = _row_noun(draft, token)
        if noun is not None:
            where = [code for i in used if (code := _modifier(draft.tokens[i], noun.table))]
            if len(where) == len(used):
                return Target(Near(0, None, noun.table, (*where, *_code_of(noun))), (*used, at))
        used.append(at)
        at += 1
        token = draft.free(at) if token.all("code") else None
    return None


def _row_noun(draft: Draft, token: Token) -> Meaning | None:
    """The best table that a token names, other than areas: nothing is near an area."""
    found = [meaning for meaning in token.meanings if meaning.kind in ("table", "noun")]
    tables = {table.code: table for table in draft.lexicon.vocabulary.tables}
    usable = [
        m for m in found if tables[m.table].located and m.table not in ("district", "street", "community", "grid")
    ]
    return min(usable, key=lambda meaning: tables[meaning.table].priority, default=None)


def _code_of(noun: Meaning) -> list[Condition]:
    return [Condition(noun.name, Test.EQ, (noun.value,))] if noun.kind == "noun" else []


def _modifier(token: Token, table: str) -> Condition | None:
    for meaning in token.all("code"):
        if meaning.table == table:
            return Condition(meaning.name, Test.EQ, (meaning.value,))
    return None


def near_place(token: Token) -> Place | None:
    """The place that a distance is measured from: a landmark or a road rather than an area of the same name."""
    found: list[KnownPlace] = [meaning.value for meaning in token.all("place")]
    found.sort(key=lambda place: ("name", "landmark", "road").index(place.kind) if place.kind in _POINTS else 9)
    if found:
        return Place(found[0].kind, found[0].name, found[0].code)
    if token.is_role("drawn", "view", "own"):
        return None
    return None


_POINTS = ("name", "landmark", "road")
