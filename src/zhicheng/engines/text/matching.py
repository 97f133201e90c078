"""How much of a question stands close together in a text: pairs of characters, in the whole text and in windows of it.

BM25 over pairs of characters, the best window counting; pairs of the title stand in every window. Texts are arrays of
UTF-16 code units, many texts at once.

Source: Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhicheng.engines.text.covering import K1, Laid, Wanted, worth_of

Codes = npt.NDArray[np.uint16]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_SHIFT = 65536


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
    best = pairs.weights.sum() * (K1 + 1)
    if not len(pairs.codes) or not best:
        return np.zeros(len(texts.starts))
    laid = Laid(texts.codes, np.append(texts.starts, len(texts.codes)))
    titles = Laid(texts.title_codes, np.append(texts.title_starts, len(texts.title_codes)))
    covered: Floats = worth_of(laid, titles, Wanted(pairs.codes, pairs.weights), max(average, 1.0)) / best
    return covered


def _starts(texts: Sequence[Codes]) -> Ints:
    return np.concatenate([[0], np.cumsum([len(text) for text in texts[:-1]], dtype=np.int64)]).astype(np.int64)


def _pair(term: str) -> int:
    first, second = encode(term).tolist()
    return int(first) * _SHIFT + int(second)


_BLANK = encode(" ")
