"""Reads an address in words into its parts. Made by `training.learn`; kept as bytes and a lexicon."""

from collections.abc import Sequence

import pycrfsuite

from zhicheng.engines.addresses.features import features_of
from zhicheng.engines.addresses.levels import AddressPart
from zhicheng.engines.addresses.lexicon import Lexicon
from zhicheng.engines.addresses.second_look import second_features
from zhicheng.engines.addresses.spans import Span, spans_of
from zhicheng.engines.addresses.tokens import tokens_of
from zhicheng.engines.addresses.voting import vote


class AddressReader:
    """Marks the tokens of an address. Not to be shared between threads: a model reads one address at a time."""

    def __init__(self, lexicon: Lexicon, first: bytes, second: Sequence[bytes]) -> None:
        self._lexicon = lexicon
        self._models = (first, *second)  # CRFsuite reads in these bytes and does not hold them itself
        self._first, *self._second = [_open(model) for model in self._models]

    def mark(self, tokens: Sequence[str]) -> list[str]:
        """A mark (B-tag or I-tag) for each token; none for no tokens."""
        if not tokens:
            return []
        told = features_of(tokens, self._lexicon)
        first: list[str] = self._first.tag(told)
        for features, more in zip(told, second_features(tokens, first, self._lexicon), strict=True):
            features += more
        sequence = pycrfsuite.ItemSequence(told)
        return vote([first, *(tagger.tag(sequence) for tagger in self._second)])

    def parse(self, text: str) -> list[AddressPart]:
        """The parts of an address from left to right, with their places in the text.

        They cover all but white space and none overlaps another. An empty text has none.
        """
        found = list(tokens_of(text))
        marks = self.mark([token for _, token in found])
        return [_part(text, found, span) for span in spans_of(marks)]


def _part(text: str, found: Sequence[tuple[int, str]], span: Span) -> AddressPart:
    start, (last, token) = found[span.start][0], found[span.end - 1]
    end = last + len(token)
    return AddressPart(span.tag, text[start:end], start, end)


def _open(model: bytes) -> "pycrfsuite.Tagger":
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(model)
    return tagger
