"""打开, 飞到, 订阅, 导出, 立案, 派任务给: what is to be done, read before the question itself."""

from dataclasses import dataclass

from zhicheng.engines.commands.tokens import Meaning, Token
from zhicheng.engines.commands.values import Act, Refusal
from zhicheng.engines.commands.vocabulary import KnownPlace, KnownUnit

_NEAR_ENDS = ("near", "nearest")
_SHORTEST_NAME = 2
_BOUNDS = ("more", "at_least", "less", "at_most", "equal", "unequal", "more_sign")


@dataclass(frozen=True)
class Deed:
    """What is to be done, by whom, and the tokens that stay for the question."""

    act: Act
    tokens: list[Token]
    unit: str = ""
    task: str = ""
    refusal: Refusal | None = None


def read_deed(tokens: list[Token]) -> Deed:
    """The act of a command; showing where none is said."""
    for at, token in enumerate(tokens):
        meaning = token.of("act")
        if meaning is None or (meaning.name == "task" and not _gives_task(tokens, at)):
            continue
        act = Act(meaning.name)
        if act is Act.TASK:
            return _task(tokens[:at], tokens[at + 1 :])
        return Deed(act, [other for other in tokens if not other.of("act", meaning.name)])
    return Deed(Act.SHOW, tokens)


def _gives_task(tokens: list[Token], at: int) -> bool:
    return any(token.of("unit") or token.of("task") for token in tokens[at + 1 :])


def _task(before: list[Token], after: list[Token]) -> Deed:
    """派任务给 UNIT 去 核查 QUESTION, or QUESTION 派给 UNIT 核查."""
    unit: KnownUnit | None = None
    words: list[str] = []
    rest = list(before)
    for token in after:
        named, task = token.of("unit"), token.of("task")
        if named and unit is None:
            unit = named.value
        elif task and not words:
            words.append(token.text)
        elif not (token.text in ("去", "对", "前往") and not token.all("place")):
            rest.append(token)
    kept: list[Token] = []
    for token in rest:
        if token.of("task") and not words and not token.all("phrase"):
            words.append(token.text)
        else:
            kept.append(token)
    if unit is None:
        message = "任务发给哪个单位？请写明单位名称。"
        return Deed(
            Act.TASK, kept, refusal=Refusal("incomplete", message, suggestions=("派任务给龙岗区住建局：核查……",))
        )
    return Deed(Act.TASK, kept, unit.code, words[0] if words else "")


def name_unknowns(tokens: list[Token], act: Act) -> list[Token]:
    """Unknown words where only a place can stand (…附近, 离…2公里, 飞到…) become a name to be looked up."""
    if act in (Act.FLY, Act.OPEN) and any(not token.meanings for token in tokens):
        kept = _trimmed(tokens)
        if kept:
            return [_name(kept)]
    for at, token in enumerate(tokens):
        found = None if token.meanings else _around(tokens, at)
        if found is not None:
            start, end = found
            return [*tokens[:start], _name(tokens[start:end]), *name_unknowns(tokens[end:], act)]
    return tokens


def _around(tokens: list[Token], at: int) -> tuple[int, int] | None:
    """From where to where a name reaches that holds an unknown word and stands before 附近 or a distance."""
    end = at
    while end < len(tokens) and not _ends_name(tokens[end]):
        if tokens[end].is_role(*_BOUNDS):  # 层高超过5米 compares something, and is no place
            return None
        end += 1
    start = at
    while (
        start and not tokens[start - 1].is_role("from", "filler", "and", "speaker") and not _is_area(tokens[start - 1])
    ):
        start -= 1
    length = sum(len(token.text) for token in tokens[start:end])
    return (start, end) if end < len(tokens) and length >= _SHORTEST_NAME else None


def _ends_name(token: Token) -> bool:
    if token.is_role(*_NEAR_ENDS):
        return True
    return any(meaning.value.kind == "metres" for meaning in token.all("number"))


def _is_area(token: Token) -> bool:
    place = token.of("place")
    return place is not None or token.of("time") is not None


def _name(tokens: list[Token]) -> Token:
    text = "".join(token.text for token in tokens)
    place = KnownPlace("name", text, "")
    return Token(tokens[0].start, tokens[-1].end, text, (Meaning("place", name="name", value=place),))


def _trimmed(tokens: list[Token]) -> list[Token]:
    kept = [token for token in tokens if not token.is_role("filler") or not token.of("role")]
    return kept if kept else tokens
