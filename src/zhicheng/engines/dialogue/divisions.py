"""Which division a text names: 福田, 莲花街道, 南山粤海. Names come from the caller; nothing is guessed by position."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SUFFIX = re.compile(r"(?:新区|街道办事处|街道|社区|区|市|镇)$")
_LEVELS = ("city", "district", "street", "community")


@dataclass(frozen=True)
class Division:
    """A division as the caller knows it; `parent` is a code."""

    code: str
    name: str
    level: str
    parent: str = ""


class DivisionNames:
    """Finds the deepest division that a text names, by full or short name.

    >>> names = DivisionNames(
    ...     [
    ...         Division("1", "福田区", "district"),
    ...         Division("11", "莲花街道", "street", "1"),
    ...         Division("2", "龙华区", "district"),
    ...     ]
    ... )
    >>> names.find("福田莲花街道景田路8号"), names.find("住在福田"), names.find("广州")
    ('11', '1', None)
    """

    def __init__(self, divisions: Iterable[Division]) -> None:
        self._all = {one.code: one for one in divisions}
        self._words: dict[str, list[Division]] = {}
        for one in self._all.values():
            short = _SUFFIX.sub("", one.name)
            for word in {one.name, short if one.level != "community" else one.name}:
                if len(word) >= 2:
                    self._words.setdefault(word, []).append(one)

    def find(self, text: str) -> str | None:
        """The code of the deepest division named; None where none is, or two are that exclude each other."""
        named = self._named(text)
        if not named:
            return None
        codes = {one.code for one in named}
        fitting = [one for one in named if codes & set(self._above(one)) or not self._above_named(one, named)]
        best = max(fitting or named, key=lambda one: _LEVELS.index(one.level))
        return best.code

    def name_of(self, code: str) -> str | None:
        """A division's name with those above it, without the city."""
        if code not in self._all:
            return None
        chain = [code, *self._above(self._all[code])]
        names = [self._all[one].name for one in chain if self._all[one].level != "city" or one == code]
        return "".join(reversed(names))

    def _named(self, text: str) -> list[Division]:
        """Divisions whose name stands in the text; a longer name hides a shorter one at the same place."""
        found: list[Division] = []
        taken: list[tuple[int, int]] = []
        for word in sorted(self._words, key=len, reverse=True):
            place = text.find(word)
            if place >= 0 and not any(start < place + len(word) and place < end for start, end in taken):
                taken.append((place, place + len(word)))
                highest = min(_LEVELS.index(one.level) for one in self._words[word])
                found += [one for one in self._words[word] if _LEVELS.index(one.level) == highest or one.name == word]
        return found

    def _above(self, one: Division) -> list[str]:
        found = []
        while one.parent in self._all:
            one = self._all[one.parent]
            found.append(one.code)
        return found

    def _above_named(self, one: Division, named: list[Division]) -> bool:
        """Whether a higher division is named that does not hold this one."""
        above = set(self._above(one))
        higher = [other for other in named if _LEVELS.index(other.level) < _LEVELS.index(one.level)]
        return any(other.code not in above for other in higher)
