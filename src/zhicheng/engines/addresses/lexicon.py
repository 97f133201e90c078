"""Names of places and what they are used to name: learned from marked addresses, or given by a gazetteer.

Who learns features from the addresses that the lexicon was made of believes it too much: make it of others (`folds`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhicheng.engines.addresses.spans import TaggedAddress, spans_of

_UNNAMED = frozenset(["roadno", "subroadno", "houseno", "cellno", "floorno", "roomno", "redundant", "otherinfo"])
_LONGEST = 12
_SHORTEST = 2


@dataclass(frozen=True)
class Name:
    """What a name is mostly used for, and how often it was seen."""

    tag: str
    seen: int


@dataclass(frozen=True)
class Match:
    """A known name in a sequence of tokens, `start` up to but without `end`."""

    start: int
    end: int
    name: Name


class Lexicon:
    """Finds known names; longest first."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self._names = dict(names)

    @classmethod
    def learned(cls, addresses: Iterable[TaggedAddress], gazetteer: Mapping[str, str] | None = None) -> "Lexicon":
        """Names of two characters and more in these addresses; those of the gazetteer (name → tag) where unseen."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for address in addresses:
            for span in spans_of(address.marks):
                text = "".join(address.tokens[span.start : span.end])
                if span.tag not in _UNNAMED and len(text) >= _SHORTEST:
                    counts[text][span.tag] += 1
        names = {text: Name(tag, 1) for text, tag in (gazetteer or {}).items() if len(text) >= _SHORTEST}
        names |= {text: Name(max(tags, key=tags.__getitem__), tags.total()) for text, tags in counts.items()}
        return cls(names)

    def longest_from(self, tokens: Sequence[str], start: int) -> Match | None:
        """The longest known name of two tokens and more that begins here."""
        text, match = tokens[start], None
        for end in range(start + 2, min(len(tokens), start + _LONGEST) + 1):
            text += tokens[end - 1]
            name = self._names.get(text)
            if name is not None:
                match = Match(start, end, name)
        return match


def folds(addresses: Sequence[TaggedAddress], count: int, gazetteer: Mapping[str, str] | None = None) -> list[Lexicon]:
    """For each fold (address i is in fold i modulo count) a lexicon of all others."""
    return [
        Lexicon.learned((address for i, address in enumerate(addresses) if i % count != fold), gazetteer)
        for fold in range(count)
    ]
