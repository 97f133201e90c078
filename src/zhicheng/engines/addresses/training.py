"""Learns to read addresses from marked ones: a few networks that differ in what they were drawn from by lot."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from zhicheng.engines.addresses.lexicon import Lexicon, folds
from zhicheng.engines.addresses.network.inputs import Vocabulary, told_of
from zhicheng.engines.addresses.network.learning import Course, learn_weights
from zhicheng.engines.addresses.reader import AddressReader
from zhicheng.engines.addresses.spans import TaggedAddress

COURSES = (Course(seed=1), Course(seed=2), Course(seed=3))
_FOLDS = 10  # of the lexicon: whoever learns from an address must not know the names that only it says


def learn(
    addresses: Sequence[TaggedAddress],
    courses: Sequence[Course] = COURSES,
    *,
    gazetteer: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> AddressReader:
    """A reader that learned from these addresses, and from names of places (name → tag) that are known anyhow.

    The same addresses in the same order give the same reader.

    Raises:
        ValueError: no address has a token.
    """
    marks = sorted({mark for address in addresses for mark in address.marks})
    if not marks:
        raise ValueError("there is no address to learn from")
    lexicons = folds(addresses, _FOLDS, gazetteer)
    told = [told_of(address.tokens, lexicons[place % _FOLDS]) for place, address in enumerate(addresses)]
    vocabulary = Vocabulary(told)
    things = [vocabulary.numbers_of(one) for one in told]
    numbers = {mark: number for number, mark in enumerate(marks)}
    gold = [np.array([numbers[mark] for mark in address.marks], np.int64) for address in addresses]
    networks = []
    for place, course in enumerate(courses, 1):
        networks.append(learn_weights(things, gold, vocabulary.sizes, course))
        progress(f"网络 {place}/{len(courses)}")
    return AddressReader(Lexicon.learned(addresses, gazetteer), vocabulary, marks, networks)
