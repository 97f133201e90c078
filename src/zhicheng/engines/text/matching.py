"""How much of a question stands close together in a text: pairs of characters, in the whole text and in windows of it.

BM25 over pairs of characters, the best window counting; pairs of the title stand in every window. Texts are arrays of
UTF-16 code units, many texts at once.

Source: Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint16]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_K1, _B_WHOLE, _B_WINDOW = 1.2, 0.4, 0.5
_WINDOWS = (350, 800)  # characters
_WHOLE_SHARE = 0.5
_SHIFT = 65536
_IS_END = np.zeros(_SHIFT, np.bool_)
_IS_END[[ord(character) for character in "。!?;\n"]] = True  # they end the sentences of a plain text


@dataclass(frozen=True)
class Texts:
    """Texts laid end to end, none empty: `codes` (characters,), `starts` (texts,), and their titles likewise."""

    codes: Codes
    starts: Ints
    title_codes: Codes
    title_starts: Ints

    @classmethod
    def of(cls, texts: Sequence[Codes], titles: Sequence[Codes]) -> "Texts":
        """Texts and their titles, in order."""
        filled = [text if len(text) else _BLANK for text in texts]
        named = [title if len(title) else _BLANK for title in titles]
        return cls(np.concatenate(filled), _starts(filled), np.concatenate(named), _starts(named))


@dataclass(frozen=True)
class Pairs:
    """Pairs of characters of a question: `codes` sorted, int64 (pairs,); `weights` float64 (pairs,)."""

    codes: Ints
    weights: Floats

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> "Pairs":
        """Only terms of exactly two characters are taken."""
        pairs = {_pair(term): weight for term, weight in weights.items() if len(encode(term)) == 2}
        codes = np.array(sorted(pairs), np.int64)
        return cls(codes, np.array([pairs[int(code)] for code in codes], np.float64))


def encode(text: str) -> Codes:
    """The UTF-16 code units of a text.

    >>> encode("一丁").tolist()
    [19968, 19969]
    """
    return np.frombuffer(text.encode("utf-16-le", "ignore"), np.uint16)


def decode(codes: Codes) -> str:
    """The text of code units; what is no character is left out.

    >>> decode(encode("居住证"))
    '居住证'
    """
    return codes.astype("<u2", copy=False).tobytes().decode("utf-16-le", "ignore")


def coverage(texts: Texts, pairs: Pairs, average: float) -> Floats:
    """For each text how much of the question it covers, 0 to 1; `average` is the usual length of a text.

    >>> texts = Texts.of([encode("居住证可以网上签注。"), encode("公积金提取")], [encode(""), encode("")])
    >>> found = coverage(texts, Pairs.of({"居住": 1.0, "住证": 1.0, "签注": 2.0}), 10.0)
    >>> bool(found[0] > 0.4), float(found[1])
    (True, 0.0)
    """
    best = pairs.weights.sum() * (_K1 + 1)
    if not len(pairs.codes) or not best:
        return np.zeros(len(texts.starts))
    lengths = np.diff(np.append(texts.starts, len(texts.codes)))
    in_title = np.minimum(_counts(texts.title_codes, texts.title_starts, pairs), 1)
    sentences = _sentences(texts)
    counts = _counts(texts.codes, sentences, pairs)
    text_of = np.searchsorted(texts.starts, sentences, side="right") - 1
    whole = np.add.reduceat(counts, np.searchsorted(sentences, texts.starts), axis=0) + in_title
    score = _WHOLE_SHARE * _worth(whole, lengths / max(average, 1.0), _B_WHOLE) @ pairs.weights
    ends = np.append(sentences[1:], len(texts.codes))
    last_of = np.searchsorted(sentences, np.append(texts.starts[1:], len(texts.codes)))[text_of]
    summed = np.concatenate([np.zeros((1, len(pairs.codes))), counts.cumsum(axis=0)])
    for width in _WINDOWS:
        after = np.searchsorted(ends, sentences + width, side="right")
        after = np.minimum(np.maximum(after, np.arange(1, len(sentences) + 1)), last_of)
        inside = summed[after] - summed[:-1] + in_title[text_of]
        sizes = np.maximum(ends[after - 1] - sentences, width) / width
        worth = _worth(inside, sizes, _B_WINDOW) @ pairs.weights
        share = (1 - _WHOLE_SHARE) / len(_WINDOWS)
        score += share * np.maximum.reduceat(worth, np.searchsorted(sentences, texts.starts))
    covered: Floats = score / best
    return covered


def _worth(counts: Floats, sizes: Floats, b: float) -> Floats:
    """BM25 without the rarity: counts (rows, pairs), sizes (rows,) relative to the usual one."""
    found: Floats = counts * (_K1 + 1) / (counts + _K1 * (1 - b + b * sizes)[:, None])
    return found


def _counts(codes: Codes, starts: Ints, pairs: Pairs) -> Floats:
    """How often each pair begins in each stretch of `codes`: float64 (starts, pairs)."""
    begins = np.zeros(_SHIFT, np.bool_)
    begins[pairs.codes // _SHIFT] = True
    at = np.flatnonzero(begins[codes[:-1]])  # few characters of a text begin a pair of the question
    neighbours = codes[at].astype(np.int64) * _SHIFT + codes[at + 1]
    place = np.minimum(np.searchsorted(pairs.codes, neighbours), len(pairs.codes) - 1)
    is_start = np.zeros(len(codes) + 1, np.bool_)
    is_start[starts] = True
    kept = (pairs.codes[place] == neighbours) & ~is_start[at + 1]  # half in one stretch, half in the next: no pair
    row = np.searchsorted(starts, at[kept], side="right") - 1
    flat = np.bincount(row * len(pairs.codes) + place[kept], minlength=len(starts) * len(pairs.codes))
    return flat.reshape(len(starts), len(pairs.codes)).astype(np.float64)


def _sentences(texts: Texts) -> Ints:
    """Where sentences start, those that start a text included."""
    is_start = np.zeros(len(texts.codes), np.bool_)
    is_start[1:] = _IS_END[texts.codes[:-1]]
    is_start[texts.starts] = True
    return np.flatnonzero(is_start)


def _starts(texts: Sequence[Codes]) -> Ints:
    return np.concatenate([[0], np.cumsum([len(text) for text in texts[:-1]], dtype=np.int64)]).astype(np.int64)


def _pair(term: str) -> int:
    first, second = encode(term).tolist()
    return int(first) * _SHIFT + int(second)


_BLANK = encode(" ")
