"""Reads an address in words into its parts. Made by `training.learn`."""

from collections.abc import Sequence

import numpy as np

from zhicheng.engines.addresses.levels import AddressPart
from zhicheng.engines.addresses.lexicon import Lexicon
from zhicheng.engines.addresses.network.chain import Chain, best_chain, shares_of
from zhicheng.engines.addresses.network.inputs import Vocabulary, told_of
from zhicheng.engines.addresses.network.network import Batch, Weights, chain_of, scores_of
from zhicheng.engines.addresses.spans import BEGIN, INSIDE, Span, spans_of
from zhicheng.engines.addresses.tokens import tokens_of

_LEAST = 1e-6
_NEVER = -1e6


class AddressReader:
    """Marks the tokens of an address: several networks say how likely each mark is, the mean decides.

    It only reads: threads may share it.
    """

    def __init__(
        self, lexicon: Lexicon, vocabulary: Vocabulary, marks: Sequence[str], networks: Sequence[Weights]
    ) -> None:
        self._lexicon, self._vocabulary = lexicon, vocabulary
        self._marks, self._networks = tuple(marks), tuple(networks)
        self._order = _order_of(self._marks)

    def mark(self, tokens: Sequence[str]) -> list[str]:
        """A mark (B-tag or I-tag) for each token; none for no tokens."""
        if not tokens:
            return []
        things = self._vocabulary.numbers_of(told_of(tokens, self._lexicon))
        batch = Batch(things[:, None, :], np.array([len(tokens)]))
        shares = [shares_of(chain_of(weights), scores_of(weights, batch)[:, 0]) for weights in self._networks]
        likely = np.log(np.mean(shares, axis=0) + _LEAST)
        return [self._marks[number] for number in best_chain(self._order, likely)]

    def parse(self, text: str) -> list[AddressPart]:
        """The parts of an address from left to right, with their places in the text.

        They cover all but white space and none overlaps another. An empty text has none.
        """
        found = list(tokens_of(text))
        marks = self.mark([token for _, token in found])
        return [_part(text, found, span) for span in spans_of(marks)]


def _order_of(marks: Sequence[str]) -> Chain:
    """A part begins with B, and goes on with I of the same tag."""
    steps = np.zeros((len(marks) + 1, len(marks)), np.float32)
    for after, mark in enumerate(marks):
        if mark.startswith(INSIDE):
            continued = [other[len(BEGIN) :] == mark[len(INSIDE) :] for other in marks]
            steps[:, after] = np.where([*continued, False], 0.0, _NEVER)
    return Chain(steps, np.zeros(len(marks), np.float32))


def _part(text: str, found: Sequence[tuple[int, str]], span: Span) -> AddressPart:
    start, (last, token) = found[span.start][0], found[span.end - 1]
    end = last + len(token)
    return AddressPart(span.tag, text[start:end], start, end)
