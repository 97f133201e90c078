"""人均住宅面积, 充电桩使用率最高的街道: indicators that are kept ready elsewhere, asked by their names.

A text that the tables can answer is answered by the tables, also where an indicator has the same name; 指标 in the text
asks for the indicator. So no name of an indicator ever changes how a question about a table is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from zhicheng.engines.commands.acting import Deed, read_deed
from zhicheng.engines.commands.draft import Draft
from zhicheng.engines.commands.leftovers import drop_fillers
from zhicheng.engines.commands.parsing import MOST_CHARACTERS, Reading, check_draft, read_command, read_passes
from zhicheng.engines.commands.tokens import Lexicon, Meaning, Token, cut, normal
from zhicheng.engines.commands.values import Act, Command, Measure, Refusal
from zhicheng.engines.commands.vocabulary import Figure, WordTable

TABLE = "indicator"
PERIOD = "period"
WORD = "指标"
STEPS = ("hour", "day", "month")
_LEVELS = ("district", "street", "community")
_COURSE = ("走势", "趋势", "变化趋势", "历史", "历史值")
_ACTS = (Act.SHOW, Act.EXPORT, Act.SUBSCRIBE)
WORDS = WordTable(TABLE, WORD, (), levels=_LEVELS, times={PERIOD: ()}, usual_time=PERIOD)
"""The table that indicators are read with: it has no column, so no condition on rows can be read."""


@dataclass(frozen=True)
class KnownIndicator:
    """An indicator and what people call it. `group` is said before a label that several have."""

    code: str
    label: str
    group: str = ""
    unit: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicators:
    """Indicators by every word for them; several of one word must be told apart."""

    words: Mapping[str, tuple[KnownIndicator, ...]] = field(default_factory=dict)
    codes: Mapping[str, KnownIndicator] = field(default_factory=dict)
    longest: int = 0

    def named(self, plain: str) -> tuple[int, int, tuple[KnownIndicator, ...]] | None:
        """The longest name in a normalised text, with where it stands."""
        for length in range(min(self.longest, len(plain)), 1, -1):
            for start in range(len(plain) - length + 1):
                if found := self.words.get(plain[start : start + length]):
                    return start, start + length, found
        return None


def name_indicators(found: Iterable[KnownIndicator]) -> Indicators:
    """The indicators by their words: label, synonyms, and the label behind its group."""
    codes = {each.code: each for each in found}
    words: dict[str, tuple[KnownIndicator, ...]] = {}
    for each in codes.values():
        grouped = (each.group + each.label, f"{each.group}的{each.label}") if each.group else ()
        for word in dict.fromkeys(map(_plain, (each.label, *each.words, *grouped))):
            words[word] = (*words.get(word, ()), each)
    return Indicators(words, codes, max(map(len, words), default=0))


def _plain(text: str) -> str:
    return "".join(normal(text).split())


def read_asked(text: str, lexicon: Lexicon, indicators: Indicators, now: datetime) -> Reading:
    """The command that a text says, over a table or of an indicator."""
    plain = _plain(text)
    found = indicators.named(plain) if len(plain) <= MOST_CHARACTERS else None
    if found is None:
        return read_command(text, lexicon, now)
    if WORD not in plain.replace(plain[found[0] : found[1]], ""):
        reading = read_command(text, lexicon, now)
        if reading.command is not None:
            return replace(reading, indicators=found[2])
    start, end, known = found
    if len(known) > 1:
        return Reading(text, refusal=_several(plain[start:end], known), indicators=known)
    return replace(_read(text, _Named(plain, start, end, known[0]), lexicon, now), indicators=known)


def _several(word: str, known: tuple[KnownIndicator, ...]) -> Refusal:
    ways = tuple(each.group + each.label for each in known)
    return Refusal("ambiguous", f"“{word}”不止一个指标，是哪一个？", suggestions=ways)


@dataclass(frozen=True)
class _Named:
    """A normalised text with one indicator's name in it."""

    plain: str
    start: int
    end: int
    known: KnownIndicator


def _read(text: str, named: _Named, lexicon: Lexicon, now: datetime) -> Reading:
    tokens = _cut(named, lexicon, now)
    deed = read_deed([token for token in tokens if token.text not in _COURSE])
    if deed.refusal or deed.act not in _ACTS:
        return Reading(text, refusal=Refusal("incomplete", "指标只能查看、导出或订阅，不能立案、派任务。"))
    kept, beside = drop_fillers(deed.tokens)
    draft = read_passes(Draft(kept, WORDS, lexicon, now, beside))
    if not draft.by and any(token.text in _COURSE for token in tokens):
        draft.by.append(PERIOD)
    fault = _fault(draft)
    reading = check_draft(text, draft, Deed(deed.act, deed.tokens), lexicon)
    return Reading(text, refusal=fault) if fault and reading.command else reading


def _cut(named: _Named, lexicon: Lexicon, now: datetime) -> list[Token]:
    """The tokens around the name, which is one itself; without 指标."""
    plain, start, end, known = named.plain, named.start, named.end, named.known
    figure = Figure((known.label,), Measure("value", known.code, label=known.label))
    head = cut(plain[:start].replace(WORD, "  "), lexicon, now)
    tail = cut(plain[end:].replace(WORD, "  "), lexicon, now)
    moved = [Token(token.start + end, token.end + end, token.text, token.meanings) for token in tail]
    return [*head, Token(start, end, plain[start:end], (Meaning("figure", TABLE, value=figure),)), *moved]


def _fault(draft: Draft) -> Refusal | None:
    """What cannot be asked of a figure that is ready: it has areas and periods, and nothing else."""
    if draft.where or draft.near or draft.outside or any(place.kind not in (*_LEVELS, "own") for place in draft.places):
        return Refusal("incomplete", "指标只有按区、街道、社区和时间的值，不能再加别的条件。")
    if len(draft.by) > 1 or any(group not in (*_LEVELS, *STEPS, PERIOD) for group in draft.by):
        return Refusal("incomplete", "指标只能按区、街道、社区，或者按小时、日、月看。")
    if draft.against or (draft.measure and draft.measure.kind != "value"):
        return Refusal("incomplete", "指标不算同比、环比和占比，可以说“走势”看各期的值。")
    return None


def is_course(command: Command) -> bool:
    """Whether one area is followed through time."""
    return bool(command.by) and command.by[0] in (*STEPS, PERIOD)
