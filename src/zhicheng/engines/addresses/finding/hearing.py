"""Names of a city heard in a text: by sound, in any of their forms, and nearly right where nothing fits exactly."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zhicheng.engines.addresses.finding.folding import LONGEST, alike, keys_in, plain, sound_key
from zhicheng.engines.addresses.finding.forms import BARE
from zhicheng.engines.addresses.finding.index import AddressIndex, Kind

_BELIEVED = (1.0, 0.95, 0.65, 0.45)
"""How much a name counts in each form: official, another spelling, cut short, cut to a word that says little."""
_MOST_BEARERS = 400  # names behind one way to write: the rest of 阳光 would say nothing
_HOUSE = int(Kind.HOUSE)
_REMEMBERED = 50_000  # names
_AREAS_FIRST = 2.5
_NEAREST = 6
_NEARLY = 0.55
_DOUBT = 0.8
_UNLIKE = 1.4  # what is lost when every character is another of the same sound


@dataclass(frozen=True)
class Heard:
    """A stretch of the text and the names it may be: name → how surely (0 to 1)."""

    start: int
    end: int
    names: dict[int, float]

    @property
    def weight(self) -> float:
        """For the choice between stretches that overlap."""
        return math.pow(self.end - self.start, 1.5) * max(self.names.values())


class Ear:
    """Hears the names of one index."""

    def __init__(self, index: AddressIndex) -> None:
        self._names, self._sounds = index.names, index.sounds
        self._official = lru_cache(_REMEMBERED)(lambda name: plain(index.names.text_of(name))[:LONGEST])

    def hear(self, text: str) -> list[Heard]:
        """The names in a plain text from left to right, none overlapping another."""
        return self.hear_ways(text)[0]

    def hear_ways(self, text: str) -> list[list[Heard]]:
        """As `hear`, and as it is heard by who listens for divisions first, where that is something else."""
        found = list(self._by_sound(text))
        best = _best_apart([(item, item.weight) for item in found], len(text))
        areas = [(item, item.weight * (_AREAS_FIRST if self._is_area(item) else 1.0)) for item in found]
        other = _best_apart(areas, len(text))
        return [best] if other == best else [best, other]

    def _is_area(self, item: Heard) -> bool:
        return any(self._names.kinds[name] < Kind.ROAD for name in item.names)

    def hear_nearly(self, text: str) -> dict[int, float]:
        """Names that share most of their pairs of sounds with a text: what was mistyped, or has a word too many."""
        shared: Counter[int] = Counter()
        for at in range(len(text) - 1):
            shared.update(self._bearers_of_pair(sound_key(text[at : at + 2])))
        found = {}
        for name, count in shared.most_common(_NEAREST * 4):
            pairs = len(self._official(name)) - 1
            likeness = 2 * count / (pairs + len(text) - 1)
            if likeness >= _NEARLY and count > 1:
                found[name] = likeness * _DOUBT
        return dict(sorted(found.items(), key=lambda item: -item[1])[:_NEAREST])

    def _bearers_of_pair(self, key: int) -> list[int]:
        begin = int(np.searchsorted(self._sounds.pairs, np.uint64(key), "left"))
        end = int(np.searchsorted(self._sounds.pairs, np.uint64(key), "right"))
        found: list[int] = self._sounds.pair_names[begin : min(end, begin + 20 * _MOST_BEARERS)].tolist()
        return found

    def _by_sound(self, text: str) -> Iterator[Heard]:
        keys = keys_in(text)
        starts, lengths = np.nonzero(keys)
        asked = keys[starts, lengths]
        begins = np.searchsorted(self._sounds.keys, asked)
        known = begins < len(self._sounds.keys)
        known[known] = self._sounds.keys[begins[known]] == asked[known]
        for start, length, begin, key in zip(
            starts[known].tolist(), lengths[known].tolist(), begins[known].tolist(), asked[known], strict=True
        ):
            end = min(int(np.searchsorted(self._sounds.keys, key, "right")), begin + _MOST_BEARERS)
            names = self._believed(text[start : start + length], slice(begin, end))
            if names:
                yield Heard(start, start + length, names)

    def _believed(self, said: str, entries: slice) -> dict[int, float]:
        found: dict[int, float] = {}
        for name, form in zip(self._sounds.names[entries].tolist(), self._sounds.forms[entries].tolist(), strict=True):
            official = self._official(name)
            other = sum(one != two and alike(one, two) for one, two in zip(said, official, strict=False)) / len(said)
            if other and (len(said) < 3 or form == BARE or other > 0.5):
                continue
            belief = _BELIEVED[form] - _UNLIKE * other
            if self._names.kinds[name] == _HOUSE:
                belief -= 0.01  # an estate of the same name first
            found[name] = max(found.get(name, 0.0), belief)
        return found


def _best_apart(heard: Sequence[tuple[Heard, float]], length: int) -> list[Heard]:
    """The stretches that do not overlap and weigh most in all."""
    ending: dict[int, list[tuple[Heard, float]]] = {}
    for item, weight in heard:
        ending.setdefault(item.end, []).append((item, weight))
    worth, last = [0.0] * (length + 1), list[Heard | None]([None] * (length + 1))
    for end in range(1, length + 1):
        worth[end] = worth[end - 1]
        for item, weight in ending.get(end, ()):
            value = worth[item.start] + weight
            if value > worth[end]:
                worth[end], last[end] = value, item
    chosen: list[Heard] = []
    at = length
    while at > 0:
        item_here = last[at]
        if item_here is None:
            at -= 1
        else:
            chosen.append(item_here)
            at = item_here.start
    return chosen[::-1]
