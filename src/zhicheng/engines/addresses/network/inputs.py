"""What a network is told about each token of an address, as numbers of things it has seen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.addresses.lexicon import Lexicon, Match
from zhicheng.engines.addresses.tokens import shape_of
from zhicheng.engines.addresses.words import words_over

Told = list[tuple[str, ...]]

SEEN_LEAST = (2, 2, 2, 1, 2, 1, 1, 1)
"""How often a thing must be seen to be known: the token, with its left, with its right neighbour, its place in its
word, the known name around it, the name that begins here, the one that ends here, whether it is said twice."""

_LONG_WORD, _LONG_NAME, _OFTEN = 4, 5, 3


def told_of(tokens: Sequence[str], lexicon: Lexicon) -> Told:
    """For each token as many things as `SEEN_LEAST` has; none for no tokens."""
    if not tokens:
        return []
    shapes = ["^", *(shape_of(token) for token in tokens), "$"]
    words = [f"{part}{min(len(word), _LONG_WORD)}" for part, word in words_over(tokens)]
    around, begins, ends = _names(tokens, lexicon)
    return list(
        zip(
            shapes[1:-1],
            (left + own for left, own in pairwise(shapes[:-1])),
            (own + right for own, right in pairwise(shapes[1:])),
            words,
            around,
            begins,
            ends,
            _twice(shapes[1:-1]),
            strict=True,
        )
    )


def _names(tokens: Sequence[str], lexicon: Lexicon) -> tuple[list[str], list[str], list[str]]:
    begins, ends = ["-"] * len(tokens), ["-"] * len(tokens)
    longest: list[Match | None] = [None] * len(tokens)
    for start in range(len(tokens)):
        match = lexicon.longest_from(tokens, start)
        if match is None:
            continue
        begins[start] = ends[match.end - 1] = match.name.tag
        for at in range(start, match.end):
            known = longest[at]
            if known is None or match.end - start > known.end - known.start:
                longest[at] = match
    return [_said(match, at) for at, match in enumerate(longest)], begins, ends


def _said(match: Match | None, at: int) -> str:
    if match is None:
        return "-"
    length, seen = min(match.end - match.start, _LONG_NAME), min(match.name.seen, _OFTEN)
    return f"{match.name.tag}{'B' if match.start == at else 'I'}{length}{seen}"


def _twice(shapes: Sequence[str]) -> list[str]:
    """Whether two characters come again later, or came before: 浙江省杭州市浙江省."""
    pairs = [one + other for one, other in pairwise(shapes)]
    places = {pair: (at, at) for at, pair in reversed(list(enumerate(pairs)))}
    for at, pair in enumerate(pairs):
        places[pair] = (places[pair][0], at)
    told = []
    for at in range(len(shapes)):
        here = [(place, pairs[place]) for place in (at - 1, at) if 0 <= place < len(pairs)]
        here = [(place, pair) for place, pair in here if pair.isalnum() and not pair.isascii()]
        later = any(places[pair][1] > place for place, pair in here)
        before = any(places[pair][0] < place for place, pair in here)
        told.append(f"{later:d}{before:d}")
    return told


class Vocabulary:
    """The numbers of all things told, one list each; 0 for what was not seen often enough."""

    def __init__(self, seen: Iterable[Told]) -> None:
        counts: list[Counter[str]] = [Counter() for _ in SEEN_LEAST]
        for told in seen:
            for things in told:
                for count, thing in zip(counts, things, strict=True):
                    count[thing] += 1
        self._numbers = [
            {thing: number for number, thing in enumerate(sorted(t for t, n in count.items() if n >= least), 1)}
            for count, least in zip(counts, SEEN_LEAST, strict=True)
        ]

    @property
    def sizes(self) -> list[int]:
        """How many numbers each list has."""
        return [len(numbers) + 1 for numbers in self._numbers]

    def numbers_of(self, told: Told) -> NDArray[np.int64]:
        """Shape (tokens, lists)."""
        rows = [
            [numbers.get(thing, 0) for numbers, thing in zip(self._numbers, things, strict=True)] for things in told
        ]
        return np.array(rows, np.int64).reshape(len(told), len(SEEN_LEAST))
