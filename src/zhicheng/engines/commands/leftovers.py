"""Words that add nothing where they stand. Everything else that no pass has used is said to be not understood.

What is dropped here must not change the meaning of any command: of one word that does, the answer would be wrong.
"""

from zhicheng.engines.commands.draft import Beside, Draft
from zhicheng.engines.commands.tokens import Token

_SAY_LITTLE = ("filler", "inside", "having")


def drop_fillers(tokens: list[Token]) -> tuple[list[Token], Beside]:
    """The tokens without courtesies and particles, with what 有 and 里 said about their neighbours."""
    kept: list[Token] = []
    having: set[int] = set()
    inside: set[int] = set()
    owned = False
    for at, token in enumerate(tokens):
        if token.is_role("inside") and kept:
            inside.add(kept[-1].start)
        if _is_filler(token) or _is_speaker(tokens, at):
            owned = token.is_role("having") or (owned and not token.is_role("having"))
            continue
        if owned:
            having.add(token.start)
        owned = False
        kept.append(token)
    return kept, Beside(frozenset(having), frozenset(inside))


def _is_filler(token: Token) -> bool:
    return token.is_role("filler") and all(m.kind == "role" and m.name in _SAY_LITTLE for m in token.meanings)


def _is_speaker(tokens: list[Token], at: int) -> bool:
    """我们南山区, 我想看: who speaks. 我们处理的 is more than that, and stays."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if not tokens[at].is_role("speaker") or after is None:
        return False
    return bool(
        (_is_filler(after) and after.text != "的")
        or after.of("place")
        or after.of("act")
        or after.is_role("own", "whole")
    )


def take_leftovers(draft: Draft) -> None:
    """What is left of the subject itself, of verbs in the usual time column, of joints without anything to join."""
    for at in draft.indices():
        if draft.noun(at):
            draft.named = True
            draft.take(at)
        elif _adds_nothing(draft, at):
            draft.take(at)


def _adds_nothing(draft: Draft, at: int) -> bool:
    verb, quantity = draft.mine(at, "verb"), draft.quantity(at)
    if verb is not None:
        return verb.name == draft.table.usual_time
    if quantity is not None:
        return quantity.value == 1 and quantity.counter in ("个", *draft.table.counters)
    if draft.role(at, "handled"):
        return at > 0 and draft.tokens[at - 1].of("unit") is not None
    return draft.role(at, "filler", "comma") or _asks(draft, at) or _ends(draft, at)


def _asks(draft: Draft, at: int) -> bool:
    """哪些充电站, 各有多少 of what is grouped already, 大概有多少: the words beside them say it."""
    after = draft.tokens[at + 1] if at + 1 < len(draft.tokens) else None
    if after is None:
        return draft.role(at, "each") and bool(draft.by)
    if draft.role(at, "which"):
        return any(m.kind in ("table", "noun") and m.table == draft.table.code for m in after.meanings)
    counts = after.is_role("count", "statistics", "each")
    return counts and (draft.role(at, "about") or (draft.role(at, "each") and bool(draft.by)))


def _ends(draft: Draft, at: int) -> bool:
    return at == len(draft.tokens) - 1 and draft.role(at, "by", "to", "within")
