"""Finding short entries (services, themes, questions) by everyday words, in pinyin, or with a slip of the finger.

Each entry is read as words, as pairs of neighbouring characters and as pinyin: the last finds what was typed by sound,
written with another character of the same sound, or by initials. Terms are weighed by how rare they are (BM25 over
fields with weights); the index is arrays in memory, made from the entries and from nothing else.

Source: Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from zhicheng.engines.text.features import normalise, words
from zhicheng.engines.text.sounds import syllables

_K1, _B = 1.2, 0.4
_LATIN = re.compile(r"[a-z]+")
_MAX_QUERY = 64
_SOUND_WEIGHT = 0.35  # what only sounds alike counts less than what is written alike
_ASKING = re.compile(
    r"(请问|你好|您好|怎么样?|如何|怎样|哪里|哪儿|什么|需要|要不要|可以|能不能|我想|我要|想要|帮我|一下|办理|办|要|吗|呢|呀|啊|的|了|去|在)"
)


@dataclass(frozen=True)
class Entry:
    """Something to be found: `fields` are (text, weight); `key` is given back."""

    key: str
    fields: Sequence[tuple[str, float]]


class Lookup:
    """An index over entries. Making it reads every entry once; asking it takes a millisecond for thousands."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._keys = [entry.key for entry in entries]
        counted = [_weighed(entry) for entry in entries]
        lengths = np.array([sum(terms.values()) for terms in counted], dtype=np.float64)
        norms = _K1 * (1 - _B + _B * lengths / (lengths.mean() if len(lengths) else 1.0))
        self._postings = _postings(counted, norms)

    def search(self, query: str, *, limit: int = 20) -> list[tuple[str, float]]:
        """The best entries with their scores, the best first; nothing for a query without telling characters.

        >>> index = Lookup(
        ...     [Entry("birth", [("出生医学证明", 3.0), ("生小孩", 2.0)]), Entry("car", [("驾驶证换证", 3.0)])]
        ... )
        >>> index.search("生小孩要办什么")[0][0], index.search("jiashizheng")[0][0], index.search("驾使证")[0][0]
        ('birth', 'car', 'car')
        """
        scores = np.zeros(len(self._keys))
        for term, weight in _query_terms(query).items():
            found = self._postings.get(term)
            if found is not None:
                scores[found[0]] += found[1] * weight
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(self._keys[place], float(scores[place])) for place in best if scores[place] > 0]


Posting = tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]


def _postings(counted: Sequence[Mapping[str, float]], norms: npt.NDArray[np.float64]) -> dict[str, Posting]:
    """For each term the entries that hold it and what it is worth there: all of BM25 but the query's own weight."""
    places: dict[str, list[int]] = {}
    weights: dict[str, list[float]] = {}
    for place, terms in enumerate(counted):
        for term, weight in terms.items():
            places.setdefault(term, []).append(place)
            weights.setdefault(term, []).append(weight)
    made: dict[str, Posting] = {}
    for term, held in places.items():
        at = np.array(held, dtype=np.int32)
        counts = np.array(weights[term])
        rarity = np.log1p((len(counted) - len(held) + 0.5) / (len(held) + 0.5))
        made[term] = (at, rarity * counts * (_K1 + 1) / (counts + norms[at]))
    return made


def _weighed(entry: Entry) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for text, weight in entry.fields:
        for term in set(_terms(text)):
            found[term] += weight
    return found


def _query_terms(query: str) -> dict[str, float]:
    plain = normalise(query[:_MAX_QUERY])
    telling = _ASKING.sub(" ", plain) if len(plain) > 3 else plain
    kept = telling if telling.strip() else plain
    return {term: _SOUND_WEIGHT if term[0] in "~^" else 1.0 for term in _terms(kept, typed=True)}


def _terms(text: str, *, typed: bool = False) -> Iterable[str]:
    """Words, pairs of characters, pairs of syllables (`~`), initials (`^`); Latin letters also as syllables."""
    plain = normalise(text)
    yield from words(plain)
    for run in re.split(r"[^\w]+", plain):
        han = "".join(character for character in run if character > "\u3400")
        yield from (one + two for one, two in pairwise(han))
        yield from _sounds(han)
        if typed:
            yield from (f"~{term}" for latin in _LATIN.findall(run) for term in _typed_sounds(latin))


def _sounds(han: str) -> Iterable[str]:
    if len(han) < 2:
        return
    said = syllables(han)
    yield from (f"~{one} {two}" for one, two in pairwise(said))
    initials = "".join(syllable[0] for syllable in said if syllable)
    yield from (f"~{initials[start : start + 3]}" for start in range(len(initials) - 2))


def _typed_sounds(latin: str) -> Iterable[str]:
    """Letters as pinyin: the syllables that they can be cut into, and three letters in a row as initials."""
    syllables = _cut(latin)
    yield from (f"{one} {two}" for one, two in pairwise(syllables))
    if len(latin) <= 8 and (not syllables or len(syllables) > len(latin) / 2):
        yield from (latin[start : start + 3] for start in range(len(latin) - 2))


_FINALS_TEXT = """
a ai an ang ao e ei en eng er i ia ian iang iao ie in ing iong iu o ong ou u ua uai uan uang ue ui un uo v ve
"""
_INITIALS_TEXT = "b p m f d t n l g k h j q x zh ch sh r z c s y w"
_FINALS = _FINALS_TEXT.split()
_SYLLABLES = frozenset(_FINALS) | frozenset(first + rest for first in _INITIALS_TEXT.split() for rest in _FINALS)


def _cut(latin: str) -> list[str]:
    """The cut into the fewest syllables; letters that fit nowhere are left out."""
    best: list[list[str]] = [[]]
    missed = [0]
    for end in range(1, len(latin) + 1):
        choices = [(missed[end - 1] + 1, best[end - 1])]
        for start in range(max(0, end - 6), end):
            if latin[start:end] in _SYLLABLES:
                choices.append((missed[start], [*best[start], latin[start:end]]))
        lost, cut = min(choices, key=lambda choice: (choice[0], len(choice[1])))
        best.append(cut)
        missed.append(lost)
    return best[-1]
