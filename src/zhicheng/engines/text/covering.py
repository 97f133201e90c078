"""The loop behind `matching.coverage`, compiled: BM25 over pairs of characters, sentence by sentence."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhicheng.kit.compiled import compiled

Codes = npt.NDArray[np.uint16]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

K1 = 1.2
_B_WHOLE, _B_WINDOW = 0.4, 0.5
_NARROW, _WIDE = 350, 800  # characters of a window
_WHOLE_SHARE = 0.5
_SHIFT = 65536
_SEVERAL = 2
_STOP, _BANG, _ASK, _SEMICOLON, _LINE = ord("。"), ord("!"), ord("?"), ord(";"), ord("\n")  # they end sentences


class Laid(NamedTuple):
    """Texts laid end to end: `codes` (characters,), `bounds` (texts + 1,)."""

    codes: Codes
    bounds: Ints


class Wanted(NamedTuple):
    """Pairs of characters as sorted numbers (pairs,) with their weights (pairs,)."""

    codes: Ints
    weights: Floats


@compiled
def worth_of(texts: Laid, titles: Laid, wanted: Wanted, average: float) -> Floats:
    """What the pairs in each text are worth (texts,); the most possible is the sum of the weights times K1 + 1."""
    found = np.zeros(len(texts.bounds) - 1)
    begins = np.zeros(_SHIFT, np.bool_)
    for code in wanted.codes:
        begins[code // _SHIFT] = True
    title = np.zeros(len(wanted.codes))
    for text in range(len(found)):
        title[:] = 0.0
        _count(titles.codes, (titles.bounds[text], titles.bounds[text + 1]), wanted.codes, begins, title)
        np.minimum(title, 1.0, title)
        first, last = texts.bounds[text], texts.bounds[text + 1]
        sentences = _sentences(texts.codes, first, last)
        sums = np.zeros((len(sentences), len(wanted.codes)))  # of the sentences before each
        for number in range(len(sentences) - 1):
            sums[number + 1] = sums[number]
            _count(texts.codes, (sentences[number], sentences[number + 1]), wanted.codes, begins, sums[number + 1])
        size = (last - first) / average
        found[text] = _WHOLE_SHARE * _worth(sums[-1], title, wanted.weights, _B_WHOLE * size + 1 - _B_WHOLE)
        for width in (_NARROW, _WIDE):
            best = _best_window(sentences, sums, title, wanted.weights, width)
            found[text] += (1 - _WHOLE_SHARE) / _SEVERAL * best
    return found


@compiled
def _sentences(codes: Codes, first: int, last: int) -> Ints:
    """Where the sentences of a text start, and where the last one ends."""
    starts = np.empty(last - first + 1, np.int64)
    starts[0] = first
    count = 1
    for place in range(first, last - 1):
        code = codes[place]
        if code in (_STOP, _BANG, _ASK, _SEMICOLON, _LINE):
            starts[count] = place + 1
            count += 1
    starts[count] = last
    return starts[: count + 1]


@compiled
def _count(codes: Codes, span: tuple[int, int], wanted: Ints, begins: npt.NDArray[np.bool_], counts: Floats) -> None:
    """Add how often each pair stands in `codes` from the first to before the last place of `span`."""
    for place in range(span[0], span[1] - 1):
        code = codes[place]
        if begins[code]:
            pair = np.int64(code) * _SHIFT + np.int64(codes[place + 1])
            at = np.searchsorted(wanted, pair)
            if at < len(wanted) and wanted[at] == pair:
                counts[at] += 1


@compiled
def _worth(counts: Floats, more: Floats, weights: Floats, size: float) -> float:
    """BM25 without the rarity, weighed; `size` is the length of the stretch relative to the usual one, damped."""
    total = 0.0
    for place in range(len(weights)):
        count = counts[place] + more[place]
        if count > 0:
            total += weights[place] * count * (K1 + 1) / (count + K1 * size)
    return total


@compiled
def _best_window(sentences: Ints, sums: Floats, title: Floats, weights: Floats, width: int) -> float:
    """The most that whole sentences within `width` characters are worth, at least one sentence."""
    best, after = 0.0, 1
    for start in range(len(sentences) - 1):
        after = max(after, start + 1)
        while after < len(sentences) - 1 and sentences[after + 1] <= sentences[start] + width:
            after += 1
        size = max(sentences[after] - sentences[start], width) / width
        inside = sums[after] - sums[start]
        best = max(best, _worth(inside, title, weights, _B_WINDOW * size + 1 - _B_WINDOW))
    return best
