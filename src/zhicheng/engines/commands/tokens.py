"""Cutting a text into known words, numbers and times: the fewest characters left over, then the fewest words."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhicheng.engines.commands.function_words import ACTS, BUCKETS, LEVEL_WORDS, ROLES, TASKS
from zhicheng.engines.commands.numbers import Quantity, read_quantity
from zhicheng.engines.commands.recurring import STARTS as RECURRING_STARTS
from zhicheng.engines.commands.recurring import read_recurring
from zhicheng.engines.commands.times import read_time
from zhicheng.engines.commands.vocabulary import KnownPlace, KnownUnit, Vocabulary, WordColumn, WordTable
from zhicheng.engines.text.sounds import syllables
from zhicheng.engines.text.traditional import simplify

COUNTED = "counted"  # the value of a column word that asks for an amount (老人数量)
ANYTHING = frozenset({"个", "名", "位", "次"})  # counters of any table
_UNKNOWN, _WORD = 1000, 20
_COUNTED = ("数", "数量", "总数", "总量", "数目", "总数量")
_DIGITS = frozenset("0123456789零〇一二两三四五六七八九十百千半廿")
_TIME_STARTS = _DIGITS | frozenset("今昨前去本当明后上下这大最近过未接刚自从截第到年qQ")
_FULL = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF01, 0xFF5F))} | {0x3000: " "}


@dataclass(frozen=True)
class Meaning:
    """One thing that a word may mean. `kind` says which fields count.

    table, noun (a code that names rows), column, code, phrase, figure, age, extreme (a superlative of a column),
    place, unit, level, bucket, role, act, task, number, time, recurring, vague.
    """

    kind: str
    table: str = ""
    name: str = ""  # column, role, level, …
    value: Any = None


@dataclass(frozen=True)
class Token:
    """A cut of the text with everything it may mean; no meaning: not understood."""

    start: int
    end: int
    text: str
    meanings: tuple[Meaning, ...] = ()

    def of(self, kind: str, name: str = "") -> Meaning | None:
        """The first meaning of a kind (and name)."""
        for meaning in self.meanings:
            if meaning.kind == kind and (not name or meaning.name == name):
                return meaning
        return None

    def all(self, kind: str) -> list[Meaning]:
        """Every meaning of a kind."""
        return [meaning for meaning in self.meanings if meaning.kind == kind]

    def is_role(self, *roles: str) -> bool:
        """Whether it holds a command together in one of these roles."""
        return any(meaning.kind == "role" and meaning.name in roles for meaning in self.meanings)


@dataclass
class Lexicon:
    """Every word of a vocabulary with its meanings. Make it once for a vocabulary."""

    vocabulary: Vocabulary
    words: dict[str, list[Meaning]] = field(default_factory=dict)
    counters: frozenset[str] = frozenset()
    longest: int = 1
    known_codes: Mapping[str, KnownPlace] = field(default_factory=dict)
    sorted_words: tuple[str, ...] = ()
    _holding: dict[str, list[str]] = field(default_factory=dict)
    _sounds: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def holding(self, character: str) -> list[str]:
        """The words that hold a character; what joins commands together is left out."""
        if not self._holding:
            for word in self._content():
                for each in {*word}:
                    self._holding.setdefault(each, []).append(word)
        return self._holding.get(character, [])

    def sounds(self) -> dict[str, tuple[str, ...]]:
        """Syllables of words without tones → the words that sound so, of two characters or more."""
        if not self._sounds:
            found: dict[str, list[str]] = {}
            for word in self._content():
                if len(word) > 1 and not word.isascii():
                    found.setdefault(" ".join(syllables(word)), []).append(word)
            self._sounds.update({said: tuple(words) for said, words in found.items()})
        return self._sounds

    def _content(self) -> Iterable[str]:
        kinds = ("table", "noun", "column", "code", "phrase", "figure", "place")
        return (word for word, meanings in self.words.items() if any(meaning.kind in kinds for meaning in meanings))

    def starting(self, head: str) -> list[str]:
        """The words that begin with some characters."""
        first = bisect_left(self.sorted_words, head)
        last = bisect_left(self.sorted_words, head + "\U0010ffff")
        return list(self.sorted_words[first:last])


def make_lexicon(vocabulary: Vocabulary) -> Lexicon:
    """All words of a vocabulary, and those that hold commands together."""
    lexicon = Lexicon(vocabulary)
    add = _adder(lexicon.words)
    _add_functions(add, vocabulary)
    for table in vocabulary.tables:
        _add_table(add, table)
    for place in vocabulary.places:
        for word in (place.name, *place.aliases):
            add(word, Meaning("place", name=place.kind, value=place))
    for unit in vocabulary.units:
        _add_unit(add, unit)
    counters = {word for table in vocabulary.tables for word in table.counters}
    counters |= {word for table in vocabulary.tables for column in table.columns for word in column.counters}
    lexicon.counters = frozenset(counters | ANYTHING)
    for word in lexicon.counters:
        for many in ("多少", "几", "有多少", "有几"):
            add(many + word, Meaning("role", name="count", value=word))
        add(f"哪几{word}", Meaning("role", name="which"))
    lexicon.sorted_words = tuple(sorted(lexicon.words))
    lexicon.sounds(), lexicon.holding("")
    lexicon.longest = max(map(len, lexicon.words), default=1)
    lexicon.known_codes = {place.code: place for place in vocabulary.places}
    return lexicon


_Add = Callable[[str, Meaning], None]


def _adder(words: dict[str, list[Meaning]]) -> _Add:
    def add(word: str, meaning: Meaning) -> None:
        plain = normal(word)
        if plain and meaning not in (known := words.setdefault(plain, [])):
            known.append(meaning)

    return add


def _add_functions(add: _Add, vocabulary: Vocabulary) -> None:
    for kind, groups in (("role", ROLES), ("act", ACTS), ("bucket", BUCKETS), ("level", LEVEL_WORDS)):
        for name, words in groups.items():
            for word in words:
                add(word, Meaning(kind, name=name))
    for word in TASKS:
        add(word, Meaning("task", name=word))
    for word in vocabulary.fillers:
        add(word, Meaning("role", name="filler"))
    for word, hint in vocabulary.vague.items():
        add(word, Meaning("vague", name=word, value=hint))


def _add_table(add: _Add, table: WordTable) -> None:
    for word in (table.label, *table.words):
        add(word, Meaning("table", table.code))
    for column in table.columns:
        _add_column(add, table, column)
        _add_codes(add, table, column)
    for phrase in table.phrases:
        _add_all(add, phrase.words, Meaning("phrase", table.code, value=phrase))
    for figure in table.figures:
        _add_all(add, figure.words, Meaning("figure", table.code, value=figure))
    for code, verbs in table.times.items():
        _add_all(add, verbs, Meaning("verb", table.code, code))


def _add_all(add: _Add, words: Iterable[str], meaning: Meaning) -> None:
    for word in words:
        add(word, meaning)


def _add_column(add: _Add, table: WordTable, column: WordColumn) -> None:
    said = (column.label, *column.words)
    _add_all(add, said, Meaning("column", table.code, column.code))
    if column.amount:
        tails = (*_COUNTED, "人数") if column.unit == "人" else _COUNTED
        counted = [word + tail for word in said if word[-1] != "数" for tail in tails]
        _add_all(add, counted, Meaning("column", table.code, column.code, COUNTED))
    if column.additive:
        whole = [f"总{word}" for word in said if word[0] != "总"]
        _add_all(add, whole, Meaning("column", table.code, column.code, COUNTED))
    _add_all(add, column.age, Meaning("age", table.code, column.code))
    _add_all(add, column.highest, Meaning("extreme", table.code, column.code, True))
    _add_all(add, column.lowest, Meaning("extreme", table.code, column.code, False))


def _add_codes(add: _Add, table: WordTable, column: WordColumn) -> None:
    for value, label in column.codes.items():
        nouns = column.nouns.get(value, ())
        _add_all(add, (label, *column.synonyms.get(value, ()), *nouns), Meaning("code", table.code, column.code, value))
        _add_all(add, nouns, Meaning("noun", table.code, column.code, value))


def _add_unit(add: _Add, unit: KnownUnit) -> None:
    for word in (unit.name, *unit.aliases):
        if len(word) > 1:
            add(word, Meaning("unit", name=unit.name, value=unit))


def normal(text: str) -> str:
    """Half-width, lower case, simplified; each character stays in its place."""
    return "".join(lower if len(lower := c.lower()) == 1 else c for c in simplify(text.translate(_FULL)))


def cut(text: str, lexicon: Lexicon, now: datetime) -> list[Token]:
    """The tokens of a normalised text in order; neighbouring characters that nobody knows are one token."""
    size = len(text)
    cost = [0] + [1 << 60] * size
    back: list[tuple[int, tuple[Meaning, ...]]] = [(0, ())] * (size + 1)
    for at in range(size):
        for end, price, meanings in _edges(text, at, lexicon, now):
            if cost[at] + price < cost[end]:
                cost[end], back[end] = cost[at] + price, (at, meanings)
    tokens: list[Token] = []
    end = size
    while end:
        start, meanings = back[end]
        tokens.append(Token(start, end, text[start:end], meanings))
        end = start
    return list(_joined(reversed(tokens)))


def _joined(tokens: Iterable[Token]) -> Iterable[Token]:
    held: Token | None = None
    for token in tokens:
        if token.text.isspace():
            continue
        if held and not held.meanings and not token.meanings and held.end == token.start:
            held = Token(held.start, token.end, held.text + token.text)
            continue
        if held:
            yield held
        held = token
    if held:
        yield held


def _edges(text: str, at: int, lexicon: Lexicon, now: datetime) -> Iterable[tuple[int, int, tuple[Meaning, ...]]]:
    found: dict[int, list[Meaning]] = {}
    for end in range(at + 1, min(len(text), at + lexicon.longest) + 1):
        if known := lexicon.words.get(text[at:end]):
            found.setdefault(end, []).extend(known)
    if text[at] in _DIGITS or text.startswith("百分之", at):
        for end, quantity in read_quantity(text, at, lexicon.counters):
            found.setdefault(end, []).append(Meaning("number", value=quantity))
    if text[at] in _TIME_STARTS and (time := read_time(text, at, now)):
        found.setdefault(time[0], []).append(Meaning("time", value=time[1]))
    if text[at] in RECURRING_STARTS and (again := read_recurring(text, at)):
        found.setdefault(again[0], []).append(Meaning("recurring", value=again[1]))
    for end, meanings in found.items():
        yield end, _price(end - at, meanings), tuple(meanings)
    yield at + 1, 0 if text[at].isspace() else _UNKNOWN, ()


def _price(length: int, meanings: list[Meaning]) -> int:
    """One word costs `_WORD`; a lone character a little more, a bare number too: longer readings win."""
    price = _WORD + (3 if length == 1 else 0)
    if all(isinstance(meaning.value, Quantity) and not meaning.value.kind for meaning in meanings):
        price += 1
    return price
