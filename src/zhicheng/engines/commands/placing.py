"""福田区, 福田区和南山区, 宝安区新安街道, 除福田区外, 我的辖区, 画的范围."""

from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.nearness import DEFAULT_METRES
from zhicheng.engines.commands.tokens import Token
from zhicheng.engines.commands.values import Condition, Near, Place, Test
from zhicheng.engines.commands.vocabulary import LEVELS, KnownPlace

_SHAPES = {"own": "我的辖区", "drawn": "所画范围", "view": "当前视野"}


def read_places(draft: Draft) -> None:
    """Every place that is left, inside or outside."""
    inside: list[tuple[int, KnownPlace]] = []
    for run in _runs(draft):
        denied = _denied(draft, run)
        found = [(at, place) for at in run if (place := _settle(draft, draft.tokens[at])) is not None]
        _within_point(draft, run[-1], found[-1][1] if found else None)
        if denied:
            draft.outside += [Place(place.kind, place.name, place.code) for _, place in found]
        else:
            inside += found
    for at in draft.indices():
        if not draft.noun(at):
            _shape(draft, at, draft.tokens[at])
    draft.places += [made for place in _narrowed(draft, inside) if (made := _as_place(draft, place))]


def _runs(draft: Draft) -> list[list[int]]:
    """Places that stand together or are joined by 和, as places of the tokens."""
    runs: list[list[int]] = []
    previous = -2
    for at in draft.indices():
        if not draft.tokens[at].of("place") or _is_unit(draft, draft.tokens[at]):
            continue
        joined = previous == at - 2 and draft.role(at - 1, "and", "or")
        if runs and (previous == at - 1 or joined):
            runs[-1].append(at)
            draft.take(*range(previous + 1, at))
        else:
            runs.append([at])
        previous = at
    for run in runs:
        draft.take(*run)
    return runs


def _within_point(draft: Draft, at: int, place: KnownPlace | None) -> None:
    """莲花山公园里的公厕: a landmark is a point, and nothing is known to lie inside it."""
    if place is None or place.kind not in ("landmark", "name"):
        return
    if draft.tokens[at].start in draft.beside.inside or draft.role(at + 1, "within"):
        message = f"“{place.name}”只有一个点，没有边界，说不出哪些在里面；可以问附近多远。"
        draft.refuse("ambiguous", message, f"{place.name}附近500米")


def _is_unit(draft: Draft, token: Token) -> bool:
    """福田区政府的工单: its cases, not those around its building; near it they are said to be."""
    if not token.of("unit") or draft.table.column("unit") is None:
        return False
    return all(meaning.value.kind not in LEVELS for meaning in token.all("place"))


def _shape(draft: Draft, at: int, token: Token) -> None:
    for kind, words in _SHAPES.items():
        if token.is_role(kind):
            draft.places.append(Place(kind, words))
            draft.take(at)
            if draft.role(at + 1, "within"):
                draft.take(at + 1)
    if token.is_role("whole"):
        draft.take(at)
        if draft.role(at + 1, "within"):
            draft.take(at + 1)


def _denied(draft: Draft, run: list[int]) -> bool:
    """除福田区外, 不在福田区, 福田区以外."""
    before, after = run[0] - 1, run[-1] + 1
    said = draft.role(before, "except", "not_in", "no")
    beyond = draft.role(after, "outside")
    if said:
        draft.take(before)
    if beyond or draft.role(after, "within"):
        draft.take(after)
    return said or beyond


def _settle(draft: Draft, token: Token) -> KnownPlace | None:
    """Which of the places of one name is meant: the one inside or around the others that are said."""
    found: list[KnownPlace] = [meaning.value for meaning in token.all("place")]
    areas = [place for place in found if place.kind in LEVELS]
    if not areas:
        return found[0]
    highest = min(LEVELS.index(place.kind) for place in areas)
    best = [place for place in areas if LEVELS.index(place.kind) == highest]
    if len(best) == 1:
        return best[0]
    others = {meaning.value.code for other in draft.tokens if other is not token for meaning in other.all("place")}
    fitting = [place for place in best if others & {*place.within}]
    if len(fitting) == 1:
        return fitting[0]
    names = {code: place.name for code, place in draft.lexicon.known_codes.items()}
    ways = [names.get(place.within[0], "") + place.name if place.within else place.name for place in fitting or best]
    draft.refuse("ambiguous", f"“{token.text}”不止一处，是哪一个？", *ways)
    return None


def _narrowed(draft: Draft, chosen: list[tuple[int, KnownPlace]]) -> list[KnownPlace]:
    """宝安区新安街道 is one place; two that stand side by side and do not contain one another are contradictory."""
    kept: list[KnownPlace] = []
    for index, (at, place) in enumerate(chosen):
        inner = [other for _, other in chosen if place.code and place.code in other.within]
        if inner:
            continue
        before = chosen[index - 1] if index else None
        if before and before[0] == at - 1 and _disjoint(before[1], place):
            draft.refuse("contradictory", f"{place.name}不在{before[1].name}。")
        kept.append(place)
    return list(dict.fromkeys(kept))


def _disjoint(one: KnownPlace, other: KnownPlace) -> bool:
    if one.kind not in LEVELS or other.kind not in LEVELS or one.kind == other.kind:
        return False
    return one.code not in other.within and other.code not in one.within


def _as_place(draft: Draft, place: KnownPlace) -> Place | None:
    if place.kind == "city":
        return None
    if place.kind == draft.table.code and draft.table.key:
        draft.where.append(Condition(draft.table.key, Test.EQ, (place.code,)))
        return None
    found = Place(place.kind, place.name, place.code)
    if place.kind in ("landmark", "name"):
        draft.near.append(Near(DEFAULT_METRES, found))
        return None
    return found
