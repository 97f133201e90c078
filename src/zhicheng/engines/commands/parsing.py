"""From a text to a command, or to what was not understood. The same text, vocabulary and hour give the same answer.

A text is cut into known words; for each table that they may be about, passes read distances, places, ranks, groups,
times, comparisons and attributes. The table that leaves the fewest characters over wins; what it leaves over is said.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zhicheng.engines.commands.acting import Deed, name_unknowns, read_deed
from zhicheng.engines.commands.attributes import read_attributes
from zhicheng.engines.commands.checking import find_fault
from zhicheng.engines.commands.comparing import read_comparisons
from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.grouping import (
    COUNT,
    read_contrasts,
    read_figures,
    read_groups,
    read_measures,
)
from zhicheng.engines.commands.leftovers import drop_fillers, take_leftovers
from zhicheng.engines.commands.limiting import read_having
from zhicheng.engines.commands.nearness import near_place, read_nearness
from zhicheng.engines.commands.placing import read_places
from zhicheng.engines.commands.ranking import read_ranks
from zhicheng.engines.commands.suggesting import sounding, suggest_instead
from zhicheng.engines.commands.timing import read_hours, read_times
from zhicheng.engines.commands.tokens import Lexicon, Token, cut, normal
from zhicheng.engines.commands.values import Act, Command, Correction, Measure, Place, Refusal, Span
from zhicheng.engines.commands.vocabulary import WordTable

MOST_CHARACTERS = 200
_PASSES = (
    read_nearness,
    read_places,
    read_figures,
    read_having,
    read_ranks,
    read_groups,
    read_times,
    read_hours,
    read_comparisons,
    read_measures,
    read_contrasts,
    read_attributes,
)


@dataclass(frozen=True)
class Reading:
    """A command or a refusal, never both; what was put right on the way."""

    text: str
    command: Command | None = None
    refusal: Refusal | None = None
    corrections: tuple[Correction, ...] = ()
    indicators: tuple[Any, ...] = ()  # that the text names, whoever answers


def read_command(text: str, lexicon: Lexicon, now: datetime) -> Reading:
    """The command that a text says."""
    plain = normal(text).strip()
    if not plain:
        return Reading(text, refusal=Refusal("empty", "请输入要问的内容。"))
    if len(plain) > MOST_CHARACTERS:
        return Reading(text, refusal=Refusal("too_long", f"一次最多{MOST_CHARACTERS}个字，请说得短一些。"))
    tokens = cut(plain, lexicon, now)
    heard = _heard(plain, tokens, lexicon)
    if heard is not None:
        again = read_command(heard[0], lexicon, now)
        if again.command is not None:
            return replace(again, text=text, corrections=(*heard[1], *again.corrections))
    deed = read_deed(tokens)
    if deed.refusal:
        return Reading(text, refusal=deed.refusal)
    return _read(text, Deed(deed.act, name_unknowns(deed.tokens, deed.act), deed.unit, deed.task), lexicon, now)


def _heard(plain: str, tokens: list[Token], lexicon: Lexicon) -> tuple[str, tuple[Correction, ...]] | None:
    """The text with what nobody knows replaced by the one known word that sounds the same (造音投诉); None if none."""
    for at, token in enumerate(tokens):
        if token.meanings:
            continue
        before = tokens[at - 1].text if at else ""
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        for head, tail in (("", ""), (before, ""), ("", after), (before, after)):
            typed = head + token.text + tail
            known = sounding(typed, lexicon)
            if known and known != typed and typed in plain:
                return plain.replace(typed, known, 1), (Correction(typed, known),)
    return None


def _read(text: str, deed: Deed, lexicon: Lexicon, now: datetime) -> Reading:
    tokens, beside = drop_fillers(deed.tokens)
    if deed.act in (Act.FLY, Act.OPEN) and (went := _goes(tokens, deed.act)):
        return Reading(text, command=went)
    tables = [table for table in lexicon.vocabulary.tables if _mentioned(tokens, table)]
    drafts = [read_passes(Draft(tokens, table, lexicon, now, beside)) for table in tables]
    best = min(drafts, key=_badness, default=None)
    if best is None:
        return Reading(text, refusal=_no_subject(tokens, lexicon))
    return check_draft(text, best, deed, lexicon)


def check_draft(text: str, draft: Draft, deed: Deed, lexicon: Lexicon) -> Reading:
    """The command of a draft of which nothing is left over and nothing is wrong; else why there is none."""
    left = _left_over(draft)
    if left:
        is_vague = any(token.of("vague") for token in draft.tokens)
        return Reading(text, refusal=_vague(draft.tokens) if is_vague else _not_understood(left, draft, lexicon))
    refusal = draft.refusal or find_fault(draft)
    if refusal:
        return Reading(text, refusal=refusal)
    return Reading(text, command=_command(draft, deed))


def _mentioned(tokens: list[Token], table: WordTable) -> bool:
    counted = {word for column in table.columns if column.amount for word in column.counters}
    meanings = [meaning for token in tokens for meaning in token.meanings]
    return any(m.table == table.code or (m.name == "count" and m.value in counted) for m in meanings)


def read_passes(draft: Draft) -> Draft:
    """The draft after every pass."""
    for read in _PASSES:
        read(draft)
    take_leftovers(draft)
    return draft


def _left_over(draft: Draft) -> list[Token]:
    return [draft.tokens[at] for at in draft.indices()]


def _badness(draft: Draft) -> tuple[int, int, int]:
    left = sum(len(token.text) for token in _left_over(draft))
    unnamed = 0 if draft.named else 45
    doubtful = 5 if draft.refusal else 0
    return left, unnamed + draft.table.priority + doubtful + draft.cost, 0


def _command(draft: Draft, deed: Deed) -> Command:
    measure, where = draft.measure, draft.where
    if (draft.by or draft.having) and measure is None:
        measure = COUNT
    if measure is not None and measure.kind == "share" and not measure.of:
        measure, where = Measure("share", of=tuple(sorted(where, key=_order))), []
    where = list(dict.fromkeys([*where, *draft.base]))
    return Command(
        table=draft.table.code,
        where=tuple(sorted(where, key=_order)),
        places=tuple(draft.places),
        outside=tuple(draft.outside),
        near=tuple(draft.near),
        periods=tuple(draft.periods),
        measure=measure,
        by=tuple(draft.by),
        rank=draft.rank,
        having=draft.having,
        against=draft.against,
        act=deed.act,
        unit=deed.unit,
        task=deed.task,
    )


def _order(condition: object) -> str:
    return repr(condition)


def _goes(tokens: list[Token], act: Act) -> Command | None:
    """飞到福田口岸: a place by itself. 打开 may also be followed by a question."""
    places = [token for token in tokens if token.of("place")]
    if len(tokens) != 1 or not places:
        return None
    token = tokens[0]
    areas = [meaning.value for meaning in token.all("place")]
    place = near_place(token) if len(areas) == 1 else Place(areas[0].kind, areas[0].name, areas[0].code)
    return Command("", places=(place,), act=act) if place else None


def _no_subject(tokens: list[Token], lexicon: Lexicon) -> Refusal:
    unknown = [token for token in tokens if not token.meanings]
    if unknown:
        names = "、".join(f"“{token.text}”" for token in unknown)
        spans = tuple(Span(token.start, token.end, token.text) for token in unknown)
        return Refusal("not_understood", f"没有听懂{names}。", spans, suggest_instead(unknown, lexicon))
    labels = "、".join(table.label for table in lexicon.vocabulary.tables[:8])
    return Refusal("no_subject", f"要找什么？可以问：{labels}等。")


def _vague(tokens: list[Token]) -> Refusal:
    found = [(token, meaning) for token in tokens for meaning in token.all("vague")]
    token, meaning = found[0]
    return Refusal(
        "ambiguous",
        f"“{token.text}”没有统一的标准，请说具体一些，例如：{meaning.value}。",
        (Span(token.start, token.end, token.text),),
        (str(meaning.value),),
    )


def _not_understood(left: list[Token], draft: Draft, lexicon: Lexicon) -> Refusal:
    names = "、".join(f"“{token.text}”" for token in left)
    spans = tuple(Span(token.start, token.end, token.text) for token in left)
    message = (
        f"没有听懂{names}。" if any(not t.meanings for t in left) else f"{draft.table.label}没有与{names}对应的内容。"
    )
    return Refusal("not_understood", message, spans, suggest_instead(left, lexicon))
