"""What somebody looks for, in words: an area, a kind of thing, a quality, a number, a name. Pure reading of a text.

The longest known word wins at each place; what is left is a name. This is for finding places; questions with
distances, ranks and times are the business of commands.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from zhicheng.core.lake.values import ColumnType
from zhicheng.core.places.values import Comparison, Condition, Layer

_FILLERS = re.compile(r"(附近|周边|旁边|一带|里面|里的|内的|所有|全部|哪里有|在哪里|在哪|有哪些|找|的|\s)+")
_SIGNS = {
    "高于": Comparison.ABOVE,
    "超过": Comparison.ABOVE,
    "大于": Comparison.ABOVE,
    "多于": Comparison.ABOVE,
    "不低于": Comparison.AT_LEAST,
    "至少": Comparison.AT_LEAST,
    "以上": Comparison.AT_LEAST,
    "低于": Comparison.BELOW,
    "小于": Comparison.BELOW,
    "少于": Comparison.BELOW,
    "不超过": Comparison.AT_MOST,
    "至多": Comparison.AT_MOST,
    "以下": Comparison.AT_MOST,
    "以内": Comparison.AT_MOST,
}
_BEFORE = "|".join(word for word in _SIGNS if not word.startswith("以"))
_NUMBERS = {ColumnType.INTEGER, ColumnType.REAL, ColumnType.DECIMAL}
_FEWEST = 2  # characters of a word


@dataclass(frozen=True)
class Asked:
    """What a text asks for. `areas` are (level, code); `layers` maps a layer to its conditions; `name` is the rest."""

    areas: tuple[tuple[str, str], ...] = ()
    layers: Mapping[str, tuple[Condition, ...]] = field(default_factory=dict)
    name: str = ""

    @property
    def is_structured(self) -> bool:
        """Whether it names a kind of thing, or an area with a name in it."""
        return bool(self.layers) or bool(self.areas and self.name)


class Wording:
    """The words of a city's layers and areas. Immutable; made once for a pack and an atlas."""

    def __init__(self, layers: Iterable[Layer], areas: Iterable[tuple[str, str, str]]) -> None:
        """`areas`: name, level and code."""
        self._layers = {layer.code: layer for layer in layers}
        self._areas: dict[str, tuple[str, str]] = {
            name: (level, code) for name, level, code in areas if len(name) >= _FEWEST
        }
        self._words: dict[str, list[tuple[str, Condition | None]]] = {}
        for layer in self._layers.values():
            for word, condition in _words_of(layer):
                self._words.setdefault(word, []).append((layer.code, condition))
        self._single: dict[str, list[tuple[str, Condition | None]]] = {}
        for layer in self._layers.values():
            for word in layer.words:
                if len(word) == 1:
                    self._single.setdefault(word, []).append((layer.code, None))
        units = {column.unit for layer in self._layers.values() for column in layer.shown if column.unit}
        named_units = "|".join(map(re.escape, sorted(units, key=len, reverse=True))) or "(?!)"
        self._number = re.compile(rf"(?:({_BEFORE})\s*)?(\d+(?:\.\d+)?)\s*({named_units})\s*(以上|以下|以内)?")
        self._longest = max(map(len, (*self._areas, *self._words)), default=0)

    def read(self, text: str) -> Asked:
        """What a text asks for."""
        plain = normal(text)
        numbers, plain = self._numbers(plain)
        areas: list[tuple[str, str]] = []
        meant: list[list[tuple[str, Condition | None]]] = []
        rest: list[str] = []
        place = 0
        while place < len(plain):
            word = self._word_at(plain, place)
            if word in self._areas:
                areas.append(self._areas[word])
            elif word:
                meant.append(self._words[word])
            elif plain[place] in self._single and place + 1 == len(plain) and (areas or numbers):
                meant.append(self._single[plain[place]])
            else:
                rest.append(plain[place])
            place += len(word) or 1
        layers = _agreed(meant)
        layers = {code: (*conditions, *self._numbered(code, numbers)) for code, conditions in layers.items()}
        return Asked(tuple(areas), layers, _FILLERS.sub(" ", "".join(rest)).strip())

    def _word_at(self, text: str, place: int) -> str:
        for length in range(min(self._longest, len(text) - place), _FEWEST - 1, -1):
            word = text[place : place + length]
            if word in self._areas or word in self._words:
                return word
        return ""

    def _numbers(self, text: str) -> tuple[list[tuple[Comparison, float, str]], str]:
        """Numbers with a unit and a comparison, and the text without them."""
        found: list[tuple[Comparison, float, str]] = []

        def take(match: re.Match[str]) -> str:
            before, number, unit, after = match.groups()
            if not (before or after):
                return match[0]
            found.append((_SIGNS[after or before], float(number), unit))
            return " "

        return found, self._number.sub(take, text)

    def _numbered(self, code: str, numbers: Iterable[tuple[Comparison, float, str]]) -> Iterator[Condition]:
        layer = self._layers[code]
        for sign, number, unit in numbers:
            column = next((c for c in layer.shown if c.unit == unit and c.type in _NUMBERS), None)
            if column is not None:
                yield Condition(column.code, sign, int(number) if column.type is ColumnType.INTEGER else number)


def normal(text: str) -> str:
    """A text as names are kept: full-width letters and digits as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()[:200]


def _words_of(layer: Layer) -> Iterator[tuple[str, Condition | None]]:
    yield from ((word, None) for word in (layer.label, *layer.words) if len(word) >= _FEWEST)
    coded = ((column, code, label) for column in layer.shown for code, label in column.codes.items())
    for column, code, label in coded:
        typed = int(code) if column.type is ColumnType.INTEGER else code
        words = (label, *column.synonyms.get(code, ()))
        meant = Condition(column.code, Comparison.EQUALS, typed)
        yield from ((word, meant) for word in words if len(word) >= _FEWEST)


def _agreed(meant: list[list[tuple[str, Condition | None]]]) -> dict[str, tuple[Condition, ...]]:
    """The layers that all words may mean together, with the conditions that the words are."""
    if not meant:
        return {}
    common = set.intersection(*({code for code, _ in word} for word in meant))
    layers = common or {code for code, _ in meant[-1]}
    found: dict[str, tuple[Condition, ...]] = {}
    for layer in sorted(layers):
        conditions = [condition for word in meant for code, condition in word if code == layer and condition]
        found[layer] = tuple(dict.fromkeys(conditions))
    return found
